//! The small deeds that several parts of `update` share: go, note, say, enter, leave, quit.
//! They must never look at keys, clicks or wire events.

use std::collections::BTreeSet;

use crate::discreet;
use crate::effect::Effect;
use crate::entry::reactions::Reactions;
use crate::entry::{Delivery, Entry, Quote, Said, Tone};
use crate::ids::{LineId, NetworkId, WindowId};
use crate::model::Model;
use crate::model::network::{BUNDLE_BYTES, Network};
use crate::model::overlay::{Overlay, Question};
use crate::model::toast::Toast;
use crate::session::command::{Command, Outgoing};
use crate::session::event::{Kind, Millis, Typing};
use crate::text::portion;
use crate::window::{self, Place, Window};

/// How many older messages are asked for at once.
pub const HISTORY_LIMIT: u16 = 100;

/// Most lines of one multiline message, below what servers allow.
const BUNDLE_LINES: usize = 60;

const TOO_MUCH: &str = "Too much waits to be sent; try again when the link is back";

/// How long a toast stays.
const TOAST_MS: Millis = 4_000;

/// Shows a word about what just happened.
pub fn toast(model: &mut Model, text: impl Into<String>) {
    model.toast = Some(Toast {
        text: text.into(),
        until: model.now + TOAST_MS,
    });
}

/// Adds a note to a window.
pub fn note(model: &mut Model, id: WindowId, tone: Tone, text: &str) {
    let line = model.next_line();
    let now = model.now;
    if let Some(window) = model.window_mut(id) {
        window.note(line, now, tone, text);
    }
}

/// Adds a note to the open window; where the messages are hidden, it is a toast.
pub fn note_here(model: &mut Model, tone: Tone, text: &str) {
    let id = model.current;
    if model.is_outside() && !model.is_linear {
        toast(model, text);
    } else {
        note(model, id, tone, text);
    }
}

/// Goes to a window.
pub fn go(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId) {
    if model.window(id).is_none() {
        return;
    }
    let is_other = id != model.current;
    if is_other {
        stop_typing(model, effects);
        look(model, effects);
        if let Some(left) = model.here_mut() {
            left.forget_new();
        }
        model.last = Some(model.current);
        model.current = id;
        model.completion = None;
        model.find = None;
        model.chosen = None;
    }
    look(model, effects);
    remember(model, effects, id);
}

/// Asks for what was said to and by a person lately; for rooms, the session asks on entering.
pub fn remember(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId) {
    let Some(on) = model.window(id).map(|window| window.network) else {
        return;
    };
    let network = model.networks.get(on);
    if !network.facts.has_history || !network.is_connected() {
        return;
    }
    if let Some(window) = model.window_mut(id)
        && window.kind == window::Kind::Person
        && !std::mem::replace(&mut window.is_asked, true)
    {
        let command = Command::HistoryLatest {
            target: window.name.clone(),
            limit: HISTORY_LIMIT,
        };
        effects.push(Effect::Send(on, command));
    }
}

/// Counts the open window as looked at, and tells our other devices.
pub fn look(model: &mut Model, effects: &mut Vec<Effect>) {
    let network = model.network();
    let can_tell = network.facts.has_history && network.is_connected();
    let Some(window) = model.here_mut() else {
        return;
    };
    let told = window.read_told;
    if let Some(at) = window.look() {
        if can_tell && window.kind != window::Kind::Server {
            let target = window.name.clone();
            effects.push(Effect::Send(
                window.network,
                Command::MarkRead { target, at },
            ));
        } else {
            window.read_told = told;
        }
    }
}

/// Tells that we no longer write, if we told that we do.
pub fn stop_typing(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(window) = model.here_mut()
        && window.typing_told.take().is_some()
    {
        let command = Command::Typing {
            target: window.name.clone(),
            state: Typing::Done,
        };
        effects.push(Effect::Send(window.network, command));
    }
}

