//! The settings that count from now on: the keys, how parlor behaves, and networks that are new in the file.
//! It must never take away what is open.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::habits::Typing;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::network::Network;
use crate::plan;
use crate::preferences::{Answer, Counts};

/// Takes them over, and tells what there is to tell.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, answer: Answer) {
    if let Some(counts) = answer.counts {
        count(model, effects, counts);
    }
    let tone = if answer.is_trouble {
        Tone::Trouble
    } else {
        Tone::Answer
    };
    for word in &answer.words {
        deeds::note_here(model, tone, word);
    }
}

fn count(model: &mut Model, effects: &mut Vec<Effect>, counts: Counts) {
    model.keymap = counts.keymap;
    let mut habits = counts.habits;
    if counts.is_mouse_new {
        effects.push(Effect::Point(!habits.leaves_mouse));
    } else {
        habits.leaves_mouse = model.habits.leaves_mouse;
    }
    if habits.typing == Typing::Off {
        for window in &mut model.windows {
            window.writers.clear();
        }
    }
    if habits.typing != Typing::On {
        deeds::stop_typing(model, effects);
    }
    model.habits = habits;
    for network in &counts.networks {
        let is_it = |one: &Network| one.label.to_lowercase() == network.name.to_lowercase();
        if model.networks.iter().any(is_it) {
            continue;
        }
        let mut settings = plan::shown(network);
        if settings.nick.is_empty() {
            let first = &model.networks.get(NetworkId::FIRST).settings;
            settings.nick.clone_from(&first.nick);
        }
        // One too many is refused by whoever reads the file.
        if let Some(on) = model.add_network(settings.clone()) {
            effects.push(Effect::Dial(on, settings));
        }
    }
}
