//! Wheel and clicks, by the same rectangles that are drawn.
//! It must never do what no key can do, but for the width of the panes.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::deeds;
use crate::effect::Effect;
use crate::ids::LineId;
use crate::model::Model;
use crate::model::layout::Edge;
use crate::model::overlay::Overlay;
use crate::reading;
use crate::rows::Plain;
use crate::sidebar::{self, Item};
use crate::window::Kind;

/// How many rows a turn of the wheel scrolls.
const WHEEL_ROWS: usize = 3;

/// Takes what the mouse did; false if it meant nothing.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, event: MouseEvent) -> bool {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::ScrollUp => wheel(model, effects, true),
        MouseEventKind::ScrollDown => wheel(model, effects, false),
        MouseEventKind::Down(MouseButton::Left) => {
            model.panes.dragged = model.layout().edge(at.x, at.y);
            if model.panes.dragged.is_none() || model.overlay.is_some() {
                click(model, effects, at);
            }
        }
        MouseEventKind::Drag(MouseButton::Left) => return drag(model, at),
        MouseEventKind::Up(MouseButton::Left) => {
            return model.panes.dragged.take().is_some();
        }
        _ => return false,
    }
    true
}

/// Leaves the mouse to the terminal, which can then select; or takes it back.
pub fn toggle(model: &mut Model, effects: &mut Vec<Effect>) {
    let is_ours = model.habits.leaves_mouse;
    model.habits.leaves_mouse = !is_ours;
    effects.push(Effect::Point(is_ours));
    let key = model.keymap.first(Action::Mouse).unwrap_or_default();
    let text = if is_ours {
        "The mouse is parlor's again".to_owned()
    } else {
        format!("The terminal has the mouse, to select with; {key} takes it back")
    };
    deeds::toast(model, text);
}

/// Moves the edge that is held; false if none is.
fn drag(model: &mut Model, at: Position) -> bool {
    let width = model.size.0;
    match model.panes.dragged {
        Some(Edge::Rooms) => model.panes.rooms = Some(at.x),
        Some(Edge::Members) => model.panes.members = Some(width.saturating_sub(at.x + 1)),
        None => return false,
    }
    true
}

fn wheel(model: &mut Model, effects: &mut Vec<Effect>, is_up: bool) {
    match &mut model.overlay {
        Some(Overlay::Help { top, .. } | Overlay::Members { top }) => {
            *top = if is_up {
                top.saturating_sub(WHEEL_ROWS)
            } else {
                *top + WHEEL_ROWS
            };
        }
        Some(Overlay::Directory(browse)) => {
            let last = browse.names.len().saturating_sub(1);
            browse.chosen = if is_up {
                browse.chosen.saturating_sub(WHEEL_ROWS)
            } else {
                (browse.chosen + WHEEL_ROWS).min(last)
            };
        }
        Some(_) => {}
        None => reading::scroll(model, effects, is_up, WHEEL_ROWS),
    }
}

fn click(model: &mut Model, effects: &mut Vec<Effect>, at: Position) {
    if model.overlay.take().is_some() {
        return;
    }
    let layout = model.layout();
    if layout.rooms.contains(at) {
        let index = usize::from(at.y - layout.rooms.y);
        let item = sidebar::rows(model, layout.rooms.height)
            .into_iter()
            .nth(index);
        if let Some(Item::Window(id)) = item {
            deeds::go(model, effects, id);
        }
    } else if layout.members.contains(at) {
        if let Some(nick) = member_at(model, layout.members, at.y) {
            let id = model.open(model.on(), Kind::Person, &nick);
            deeds::go(model, effects, id);
        }
    } else if layout.messages.contains(at) && !model.is_outside() {
        let line = message_at(model, layout.messages, at.y);
        model.chosen = if model.chosen == line { None } else { line };
    } else if layout.rule.contains(at) {
        reading::bottom(model);
    }
}

fn member_at(model: &Model, pane: Rect, y: u16) -> Option<String> {
    let row = usize::from(y - pane.y).checked_sub(1)?;
    let window = model.here()?;
    let here = window.roster.here();
    // A blank row and a word stand above those who are away.
    let index = if row < here {
        row
    } else {
        row.checked_sub(if here > 0 { 2 } else { 1 })?
    };
    if index < here && row >= here {
        return None;
    }
    let member = window.roster.iter().nth(index)?;
    (member.nick != model.network().nick).then(|| member.nick.clone())
}

fn message_at(model: &Model, pane: Rect, y: u16) -> Option<LineId> {
    let rows = reading::rows(model)?;
    let shown = rows.page(&mut Plain).rows;
    let top = usize::from(pane.bottom()).checked_sub(shown.len())?;
    let (index, _) = shown.get(usize::from(y).checked_sub(top)?)?;
    let entry = rows.window.scrollback.get(*index)?;
    entry.as_said().map(|_| entry.id)
}
