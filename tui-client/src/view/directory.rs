//! The list of a network's rooms over the screen: name, members, topic.
//! It must never sort or search: the list is kept as it is shown.
//!
//! ```text
//! ╭ Rooms of Libera.Chat ─────────────────────────────╮
//! │ › rust                           12 of 2614 rooms │
//! │ ▸#rust             1204  the language             │
//! │  ##rust-offtopic     80                           │
//! │ the language: https://rust-lang.org               │
//! ╰ by members ───────────────────────────────────────╯
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::boxed;
use crate::model::Model;
use crate::model::browse::{Browse, Order};
use crate::model::directory::Directory;
use crate::model::layout::{Layout, rooms_inside};
use crate::pen;
use crate::theme::{Role, Theme};
use crate::width;

/// The column of names takes at most this share of it.
const NAME_SHARE: u16 = 3;
const NAME_MIN: u16 = 16;
/// Six digits.
const MEMBERS: u16 = 6;

/// Draws it; returns where the cursor goes.
pub fn draw(
    model: &Model,
    browse: &Browse,
    theme: Theme,
    layout: Layout,
    buf: &mut Buffer,
) -> Option<Position> {
    let network = model.networks.get(browse.on);
    let directory = &network.directory;
    let area = layout.rooms_box();
    let heading = format!("Rooms of {}", network.label);
    let inner = boxed::frame(theme, area, &heading, buf);
    if inner.height < 2 || inner.width < 4 {
        return None;
    }
    let dim = theme.style(Role::Dim);
    let told = count(browse, directory);
    let top = Rect {
        height: 1,
        width: inner.width - 1,
        ..inner
    };
    pen::write_right(buf, top, top.y, &told, dim);
    let line = Rect {
        width: top.width.saturating_sub(width::of(&told) + 1),
        ..top
    };
    let cursor = boxed::query(theme, line, &browse.query, buf);
    let list = rooms_inside(inner);
    rooms(browse, directory, theme, list, buf);
    if list.bottom() < inner.bottom() {
        let chosen = browse.names.get(browse.chosen);
        let topic = chosen.and_then(|name| directory.get(name));
        let topic = topic.map_or("", |listed| listed.topic.as_str());
        let at = (inner.x + 1, inner.bottom() - 1);
        let cut = width::truncated(topic, inner.width.saturating_sub(2));
        pen::write(buf, inner, at, &cut, theme.style(Role::Muted));
    }
    foot(model, browse, theme, area, buf);
    Some(cursor)
}

/// How many there are, of what.
fn count(browse: &Browse, directory: &Directory) -> String {
    let all = directory.len();
    let least = match directory.least {
        0 => String::new(),
        least => format!(" with {least} and more"),
    };
    match browse.names.len() {
        _ if directory.is_arriving => format!("{all} so far…"),
        1 if all == 1 => format!("1 room{least}"),
        fitting if fitting == all => format!("{all} rooms{least}"),
        fitting => format!("{fitting} of {all}{least}"),
    }
}

fn rooms(browse: &Browse, directory: &Directory, theme: Theme, area: Rect, buf: &mut Buffer) {
    let dim = theme.style(Role::Dim);
    let ask = browse
        .may_ask(directory)
        .then(|| format!("ask the server for *{}*", browse.query.text().trim()));
    if browse.names.is_empty() && ask.is_none() {
        let word = match (directory.is_arriving, directory.trouble.as_str()) {
            (true, _) => "the server is asked…",
            (false, "") => "nothing fits",
            (false, trouble) => trouble,
        };
        let cut = width::truncated(word, area.width.saturating_sub(4));
        pen::write(buf, area, (area.x + 3, area.y), &cut, dim);
    }
    let name = (area.width / NAME_SHARE).max(NAME_MIN);
    let names = browse.names.iter().map(String::as_str);
    let rows = names.map(Some).chain(ask.as_ref().map(|_| None));
    let top = browse.top(area.height);
    for (y, (index, row)) in (area.y..area.bottom()).zip(rows.enumerate().skip(top)) {
        let line = Rect {
            y,
            height: 1,
            width: area.width.saturating_sub(1),
            ..area
        };
        let is_chosen = index == browse.chosen;
        if is_chosen {
            pen::write(buf, line, (line.x + 1, y), "▸", theme.style(Role::Accent));
        }
        let at = (line.x + 2, y);
        match row {
            Some(room) => {
                let cut = width::truncated(room, name);
                pen::write(buf, line, at, &cut, theme.style(Role::Text));
                let listed = directory.get(room);
                let members = listed.map_or(0, |listed| listed.members).to_string();
                let column = Rect {
                    width: (2 + name + MEMBERS).min(line.width),
                    ..line
                };
                pen::write_right(buf, column, y, &members, theme.style(Role::Muted));
                let topic = listed.map_or("", |listed| listed.topic.as_str());
                let x = column.right() + 2;
                let cut = width::truncated(topic, line.right().saturating_sub(x));
                pen::write(buf, line, (x, y), &cut, dim);
            }
            None => {
                let text = ask.as_deref().unwrap_or_default();
                let cut = width::truncated(text, line.width.saturating_sub(2));
                pen::write(buf, line, at, &cut, theme.style(Role::Muted));
            }
        }
        if is_chosen {
            let whole = Rect {
                width: area.width,
                ..line
            };
            pen::tint(buf, whole, theme.style(Role::Chosen));
        }
    }
}

/// The order, and the key that changes it.
fn foot(model: &Model, browse: &Browse, theme: Theme, area: Rect, buf: &mut Buffer) {
    let (now, other) = match browse.order {
        Order::Members => ("by members", "name"),
        Order::Name => ("by name", "members"),
    };
    let key = model.keymap.first(crate::action::Action::Complete);
    let key = key.map_or_else(String::new, |key| format!(", {key}: by {other}"));
    boxed::foot(theme, area, &format!("{now}{key}"), buf);
}
