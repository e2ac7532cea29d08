//! Pages of history: how they are asked for, and what the one that came proves about those before and after it.
//! It must never count anything as complete because of a time alone: many may speak in one millisecond.

use protocol::{Capability, Stamp};

use crate::session::batches::Batch;
use crate::session::event::{Event, Message, Millis};
use crate::session::gap::Gap;
use crate::session::rooms::{Ask, Held, Page};
use crate::session::state::State;
use crate::session::told;

/// Pages without any message that are passed over in search of one.
const SILENT_PAGES_MAX: u8 = 8;

/// So many messages are shown alone, or half of a page that is smaller: a screen of them.
const MESSAGES_MIN: usize = 25;
/// Pages that are asked for to have so many, after the first.
const THIN_PAGES_MAX: u8 = 3;

/// How the wire names a message or a moment.
pub(crate) fn reference(at: Millis, msgid: Option<&str>) -> String {
    msgid.map_or_else(
        || format!("timestamp={}", Stamp(at)),
        |msgid| format!("msgid={msgid}"),
    )
}

/// A moment before all that was said at this time: bounds are not included.
pub(crate) fn before(at: Millis) -> String {
    reference(at.saturating_sub(1), None)
}

/// A moment after all that was said at this time.
pub(crate) fn after(at: Millis) -> String {
    reference(at.saturating_add(1), None)
}

/// Asks for a page, after the one that is on its way for that window; false where nobody will tell it.
pub(crate) fn ask(
    state: &mut State,
    sort: &'static str,
    target: &str,
    bounds: &[&str],
    ask: Ask,
) -> bool {
    if !state.has(Capability::ChatHistory) {
        return false;
    }
    let limit = ask.limit.min(state.rules.page_max);
    let page = Page {
        target: target.to_owned(),
        sort,
        bounds: bounds.iter().map(ToString::to_string).collect(),
        ask: Ask { limit, ..ask },
    };
    let folded = state.rules.fold(target);
    if is_early(state, &folded) || !state.rooms.ask(folded.clone(), &page.ask) {
        return state.rooms.wait(folded, page);
    }
    send(state, &page);
    true
}

fn send(state: &mut State, page: &Page) {
    state.send(|line| {
        line.command("CHATHISTORY")
            .param(page.sort)
            .param(&page.target);
        for bound in &page.bounds {
            line.param(bound);
        }
        line.number(page.ask.limit);
    });
}

/// Whether nothing of that window is asked for, nor waits for it.
pub(crate) fn is_free(state: &State, target: &str) -> bool {
    let folded = state.rules.fold(target);
    state.rooms.is_free(&folded) && !is_early(state, &folded)
}

/// Whether a room is entered only once we are logged in: before that its past is refused.
fn is_early(state: &State, folded: &str) -> bool {
    let room = state.rooms.find(folded);
    let is_to_be_entered = room.is_some_and(|room| room.is_wanted && !room.is_entered);
    is_to_be_entered && state.login.is_awaited_until.is_some()
}

/// Asks for the pages that have waited for the one that came, or was refused.
pub(crate) fn next(state: &mut State) {
    for folded in state.rooms.waiting() {
        if !is_early(state, &folded)
            && let Some(page) = state.rooms.take_next(&folded)
        {
            send(state, &page);
        }
    }
}

/// Asks for what was said before this, or at the same time where the server goes by times alone.
pub(crate) fn ask_before(
    state: &mut State,
    target: &str,
    (at, msgid): (Millis, Option<&str>),
    limit: u16,
) {
    let msgid = msgid.filter(|_| state.rules.has_ids);
    let bound = msgid.map_or_else(|| after(at), |msgid| reference(at, Some(msgid)));
    let until = Some(at).filter(|_| msgid.is_none());
    let ask = Ask {
        until,
        ..Ask::of(limit)
    };
    self::ask(state, "BEFORE", target, &[&bound], ask);
}

/// Asks for the messages of a gap, the newest first: who looks at one reads upwards. By the id of the message where
/// it ends, so that a page gets on within one millisecond; its other end is a time before the message where it
/// begins, so that the last page has that, too.
pub(crate) fn ask_between(state: &mut State, target: &str, gap: Gap, limit: usize, pages: u8) {
    let id = gap.before.as_deref();
    let id = id.filter(|_| state.rules.has_ids && pages == 0);
    let newest = id.map_or_else(|| after(gap.until), |id| reference(gap.until, Some(id)));
    let oldest = before(gap.since);
    let ask = Ask {
        limit,
        since: Some(gap.since),
        gap: Some(gap),
        pages,
        ..Ask::default()
    };
    self::ask(state, "BETWEEN", target, &[&newest, &oldest], ask);
}

