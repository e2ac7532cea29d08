//! A box over the middle of the screen, emptied, with its heading in the upper line.
//! It must never be drawn inside another box.
//!
//! ```text
//! ╭ Heading ────────╮
//! │                 │
//! ╰─────────────────╯
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::model::layout::{self, Layout};
use crate::pen;
use crate::theme::{Role, Theme};

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
