//! What is said: live, from history, our own on its way; typing, gaps.
//! It must never show a message twice, nor in another order than the server's.

use crate::attention;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::{Body, Delivery, Entry, Quote, Said, Tone};
use crate::habits;
use crate::ids::{NetworkId, WindowId};
use crate::model::scrollback::Scrollback;
use crate::model::{Model, PEOPLE_MAX};
use crate::name;
use crate::sanitise;
use crate::session::event::{Kind, Message, Millis, OwnId};
use crate::update::network::since;
use crate::window::{self, Window};

/// A message came; in which window it belongs, if anybody wants to hear it.
pub fn heard(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    message: &Message,
) -> Option<WindowId> {
    if !message.is_own && attention::is_ignored(model, on, &message.source) {
        return None;
    }
    let id = window_for(model, on, message)?;
    take(model, effects, (on, id), message);
    Some(id)
}

fn take(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, id): (NetworkId, WindowId),
    message: &Message,
) {
    let own = message
        .own_id
        .and_then(|own_id| model.window_mut(id)?.scrollback.take_waiting(own_id));
    let is_known = message.is_own
        && message.msgid.as_ref().is_some_and(|msgid| {
            let window = model.window(id);
            window.is_some_and(|window| window.scrollback.by_msgid(msgid).is_some())
        });
    let is_played_back = own.is_none() && is_played_back(model, (on, id), message);
    if is_played_back {
        since::played_back(model, effects, (on, id), message.at);
    }
    if is_known || is_played_back {
        // The first echo was lost with its link, and what was missed has told it already.
        if let (Some(window), Some(msgid)) = (model.window_mut(id), &message.msgid) {
            settle(window, msgid, own.is_some());
        }
        return;
    }
    let said = said(model, (on, id), message, own.as_ref());
    let is_seen = id == model.current && model.has_focus;
    let is_for_us =
        said.is_mention || model.networks.get(on).kind_of(&message.target) == window::Kind::Person;
    let is_own = message.is_own;
    unfold(model, id, message);
    let mut is_calling = false;
    let line = own.as_ref().map(|entry| entry.id);
    let line = line.unwrap_or_else(|| model.next_line());
    let entry = Entry::said(line, message.at, said).instead_of(own.as_ref());
    let Some(window) = model.window_mut(id) else {
        return;
    };
    if !is_own && !is_seen {
        if window.unread == 0 {
            window.unread_from = Some(line);
        }
        window.unread += 1;
        if is_for_us && message.kind != Kind::Notice {
            window.mentions += 1;
            is_calling = true;
        }
    }
    let newest = window.scrollback.last_mut().map(|newest| newest.at);
    let nick = sanitise::name(&message.source);
    if is_own && newest > Some(message.at) {
        // An echo that comes late stands where the message does.
        window.fit_nick(&nick);
        window.scrollback.insert_by_time(entry);
    } else {
        window.say(&nick, entry);
    }
    if is_own {
        window.stored(line);
    }
    if is_seen {
        window.read_to = window.read_to.max(Some(message.at));
    }
    if is_calling {
        attention::call(model, effects, id, message);
    }
}

/// Whether a bouncer tells again what we heard in an earlier run, or on an earlier link.
fn is_played_back(model: &mut Model, (on, id): (NetworkId, WindowId), message: &Message) -> bool {
    let linked_from = model.networks.get(on).linked_from;
    let window = model.window_mut(id).filter(|_| message.msgid.is_none());
    window.is_some_and(|window| {
        let line = window.scrollback.like(message);
        line.is_some_and(|line| window.has_past || line < linked_from)
    })
}

/// A message of ours that is here already: it may have looked like somebody else's, and waited for its echo.
fn settle(window: &mut Window, msgid: &str, has_waited: bool) {
    let Some(entry) = window.scrollback.by_msgid_mut(msgid) else {
        return;
    };
    let line = entry.id;
    if let Some(said) = entry.as_said_mut() {
        said.is_own = true;
        said.is_mention = false;
        if has_waited {
            said.delivery = Some(Delivery::Sent);
        }
    }
    window.stored(line);
}

