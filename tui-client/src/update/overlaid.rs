//! Keys while something lies over the screen.
//! It must never let a key through to the input below.

use crossterm::event::{KeyCode, KeyEvent};

use crate::action::Action;
use crate::choices;
use crate::deeds;
use crate::effect::Effect;
use crate::gestures;
use crate::keymap::Chord;
use crate::manual;
use crate::model::Model;
use crate::model::overlay::{Overlay, Pick, Picker, Purpose, Question};
use crate::reading;
use crate::update::{asking, browsing, searching};

/// What remains to be done after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    Done,
    /// This action, now that nothing lies over the screen.
    Act(Action),
    /// Edit the query of the open list; then fill it again.
    Edit(Action),
    /// Send what is written, many lines or not.
    SendAll,
    /// This key is none of what is closed now: it means what it means without.
    Again,
}

/// Takes a key.
pub fn key(model: &mut Model, effects: &mut Vec<Effect>, event: KeyEvent) -> Rest {
    let chord = Chord::of(event);
    let action = model.keymap.action(chord);
    let typed = match event.code {
        KeyCode::Char(char) if chord.is_text() => Some(char),
        _ => None,
    };
    run(model, effects, action, typed)
}

/// Does what an action says, or takes a character.
pub fn run(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    action: Option<Action>,
    typed: Option<char>,
) -> Rest {
    if matches!(action, Some(Action::Close | Action::Interrupt)) {
        model.overlay = None;
        return Rest::Done;
    }
    let is_sleep = matches!(
        model.overlay,
        Some(Overlay::Question(Question::Sleep { .. }))
    );
    if action == Some(Action::Redraw) || action == Some(Action::Suspend) && !is_sleep {
        return action.map_or(Rest::Done, Rest::Act);
    }
    match model.overlay.take() {
        Some(Overlay::Help { top, is_typed }) => help(model, top, is_typed, action, typed),
        Some(Overlay::Picker(picker)) => list(model, effects, picker, action, typed),
        Some(Overlay::Directory(browse)) => {
            browsing::key(model, effects, browse, action, typed);
            Rest::Done
        }
        Some(Overlay::Asking(asking)) => {
            asking::key(model, effects, asking, action, typed);
            Rest::Done
        }
        Some(Overlay::Question(question)) => answer(model, effects, &question, action, typed),
        Some(Overlay::Members { top }) => members(model, top, action),
        Some(Overlay::Rooms { chosen }) => rooms(model, effects, chosen, action),
        None => Rest::Done,
    }
}

fn help(
    model: &mut Model,
    top: usize,
    is_typed: bool,
    action: Option<Action>,
    typed: Option<char>,
) -> Rest {
    let page = usize::from(model.layout().area.height)
        .saturating_sub(4)
        .max(1);
    let last = manual::rows(&model.keymap, &model.habits.aliases)
        .len()
        .saturating_sub(page.saturating_sub(1));
    let top = match (action, typed) {
        (Some(Action::Help | Action::Quit | Action::Send), _) => return Rest::Done,
        (_, Some('q')) => return Rest::Done,
        (_, Some('?')) => {
            if is_typed && let Some(window) = model.here_mut() {
                window.input.insert("?");
            }
            return Rest::Done;
        }
        (Some(Action::Next), _) | (_, Some('j')) => top + 1,
        (Some(Action::Previous), _) | (_, Some('k')) => top.saturating_sub(1),
        (Some(Action::PageDown), _) | (_, Some(' ')) => top + page,
        (Some(Action::PageUp), _) => top.saturating_sub(page),
        (Some(Action::Top | Action::LineStart), _) => 0,
        (Some(Action::Bottom | Action::LineEnd), _) => usize::MAX,
        _ => top,
    };
    model.overlay = Some(Overlay::Help {
        top: top.min(last),
        is_typed,
    });
    Rest::Done
}

fn list(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    mut picker: Picker,
    action: Option<Action>,
    typed: Option<char>,
) -> Rest {
    let count = picker.rows.len().max(1);
    if let Some(char) = typed {
        picker.query.insert(&char.to_string());
        choices::fill(model, &mut picker);
        model.overlay = Some(Overlay::Picker(picker));
        return Rest::Done;
    }
    match action {
        Some(Action::Send) => {
            let pick = picker
                .rows
                .into_iter()
                .nth(picker.chosen)
                .map(|row| row.pick);
            return pick.map_or(Rest::Done, |pick| take(model, effects, pick));
        }
        Some(Action::Next | Action::PageDown)
            if picker.purpose == Purpose::Search
                && picker.chosen + 1 == count
                && searching::more(model, effects) => {}
        Some(Action::Next | Action::Complete | Action::NextWindow) => {
            picker.chosen = (picker.chosen + 1) % count;
        }
        Some(Action::Previous | Action::CompleteBack | Action::PreviousWindow) => {
            picker.chosen = (picker.chosen + count - 1) % count;
        }
        Some(Action::PageDown) => picker.chosen = (picker.chosen + 8).min(count - 1),
        Some(Action::PageUp) => picker.chosen = picker.chosen.saturating_sub(8),
        Some(Action::Switch | Action::Join | Action::Quit | Action::Help) => return Rest::Done,
        Some(action) => {
            model.overlay = Some(Overlay::Picker(picker));
            return Rest::Edit(action);
        }
        None => {}
    }
    model.overlay = Some(Overlay::Picker(picker));
    Rest::Done
}

