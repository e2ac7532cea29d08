//! Commands about networks: to connect, to disconnect, to have one more or one fewer.
//! They must never write the config: what is added here lasts until parlor ends.

use protocol::name::is_host;

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
        return add(call, settings);
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
            let settings = sought(call.model, name, split(place).0);
            add(call, settings);
        }
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
    })
}

fn add(call: Call<'_>, settings: Option<Settings>) {
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
    let text = format!(
        "{} is here until parlor ends; a [[network]] in the config file keeps it.",
        settings.name
    );
    deeds::note(call.model, window, Tone::Aside, &text);
    call.effects.push(Effect::Dial(on, settings));
    deeds::go(call.model, call.effects, window);
}

fn remove(call: Call<'_>, word: &str) {
    let Some((on, label)) = call
        .model
        .networks
        .called(word)
        .map(|network| (network.id, network.label.clone()))
    else {
        return unknown(call.model, word);
    };
    if on == NetworkId::FIRST {
        let text = format!("{label} is the first network and stays; /disconnect leaves it.");
        return deeds::note_here(call.model, Tone::Trouble, &text);
    }
    call.effects.push(Effect::Forget(on));
    call.model.remove_network(on);
    deeds::toast(call.model, format!("{label} is taken away"));
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
