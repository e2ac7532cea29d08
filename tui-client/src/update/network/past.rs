//! Pages of what was said before, from the server and from the local store, and the gaps between them.
//! It must never show a message twice, nor a page beside another as if nothing were missing between them.

use std::collections::BTreeMap;

use crate::attention;
use crate::effect::Effect;
use crate::entry::{Body, Entry, Said};
use crate::ids::{LineId, NetworkId, WindowId};
use crate::model::Model;
use crate::model::scrollback::Seat;
use crate::name;
use crate::reading;
use crate::sanitise;
use crate::session::event::{self, Message, Millis};
use crate::store::Request;
use crate::store::row::Key;
use crate::update::network::{done, searched, talk};
use crate::window;

/// Older or missed messages came from the server.
pub fn came(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, target): (NetworkId, &str),
    messages: Vec<Message>,
    is_complete: bool,
    gap: Option<(Millis, Millis)>,
) {
    let edges = searched::edges(model, on, target, &messages);
    let first = messages.first().map(|first| first.at);
    let last = messages.last().map(|last| last.at);
    // The newest page tells what came since the last run; others tell nothing of that.
    let newest = model.named(on, target).filter(|window| {
        let is_other = window.is_loading && last < window.since;
        window.since.is_some() && gap.is_none() && window.sought.is_none() && !is_other
    });
    let newest = newest.map(|window| window.id);
    remembered(model, on, target, messages, is_complete, gap);
    if let Some(id) = newest {
        since_known(model, effects, id, first.filter(|_| !is_complete));
    }
    let id = model.named(on, target).map(|window| window.id);
    for span in edges {
        if let Some(id) = id {
            missing(model, effects, id, span);
        }
    }
    done::catch_up(model, on, target);
    searched::arrived(model, on, target);
}

fn remembered(
    model: &mut Model,
    on: NetworkId,
    target: &str,
    messages: Vec<Message>,
    is_complete: bool,
    gap: Option<(Millis, Millis)>,
) {
    let kind = model.networks.get(on).kind_of(target);
    let is_open = model.named(on, target).is_some();
    // Notices open no conversation, neither live nor late.
    let is_talk = messages
        .iter()
        .any(|message| message.kind != event::Kind::Notice);
    let is_new_person = kind == window::Kind::Person && is_talk;
    let is_welcome = is_open || (is_new_person && talk::has_space(model, on));
    if !is_welcome {
        return;
    }
    let id = model.open(on, kind, &sanitise::name(target));
    let span = span(&messages);
    let answered = messages.iter().rev().find(|message| message.is_own);
    let answered = answered.map(|message| message.at);
    merge(model, id, messages);
    let marks = &mut model.networks.get_mut(on).read_to;
    let marked = marks.remove(&name::folded(target));
    let is_seen = id == model.current && model.has_focus;
    if let Some(window) = model.window_mut(id) {
        if !is_open {
            // Somebody wrote while there was no link: what was neither read nor answered elsewhere is new.
            let before = span.map(|(first, _)| first.saturating_sub(1));
            window.read_to = before.max(answered).max(marked);
        }
        window.is_loading = false;
        window.is_complete |= is_complete;
        let mut rest = Vec::new();
        if let Some((first, last)) = span {
            rest = window.scrollback.fill(first, last, &mut window.anchor);
        }
        window.recount(is_seen);
        for (since, until, is_kept) in rest {
            self::gap(model, id, since, until, is_kept);
        }
    }
    // What was asked about is answered; what of it is still missing is told anew.
    if let (Some((since, until)), Some(window)) = (gap, model.window_mut(id)) {
        drop(window.scrollback.fill(since, until, &mut window.anchor));
    }
}

/// When the first and the last of these messages were said.
fn span(messages: &[Message]) -> Option<(Millis, Millis)> {
    let ends = messages.first().zip(messages.last());
    ends.map(|(first, last)| (first.at, last.at))
}

