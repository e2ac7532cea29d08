//! The networks of a bouncer: each is a network of its own on the screen, as long as the bouncer has it.
//! It must never take away a network that the user has named, nor connect to one twice.

use crate::config::network::is_name;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::network::{Bound, NETWORKS_MAX, Settings};
use crate::sanitise;
use crate::session::link::Upstream;

/// The longest name of such a network, in characters.
const NAME_MAX: usize = 24;

fn find(model: &Model, on: NetworkId, netid: &str) -> Option<NetworkId> {
    let is_it = |bound: &Bound| bound.bouncer == on && bound.netid == netid;
    let mut networks = model.networks.iter();
    let found = networks.find(|one| one.settings.bound.as_ref().is_some_and(is_it));
    found.map(|network| network.id)
}

/// Takes what the bouncer tells.
pub fn told(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, upstream: &Upstream) {
    match upstream {
        Upstream::There {
            netid,
            name,
            trouble,
        } => there(
            model,
            effects,
            on,
            netid,
            (name.as_deref(), trouble.as_deref()),
        ),
        Upstream::Gone { netid } => gone(model, effects, on, netid),
    }
}

/// The bouncer has this network, or something about it changed.
fn there(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    netid: &str,
    (name, trouble): (Option<&str>, Option<&str>),
) {
    let known = find(model, on, netid);
    let id = match (known, name) {
        (Some(id), _) => Some(id),
        // A change of something that we do not know.
        (None, None) => None,
        (None, Some(name)) => open(model, effects, on, netid, name),
    };
    let Some(id) = id else { return };
    if let (Some(name), Some(_)) = (name, known) {
        let label = sanitise::line(name);
        let server = model.server(id);
        model.networks.get_mut(id).label.clone_from(&label);
        if let Some(window) = model.window_mut(server) {
            window.name = label;
        }
    }
    if let Some(trouble) = trouble {
        let server = model.server(id);
        let text = format!("The bouncer has no link there: {}", sanitise::line(trouble));
        deeds::note(model, server, Tone::Trouble, &text);
    }
}

fn open(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    netid: &str,
    name: &str,
) -> Option<NetworkId> {
    let name = name_of(model, netid, name);
    let bouncer = &model.networks.get(on).settings;
    let settings = Settings {
        name,
        rooms: Vec::new(),
        join_at_start: true,
        bound: Some(Bound {
            bouncer: on,
            netid: netid.to_owned(),
        }),
        ..bouncer.clone()
    };
    let Some(id) = model.add_network(settings.clone()) else {
        let server = model.server(on);
        let text = format!(
            "There can be {NETWORKS_MAX} networks; {} is one too many.",
            settings.name
        );
        deeds::note(model, server, Tone::Trouble, &text);
        return None;
    };
    effects.push(Effect::Dial(id, settings));
    Some(id)
}

/// What it is called: as the bouncer calls it, in one word, and unlike the others.
fn name_of(model: &Model, netid: &str, name: &str) -> String {
    let word: String = sanitise::line(name)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .take(NAME_MAX)
        .collect();
    let number: String = netid
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(6)
        .collect();
    match word {
        word if !is_name(&word) => format!("network-{number}"),
        word if model.networks.called(&word).is_some() => format!("{word}-{number}"),
        word => word,
    }
}

/// The bouncer no longer has this network.
fn gone(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, netid: &str) {
    let Some(id) = find(model, on, netid) else {
        return;
    };
    let label = model.networks.get(id).label.clone();
    effects.push(Effect::Forget(id));
    model.remove_network(id);
    let server = model.server(on);
    let text = format!("The bouncer no longer has {label}.");
    deeds::note(model, server, Tone::Aside, &text);
}