/// A text as the messages in which it goes to this target.
pub fn portions(network: &Network, target: &str, kind: Kind, text: &str) -> Vec<String> {
    let limit = network.text_bytes_max(target);
    let is_for_all = network.ranks_of(target).0.is_empty();
    let mut portions: Vec<String> =
        if network.facts.has_multiline && kind == Kind::Say && is_for_all {
            portion::bundles(text, BUNDLE_LINES, BUNDLE_BYTES)
        } else {
            text.split('\n')
                .flat_map(|line| portion::portions(line, limit))
                .collect()
        };
    portions.retain(|text| !text.trim().is_empty());
    portions
}

/// Says something in a window: shown as sending, and handed to the session.
pub fn say(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, kind: Kind, text: &str) {
    say_to(model, effects, (id, ""), kind, text);
}

/// Says something in a window, in a room perhaps to these ranks only.
pub fn say_to(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (id, ranks): (WindowId, &str),
    kind: Kind,
    text: &str,
) {
    let Some(window) = model.window(id) else {
        return;
    };
    let (on, target) = (window.network, format!("{ranks}{}", window.name));
    let reply = window.reply_to.and_then(|id| quote(window, id));
    let network = model.networks.get(on);
    let nick = network.nick.clone();
    let portions = portions(network, &target, kind, text);
    for (index, text) in portions.into_iter().enumerate() {
        let reply = reply.clone().filter(|_| index == 0);
        let (quote, reply_to) = reply.map_or((None, None), |(quote, id)| (Some(quote), Some(id)));
        let own_id = model.next_own();
        let said = Said {
            nick: nick.clone(),
            kind,
            raw: discreet::masked(&target, &text).unwrap_or_else(|| text.clone()),
            ranks: ranks.to_owned(),
            msgid: None,
            reply: quote,
            reply_to: reply_to.clone(),
            is_own: true,
            is_mention: false,
            delivery: Some(Delivery::Sending),
            own_id: Some(own_id),
            reactions: Reactions::default(),
        };
        let line = model.next_line();
        let entry = Entry::said(line, model.now, said);
        let Some(window) = model.window_mut(id) else {
            return;
        };
        window.fit_nick(&nick);
        if !window.scrollback.push_waiting(entry) {
            toast(model, TOO_MUCH);
            return;
        }
        let outgoing = Outgoing {
            own_id,
            target: target.clone(),
            kind,
            text,
            reply_to,
        };
        effects.push(Effect::Send(on, Command::Say(outgoing)));
    }
    if let Some(window) = model.window_mut(id) {
        window.anchor = None;
        window.reply_to = None;
        window.typing_told = None;
    }
}

/// The line about the message that is answered, and the server's id of it.
fn quote(window: &Window, id: LineId) -> Option<(Quote, String)> {
    let entry = window.scrollback.get(window.scrollback.index_of(id)?)?;
    let said = entry.as_said()?;
    let quote = Quote {
        nick: said.quoted_nick(),
        text: entry.rich.text.clone(),
    };
    Some((quote, said.msgid.clone()?))
}

/// Sends a failed message again, under the number that it has: perhaps the server knows it.
pub fn retry(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, line: LineId) -> bool {
    let Some(window) = model.window_mut(id) else {
        return false;
    };
    let Some(index) = window.scrollback.index_of(line) else {
        return false;
    };
    let Some(said) = window
        .scrollback
        .get(index)
        .and_then(|entry| entry.as_said())
    else {
        return false;
    };
    let (Some(Delivery::Failed(_)), Some(own_id)) = (&said.delivery, said.own_id) else {
        return false;
    };
    if discreet::masked(&window.name, &said.raw).is_some() {
        toast(model, "No password is kept: write it again");
        return true;
    }
    let outgoing = Outgoing {
        own_id,
        target: format!("{}{}", said.ranks, window.name),
        kind: said.kind,
        text: said.raw.clone(),
        reply_to: said.reply_to.clone(),
    };
    if !window.scrollback.set_sending(own_id) {
        toast(model, TOO_MUCH);
        return true;
    }
    effects.push(Effect::Send(window.network, Command::Say(outgoing)));
    true
}

