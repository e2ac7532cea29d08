//! Lists that are searched, candidates for a word, and questions.
//! It must never know what a row does.
//!
//! ```text
//! ╭ Go to ──────────────────────────╮    ╭ Leave #ops? ───────────╮
//! │ > lob                           │    │ y leave     any other  │
//! │ #lobby                          │    │             key: stay  │
//! │ join a room                  F2 │    ╰────────────────────────╯
//! ╰─────────────────────────────────╯
//! ```

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::boxed;
use crate::model::Model;
use crate::model::layout::Layout;
use crate::model::overlay::{Picker, Purpose, Question, Row};
use crate::pen;
use crate::theme::{Role, Theme};
use crate::width;

/// Cells between a row's name and what stands aside.
const GAP: u16 = 2;
/// As wide as a place and a time: what stands aside and is no wider stands whole.
const ASIDE_WHOLE: u16 = 14;
/// Of less than this nobody could make anything.
const ASIDE_MIN: u16 = 8;

/// Draws the candidates for the word at the cursor, above the input.
pub fn completion(model: &Model, theme: Theme, above: Rect, buf: &mut Buffer) {
    let Some(completion) = &model.completion else {
        return;
    };
    let area = completion.area(above, model.prompt_width());
    if area.is_empty() {
        return;
    }
    let labels = completion.label_width(area.width);
    pen::clear(buf, area);
    let top = completion.top(area.height);
    let rows = completion.candidates.iter().enumerate().skip(top);
    for (y, (index, row)) in (area.y..area.bottom()).zip(rows) {
        let line = Rect {
            y,
            height: 1,
            ..area
        };
        let is_chosen = index == completion.chosen;
        let mark = if is_chosen { "▸" } else { "│" };
        let role = if is_chosen { Role::Accent } else { Role::Dim };
        pen::write(buf, line, (area.x, y), mark, theme.style(role));
        pen::write(
            buf,
            line,
            (area.x + 2, y),
            &width::truncated(&row.label, labels),
            theme.style(Role::Text),
        );
        let at = (area.x + 4 + labels, y);
        let room = area.right().saturating_sub(at.0 + 1);
        let help = width::truncated(&row.help, room);
        pen::write(buf, line, at, &help, theme.style(Role::Dim));
        pen::write(
            buf,
            line,
            (area.right().saturating_sub(1), y),
            "│",
            theme.style(Role::Dim),
        );
        if is_chosen {
            pen::tint(buf, line, theme.style(Role::Chosen));
        }
    }
}

/// Draws a searched list; returns where the cursor goes.
pub fn picker(
    picker: &Picker,
    heading: &str,
    theme: Theme,
    layout: Layout,
    buf: &mut Buffer,
) -> Option<Position> {
    let area = layout.list_box(picker.rows.len());
    let inner = boxed::frame(theme, area, heading, buf);
    if inner.is_empty() {
        return None;
    }
    let cursor = boxed::query(theme, inner, &picker.query, buf);
    let list = Rect {
        y: inner.y + 1,
        height: inner.height - 1,
        ..inner
    };
    fitting(picker, theme, list, buf);
    Some(cursor)
}

/// Draws the rows that fit the query.
fn fitting(picker: &Picker, theme: Theme, list: Rect, buf: &mut Buffer) {
    if picker.rows.is_empty() {
        let is_asking = picker.purpose == Purpose::Join && picker.query.is_empty();
        let word = if is_asking {
            "write a room's name"
        } else {
            "nothing fits"
        };
        pen::write(
            buf,
            list,
            (list.x + 3, list.y),
            word,
            theme.style(Role::Dim),
        );
    }
    let top = picker.top(list.height);
    let rows = picker.rows.iter().enumerate().skip(top);
    for (y, (index, row)) in (list.y..list.bottom()).zip(rows) {
        let line = Rect {
            y,
            height: 1,
            ..list
        };
        let right = Rect {
            width: line.width.saturating_sub(1),
            ..line
        };
        let is_chosen = index == picker.chosen;
        if is_chosen {
            pen::write(buf, line, (line.x + 1, y), "▸", theme.style(Role::Accent));
        }
        let (label, aside) = shares(row, right.width.saturating_sub(3));
        pen::write(buf, line, (line.x + 3, y), &label, theme.style(Role::Text));
        pen::write_right(buf, right, y, &aside, theme.style(Role::Dim));
        if is_chosen {
            pen::tint(buf, line, theme.style(Role::Chosen));
        }
    }
}

