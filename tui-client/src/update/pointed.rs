//! Clicks and the wheel in what lies over the screen.
//! It must never let a click through to what lies below, except to close what is open.

use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::deeds;
use crate::effect::Effect;
use crate::manual;
use crate::model::Model;
use crate::model::layout::{inside, rooms_inside};
use crate::model::overlay::Overlay;
use crate::sidebar::{self, Item};
use crate::update::overlaid::{self, Rest};
use crate::window::Kind;

/// Takes the row that was clicked; a click beside what is open closes it.
pub fn click(model: &mut Model, effects: &mut Vec<Effect>, at: Position) -> Rest {
    let layout = model.layout();
    let area = match &model.overlay {
        Some(Overlay::Picker(picker)) => layout.list_box(picker.rows.len()),
        Some(Overlay::Directory(_)) => layout.rooms_box(),
        Some(Overlay::Help { .. }) => layout.help_box(),
        Some(Overlay::Members { .. } | Overlay::Rooms { .. }) => layout.pane_box(),
        Some(Overlay::Asking(_) | Overlay::Question(_)) | None => Rect::default(),
    };
    if !area.contains(at) {
        model.overlay = None;
        return Rest::Done;
    }
    let inner = inside(area);
    if !inner.contains(at) {
        return Rest::Done;
    }
    match &mut model.overlay {
        Some(Overlay::Picker(picker)) => {
            let list = below(inner);
            let top = picker.top(list.height);
            let row = usize::from(at.y.saturating_sub(list.y)) + top;
            if !list.contains(at) || row >= picker.rows.len() {
                return Rest::Done;
            }
            picker.chosen = row;
            overlaid::run(model, effects, Some(Action::Send), None)
        }
        Some(Overlay::Directory(browse)) => {
            let list = rooms_inside(inner);
            let row = usize::from(at.y.saturating_sub(list.y)) + browse.top(list.height);
            if !list.contains(at) || row >= browse.rows(&model.networks.get(browse.on).directory) {
                return Rest::Done;
            }
            browse.chosen = row;
            overlaid::run(model, effects, Some(Action::Send), None)
        }
        Some(Overlay::Members { top }) => {
            let top = *top;
            if member(model, effects, inner, top, at.y) {
                model.overlay = None;
            }
            Rest::Done
        }
        Some(Overlay::Rooms { .. }) => {
            let items = sidebar::rows(model, inner.height);
            let item = items.into_iter().nth(usize::from(at.y - inner.y));
            if let Some(Item::Window(id)) = item {
                model.overlay = None;
                deeds::go(model, effects, id);
            }
            Rest::Done
        }
        _ => Rest::Done,
    }
}

/// The list below the query.
fn below(inner: Rect) -> Rect {
    Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(1),
        ..inner
    }
}

/// Goes so many rows up or down in what is open.
pub fn wheel(model: &mut Model, is_up: bool, rows: usize) {
    let windows = model.windows.len();
    let page = usize::from(inside(model.layout().help_box()).height);
    let last = manual::rows(&model.keymap, &model.habits.aliases)
        .len()
        .saturating_sub(page);
    let members = model.here().map_or(0, |window| window.roster.len());
    let moved = |from: usize, count: usize| {
        if is_up {
            from.saturating_sub(rows)
        } else {
            (from + rows).min(count.saturating_sub(1))
        }
    };
    match &mut model.overlay {
        Some(Overlay::Help { top, .. }) => *top = moved(*top, last + 1),
        Some(Overlay::Members { top }) => *top = moved(*top, members),
        Some(Overlay::Rooms { chosen }) => *chosen = moved(*chosen, windows),
        Some(Overlay::Directory(browse)) => {
            let count = browse.rows(&model.networks.get(browse.on).directory);
            browse.chosen = moved(browse.chosen, count);
        }
        Some(Overlay::Picker(picker)) => picker.chosen = moved(picker.chosen, picker.rows.len()),
        Some(Overlay::Asking(_) | Overlay::Question(_)) | None => {}
    }
}

/// Talks with the member in this row of a list that begins with the one of this number; false if none is there.
pub fn member(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    list: Rect,
    top: usize,
    y: u16,
) -> bool {
    let nick = member_at(model, list, top, y);
    let nick = nick.filter(|nick| *nick != model.network().nick);
    let Some(nick) = nick else { return false };
    let id = model.open(model.on(), Kind::Person, &nick);
    deeds::go(model, effects, id);
    true
}

fn member_at(model: &Model, list: Rect, top: usize, y: u16) -> Option<String> {
    let roster = &model.here()?.roster;
    let left = roster.len().saturating_sub(top);
    let mut row = list.y;
    let mut was_away = false;
    for (shown, member) in roster.iter().skip(top).enumerate() {
        if member.is_away && !was_away {
            // A blank row and a word stand above those who are away.
            row += 1 + u16::from(shown > 0);
            was_away = true;
        }
        // The last row tells how many more there are.
        let is_told = row + 1 < list.bottom() || left - shown == 1;
        if row >= y {
            return (row == y && is_told && row < list.bottom()).then(|| member.nick.clone());
        }
        row += 1;
    }
    None
}
