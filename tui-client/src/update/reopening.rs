//! Which rooms and conversations are open again at the next start.
//! It must never enter a room that was left, nor one where the user wants to start outside, nor forget one because its
//! door was closed once.

use crate::effect::Effect;
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::session::command::Command;
use crate::window::{Kind, Place, Window};

/// The setting that says with whom there were conversations: a line for each, its network, a space, and its name.
const PEOPLE: &str = "people";
/// And in which rooms we were, likewise.
const ENTERED: &str = "entered";
/// Conversations that are opened again; of more, the last ones are not.
const PEOPLE_MAX: usize = 20;
/// And rooms.
const ENTERED_MAX: usize = 200;

/// Opens them again; the rooms are entered, too, where the link is there already.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>) {
    for (on, name) in kept(model, ENTERED) {
        let id = model.open(on, Kind::Room, &name);
        enter(model, effects, id);
    }
    for (on, name) in kept(model, PEOPLE) {
        model.open(on, Kind::Person, &name);
    }
}

/// What is kept of them, by the settings' names.
pub fn open(model: &Model) -> [(&'static str, String); 2] {
    let is_entered = |window: &Window| {
        // Before there was a link, nobody can have left; and who was not let in, or put out, did not leave.
        let network = model.networks.get(window.network);
        let is_shut_out = !window.why_outside.is_empty() && !network.facts.is_bouncer;
        let has_left = network.has_started && !is_shut_out;
        window.kind == Kind::Room && (window.place != Place::Outside || !has_left)
    };
    let is_person = |window: &Window| window.kind == Kind::Person;
    [
        (ENTERED, lines(model, (ENTERED, ENTERED_MAX), is_entered)),
        (PEOPLE, lines(model, (PEOPLE, PEOPLE_MAX), is_person)),
    ]
}

/// Those of the networks that this run knows.
fn kept(model: &Model, setting: &str) -> Vec<(NetworkId, String)> {
    let kept = model.keeping.settings.get(setting);
    let lines = kept.iter().flat_map(|kept| kept.lines());
    let known = lines.filter_map(|line| {
        let (key, name) = line.split_once(' ')?;
        let on = model.networks.iter().find(|one| **one.key() == *key)?;
        Some((on.id, name.to_owned()))
    });
    known.collect()
}

/// A line for each window of this sort, and those of networks that this run does not know.
fn lines(model: &Model, (setting, most): (&str, usize), is_it: impl Fn(&Window) -> bool) -> String {
    let open = model.windows.iter().filter(|window| is_it(window));
    let open = open.map(|window| {
        let network = model.networks.get(window.network).key();
        format!("{network} {}", window.name)
    });
    let kept = model.keeping.settings.get(setting);
    let away = kept.iter().flat_map(|kept| kept.lines()).filter(|line| {
        let network = line.split_once(' ').map(|(network, _)| network);
        let mut known = model.networks.iter();
        !known.any(|one| network == Some(&**one.key()))
    });
    let all = open.chain(away.map(str::to_owned)).take(most);
    all.collect::<Vec<_>>().join("\n")
}

/// Enters a room if the first good link came before the store was open.
fn enter(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId) {
    let Some(window) = model.window(id) else {
        return;
    };
    let network = model.networks.get(window.network);
    let is_late = network.is_connected() && network.has_started && network.settings.join_at_start;
    if !is_late || window.place != Place::Outside || !window.why_outside.is_empty() {
        return;
    }
    let (on, room) = (window.network, window.name.clone());
    effects.push(Effect::Send(on, Command::Join { room, key: None }));
    if let Some(window) = model.window_mut(id) {
        window.place = Place::Entering;
    }
}
