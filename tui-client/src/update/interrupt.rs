//! The key that clears the line, and quits when it is pressed twice at an empty one.
//! It must never quit for a second press that something else came before.

use crate::action::Action;
use crate::deeds;
use crate::effect::Effect;
use crate::model::Model;
use crate::session::event::Millis;

/// How long a second press quits.
const QUIT_ARMED_MS: Millis = 3_000;

/// Clears the line; with an empty line, a second time within a moment, quits.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>) {
    model.chosen = None;
    let armed = model.quit_armed.take().is_some();
    let Some(window) = model.here_mut() else {
        return;
    };
    if !window.input.is_empty() {
        window.input.replace("");
    } else if armed {
        deeds::ask_quit(model, effects, "");
    } else {
        model.quit_armed = Some(model.now + QUIT_ARMED_MS);
        deeds::toast(model, hint(model));
    }
}

/// Something else is done: the next press is a first one again, and the word about it goes.
pub fn disarm(model: &mut Model) {
    if model.quit_armed.take().is_some() {
        let hint = hint(model);
        model.toast = model.toast.take().filter(|toast| toast.text != hint);
    }
}

fn hint(model: &Model) -> String {
    let key = model.keymap.first(Action::Interrupt).unwrap_or_default();
    format!("{key} again quits")
}
