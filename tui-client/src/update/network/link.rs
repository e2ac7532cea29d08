//! The link to the server: made, lost, back; and what the server said about itself.
//! It must never decide when to try again: the session does.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::WindowId;
use crate::model::Model;
use crate::sanitise;
use crate::session::command::Command;
use crate::session::event::{Severity, Subject};
use crate::session::link::{Connected, Link};
use crate::window::{Kind, Place};

/// Takes a new state of the link.
pub fn changed(model: &mut Model, effects: &mut Vec<Effect>, link: Link) {
    match &link {
        Link::Connected(connected) => up(model, effects, connected),
        Link::Lost { reason, .. } => {
            let was_up = model.is_connected();
            let reason = reason.clone();
            if was_up || !model.was_lost {
                lost(model, &reason, was_up);
            }
        }
        Link::Refused { reason } => {
            let reason = reason.clone();
            note_both(model, Tone::Trouble, &reason);
        }
        Link::Idle | Link::Connecting { .. } | Link::Registering | Link::Closed => {}
    }
    model.link = link;
    model.lag = None;
    let current = model.current;
    deeds::remember(model, effects, current);
}

fn up(model: &mut Model, effects: &mut Vec<Effect>, connected: &Connected) {
    model.nick.clone_from(&connected.nick);
    let server = deeds::server(model);
    if let Some(window) = model.window_mut(server)
        && !connected.network.is_empty()
    {
        window.name = sanitise::line(&connected.network);
    }
    if model.was_lost {
        model.was_lost = false;
        let text = format!("The link to {} is back.", model.settings.host);
        note_both(model, Tone::Aside, &text);
    }
    let is_first = !model.has_started;
    model.has_started = true;
    let is_wanted = is_first && model.settings.join_at_start;
    let rooms: Vec<WindowId> = model
        .windows
        .iter()
        .filter(|window| window.kind == Kind::Room && window.place != Place::Inside)
        .map(|window| window.id)
        .collect();
    for id in rooms {
        let Some(window) = model.window_mut(id) else {
            continue;
        };
        let room = window.name.clone();
        let is_asked = window.place == Place::Entering;
        if is_wanted && !is_asked {
            window.place = Place::Entering;
            effects.push(Effect::Send(Command::Join { room, key: None }));
        } else if !is_asked {
            // From outside we look through the window: who is there?
            effects.push(Effect::Send(Command::Names { room }));
        }
    }
}

fn lost(model: &mut Model, reason: &str, was_up: bool) {
    model.was_lost = true;
    let host = model.settings.host.clone();
    let text = if was_up {
        format!("The link to {host} broke ({reason}); trying again.")
    } else {
        format!("{host} cannot be reached ({reason}); trying again.")
    };
    note_both(model, Tone::Trouble, &text);
    for window in &mut model.windows {
        window.writers.clear();
        window.is_loading = false;
        window.is_asked = false;
        window.typing_told = None;
    }
}

/// In the open window, if it has messages, and in the server's.
fn note_both(model: &mut Model, tone: Tone, text: &str) {
    let server = deeds::server(model);
    deeds::note(model, server, tone, text);
    if model.current != server && !model.is_outside() {
        deeds::note(model, model.current, tone, text);
    }
}

/// Takes a word of the server's.
pub fn noticed(model: &mut Model, severity: Severity, window: Option<&str>, text: &str) {
    let server = deeds::server(model);
    let named = window
        .and_then(|name| model.named(name))
        .map(|window| window.id);
    match (severity, named) {
        (Severity::Info, Some(id)) => deeds::note(model, id, Tone::Aside, text),
        (Severity::Info, None) => deeds::note(model, server, Tone::Answer, text),
        (Severity::Error, Some(id)) if id != model.current => {
            deeds::note(model, id, Tone::Trouble, text);
        }
        (Severity::Error, _) => deeds::note_here(model, Tone::Trouble, text),
    }
}

/// Takes a row of an answer.
pub fn listed(model: &mut Model, subject: Subject, window: Option<&str>, text: &str) {
    let named = window
        .and_then(|name| model.named(name))
        .map(|window| window.id);
    let server = deeds::server(model);
    let id = match (subject, named) {
        (_, Some(id)) => id,
        (Subject::Text, None) => server,
        (Subject::Rooms | Subject::Who | Subject::Whois | Subject::Names, None) => {
            if model.is_outside() {
                server
            } else {
                model.current
            }
        }
    };
    deeds::note(model, id, Tone::Answer, text);
}

/// Takes the word that our nick was taken.
pub fn nick_taken(model: &mut Model, wanted: &str, now: &str) {
    let text = if now.is_empty() {
        format!("The nick {wanted} is taken here; /nick NAME asks for another.")
    } else {
        format!("The nick {wanted} is taken here. You are {now} for now; /nick changes it.")
    };
    note_both(model, Tone::Trouble, &text);
    if model.is_outside() {
        // It stands among the messages, too, once we are inside.
        deeds::note(model, model.current, Tone::Trouble, &text);
        deeds::toast(model, text);
    }
}
