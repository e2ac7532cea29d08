//! Tells the sessions with whom we talk alone, so that their coming and going is heard of.
//! It must never tell the same twice.

use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::session::command::Command;
use crate::window::Kind;

/// Tells each network whose conversations are others than it was told.
pub fn tell(model: &mut Model, effects: &mut Vec<Effect>) {
    let changed = model.networks.iter().filter(|network| {
        network.facts.has_monitor && !people(model, network.id).eq(network.watched.iter())
    });
    let changed: Vec<NetworkId> = changed.map(|network| network.id).collect();
    for on in changed {
        let nicks: Vec<String> = people(model, on).cloned().collect();
        model.networks.get_mut(on).watched.clone_from(&nicks);
        effects.push(Effect::Send(on, Command::Watch { nicks }));
    }
}

/// With whom we talk alone on a network.
fn people(model: &Model, on: NetworkId) -> impl Iterator<Item = &String> {
    let windows = model.windows.iter();
    let talks = windows.filter(move |window| window.network == on && window.kind == Kind::Person);
    talks.map(|window| &window.name)
}