/// Who speaks, or is spoken to, just after coming in with others is told of alone.
fn unfold(model: &mut Model, id: WindowId, message: &Message) {
    let first = message.text.split_whitespace().next().unwrap_or_default();
    let named = first.strip_prefix('@').unwrap_or(first);
    let named = named.trim_end_matches([':', ',']);
    for nick in [message.source.as_str(), named] {
        let line = model.next_line();
        if let Some(window) = model.window_mut(id) {
            window.unfold(line, message.at, nick);
        }
    }
}

/// The window a message belongs to, opened for a person who is new.
fn window_for(model: &mut Model, on: NetworkId, message: &Message) -> Option<WindowId> {
    if let Some(window) = model.named(on, &message.target) {
        return Some(window.id);
    }
    let kind = model.networks.get(on).kind_of(&message.target);
    let is_welcome = message.kind != Kind::Notice && has_space(model, on);
    if kind == window::Kind::Person && !is_welcome {
        let id = place_of_notice(model, on, &message.text).unwrap_or_else(|| model.server(on));
        let text = format!("{}: {}", message.source, message.text);
        deeds::note(model, id, Tone::Answer, &text);
        return None;
    }
    Some(model.open(on, kind, &sanitise::name(&message.target)))
}

/// Where a notice is shown that opens no conversation: in the room that services name first, or where somebody looks,
/// since it may be the answer to what they have just done, or a warning that their nick is somebody else's.
fn place_of_notice(model: &Model, on: NetworkId, text: &str) -> Option<WindowId> {
    let named = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let room = named.and_then(|(room, _)| model.named(on, room));
    let here = model.here().filter(|window| window.network == on);
    let place = room.filter(|window| window.kind == window::Kind::Room);
    place.or(here).map(|window| window.id)
}

/// Whether one more conversation may be opened on a network.
pub(crate) fn has_space(model: &Model, on: NetworkId) -> bool {
    let windows = model.windows.iter();
    let people =
        windows.filter(|window| window.network == on && window.kind == window::Kind::Person);
    people.count() < PEOPLE_MAX
}

/// A message as the window of that number shows it.
pub(crate) fn said(
    model: &Model,
    (on, id): (NetworkId, WindowId),
    message: &Message,
    own: Option<&Entry>,
) -> Said {
    let window = model.window(id);
    let scrollback = window.map(|window| &window.scrollback);
    let parent = message.reply_to.as_ref().map(|parent| {
        let entry = scrollback.and_then(|scrollback| scrollback.by_msgid(parent));
        match entry.and_then(|entry| Some((entry, entry.as_said()?))) {
            Some((entry, said)) => Quote {
                nick: said.quoted_nick(),
                text: entry.rich.text.clone(),
            },
            None if window.is_some_and(|window| window.was_taken_back(parent)) => {
                Quote::taken_back()
            }
            None => told_before(scrollback, parent).unwrap_or_else(Quote::unknown),
        }
    });
    // Who is answered is meant, named or not.
    let answers_us = message.reply_to.as_ref().is_some_and(|parent| {
        let entry = scrollback.and_then(|scrollback| scrollback.by_msgid(parent));
        entry
            .and_then(Entry::as_said)
            .is_some_and(|said| said.is_own)
    }) || parent
        .as_ref()
        .is_some_and(|quote| name::is_same(&quote.nick, &model.networks.get(on).nick));
    let kept = own
        .and_then(Entry::as_said)
        .and_then(|said| said.reply.clone());
    // Services name us in every other line.
    let is_told_alone = message.kind == Kind::Notice
        && model.networks.get(on).kind_of(&message.target) == window::Kind::Person;
    Said {
        reply: kept.or(parent),
        is_mention: !message.is_own
            && !is_told_alone
            && (answers_us || names_us(model, on, &message.text)),
        delivery: own.map(|_| Delivery::Sent),
        ..Said::of(message)
    }
}