fn take(model: &mut Model, effects: &mut Vec<Effect>, pick: Pick) -> Rest {
    match pick {
        Pick::Window(id) => deeds::go(model, effects, id),
        Pick::Join(on, room) => deeds::enter(model, effects, (on, &room), None),
        Pick::Act(action) => return Rest::Act(action),
        Pick::Open(address) => gestures::open(model, effects, &address),
        Pick::React(reaction) => {
            if let Some(line) = model.chosen.take() {
                gestures::react(model, effects, line, &reaction);
            }
        }
        Pick::Past(on, name, sought) => {
            let kind = model.networks.get(on).kind_of(&name);
            let id = model.open(on, kind, &name);
            deeds::go(model, effects, id);
            reading::seek(model, effects, id, sought);
        }
        Pick::Message(id, line) => {
            deeds::go(model, effects, id);
            model.chosen = Some(line);
            reading::show(model, line);
        }
        Pick::Begin(text) | Pick::Recall(text) => {
            if let Some(window) = model.here_mut() {
                window.input.replace(&text);
            }
        }
    }
    Rest::Done
}

fn answer(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    question: &Question,
    action: Option<Action>,
    typed: Option<char>,
) -> Rest {
    if action == Some(Action::Send) && !question.takes_enter() {
        // Perhaps it was meant for the line below.
        model.overlay = Some(Overlay::Question(question.clone()));
        return Rest::Done;
    }
    let is_yes = matches!(typed, Some('y' | 'Y'))
        || action == Some(Action::Send)
        || matches!(
            (question, action),
            (Question::Leave { .. }, Some(Action::Leave))
        )
        || matches!(
            (question, action),
            (Question::Quit { .. }, Some(Action::Quit))
                | (Question::Sleep { .. }, Some(Action::Suspend))
        );
    if !is_yes {
        return no(model, question, action, typed);
    }
    match question {
        Question::Leave { room } => {
            let on = model.on();
            deeds::leave(model, effects, (on, room), "");
        }
        Question::Quit { .. } => deeds::quit(model, effects, ""),
        Question::Sleep { .. } => effects.push(Effect::Suspend),
        Question::TakeBack { line, .. } => gestures::take_back(model, effects, *line),
        Question::Many { .. } => return Rest::SendAll,
    }
    Rest::Done
}

/// Whoever writes on, or does something else, has not answered: the question goes, and nothing of what they write is
/// lost. A key that would send it, or means nothing, leaves the question open.
fn no(model: &mut Model, question: &Question, action: Option<Action>, typed: Option<char>) -> Rest {
    match (action, typed) {
        (_, Some('n' | 'N')) => Rest::Done,
        (None | Some(Action::Send), None) => {
            model.overlay = Some(Overlay::Question(question.clone()));
            Rest::Done
        }
        _ => Rest::Again,
    }
}

fn members(model: &mut Model, top: usize, action: Option<Action>) -> Rest {
    let count = model.here().map_or(0, |window| window.roster.len());
    let page = usize::from(model.size.1).saturating_sub(4).max(1);
    let top = match action {
        Some(Action::Next) => top + 1,
        Some(Action::Previous) => top.saturating_sub(1),
        Some(Action::PageDown) => top + page,
        Some(Action::PageUp) => top.saturating_sub(page),
        Some(Action::Members | Action::Send) => return Rest::Done,
        Some(action @ (Action::Rooms | Action::Switch | Action::Help)) => return Rest::Act(action),
        _ => top,
    };
    model.overlay = Some(Overlay::Members {
        top: top.min(count.saturating_sub(1)),
    });
    Rest::Done
}

fn rooms(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    chosen: usize,
    action: Option<Action>,
) -> Rest {
    let count = model.windows.len().max(1);
    let chosen = match action {
        Some(Action::Next | Action::NextWindow | Action::Complete) => (chosen + 1) % count,
        Some(Action::Previous | Action::PreviousWindow | Action::CompleteBack) => {
            (chosen + count - 1) % count
        }
        Some(Action::Send) => {
            if let Some(id) = model.windows.get(chosen).map(|window| window.id) {
                deeds::go(model, effects, id);
            }
            return Rest::Done;
        }
        Some(Action::Rooms) => return Rest::Done,
        Some(action @ (Action::Members | Action::Switch | Action::Help)) => {
            return Rest::Act(action);
        }
        _ => chosen,
    };
    model.overlay = Some(Overlay::Rooms { chosen });
    Rest::Done
}