/// What is shown of a row's name and of what stands aside. A count or a key stands whole; what a row does is cut
/// before its name is.
fn shares(row: &Row, room: u16) -> (Cow<'_, str>, Cow<'_, str>) {
    let aside = width::of(&row.aside);
    if aside <= ASIDE_WHOLE.max(room / 3) {
        let label = width::truncated(&row.label, room.saturating_sub(aside + GAP));
        return (label, Cow::Borrowed(&row.aside));
    }
    let label = width::truncated(&row.label, room);
    let left = room.saturating_sub(width::of(&label) + GAP);
    let aside = if left < ASIDE_MIN {
        Cow::Borrowed("")
    } else {
        width::truncated(&row.aside, left)
    };
    (label, aside)
}

/// So many others, before a word of where they are.
fn others(guests: usize) -> String {
    match guests {
        1 => "1 other is".to_owned(),
        guests => format!("{guests} others are"),
    }
}

/// Draws a question.
pub fn question(
    model: &Model,
    question: &Question,
    theme: Theme,
    layout: Layout,
    buf: &mut Buffer,
) {
    let (heading, about, yes) = match question {
        Question::Leave { room } => (
            format!("Leave {room}?"),
            "You can come back any time.".to_owned(),
            "leave",
        ),
        Question::Quit { guests } => {
            let address = model
                .hosting
                .as_ref()
                .map_or("", |hosting| hosting.address.as_str());
            let about = format!(
                "You host {address}; {} here and would be cut off.",
                others(*guests)
            );
            ("Quit?".to_owned(), about, "quit")
        }
        Question::Sleep { guests } => {
            let about = format!(
                "You host; {} here and would wait until parlor wakes.",
                others(*guests)
            );
            ("Sleep?".to_owned(), about, "sleep")
        }
        Question::TakeBack { text, .. } => {
            let about = format!("“{text}” goes for everybody; that it was taken back stays.");
            ("Take this message back?".to_owned(), about, "take back")
        }
        Question::Many { lines, messages } => {
            let how = match messages {
                1 => "which arrive together".to_owned(),
                messages if messages == lines => "each a message of its own".to_owned(),
                messages => format!("in {messages} messages"),
            };
            let about = match lines {
                1 => format!("That is one line, {how}."),
                lines => format!("That is {lines} lines, {how}."),
            };
            ("Send all of it?".to_owned(), about, "send")
        }
    };
    let wide = width::of(&about)
        .max(30)
        .saturating_add(6)
        .min(layout.area.width);
    let rows = crate::text::wrap::rows(&about, wide.saturating_sub(4));
    let height = u16::try_from(rows.len()).unwrap_or(1).saturating_add(4);
    let inner = boxed::draw(theme, layout, (wide, height), &heading, buf);
    for (y, range) in (inner.y..).zip(rows) {
        let row = about.get(range).unwrap_or_default();
        pen::write(buf, inner, (inner.x + 1, y), row, theme.style(Role::Text));
    }
    let y = inner.bottom().saturating_sub(1);
    let mut x = inner.x + 1;
    let enter = model.keymap.first(Action::Send);
    if let Some(enter) = enter.filter(|_| question.takes_enter()) {
        x = pen::write(buf, inner, (x, y), &enter, theme.style(Role::Key));
        x = pen::write(buf, inner, (x + 1, y), "or", theme.style(Role::Dim)) + 1;
    }
    let x = pen::write(buf, inner, (x, y), "y", theme.style(Role::Key));
    let x = pen::write(buf, inner, (x + 1, y), yes, theme.style(Role::Text));
    let x = pen::write(buf, inner, (x + 4, y), "Esc", theme.style(Role::Key));
    pen::write(buf, inner, (x + 1, y), "no", theme.style(Role::Text));
}
