//! What is pasted goes into whatever is open: a password, a list, a search, the message.
//! It must never send anything by itself.

use crate::choices;
use crate::effect::Effect;
use crate::model::Model;
use crate::model::overlay::Overlay;
use crate::update::{find, interrupt};

/// Puts it where it belongs.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, pasted: &str) {
    let pasted = pasted.replace("\r\n", "\n").replace('\r', "\n");
    interrupt::disarm(model);
    model.completion = None;
    model.kills.settle();
    if matches!(model.overlay, Some(Overlay::Question(_))) {
        // It is no answer.
        model.overlay = None;
    }
    let one_line = || pasted.replace('\n', " ");
    if let Some(Overlay::Asking(asking)) = &mut model.overlay {
        asking.typed.insert(&pasted);
    } else if let Some(Overlay::Directory(browse)) = &mut model.overlay {
        browse.query.insert(&one_line());
        browse.chosen = 0;
        browse.fill(&model.networks.get(browse.on).directory);
    } else if let Some(Overlay::Picker(picker)) = &mut model.overlay {
        picker.query.insert(&one_line());
        let mut picker = picker.clone();
        choices::fill(model, &mut picker);
        model.overlay = Some(Overlay::Picker(picker));
    } else if model.overlay.is_some() {
    } else if let Some(find) = &mut model.find {
        find.query.insert(&one_line());
        find::changed(model, effects);
    } else if let Some(window) = model.here_mut() {
        // A single copied line often ends with a line end that nobody means.
        window
            .input
            .insert(pasted.strip_suffix('\n').unwrap_or(&pasted));
    }
}
