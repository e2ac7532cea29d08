//! Pages of what was said before, from the server and from the local store, and the gaps between them.
//! It must never show a message twice, nor a page beside another as if nothing were missing between them.

use std::collections::BTreeMap;

use crate::attention;
use crate::effect::Effect;
use crate::entry::{Entry, Said};
use crate::ids::{LineId, NetworkId, WindowId};
use crate::model::Model;
use crate::model::scrollback::Seat;
use crate::name;
use crate::reading;
use crate::sanitise;
use crate::session::event::{self, Event, Message, Millis};
use crate::session::gap::{self, Gap};
use crate::store::row::Key;
use crate::update::network::{done, gaps, searched, since, talk};
use crate::window;

/// Older or missed messages came from the server.
pub fn came(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, target): (NetworkId, &str),
    messages: Vec<Message>,
    is_complete: bool,
    gap: Option<Gap>,
) {
    let edges = searched::edges(model, on, target, &messages);
    let first = messages.first().cloned();
    let is_met = first.as_ref().zip(model.named(on, target));
    let is_met = is_met.is_some_and(|(first, window)| window.scrollback.holds(first));
    let last = messages.last().map(|last| last.at);
    // The newest page tells what came since the last run; others tell nothing of that.
    let newest = model.named(on, target).filter(|window| {
        let is_other = window.is_loading && last < window.since;
        window.since.is_some() && gap.is_none() && window.sought.is_none() && !is_other
    });
    let newest = newest.map(|window| window.id);
    let unread = first
        .as_ref()
        .filter(|_| gap.is_none() && !is_complete)
        .and_then(|first| since::unread_before(model.named(on, target)?, first));
    let is_answer = gap.is_some();
    remembered(model, on, target, messages, is_complete, gap.as_ref());
    if let Some(id) = newest {
        let first = first.filter(|_| !is_complete);
        since::since_known(
            model,
            effects,
            id,
            first.map(|first| ((first.at, first.msgid), is_met)),
        );
    }
    let id = model.named(on, target).map(|window| window.id);
    for gap in edges.into_iter().chain(unread) {
        if let Some(id) = id {
            gaps::missing(model, effects, id, gap);
        }
    }
    done::catch_up(model, on, target);
    searched::arrived(model, on, target);
    if let Some(id) = id.filter(|_| is_answer) {
        reading::show_new(model, id);
    }
}

fn remembered(
    model: &mut Model,
    on: NetworkId,
    target: &str,
    messages: Vec<Message>,
    is_complete: bool,
    gap: Option<&Gap>,
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
    let here = proved(model, id, &messages);
    let span = span(&messages);
    let answered = messages.iter().rev().find(|message| message.is_own);
    let answered = answered.map(|message| message.at);
    let is_before = reading::is_before(model, id, &messages);
    let heard = model.window(id).and_then(since::oldest);
    let is_newest = gap.is_none() && model.window(id).is_some_and(|window| !window.is_loading);
    // What is merged to the front of a full window would go at once.
    let count = messages.len();
    let window = model.window_mut(id).filter(|_| is_before);
    let gone = window.and_then(|window| gaps::make_space(window, count));
    merge(model, id, messages, is_before);
    if let Some(gone) = gone {
        // The store has them; without one the server gives them back on sight.
        let is_kept = model.kept_as(id).is_some();
        gaps::put(model, id, gone, is_kept);
    }
    if is_newest {
        let last = span.map(|(_, last)| last);
        since::begin_unread(model, id, (heard, last), is_complete);
    }
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
        window.recount(is_seen);
        // What was asked about is answered, all of it at once: a rest of it within one millisecond would stand at a
        // place of its own. What of it is still missing is told anew.
        let asked = gap.filter(|gap| gap.since < gap.until).map(Gap::span);
        if let Some(gap) = gap {
            window
                .scrollback
                .drop_gaps(&mut window.anchor, |one| one == gap);
        }
        for span in asked.into_iter().chain(here) {
            fill(model, id, span);
        }
    }
}

/// All of this time is here; what remains of gaps around it stays.
fn fill(model: &mut Model, id: WindowId, span: (Millis, Millis)) {
    let window = model.window_mut(id);
    let rest = window.map(|window| window.scrollback.fill(span, &mut window.anchor));
    for (gap, is_kept) in rest.into_iter().flatten() {
        gaps::put(model, id, gap, is_kept);
    }
}

/// A page that was asked for up to a message ends with it, so that the others find their place before it.
pub fn join(model: &Model, on: NetworkId, event: &mut Event) {
    let Event::History {
        target,
        messages,
        gap: Some(Gap {
            before: Some(msgid),
            ..
        }),
        ..
    } = event
    else {
        return;
    };
    let window = model.named(on, target);
    let entry = window.and_then(|window| window.scrollback.by_msgid(msgid));
    messages.extend(entry.and_then(|entry| message(target, entry)));
}

/// An entry as the message that it was.
pub fn message(target: &str, entry: &Entry) -> Option<Message> {
    let said = entry.as_said()?;
    Some(Message {
        target: target.to_owned(),
        source: said.nick.clone(),
        kind: said.kind,
        text: said.marked().into_owned(),
        at: entry.at,
        msgid: said.msgid.clone(),
        reply_to: said.reply_to.clone(),
        is_own: said.is_own,
        own_id: None,
    })
}

/// When the first and the last of these messages were said.
fn span(messages: &[Message]) -> Option<(Millis, Millis)> {
    let ends = messages.first().zip(messages.last());
    ends.map(|(first, last)| (first.at, last.at))
}

/// The time of which a page has everything that a window may miss; before the page is put into it.
pub fn proved(model: &Model, id: WindowId, page: &[Message]) -> Option<(Millis, Millis)> {
    let scrollback = &model.window(id)?.scrollback;
    // Where a gap ends or begins in its millisecond, its being here proves nothing of the others of that time.
    let is_closed = |end: fn(&Gap) -> Millis, at: Millis| {
        let mut gaps = scrollback.iter().filter_map(Entry::as_gap);
        !gaps.any(|gap| end(gap) == at)
    };
    let (first, last) = (page.first()?, page.last()?);
    gap::proved(
        (
            first.at,
            scrollback.holds(first) && is_closed(|gap| gap.until, first.at),
        ),
        (
            last.at,
            scrollback.holds(last) && is_closed(|gap| gap.since, last.at),
        ),
    )
}

/// Puts messages that follow each other among those that are here, each once; `is_before`: before what is of their time.
/// How many were new.
pub fn merge(model: &mut Model, id: WindowId, messages: Vec<Message>, is_before: bool) -> usize {
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
            .filter(|said| entry.as_logged().is_some() || said.msgid.is_some())
            .filter(|said| is_near(entry, said))
        {
            let msgid = said.msgid.as_deref();
            let key = Key::made_of(msgid, entry.at, &said.nick, said.kind, &said.raw);
            known.insert(key, entry.id);
        }
    }
    let end = if is_before { Seat::First } else { Seat::Last };
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
        let line = own.as_ref().map(|entry| entry.id);
        let line = line.unwrap_or_else(|| model.next_line());
        let seat = match before {
            Some((at, line)) if at == message.at => Seat::After(line),
            _ => seat,
        };
        before = Some((message.at, line));
        count += 1;
        if let Some(window) = model.window_mut(id) {
            window.fit_nick(&said.nick);
            let was_waiting = said.delivery.is_some();
            let entry = Entry::said(line, message.at, said).instead_of(own.as_ref());
            window.scrollback.insert(entry, seat);
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