/// Enters a room of a network, and goes to its window.
pub fn enter(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, room): (NetworkId, &str),
    key: Option<String>,
) {
    let id = model.open(on, window::Kind::Room, room);
    go(model, effects, id);
    if let Some(window) = model.window_mut(id) {
        if window.place == Place::Inside {
            return;
        }
        window.place = Place::Entering;
        window.why_outside.clear();
    }
    let room = room.to_owned();
    effects.push(Effect::Send(on, Command::Join { room, key }));
}

/// Leaves a room of a network.
pub fn leave(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, room): (NetworkId, &str),
    reason: &str,
) {
    let command = Command::Leave {
        room: room.to_owned(),
        reason: reason.to_owned(),
    };
    effects.push(Effect::Send(on, command));
    let is_connected = model.networks.get(on).is_connected();
    if let Some(window) = model.named_mut(on, room)
        && (!is_connected || window.place == Place::Entering)
    {
        window.place = Place::Outside;
    }
}

/// Leaves the room of a window if it is one, and closes the window.
pub fn close(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId) {
    let Some(window) = model.window(id) else {
        return;
    };
    let (on, kind, place) = (window.network, window.kind, window.place);
    let name = window.name.clone();
    if kind == window::Kind::Server {
        toast(model, "The server's window stays");
        return;
    }
    if kind == window::Kind::Room && place != Place::Outside {
        let reason = String::new();
        effects.push(Effect::Send(on, Command::Leave { room: name, reason }));
    }
    let index = model
        .windows
        .iter()
        .position(|window| window.id == id)
        .unwrap_or(0);
    if id == model.current {
        let last = model
            .last
            .filter(|last| *last != id && model.window(*last).is_some());
        let beside = if index > 0 { index - 1 } else { 1 };
        let beside = model.windows.get(beside).map(|window| window.id);
        if let Some(next) = last.or(beside) {
            go(model, effects, next);
        }
    }
    model.windows.retain(|window| window.id != id);
    model.last = model.last.filter(|last| *last != id);
}

/// What stands in the place of a message that was taken back.
pub fn taken_back(by: &str, reason: &str) -> String {
    if reason.is_empty() {
        format!("taken back by {by}")
    } else {
        format!("taken back by {by} ({reason})")
    }
}

/// Quits, asking first where others would be cut off.
pub fn ask_quit(model: &mut Model, effects: &mut Vec<Effect>, reason: &str) {
    match guests(model) {
        0 => quit(model, effects, reason),
        guests => model.overlay = Some(Overlay::Question(Question::Quit { guests })),
    }
}

/// Sleeps until the shell wakes us, asking first where others would wait: the server sleeps with the screen.
pub fn ask_sleep(model: &mut Model, effects: &mut Vec<Effect>) {
    match guests(model) {
        0 => effects.push(Effect::Suspend),
        guests => model.overlay = Some(Overlay::Question(Question::Sleep { guests })),
    }
}

/// How many others would be cut off: as the host counts, and at least those whom we see.
fn guests(model: &Model) -> usize {
    let Some(hosting) = &model.hosting else {
        return 0;
    };
    // Only the first network is ever hosted here.
    let hosted = NetworkId::FIRST;
    let own = model.networks.get(hosted).nick.as_str();
    let inside = model
        .windows
        .iter()
        .filter(|window| window.network == hosted && !window.is_outside());
    let seen: BTreeSet<&str> = inside
        .flat_map(|window| window.roster.iter())
        .map(|member| member.nick.as_str())
        .filter(|nick| *nick != own)
        .collect();
    hosting.guests.max(seen.len())
}

/// Quits.
pub fn quit(model: &mut Model, effects: &mut Vec<Effect>, reason: &str) {
    model.is_over = true;
    for network in model.networks.iter() {
        let reason = reason.to_owned();
        effects.push(Effect::Send(network.id, Command::Quit { reason }));
    }
    effects.push(Effect::Quit);
}