/// Asks for the messages of a gap, the oldest first: who begins to read where they left off reads downwards.
pub(crate) fn ask_oldest(state: &mut State, target: &str, gap: Gap, limit: usize) {
    if gap.since >= gap.until {
        return ask_between(state, target, gap, limit, 0);
    }
    let (oldest, newest) = (before(gap.since), after(gap.until));
    let ask = Ask {
        limit,
        since: Some(gap.since),
        gap: Some(gap),
        is_oldest: true,
        ..Ask::default()
    };
    self::ask(state, "BETWEEN", target, &[&oldest, &newest], ask);
}

/// A page came, then what was done to its messages.
pub(crate) fn came(state: &mut State, batch: &mut Batch) -> Vec<Event> {
    let mut messages = Vec::new();
    let mut others = Vec::new();
    for event in std::mem::take(&mut batch.events) {
        match event {
            Event::Message(message) => messages.push(message),
            other => others.push(other),
        }
    }
    let target = state.room_name(&batch.target);
    let asked = state.rooms.take_ask(&state.rules.fold(&target));
    let was_asked = asked.is_some();
    let mut asked = asked.unwrap_or_default();
    if let Some(msgid) = asked.parent {
        let is_of_it =
            |event: &Event| matches!(event, Event::Redacted { msgid: gone, .. } if *gone == msgid);
        others.retain(is_of_it);
        others.push(told::parent(target, msgid, messages));
        return others;
    }
    let is_full = batch.lines >= asked.limit;
    if asked.is_oldest {
        let mut events = from_oldest(state, &target, asked, (messages, batch.newest), is_full);
        events.append(&mut others);
        return events;
    }
    told::take_held(&mut asked, &mut messages, &mut others);
    let first = messages.first().map(|message| message.at);
    let oldest = first.into_iter().chain(batch.oldest).min();
    let is_empty = messages.is_empty();
    if let Some(gap) = asked.gap.clone()
        && batch.lines == 0
        && asked.pages == 0
        && gap.before.is_some()
    {
        // A server that has lost that message says the same as one that has nothing before it: now by the time alone.
        ask_between(state, &target, gap, asked.limit, 1);
        return others;
    }
    let is_open = was_asked && is_full && asked.since.is_none() && !asked.is_inside;
    let is_stuck = asked.until.is_some() && oldest >= asked.until;
    if let Some(oldest) = oldest.filter(|_| is_open && (is_empty || is_stuck))
        && further(state, &target, &asked, (oldest, batch.newest))
    {
        if is_stuck && !is_empty {
            others.push(told::lost(&target, oldest));
        }
        return others;
    }
    let is_thin = is_open && messages.len() < MESSAGES_MIN.min(asked.limit / 2);
    if let Some(oldest) = oldest.filter(|_| is_thin)
        && older(state, &target, &asked, (oldest, batch.newest), &messages)
    {
        hold(state, &target, (messages, others));
        return Vec::new();
    }
    let mut events = whole(state, &target, &asked, (oldest, messages), is_full);
    events.append(&mut others);
    events
}

/// What a page tells, and what it left of what was asked for.
fn whole(
    state: &State,
    target: &str,
    asked: &Ask,
    (oldest, messages): (Option<Millis>, Vec<Message>),
    is_full: bool,
) -> Vec<Event> {
    let is_empty = messages.is_empty();
    let mut events = vec![Event::History {
        target: target.to_owned(),
        is_complete: (!is_full || is_empty) && asked.since.is_none() && !asked.is_inside,
        gap: asked.gap.clone(),
        messages: Vec::new(),
    }];
    if let (true, Some(oldest)) = (is_full, oldest) {
        rest(
            state,
            target,
            asked,
            (oldest, messages.first()),
            &mut events,
        );
    }
    if let Some(Event::History { messages: page, .. }) = events.first_mut() {
        *page = told::up_to_gap(messages, asked.gap.as_ref());
    }
    events
}

/// Asks for what is older than a page that brought too little to be shown alone; whether that is asked.
fn older(
    state: &mut State,
    target: &str,
    asked: &Ask,
    (oldest, newest): (Millis, Option<Millis>),
    messages: &[Message],
) -> bool {
    let first = messages.first().filter(|first| first.at <= oldest);
    let msgid = first.and_then(|first| first.msgid.as_deref());
    let msgid = msgid.filter(|_| state.rules.has_ids);
    let is_far = msgid.is_some() || Some(oldest) < newest;
    let bound = msgid.map_or_else(|| after(oldest), |msgid| reference(oldest, Some(msgid)));
    let next = Ask {
        limit: asked.limit,
        pages: asked.pages + 1,
        ..Ask::default()
    };
    is_far && next.pages <= THIN_PAGES_MAX && ask(state, "BEFORE", target, &[&bound], next)
}

