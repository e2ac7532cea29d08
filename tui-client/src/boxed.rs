//! A box over the middle of the screen, emptied, with its heading in the upper line; what is searched for in it, and a
//! word in its lower line.
//! It must never be drawn inside another box.
//!
//! ```text
//! ╭ Heading ────────╮
//! │ › lob           │
//! ╰────────── word ─╯
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::editor::Editor;
use crate::model::layout::{self, Layout};
use crate::pen;
use crate::text::fold;
use crate::theme::{Role, Theme};
use crate::width;

/// Draws a box of at most this size in the middle; returns what is inside.
pub fn draw(
    theme: Theme,
    layout: Layout,
    size: (u16, u16),
    heading: &str,
    buf: &mut Buffer,
) -> Rect {
    frame(theme, layout.centred(size.0, size.1), heading, buf)
}

/// Draws a box here; returns what is inside.
pub fn frame(theme: Theme, area: Rect, heading: &str, buf: &mut Buffer) -> Rect {
    pen::clear(buf, area);
    if area.width < 2 || area.height < 2 {
        return area;
    }
    let style = theme.style(Role::Dim);
    let right = area.right() - 1;
    let bottom = area.bottom() - 1;
    pen::line(buf, area, area.y, style);
    pen::line(buf, area, bottom, style);
    for y in area.y..area.bottom() {
        let (left_end, right_end) = match y {
            y if y == area.y => ("╭", "╮"),
            y if y == bottom => ("╰", "╯"),
            _ => ("│", "│"),
        };
        pen::write(buf, area, (area.x, y), left_end, style);
        pen::write(buf, area, (right, y), right_end, style);
    }
    if !heading.is_empty() {
        let inside = Rect {
            width: area.width - 1,
            ..area
        };
        let text = format!(" {heading} ");
        pen::write(
            buf,
            inside,
            (area.x + 1, area.y),
            &text,
            theme.style(Role::Title),
        );
    }
    layout::inside(area)
}

/// Draws the line in which one writes what is searched for: the part of it with the cursor, whose place it returns.
pub fn query(theme: Theme, line: Rect, written: &Editor, buf: &mut Buffer) -> Position {
    let accent = theme.style(Role::Accent);
    let x = pen::write(buf, line, (line.x + 1, line.y), "› ", accent);
    let field = Rect {
        x,
        width: line.right().saturating_sub(x),
        height: 1,
        ..line
    };
    let text = written.text();
    let rows = fold::rows(text, field.width);
    let (row, column) = fold::place(text, &rows, written.cursor());
    let shown = rows.get(row).and_then(|range| text.get(range.clone()));
    let shown = shown.unwrap_or_default();
    pen::write(buf, field, (x, line.y), shown, theme.style(Role::Text));
    Position::new(x + column, line.y)
}

/// Draws a word into the lower line, if it fits: two cells at each side stay the frame's.
pub fn foot(theme: Theme, area: Rect, word: &str, buf: &mut Buffer) {
    let word = format!(" {word} ");
    if area.height > 2 && width::of(&word) + 4 <= area.width {
        let edge = Rect {
            width: area.width - 2,
            ..area
        };
        let y = area.bottom() - 1;
        pen::write_right(buf, edge, y, &word, theme.style(Role::Muted));
    }
}
