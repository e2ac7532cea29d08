//! Commands about networks: to connect, to disconnect, to have one more or one fewer.
//! They must never write the config themselves; `preferences` does, and says so.

use protocol::name::{is_host, is_room};

use crate::address::is_this_machine;
use crate::config::network::{DEFAULT_PORT, DEFAULT_TLS_PORT, is_name};
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::network::{NETWORKS_MAX, Network, Settings};
use crate::session::link::Link;
use crate::update::call::{Call, split};

/// Connects to a network that is known, or to a host that is not.
pub fn connect(call: Call<'_>) {
    let word = split(call.rest).0;
    let known = match word {
        "" => Some(call.model.network()),
        word => call.model.networks.called(word),
    };
    let Some(network) = known else {
        let settings = sought(call.model, word, word);
        return add(call, settings, false);
    };
    let (on, label) = (network.id, network.label.clone());
    if network.is_connected() {
        return deeds::toast(call.model, format!("{label} is connected"));
    }
    let window = call.model.server(on);
    if call.model.on() != on {
        deeds::go(call.model, call.effects, window);
    }
    call.effects.push(Effect::Connect(on));
}

/// Says goodbye to a network, and stays away until the user comes back.
pub fn disconnect(call: Call<'_>) {
    let word = split(call.rest).0;
    let known = match word {
        "" => Some(call.model.network()),
        word => call.model.networks.called(word),
    };
    let Some(network) = known else {
        return unknown(call.model, word);
    };
    if matches!(network.link, Link::Closed) {
        let text = format!("{} is not connected", network.label);
        return deeds::toast(call.model, text);
    }
    call.effects.push(Effect::HangUp(network.id));
}

/// Lists the networks, adds one, or takes one away.
pub fn network(call: Call<'_>) {
    let (order, rest) = split(call.rest);
    match order {
        "" | "list" => list(call.model),
        "add" => {
            let (name, place) = split(rest);
            if !is_name(name) || place.is_empty() {
                return call.usage();
            }
            if call.model.networks.called(name).is_some() {
                let text = format!("There is a network {name}; /network list shows all.");
                return deeds::note_here(call.model, Tone::Trouble, &text);
            }
            let (place, rooms) = split(place);
            let settings = sought(call.model, name, place);
            let rooms = rooms.split_whitespace();
            let rooms: Vec<String> = rooms.map(str::to_owned).collect();
            if rooms.iter().any(|room| !is_room(room)) {
                return call.usage();
            }
            add(
                call,
                settings.map(|settings| Settings { rooms, ..settings }),
                true,
            );
        }
        "keep" => keep(call, split(rest).0),
        "remove" => remove(call, split(rest).0),
        _ => call.usage(),
    }
}

/// What is to be known of a network that the user names: `HOST`, `HOST:PORT` or `[IPv6]:PORT`.
fn sought(model: &Model, name: &str, place: &str) -> Option<Settings> {
    let (host, port) = match place
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None if place.matches(':').count() == 1 => {
            let (host, port) = place.split_once(':')?;
            (host, Some(port))
        }
        None => (place, None),
    };
    let port = match port {
        Some(port) => port.parse().ok().filter(|port| *port > 0)?,
        None if is_this_machine(host) => DEFAULT_PORT,
        None => DEFAULT_TLS_PORT,
    };
    is_host(host).then(|| Settings {
        name: name.chars().take(32).collect(),
        host: host.to_owned(),
        port,
        nick: model.network().settings.nick.clone(),
        rooms: Vec::new(),
        join_at_start: true,
        bound: None,
    })
}

fn add(call: Call<'_>, settings: Option<Settings>, is_kept: bool) {
    let Some(settings) = settings else {
        let text =
            "That is no network and no machine: /connect irc.libera.chat or /connect HOST:PORT";
        return deeds::note_here(call.model, Tone::Trouble, text);
    };
    let Some(on) = call.model.add_network(settings.clone()) else {
        let text = format!("There can be {NETWORKS_MAX} networks; /network remove takes one away.");
        return deeds::note_here(call.model, Tone::Trouble, &text);
    };
    let window = call.model.server(on);
    call.effects.push(Effect::Dial(on, settings.clone()));
    deeds::go(call.model, call.effects, window);
    if is_kept {
        return call.effects.push(Effect::KeepNetwork(settings));
    }
    let text = format!(
        "{} is here until parlor ends; /network keep writes it into the config file.",
        settings.name
    );
    deeds::note(call.model, window, Tone::Aside, &text);
}

/// A network that was only visited is there at the next start, too.
fn keep(call: Call<'_>, word: &str) {
    let known = match word {
        "" => Some(call.model.network()),
        word => call.model.networks.called(word),
    };
    let Some(network) = known else {
        return unknown(call.model, word);
    };
    if network.id == NetworkId::FIRST {
        let text = format!("{} is the first network and stays.", network.label);
        return deeds::toast(call.model, text);
    }
    let settings = network.settings.clone();
    if settings.bound.is_some() {
        let text = format!("{} is kept by its bouncer.", network.label);
        return deeds::toast(call.model, text);
    }
    call.effects.push(Effect::KeepNetwork(settings));
}

fn remove(call: Call<'_>, word: &str) {
    let Some((on, label, name)) = call.model.networks.called(word).map(|network| {
        let name = network.settings.name.clone();
        (network.id, network.label.clone(), name)
    }) else {
        return unknown(call.model, word);
    };
    if on == NetworkId::FIRST {
        let text = format!("{label} is the first network and stays; /disconnect leaves it.");
        return deeds::note_here(call.model, Tone::Trouble, &text);
    }
    let is_behind = |one: &Network| {
        let bound = one.settings.bound.as_ref();
        bound.is_some_and(|bound| bound.bouncer == on)
    };
    let behind = call.model.networks.iter().filter(|one| is_behind(one));
    let gone: Vec<NetworkId> = behind.map(|one| one.id).chain([on]).collect();
    for on in gone {
        call.effects.push(Effect::Forget(on));
        call.model.remove_network(on);
    }
    deeds::toast(call.model, format!("{label} is taken away"));
    call.effects.push(Effect::DropNetwork(name));
}

fn list(model: &mut Model) {
    let told: Vec<String> = model.networks.iter().map(told).collect();
    for text in told {
        deeds::note_here(model, Tone::Answer, &text);
    }
}

fn told(network: &Network) -> String {
    let state = match &network.link {
        Link::Idle | Link::Closed => "not connected".to_owned(),
        Link::Connecting { .. } | Link::Registering => "connecting".to_owned(),
        Link::Connected(link) if link.is_encrypted => "connected, encrypted".to_owned(),
        Link::Connected(_) => "connected, not encrypted".to_owned(),
        Link::Lost { reason, .. } => format!("link lost ({reason})"),
        Link::Refused { reason } => reason.clone(),
    };
    let Settings { host, port, .. } = &network.settings;
    format!(
        "{}: {host}:{port} as {}, {state}",
        network.label, network.nick
    )
}

fn unknown(model: &mut Model, word: &str) {
    let text = format!("There is no network {word}; /network list shows all.");
    deeds::note_here(model, Tone::Trouble, &text);
}
