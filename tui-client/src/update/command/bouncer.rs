//! The networks that a bouncer has: listed, added, changed, taken away there.
//! It must never take one away at the first word: what the bouncer keeps of it goes with it.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::session::command::{Bouncer, Command};
use crate::session::link::Link;
use crate::update::call::{Call, split};

/// Lists the bouncer's networks, adds one, changes one, or takes one away.
pub fn run(call: Call<'_>) {
    let Some(on) = bouncer(call.model) else {
        let text = "You are connected to no bouncer that tells of its networks.";
        return deeds::note_here(call.model, Tone::Trouble, text);
    };
    let (order, rest) = split(call.rest);
    match order {
        "" | "list" => list(call.model, on),
        "add" => add(call, on, rest),
        "change" => change(call, on, rest),
        "remove" => remove(call, on, rest),
        _ => call.usage(),
    }
}

/// The bouncer that is meant: that of the open window, else the first.
fn bouncer(model: &Model) -> Option<NetworkId> {
    let here = model.network();
    let bound = here.settings.bound.as_ref().map(|bound| bound.bouncer);
    let is_one = |id: &NetworkId| {
        let network = model.networks.get(*id);
        network.facts.is_bouncer && network.is_connected()
    };
    let all = model.networks.iter().map(|network| network.id);
    [Some(here.id), bound]
        .into_iter()
        .flatten()
        .chain(all)
        .find(is_one)
}

/// How the bouncer names the network that people call so.
fn netid(model: &Model, on: NetworkId, name: &str) -> Option<String> {
    let networks = model.networks.iter();
    let mut bound =
        networks.filter_map(|network| Some((network, network.settings.bound.as_ref()?)));
    let found = bound.find(|(network, bound)| {
        let is_called = network.label.to_lowercase() == name.to_lowercase()
            || network.settings.name.to_lowercase() == name.to_lowercase();
        bound.bouncer == on && (is_called || bound.netid == name)
    });
    found.map(|(_, bound)| bound.netid.clone())
}

fn list(model: &mut Model, on: NetworkId) {
    let behind = model.networks.iter().filter(|network| {
        let bound = network.settings.bound.as_ref();
        bound.is_some_and(|bound| bound.bouncer == on)
    });
    let told: Vec<String> = behind
        .map(|network| {
            let state = match &network.link {
                Link::Connected(_) => "connected",
                Link::Connecting { .. } | Link::Registering => "connecting",
                _ => "not connected",
            };
            format!("{} as {}, {state}", network.label, network.nick)
        })
        .collect();
    if told.is_empty() {
        let text = "The bouncer has no networks yet; /bouncer add HOST has one more.";
        return deeds::note_here(model, Tone::Answer, text);
    }
    for text in told {
        deeds::note_here(model, Tone::Answer, &text);
    }
}

/// Names and values.
type Attributes = Vec<(String, String)>;

/// `KEY=VALUE…`; a word without a key goes on with the value before it. The words before the first key come apart.
fn parse(words: &str) -> Result<(Vec<&str>, Attributes), String> {
    let mut plain = Vec::new();
    let mut attributes = Attributes::new();
    for word in words.split_whitespace() {
        match (word.split_once('='), attributes.last_mut()) {
            (Some((key, value)), _) if Bouncer::KEYS.contains(&key) => {
                attributes.push((key.to_owned(), value.to_owned()));
            }
            (_, Some((_, value))) => {
                value.push(' ');
                value.push_str(word);
            }
            (Some((key, _)), None) => return Err(key.to_owned()),
            (None, None) => plain.push(word),
        }
    }
    for (key, value) in &mut attributes {
        if key == "tls" {
            *value = match value.as_str() {
                "on" | "yes" | "1" => "1".to_owned(),
                "off" | "no" | "0" => "0".to_owned(),
                other => return Err(format!("tls={other}")),
            };
        }
    }
    Ok((plain, attributes))
}

/// What was wrong with a word.
fn unknown(model: &mut Model, word: &str) {
    let text = format!(
        "A bouncer is told {} of a network, and not {word}.",
        Bouncer::KEYS.join(", ")
    );
    deeds::note_here(model, Tone::Trouble, &text);
}

fn add(call: Call<'_>, on: NetworkId, words: &str) {
    let (plain, mut attributes) = match parse(words) {
        Ok(parsed) => parsed,
        Err(word) => return unknown(call.model, &word),
    };
    let (host, name) = match plain.as_slice() {
        [host] => (*host, *host),
        [host, name] => (*host, *name),
        _ => return call.usage(),
    };
    let mut put = |key: &str, value: &str| {
        if !attributes.iter().any(|(known, _)| known == key) {
            attributes.push((key.to_owned(), value.to_owned()));
        }
    };
    let (host, port) = match host.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (host, None),
    };
    put("name", name);
    put("host", host);
    if let Some(port) = port {
        put("port", port);
    }
    let what = Bouncer::Add { attributes };
    call.effects.push(Effect::Send(on, Command::Bouncer(what)));
}

/// The network that is meant by the first word, or a word that there is none.
fn known(model: &mut Model, on: NetworkId, name: &str) -> Option<String> {
    let netid = netid(model, on, name);
    if netid.is_none() {
        let text = format!("The bouncer has no network {name}; /bouncer lists them.");
        deeds::note_here(model, Tone::Trouble, &text);
    }
    netid
}

fn change(call: Call<'_>, on: NetworkId, words: &str) {
    let (name, words) = split(words);
    match parse(words) {
        Ok((plain, attributes)) if plain.is_empty() && !attributes.is_empty() => {
            if let Some(netid) = known(call.model, on, name) {
                let what = Bouncer::Change { netid, attributes };
                call.effects.push(Effect::Send(on, Command::Bouncer(what)));
            }
        }
        Ok(_) => call.usage(),
        Err(word) => unknown(call.model, &word),
    }
}

fn remove(call: Call<'_>, on: NetworkId, words: &str) {
    let (name, sure) = split(words);
    if name.is_empty() {
        return call.usage();
    }
    let Some(netid) = known(call.model, on, name) else {
        return;
    };
    if sure != "yes" {
        let text = format!(
            "This takes {name} from the bouncer for good, with all that it keeps of it. \
             /bouncer remove {name} yes does it."
        );
        return deeds::note_here(call.model, Tone::Trouble, &text);
    }
    let what = Bouncer::Remove { netid };
    call.effects.push(Effect::Send(on, Command::Bouncer(what)));
}
