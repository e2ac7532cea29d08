//! The settings that count from now on: the keys, how parlor behaves, our nick, and rooms and networks that are new in
//! the file.
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
use crate::session::command::Command;
use crate::window::{Kind, Place};

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
    if !model.is_linear {
        model.keymap = counts.keymap;
    }
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
    if let Some(nick) = counts.nick {
        rename(model, effects, nick);
    }
    for room in &counts.rooms {
        enter(model, effects, room);
    }
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

/// Asks for this nick on the first network.
fn rename(model: &mut Model, effects: &mut Vec<Effect>, nick: String) {
    let network = model.networks.get_mut(NetworkId::FIRST);
    network.settings.nick.clone_from(&nick);
    if network.nick != nick {
        effects.push(Effect::Send(NetworkId::FIRST, Command::Nick(nick)));
    }
}

/// Enters a room of the first network, beside what is open; the first good link does so by itself.
fn enter(model: &mut Model, effects: &mut Vec<Effect>, room: &str) {
    let on = NetworkId::FIRST;
    let id = model.open(on, Kind::Room, room);
    let settings = &model.networks.get(on).settings;
    let is_wanted = settings.join_at_start && model.networks.get(on).has_started;
    let window = model.window_mut(id).filter(|_| is_wanted);
    let Some(window) = window.filter(|window| window.place == Place::Outside) else {
        return;
    };
    window.place = Place::Entering;
    window.why_outside.clear();
    let (room, key) = (room.to_owned(), None);
    effects.push(Effect::Send(on, Command::Join { room, key }));
}
