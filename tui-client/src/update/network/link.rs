//! The link to the server: made, lost, back; and what the server said about itself.
//! It must never decide when to try again: the session does.

use protocol::Stamp;

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::sanitise;
use crate::session::command::Command;
use crate::session::event::{Severity, Subject};
use crate::session::link::{Connected, Link, NewLink};
use crate::window::{Kind, Place};

/// Takes a new state of the link.
pub fn changed(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, link: Link) {
    match &link {
        Link::Connected(connected) => up(model, effects, on, connected),
        Link::Lost { reason, .. } => {
            let network = model.networks.get_mut(on);
            network.bots.clear();
            network.profiles.clear();
            network.directory.is_arriving = false;
            let network = model.networks.get(on);
            let was_up = network.is_connected();
            if was_up || !network.was_lost {
                lost(model, on, reason, was_up);
            }
        }
        Link::Refused { reason } => {
            note_both(model, on, Tone::Trouble, reason);
        }
        Link::Closed if !model.is_over => closed(model, on),
        Link::Idle | Link::Connecting { .. } | Link::Registering | Link::Closed => {}
    }
    let network = model.networks.get_mut(on);
    network.link = link;
    network.lag = None;
    network.silent_since = None;
    if model.on() == on {
        let current = model.current;
        deeds::remember(model, effects, current);
    }
}

fn up(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, connected: &Connected) {
    for window in model.windows_of(on) {
        window.parents.ask_anew();
    }
    let server = model.server(on);
    let linked_from = model.next_line();
    let network = model.networks.get_mut(on);
    network.linked_from = linked_from;
    network.nick.clone_from(&connected.nick);
    network.disguises.clear();
    if network.settings.name.is_empty() && !connected.network.is_empty() {
        network.label = sanitise::line(&connected.network);
    }
    let label = network.label.clone();
    let is_first = !std::mem::replace(&mut network.has_started, true);
    let is_bouncer = network.facts.is_bouncer;
    let is_wanted = is_first && network.settings.join_at_start && !is_bouncer;
    let is_back = std::mem::take(&mut network.was_lost);
    let host = network.settings.host.clone();
    if let Some(window) = model.window_mut(server) {
        window.name = label;
    }
    if is_back {
        let text = format!("The link to {host} is back.");
        note_both(model, on, Tone::Aside, &text);
    }
    let rooms: Vec<WindowId> = model
        .windows
        .iter()
        .filter(|window| window.network == on)
        .filter(|window| window.kind == Kind::Room && window.place != Place::Inside)
        .map(|window| window.id)
        .collect();
    for id in rooms {
        let Some(window) = model.window_mut(id) else {
            continue;
        };
        let room = window.name.clone();
        if is_bouncer {
            window.place = Place::Outside;
            "this is a bouncer: rooms are in its networks".clone_into(&mut window.why_outside);
            continue;
        }
        let is_asked = window.place == Place::Entering;
        if is_wanted && !is_asked {
            window.place = Place::Entering;
            effects.push(Effect::Send(on, Command::Join { room, key: None }));
        } else if !is_asked {
            // From outside we look through the window: who is there?
            effects.push(Effect::Send(on, Command::Names { room }));
        }
    }
}

fn lost(model: &mut Model, on: NetworkId, reason: &str, was_up: bool) {
    let network = model.networks.get_mut(on);
    network.was_lost = true;
    let host = network.settings.host.clone();
    let text = if was_up {
        format!("The link to {host} broke ({reason}); trying again.")
    } else {
        format!("{host} cannot be reached ({reason}); trying again.")
    };
    note_both(model, on, Tone::Trouble, &text);
    for window in model.windows_of(on) {
        window.writers.clear();
        window.is_loading = false;
        window.seeks_new = false;
        window.is_asked = false;
        window.pages_missed = 0;
        window.is_named_asked = false;
        window.is_here = None;
        window.typing_told = None;
    }
}

/// We said goodbye to this network alone.
fn closed(model: &mut Model, on: NetworkId) {
    let label = model.networks.get(on).label.clone();
    let text = format!("You left {label}; /connect {label} comes back.");
    note_both(model, on, Tone::Aside, &text);
}

/// In the open window, if it is of this network and has messages, and in the server's.
fn note_both(model: &mut Model, on: NetworkId, tone: Tone, text: &str) {
    let server = model.server(on);
    deeds::note(model, server, tone, text);
    if model.on() == on && model.current != server && !model.is_outside() {
        deeds::note(model, model.current, tone, text);
    }
}

/// Takes a word of the server's.
pub fn noticed(
    model: &mut Model,
    on: NetworkId,
    severity: Severity,
    window: Option<&str>,
    text: &str,
) {
    let server = model.server(on);
    let named = window
        .and_then(|name| model.named(on, name))
        .map(|window| window.id);
    match (severity, named) {
        (Severity::Info, Some(id)) => deeds::note(model, id, Tone::Aside, text),
        (Severity::Info, None) => deeds::note(model, server, Tone::Answer, text),
        (Severity::Error, Some(id)) if id != model.current => {
            deeds::note(model, id, Tone::Trouble, text);
        }
        // What was asked of another network is answered there.
        (Severity::Error, None) if model.on() != on => {
            deeds::note(model, server, Tone::Trouble, text);
        }
        (Severity::Error, _) => {
            deeds::note_here(model, Tone::Trouble, text);
            if model.is_outside() {
                // It stands among the messages, too, once we are inside.
                deeds::note(model, model.current, Tone::Trouble, text);
            }
        }
    }
}

/// Takes a link that was made: it is shown whole, and put onto the clipboard.
pub fn made(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, made: &NewLink) {
    let people = if made.uses == "1" { "person" } else { "people" };
    let until = Stamp(made.until).to_string();
    let until = until.get(..16).unwrap_or(&until).replace('T', " ");
    let text = format!(
        "This link lets friends into {}; it was copied, where your terminal allows that. It is good for {} {people}, \
         until {until} UTC; /invite-link revoke {} takes it back.",
        made.room, made.uses, made.number
    );
    for line in [text.as_str(), &format!("parlor '{}'", made.link)] {
        listed(model, on, Subject::Text, Some(&made.room), line);
    }
    effects.push(Effect::Copy(made.link.clone()));
}

/// Takes a row of an answer.
pub fn listed(
    model: &mut Model,
    on: NetworkId,
    subject: Subject,
    window: Option<&str>,
    text: &str,
) {
    let named = window
        .and_then(|name| model.named(on, name))
        .map(|window| window.id);
    let server = model.server(on);
    let id = match (subject, named) {
        (_, Some(id)) => id,
        (Subject::Text, None) => server,
        (_, None) => {
            if model.is_outside() || model.on() != on {
                server
            } else {
                model.current
            }
        }
    };
    deeds::note(model, id, Tone::Answer, text);
}

/// Takes the word that our nick was taken.
pub fn nick_taken(model: &mut Model, on: NetworkId, wanted: &str, now: &str) {
    let text = if now.is_empty() {
        format!("The nick {wanted} is taken here; /nick NAME asks for another.")
    } else {
        format!("The nick {wanted} is taken here. You are {now} for now; /nick changes it.")
    };
    note_both(model, on, Tone::Trouble, &text);
    if model.on() == on && model.is_outside() {
        // It stands among the messages, too, once we are inside.
        deeds::note(model, model.current, Tone::Trouble, &text);
        deeds::toast(model, text);
    }
}