/// Puts messages that follow each other among those that are here, each once. How many were new.
pub fn merge(model: &mut Model, id: WindowId, messages: Vec<Message>) -> usize {
    let Some(window) = model.window(id) else {
        return 0;
    };
    let on = window.network;
    let times = || messages.iter().map(|message| message.at);
    let span = times().min()..=times().max();
    // What we said ourselves may have the time of this machine.
    let is_near = |entry: &Entry, said: &Said| said.is_own || span.contains(&Some(entry.at));
    let mut known: BTreeMap<Key, LineId> = BTreeMap::new();
    for entry in window.scrollback.iter() {
        if let Some(said) = entry
            .as_said()
            .filter(|said| said.delivery.is_none() || said.msgid.is_some())
            .filter(|said| is_near(entry, said))
        {
            let msgid = said.msgid.as_deref();
            let key = Key::made_of(msgid, entry.at, &said.nick, said.kind, &said.raw);
            known.insert(key, entry.id);
        }
    }
    let end = if reading::is_before(model, id, &messages) {
        Seat::First
    } else {
        Seat::Last
    };
    let mut seats = seats(&messages, &known, end).into_iter();
    let mut before: Option<(Millis, LineId)> = None;
    let mut count = 0;
    for message in messages {
        let seat = seats.next().unwrap_or(Seat::Last);
        if let Some(line) = known.get(&Key::of(&message)) {
            before = Some((message.at, *line));
            continue;
        }
        if !message.is_own && attention::is_ignored(model, on, &message.source) {
            continue;
        }
        let own_id = message.own_id;
        let own = own_id.and_then(|own_id| model.window_mut(id)?.scrollback.take_waiting(own_id));
        let said = talk::said(model, (on, id), &message, own.as_ref());
        let line = own.map_or_else(|| model.next_line(), |entry| entry.id);
        let seat = match before {
            Some((at, line)) if at == message.at => Seat::After(line),
            _ => seat,
        };
        before = Some((message.at, line));
        count += 1;
        if let Some(window) = model.window_mut(id) {
            window.fit_nick(&said.nick);
            let was_waiting = said.delivery.is_some();
            window
                .scrollback
                .insert(Entry::said(line, message.at, said), seat);
            if was_waiting {
                window.stored(line);
            }
        }
    }
    count
}

/// Where each message belongs among those of its time: before the next one of the page that is known, if any.
fn seats(messages: &[Message], known: &BTreeMap<Key, LineId>, end: Seat) -> Vec<Seat> {
    let mut next: Option<(Millis, LineId)> = None;
    let mut seats = Vec::with_capacity(messages.len());
    for message in messages.iter().rev() {
        if let Some(line) = known.get(&Key::of(message)) {
            next = Some((message.at, *line));
        }
        seats.push(match next {
            Some((at, line)) if at == message.at => Seat::Before(line),
            _ => end,
        });
    }
    seats.reverse();
    seats
}

/// Messages may be missing here; the local store may have them where `is_kept`.
pub fn gap(model: &mut Model, id: WindowId, since: Millis, until: Millis, is_kept: bool) {
    let line = model.next_line();
    let Some(window) = model.window_mut(id) else {
        return;
    };
    let is_it = |entry: &Entry| match entry.body {
        Body::Gap {
            since: from,
            until: to,
            ..
        } => (from, to) == (since, until),
        Body::Said(_) | Body::Presence(_) | Body::Note(_) => false,
    };
    if !window.scrollback.iter().any(is_it) {
        let entry = Entry::gap(line, since, until, is_kept);
        window.scrollback.insert_by_time(entry);
    }
}

/// Messages are missing that the local store cannot have either.
pub fn missing(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    id: WindowId,
    (since, until): (Millis, Millis),
) {
    gap(model, id, since, until, false);
    if let Some(place) = model.kept_as(id) {
        effects.push(Effect::Keep(Request::Gap(place, since, until)));
    }
}

/// The session found that messages may be missing.
pub fn found(model: &mut Model, on: NetworkId, target: &str, since: Millis, until: Millis) {
    if let Some(id) = model.named(on, target).map(|window| window.id) {
        gap(model, id, since, until, false);
    }
}

/// A message was heard, or a room entered, at this time: what came between the last run and now is not here.
pub fn heard(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, id): (NetworkId, WindowId),
    at: Millis,
) {
    let has_history = model.networks.get(on).facts.has_history;
    let Some(window) = model.window_mut(id) else {
        return;
    };
    let Some(since) = window.since else { return };
    if !has_history {
        return since_known(model, effects, id, Some(at));
    }
    // The server will tell; should this run end before it does, the next one knows.
    if at > since && window.since_told.is_none() {
        window.since_told = Some(at);
        let place = model.kept_as(id);
        let gap = place.map(|place| Request::Gap(place, since, at));
        effects.extend(gap.map(Effect::Keep));
    }
}

/// What came since the last run begins at this time, as far as it can be had; `None`: it is all here.
pub fn since_known(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    id: WindowId,
    from: Option<Millis>,
) {
    let Some(window) = model.window_mut(id) else {
        return;
    };
    let Some(since) = window.since.take() else {
        return;
    };
    window
        .scrollback
        .drop_gaps(&mut window.anchor, |_, until| until == Millis::MAX);
    let told = window.since_told.take();
    if let (Some(place), Some(told)) = (model.kept_as(id), told) {
        effects.push(Effect::Keep(Request::Fill(place, since, told)));
    }
    if let Some(from) = from.filter(|from| *from > since) {
        missing(model, effects, id, (since, from));
    }
}
