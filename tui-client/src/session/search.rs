//! Searching on the server (soju.im/search): answers come in the order of the questions.
//! It must never take the answer to one question for that to another.

use protocol::{Capability, Stamp};

use crate::session::batches::Batch;
use crate::session::event::{Event, Millis};
use crate::session::query::Query;
use crate::session::state::State;

/// What is searched for, at most; escaped it must fit into a line.
const TEXT_BYTES_MAX: usize = 200;
/// Questions that may wait for their answers.
const WAITING_MAX: usize = 64;
/// In so many windows, where each is a question of its own.
const WINDOWS_MAX: usize = 30;

/// Servers that cannot have nothing to say, and the list has what is loaded. Only parlord searches in all windows by one
/// question; soju wants to be told in which.
pub(crate) fn ask(
    state: &mut State,
    query: Query,
    span: (Option<Millis>, Option<Millis>),
    limit: u16,
) {
    if !state.has(Capability::Search) {
        return;
    }
    if query.named_in.is_some() || state.rules.is_once {
        let within = query.named_in.clone();
        return send(state, (query, false), within.as_deref(), span, limit);
    }
    let rooms = state.rooms.entered().map(|room| room.name.clone());
    let people = state.watchlist.wanted.iter().cloned();
    let within: Vec<String> = rooms.chain(people).take(WINDOWS_MAX).collect();
    for window in within {
        send(state, (query.clone(), true), Some(&window), span, limit);
    }
}

/// `SEARCH [in=<window>;]text=<text>[;after=<time>][;before=<time>];limit=<limit>`
fn send(
    state: &mut State,
    (query, is_part): (Query, bool),
    within: Option<&str>,
    (after, before): (Option<Millis>, Option<Millis>),
    limit: u16,
) {
    if state.searches.len() >= WAITING_MAX {
        return;
    }
    let mut attributes = Vec::new();
    let text = protocol::write::clip(&query.text, TEXT_BYTES_MAX);
    for (key, value) in [("in", within), ("text", Some(text))] {
        if let Some(value) = value {
            attributes.extend_from_slice(format!("{key}=").as_bytes());
            protocol::tags::escape_into(&mut attributes, value);
            attributes.push(b';');
        }
    }
    let mut attributes = String::from_utf8_lossy(&attributes).into_owned();
    for (key, at) in [("after", after), ("before", before)] {
        if let Some(at) = at {
            attributes = format!("{attributes}{key}={};", Stamp(at));
        }
    }
    state.searches.push_back((query, is_part));
    state.send(|line| {
        line.command("SEARCH");
        line.param(&format!("{attributes}limit={limit}"));
    });
}

/// The answer came.
pub(crate) fn came(state: &mut State, batch: Batch) {
    let found = batch.events.into_iter().filter_map(|event| match event {
        Event::Message(message) => Some(message),
        _ => None,
    });
    let messages = found.collect();
    if let Some((query, is_part)) = state.searches.pop_front() {
        state.emit(Event::Found {
            query,
            is_part,
            messages,
        });
    }
}

/// `FAIL SEARCH <code> … :<description>`: nothing is found. Whether that need not be told: nobody asked for it by hand.
pub(crate) fn refused(state: &mut State) -> bool {
    let Some((query, is_part)) = state.searches.pop_front() else {
        return false;
    };
    let is_ours = query.named_in.is_some();
    let messages = Vec::new();
    state.emit(Event::Found {
        query,
        is_part,
        messages,
    });
    is_ours
}