/// What a page brought waits for the older one that is asked for.
fn hold(state: &mut State, target: &str, held: Held) {
    let folded = state.rules.fold(target);
    if let Some(ask) = state.rooms.asked_mut(&folded) {
        ask.held = held;
    }
}

/// A page of the oldest of a gap came: what is left of it comes after.
fn from_oldest(
    state: &mut State,
    target: &str,
    asked: Ask,
    (messages, newest): (Vec<Message>, Option<Millis>),
    is_full: bool,
) -> Vec<Event> {
    let Some(gap) = asked.gap else {
        return Vec::new();
    };
    let is_end = |message: &Message| message.msgid.is_some() && message.msgid == gap.before;
    let is_met = messages.iter().any(is_end);
    let last = messages.last().map(|message| message.at).max(newest);
    let last = last.filter(|_| is_full && !is_met);
    if last.is_some_and(|last| last <= gap.since) {
        // All of a page is of one moment: from the other end ids lead on within it.
        ask_between(state, target, gap, asked.limit, 0);
        return Vec::new();
    }
    let rest = last.map(|last| Gap {
        since: last.min(gap.until),
        ..gap.clone()
    });
    let mut messages = told::up_to_gap(messages, Some(&gap));
    if rest.is_some() {
        // Of the moment in which the gap ends they would have no place: those come from the other end.
        messages.retain(|message| message.at < gap.until);
    }
    let gap = Gap {
        // What is left stands between the page and that message.
        before: gap.before.filter(|_| rest.is_none()),
        ..gap
    };
    let target = target.to_owned();
    let history = Event::History {
        target: target.clone(),
        messages,
        is_complete: false,
        gap: Some(gap),
    };
    let rest = rest.map(|gap| Event::GapFound { target, gap });
    std::iter::once(history).chain(rest).collect()
}

/// What a full page left of what was asked for.
fn rest(
    state: &State,
    target: &str,
    asked: &Ask,
    (oldest, first): (Millis, Option<&Message>),
    events: &mut Vec<Event>,
) {
    let Some(since) = asked.since else { return };
    let first = first.filter(|first| first.at == oldest && state.rules.has_ids);
    let before = first.and_then(|first| first.msgid.clone());
    let is_stuck = asked
        .gap
        .as_ref()
        .is_some_and(|gap| oldest >= gap.until && before.is_none());
    let mut until = Some(oldest);
    if is_stuck {
        // All of a page is of one moment, and there is no name for its middle.
        events.push(told::lost(target, oldest));
        until = oldest.checked_sub(1);
    }
    if let Some(until) = until.filter(|until| since <= *until) {
        events.push(Event::GapFound {
            target: target.to_owned(),
            gap: Gap {
                before,
                ..Gap::between(since, until)
            },
        });
    }
}

/// Asks for what is older than a page that brought nothing; whether that is asked.
fn further(
    state: &mut State,
    target: &str,
    asked: &Ask,
    (oldest, newest): (Millis, Option<Millis>),
) -> bool {
    let next = Ask {
        pages: asked.pages + 1,
        ..asked.clone()
    };
    // Others may have spoken at the time of the last line; but where all are of one time, there is no getting on.
    let bound = if Some(oldest) < newest {
        after(oldest)
    } else {
        reference(oldest, None)
    };
    next.pages <= SILENT_PAGES_MAX && ask(state, "BEFORE", target, &[&bound], next)
}

/// The server does not tell what was asked for: what of it is known is no more than before.
pub(crate) fn refused(state: &mut State, target: &str, asked: Ask, now: Millis) {
    let target = state.room_name(target);
    if let Some(msgid) = asked.parent {
        return state.emit(told::parent(target, msgid, Vec::new()));
    }
    let (messages, done) = asked.held;
    state.emit(Event::History {
        target: target.clone(),
        messages,
        is_complete: asked.since.is_none() && !asked.is_inside,
        gap: asked.gap.clone(),
    });
    for event in done {
        state.emit(event);
    }
    let missed = asked.since.map(|since| Gap::between(since, now));
    // From outside much is refused that is told inside.
    let is_outside = state.rules.is_room(&target) && state.room_window(&target).is_none();
    let gap = asked.gap.map(|gap| Gap {
        is_lost: !is_outside,
        ..gap
    });
    if let Some(gap) = gap.or(missed) {
        state.emit(Event::GapFound { target, gap });
    }
}
