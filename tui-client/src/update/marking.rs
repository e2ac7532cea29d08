//! Tells our other devices up to where the open window is read, while somebody looks at it.
//! It must never tell of each message: in a busy room that would be as much as is said.

use crate::deeds;
use crate::effect::Effect;
use crate::model::Model;
use crate::session::event::Millis;

/// What is read within this time is told of at once.
const PAUSE_MS: Millis = 3_000;

/// Tells it when it is time, and otherwise notes when that will be.
pub fn tell(model: &mut Model, effects: &mut Vec<Effect>) {
    let network = model.network();
    let can_tell = network.facts.has_history && network.is_connected() && model.has_focus;
    let now = model.now;
    let Some(window) = model.here_mut() else {
        return;
    };
    if !can_tell || window.read_to <= window.read_told {
        window.mark_due = None;
        return;
    }
    let due = *window.mark_due.get_or_insert(now + PAUSE_MS);
    if due <= now {
        window.mark_due = None;
        deeds::look(model, effects);
    }
}
