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
use crate::store::Request;
use crate::store::row::Key;
use crate::update::network::{done, searched, talk};
use crate::window::{self, Window};

/// So far is read where there was nothing to read.
pub const NOTHING_READ: Millis = 0;

/// A message where something begins: when it was said, and the server's id of it.
pub type Begin = (Millis, Option<String>);

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
    remembered(model, on, target, messages, is_complete, gap.as_ref());
    if let Some(id) = newest {
        let first = first.filter(|_| !is_complete);
        since_known(
            model,
            effects,
            id,
            first.map(|first| ((first.at, first.msgid), is_met)),
        );
    }
    let id = model.named(on, target).map(|window| window.id);
    for gap in edges {
        if let Some(id) = id {
            missing(model, effects, id, gap);
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
    merge(model, id, messages, is_before);
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
        if is_complete && window.kind == window::Kind::Room {
            begin_unread(window);
        }
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

/// Where nothing was ever said, whatever comes is new, also where only the next run hears of it.
fn begin_unread(window: &mut Window) {
    let mut entries = window.scrollback.iter();
    if window.read_to.is_none() && !entries.any(|entry| entry.as_logged().is_some()) {
        window.read_to = Some(NOTHING_READ);
        // Nobody need be told of that.
        window.read_told = window.read_told.max(window.read_to);
    }
}

/// All of this time is here; what remains of gaps around it stays.
fn fill(model: &mut Model, id: WindowId, span: (Millis, Millis)) {
    let window = model.window_mut(id);
    let rest = window.map(|window| window.scrollback.fill(span, &mut window.anchor));
    for (gap, is_kept) in rest.into_iter().flatten() {
        self::gap(model, id, gap, is_kept);
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
        text: said.raw.clone(),
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
            .filter(|said| said.delivery.is_none() || said.msgid.is_some())
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

/// Messages may be missing here; the local store may have them where `is_kept`.
pub fn gap(model: &mut Model, id: WindowId, gap: Gap, is_kept: bool) {
    let line = model.next_line();
    let Some(window) = model.window_mut(id) else {
        return;
    };
    // Of one millisecond there may be several, each before another message.
    let is_same = |other: &Gap| {
        other.span() == gap.span() && (gap.since < gap.until || other.before == gap.before)
    };
    let is_it = |entry: &Entry| entry.as_gap().is_some_and(is_same);
    if window.scrollback.iter().any(is_it) {
        return;
    }
    // Within one millisecond the message that follows says where it stands.
    let next = gap.before.as_ref().filter(|_| gap.since == gap.until);
    let next = next.and_then(|msgid| window.scrollback.by_msgid(msgid));
    let seat = next.map_or(Seat::Last, |entry| Seat::Before(entry.id));
    window
        .scrollback
        .insert(Entry::gap(line, gap, is_kept), seat);
}

/// Messages are missing that the local store cannot have either.
pub fn missing(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, gap: Gap) {
    if let Some(place) = model.kept_as(id) {
        effects.push(Effect::Keep(Request::Gap(place, gap.clone())));
    }
    self::gap(model, id, gap, false);
}

/// The session found that messages may be missing.
pub fn found(model: &mut Model, on: NetworkId, target: &str, gap: Gap) {
    if let Some(id) = model.named(on, target).map(|window| window.id) {
        self::gap(model, id, gap, false);
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
        return since_known(model, effects, id, Some(((at, None), false)));
    }
    // The server will tell; should this run end before it does, the next one knows.
    if at > since && window.since_told.is_none() {
        window.since_told = Some(at);
        let place = model.kept_as(id);
        let gap = place.map(|place| Request::Gap(place, Gap::between(since, at)));
        effects.extend(gap.map(Effect::Keep));
    }
}

/// A room was entered at this time: what was said since we heard it last is lost where the server keeps nothing.
pub fn broken(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, id): (NetworkId, WindowId),
    at: Millis,
) {
    let has_history = model.networks.get(on).facts.has_history;
    let window = model.window(id).filter(|_| !has_history);
    let newest = window.and_then(|window| {
        let mut said = window.scrollback.iter().rev();
        let last = said.find(|entry| entry.as_logged().is_some() || entry.is_gap());
        last.filter(|last| !last.is_gap()).map(|last| last.at)
    });
    if let Some(since) = newest.filter(|since| *since < at) {
        missing(model, effects, id, Gap::between(since, at));
    }
}

/// What came since the last run begins with this message, as far as it can be had, and whether that one is the last of
/// the earlier run; `None`: it is all here.
pub fn since_known(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    id: WindowId,
    from: Option<(Begin, bool)>,
) {
    let Some(window) = model.window_mut(id) else {
        return;
    };
    let Some(since) = window.since.take() else {
        return;
    };
    window
        .scrollback
        .drop_gaps(&mut window.anchor, |gap| gap.until == Millis::MAX);
    let told = window.since_told.take();
    if let (Some(place), Some(told)) = (model.kept_as(id), told) {
        effects.push(Effect::Keep(Request::NoGap(place, since, told)));
    }
    let is_open = |(at, is_here): (Millis, bool)| at > since || (at == since && !is_here);
    if let Some(((from, before), _)) = from.filter(|((at, _), is_here)| is_open((*at, *is_here))) {
        let gap = Gap {
            before,
            ..Gap::between(since, from)
        };
        missing(model, effects, id, gap);
    }
}
