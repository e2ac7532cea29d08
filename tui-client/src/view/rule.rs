//! The line above the input: who writes, what is answered, how much lies below.
//! It must never move: it is there also when it has nothing to say.
//!
//! ```text
//! ─────────┴─ grace is typing ────── ken: look at this ─ 3 below ↓ ─┴─────────
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::entry::{Entry, presence};
use crate::model::Model;
use crate::model::layout::Layout;
use crate::pen;
use crate::rows::{Grid, Plain, Rows};
use crate::sanitise;
use crate::theme::{Role, Theme};
use crate::width;
use crate::window::Window;

/// Of what was said last so many cells are shown.
const PREVIEW_MAX: u16 = 48;
/// And with less room none.
const PREVIEW_MIN: u16 = 12;

/// Draws the line.
pub fn draw(model: &Model, theme: Theme, layout: Layout, buf: &mut Buffer) {
    let area = layout.rule;
    if area.is_empty() {
        return;
    }
    pen::line(buf, area, area.y, theme.style(Role::Dim));
    if layout.rooms.width > 0 {
        pen::write(
            buf,
            area,
            (layout.rooms.right(), area.y),
            "┴",
            theme.style(Role::Dim),
        );
    }
    if layout.members.width > 0 {
        pen::write(
            buf,
            area,
            (layout.members.x - 1, area.y),
            "┴",
            theme.style(Role::Dim),
        );
    }
    let Some(window) = model.here() else { return };
    let pane = Rect {
        x: layout.messages.x,
        width: layout.messages.width,
        ..area
    };
    let inner = Rect {
        x: pane.x + 1,
        width: pane.width.saturating_sub(2),
        ..pane
    };
    let below = below(model, window, layout);
    let room = inner.width.saturating_sub(width::of(&below) + 2);
    let (said, role) = saying(model, window);
    if !said.is_empty() && room > 6 {
        let cut = width::truncated(&said, room - 2);
        pen::write(
            buf,
            inner,
            (inner.x, area.y),
            &format!(" {cut} "),
            theme.style(role),
        );
    }
    if !below.is_empty() && inner.width >= width::of(&below) {
        pen::write_right(buf, inner, area.y, &below, theme.style(Role::Accent));
        let taken = if said.is_empty() {
            0
        } else {
            width::of(&said) + 3
        };
        let left = Rect {
            x: inner.x + taken,
            width: room.saturating_sub(taken).saturating_add(1),
            ..inner
        };
        preview(window, theme, left, buf);
    }
}

/// What was said last, in what room there is; nothing where that is not loaded.
fn preview(window: &Window, theme: Theme, area: Rect, buf: &mut Buffer) {
    let mut newest = window.scrollback.iter().rev();
    let newest = newest.find(|entry| entry.is_gap() || entry.as_logged().is_some());
    let Some(said) = newest.and_then(Entry::as_said) else {
        return;
    };
    let room = area.width.saturating_sub(2).min(PREVIEW_MAX);
    if room < PREVIEW_MIN {
        return;
    }
    let text = sanitise::line(&said.raw);
    let text = format!("{}: {text}", said.nick);
    let text = format!(" {} ", width::truncated(&text, room));
    pen::write_right(buf, area, area.y, &text, theme.style(Role::Muted));
}

fn below(model: &Model, window: &Window, layout: Layout) -> String {
    if window.anchor.is_none() || window.is_outside() {
        return String::new();
    }
    let grid = Grid::of(
        window,
        layout.messages.width,
        layout.is_narrow,
        &model.habits.time,
    );
    let height = layout.messages.height;
    let rows = Rows {
        window,
        grid,
        height,
        zone: &model.zone,
        chosen: model.chosen,
    };
    let page = rows.page(&mut Plain);
    let is_more = page.is_more_below(window);
    match (page.below, is_more) {
        (0, false) => String::new(),
        (0, true) => " more below ↓ ".to_owned(),
        (count, false) => format!(" {count} below ↓ "),
        (count, true) => format!(" {count}+ below ↓ "),
    }
}

fn saying(model: &Model, window: &Window) -> (String, Role) {
    let pieces = model.network().pieces(window.input.text(), &window.name);
    if pieces > 1 {
        return (format!("too long: goes in {pieces} pieces"), Role::Warm);
    }
    if let Some(id) = window.reply_to
        && let Some(index) = window.scrollback.index_of(id)
        && let Some(said) = window
            .scrollback
            .get(index)
            .and_then(|entry| entry.as_said())
    {
        return (format!("answering {} (Esc: not)", said.nick), Role::Accent);
    }
    let names: Vec<&str> = window
        .writers
        .iter()
        .map(|writer| writer.nick.as_str())
        .collect();
    let text = match names.as_slice() {
        [] => String::new(),
        [one] => format!("{one} is typing"),
        [_, _] | [_, _, _] => format!("{} are typing", presence::listed(&names)),
        _ => format!("{} people are typing", names.len()),
    };
    (text, Role::Muted)
}
