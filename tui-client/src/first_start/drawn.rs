//! How the first start looks.
//! It must never need more than twelve rows of forty columns.
//!
//! ```text
//! ╭ Welcome to Parlor ──────────────────╮
//! │ Your nick                           │
//! │   ada                               │
//! │ Where to?                           │
//! │ ● host here  for this machine       │
//! │ ○ host open  for friends elsewhere  │
//! │ ○ join       address or invite link │
//! │                                     │
//! ╰─────────────────────────────────────╯
//!  Enter begin  Tab next  Esc skip  ^C quit
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::boxed;
use crate::editor::Editor;
use crate::first_start::{Field, FirstStart, Way};
use crate::model::layout::{Layout, Panes, Shape};
use crate::pen;
use crate::theme::{Role, Theme};
use crate::width;

/// The box at its largest.
const BOX: (u16, u16) = (64, 10);
/// Where what can be written begins.
const WRITTEN_AT: u16 = 13;
/// What the keys do.
const KEYS: &[(&str, &str)] = &[
    ("Enter", "begin"),
    ("Tab", "next"),
    ("Esc", "skip"),
    ("^C", "quit"),
];

/// The ways, with what is said of each.
type Ways = &'static [(Field, Way, &'static str, &'static str)];
const FREE: Ways = &[
    (Field::Here, Way::Here, "host here", "for this machine"),
    (Field::Open, Way::Open, "host open", "for friends elsewhere"),
    (Field::There, Way::There, "join", "address or invite link"),
];
const HOSTED: Ways = &[
    (
        Field::Here,
        Way::Here,
        "join here",
        "the one on this machine",
    ),
    (
        Field::There,
        Way::There,
        "elsewhere",
        "address or invite link",
    ),
];

/// Draws it; returns where the cursor stands.
pub fn draw(first: &FirstStart, theme: Theme, buf: &mut Buffer) -> Option<Position> {
    let shape = Shape {
        size: (buf.area.width, buf.area.height),
        has_rooms: false,
        has_members: false,
        panes: Panes::default(),
    };
    let layout = Layout::of(shape, 1);
    let area = boxed::draw(theme, layout, BOX, "Welcome to Parlor", buf);
    let text = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let row = |row: u16| Rect {
        y: text.y + row,
        height: u16::from(row < text.height),
        ..text
    };
    let here = first.field;
    label(theme, row(0), (here == Field::Nick, "Your nick"), buf);
    let in_nick = written(theme, row(0), &first.nick, buf);
    label(theme, row(2), (false, "Where to?"), buf);
    let ways = if first.is_hosted { HOSTED } else { FREE };
    let mut at = 2;
    for (field, way, word, aside) in ways {
        at += 1;
        choice(
            theme,
            row(at),
            (here == *field, first.way == *way),
            word,
            buf,
        );
        if *way != Way::There || first.address.is_empty() {
            hint(theme, row(at), aside, buf);
        }
    }
    let in_address = written(theme, row(at), &first.address, buf);
    let wrong = width::truncated(&first.wrong, text.width);
    let below = (text.x, text.y + at + 2);
    pen::write(buf, row(at + 2), below, &wrong, theme.style(Role::Warm));
    footer(theme, layout.footer, buf);
    match here {
        Field::Nick => in_nick,
        Field::Here => Some(Position::new(text.x, text.y + 3)),
        Field::Open => Some(Position::new(text.x, text.y + 4)),
        Field::There => in_address,
    }
}

fn hint(theme: Theme, row: Rect, words: &str, buf: &mut Buffer) {
    let cut = width::truncated(words, row.width.saturating_sub(WRITTEN_AT));
    let at = (row.x + WRITTEN_AT, row.y);
    pen::write(buf, row, at, &cut, theme.style(Role::Dim));
}

fn label(theme: Theme, row: Rect, (is_here, word): (bool, &str), buf: &mut Buffer) {
    let role = if is_here { Role::Title } else { Role::Muted };
    pen::write(buf, row, (row.x, row.y), word, theme.style(role));
}

fn choice(theme: Theme, row: Rect, (is_here, is_it): (bool, bool), word: &str, buf: &mut Buffer) {
    let mark = if is_it { "●" } else { "○" };
    pen::write(buf, row, (row.x, row.y), mark, theme.style(Role::Accent));
    let role = if is_here { Role::Title } else { Role::Text };
    pen::write(buf, row, (row.x + 2, row.y), word, theme.style(role));
}

/// What is written, its end in sight; where the cursor would be.
fn written(theme: Theme, row: Rect, editor: &Editor, buf: &mut Buffer) -> Option<Position> {
    if row.height == 0 {
        return None;
    }
    let x = row.x + WRITTEN_AT;
    let room = row.width.saturating_sub(WRITTEN_AT + 1);
    let mut before = editor.before();
    while width::of(before) > room {
        let mut chars = before.chars();
        chars.next();
        before = chars.as_str();
    }
    let style = theme.style(Role::Text);
    let at = pen::write(buf, row, (x, row.y), before, style);
    let after = width::truncated(editor.after(), row.right().saturating_sub(at));
    pen::write(buf, row, (at, row.y), &after, style);
    Some(Position::new(at, row.y))
}

fn footer(theme: Theme, area: Rect, buf: &mut Buffer) {
    let mut x = area.x + 1;
    for (key, word) in KEYS {
        if x + width::of(key) + 1 + width::of(word) > area.right() {
            return;
        }
        x = pen::write(buf, area, (x, area.y), key, theme.style(Role::Key));
        x = pen::write(buf, area, (x + 1, area.y), word, theme.style(Role::Muted)) + 2;
    }
}
