//! Wheel and clicks, by the same rectangles that are drawn.
//! It must never do what no key can do, but for the width of the panes.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::deeds;
use crate::effect::Effect;
use crate::model::Model;
use crate::model::layout::Edge;
use crate::reading;
use crate::sidebar::{self, Item};
use crate::update::overlaid::Rest;
use crate::update::{complete, pointed, touched};

/// How many rows a turn of the wheel scrolls.
const WHEEL_ROWS: usize = 3;

/// Takes what the mouse did: whether it meant anything, and what remains to be done.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, event: MouseEvent) -> (bool, Rest) {
    let at = Position::new(event.column, event.row);
    if at.x >= model.size.0 || at.y >= model.size.1 {
        // No terminal's mouse is there; bytes that come from elsewhere may say so.
        return (false, Rest::Done);
    }
    match event.kind {
        MouseEventKind::ScrollUp => wheel(model, effects, true),
        MouseEventKind::ScrollDown => wheel(model, effects, false),
        MouseEventKind::Down(MouseButton::Left) => {
            model.panes.dragged = model.layout().edge(at.x, at.y);
            if model.overlay.is_some() {
                return (true, pointed::click(model, effects, at));
            }
            if model.panes.dragged.is_none() {
                click(model, effects, at);
            }
        }
        MouseEventKind::Drag(MouseButton::Left) => return (drag(model, at), Rest::Done),
        MouseEventKind::Up(MouseButton::Left) => {
            return (model.panes.dragged.take().is_some(), Rest::Done);
        }
        _ => return (false, Rest::Done),
    }
    (true, Rest::Done)
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
    if model.overlay.is_some() {
        pointed::wheel(model, is_up, WHEEL_ROWS);
    } else if model.completion.is_some() {
        complete::step(model, is_up);
    } else {
        reading::scroll(model, effects, is_up, WHEEL_ROWS);
    }
}

fn click(model: &mut Model, effects: &mut Vec<Effect>, at: Position) {
    if candidate(model, at) {
        return;
    }
    let layout = model.layout();
    if layout.rooms.contains(at) {
        let items = sidebar::rows(model, layout.rooms.height);
        let item = items.into_iter().nth(usize::from(at.y - layout.rooms.y));
        if let Some(Item::Window(id)) = item {
            deeds::go(model, effects, id);
        }
    } else if layout.members.contains(at) {
        let below = Rect {
            y: layout.members.y + 1,
            height: layout.members.height.saturating_sub(1),
            ..layout.members
        };
        pointed::member(model, effects, below, 0, at.y);
    } else if layout.messages.contains(at) && !model.is_outside() {
        touched::run(model, effects, layout.messages, at);
    } else if layout.rule.contains(at) {
        reading::bottom(model);
    }
}

/// Fills in the candidate that was clicked; whether candidates are there, of which every click elsewhere lets go.
fn candidate(model: &mut Model, at: Position) -> bool {
    let Some(completion) = &model.completion else {
        return false;
    };
    let area = completion.area(model.layout().above_input(), model.prompt_width());
    let top = completion.top(area.height);
    if area.contains(at) {
        complete::choose(model, top + usize::from(at.y - area.y));
        model.completion = None;
        return true;
    }
    model.completion = None;
    false
}