/// What another answer says of a message that is answered and not loaded: it is asked for once.
fn told_before(scrollback: Option<&Scrollback>, parent: &str) -> Option<Quote> {
    let mut answers = scrollback?.iter().rev().filter_map(Entry::as_said);
    let answer = answers
        .find(|said| said.reply_to.as_deref() == Some(parent) && said.unknown_parent().is_none());
    answer?.reply.clone()
}

/// A message of ours from an earlier run waits to be sent.
pub fn waiting(model: &mut Model, on: NetworkId, mut message: Message) {
    let network = model.networks.get(on);
    let (ranks, bare) = network.ranks_of(&message.target);
    let (ranks, bare) = (ranks.to_owned(), bare.to_owned());
    let kind = network.kind_of(&bare);
    message.target = bare;
    let id = model.open(on, kind, &sanitise::name(&message.target));
    let mut said = said(model, (on, id), &message, None);
    said.delivery = Some(Delivery::Sending);
    said.ranks = ranks;
    let line = model.next_line();
    if let Some(window) = model.window_mut(id) {
        window.fit_nick(&said.nick);
        // More than a window takes is sent all the same, and seen when it comes back.
        let _ = window
            .scrollback
            .push_waiting(Entry::said(line, message.at, said));
    }
}

/// A message of ours is on its way again.
pub fn sending(model: &mut Model, on: NetworkId, own_id: OwnId) {
    for window in model.windows_of(on) {
        if window.scrollback.set_sending(own_id) {
            return;
        }
    }
}

/// A message of ours counts as sent.
pub fn confirmed(
    model: &mut Model,
    on: NetworkId,
    own_id: OwnId,
    msgid: Option<String>,
    at: Millis,
) {
    for window in model.windows_of(on) {
        if let Some(mut entry) = window.scrollback.take_waiting(own_id) {
            entry.at = at;
            if let Body::Said(said) = &mut entry.body {
                said.delivery = Some(Delivery::Sent);
                said.msgid = msgid;
            }
            let line = entry.id;
            window.scrollback.push(entry);
            window.stored(line);
            return;
        }
    }
}

/// A message of ours did not arrive.
pub fn refused(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    own_id: OwnId,
    reason: &str,
) {
    let current = model.current;
    let reason = sanitise::line(reason);
    let missed = model.windows_of(on).find_map(|window| {
        let scrollback = &mut window.scrollback;
        let is_it = scrollback.set_failed(own_id, &reason)
            || scrollback.take_back_sent(own_id) && scrollback.set_failed(own_id, &reason);
        is_it.then(|| (window.id, window.name.clone()))
    });
    if let Some((_, name)) = missed.filter(|(id, _)| *id != current) {
        attention::ring(model, effects);
        deeds::toast(model, format!("A message to {name} was not sent"));
    }
}

/// Whether the text has our nick, or a word that counts as one.
pub(crate) fn names_us(model: &Model, on: NetworkId, text: &str) -> bool {
    let words = model.habits.mention_words.iter().map(String::as_str);
    let nick = model.networks.get(on).nick.as_str();
    words
        .chain([nick])
        .any(|word| name::is_mentioned(word, text))
}

/// Somebody writes, or stopped.
pub fn typing(model: &mut Model, on: NetworkId, target: &str, nick: &str, is_writing: bool) {
    let now = model.now;
    if model.habits.typing == habits::Typing::Off
        || name::is_same(nick, &model.networks.get(on).nick)
        || attention::is_ignored(model, on, nick)
    {
        return;
    }
    if let Some(window) = model.named_mut(on, target) {
        window.wrote(&sanitise::name(nick), now, is_writing);
    }
}

/// Up to here we have read on another device.
pub fn read_elsewhere(model: &mut Model, on: NetworkId, target: &str, at: Millis) {
    let (current, has_focus) = (model.current, model.has_focus);
    if let Some(window) = model.named_mut(on, target) {
        window.read_told = window.read_told.max(Some(at));
        if window.read_to < Some(at) {
            window.read_to = Some(at);
            window.recount(window.id == current && has_focus);
        }
        return;
    }
    let marks = &mut model.networks.get_mut(on).read_to;
    if marks.len() < PEOPLE_MAX {
        marks.insert(name::folded(target), at);
    }
}
