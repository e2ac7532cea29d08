//! What becomes of lines in a batch: history is one event, a message of many lines is one message.
//! It must never lose a line of a batch of which it knows nothing: such lines count one by one.

use crate::session::batches::{Batch, Sort};
use crate::session::event::{Event, Message};
use crate::session::gesture;
use crate::session::message;
use crate::session::metadata;
use crate::session::page;
use crate::session::parents;
use crate::session::search;
use crate::session::state::{Line, State};

/// `BATCH +<reference> <type> [<params>…]`, `BATCH -<reference>`
pub(crate) fn run(state: &mut State, line: &Line<'_>) {
    let word = line.param(0);
    if let Some(reference) = word.strip_prefix('+') {
        let sort = match line.param(1) {
            "draft/multiline" | "multiline" => Sort::Multiline,
            "chathistory" | "draft/chathistory" => Sort::History,
            "soju.im/search" => Sort::Search,
            "netsplit" => Sort::Netsplit,
            "metadata" => Sort::Metadata,
            _ => Sort::Open,
        };
        let target = match sort {
            Sort::Netsplit => line.rest(2).join(" "),
            _ => line.param(2).to_owned(),
        };
        let batch = Batch {
            sort,
            target,
            label: line.label.clone(),
            parent: line.tag("batch"),
            at: line.at,
            msgid: line.tag("msgid"),
            client_id: line.tag(message::ID_TAG),
            reply_to: message::reply_to(line),
            ..Batch::default()
        };
        state.batches.open(reference, batch);
    } else if let Some(reference) = word.strip_prefix('-')
        && let Some(batch) = state.batches.close(reference)
    {
        closed(state, batch);
        if state.batches.is_empty() {
            state.pending.settle_batches();
        }
    }
}

/// Takes a line into its batch, if that is one that holds lines back.
pub(crate) fn collect(state: &mut State, line: &Line<'_>) -> bool {
    let Some(reference) = line.tag("batch") else {
        return false;
    };
    let holds = |batch: &Batch| !matches!(batch.sort, Sort::Open | Sort::Netsplit | Sort::Metadata);
    if line.msg.is("BATCH") || !state.batches.find(&reference).is_some_and(holds) {
        return false;
    }
    let before = std::mem::take(&mut state.events);
    state.pending.is_in_batch = true;
    if line.msg.is("PRIVMSG") {
        message::privmsg(state, line);
    } else if line.msg.is("NOTICE") {
        message::notice(state, line);
    } else if line.msg.is("TAGMSG") {
        gesture::tagmsg(state, line);
    } else if line.msg.is("REDACT") {
        gesture::redact(state, line);
    }
    state.pending.is_in_batch = false;
    // Joins and leaves of the past must not move anybody now.
    let events = std::mem::replace(&mut state.events, before);
    let is_joined = line.tag("draft/multiline-concat").is_some();
    let is_dated = line.msg.tags.value_of("time").is_some();
    if let Some(batch) = state.batches.find_mut(&reference) {
        if is_dated {
            batch.date(line.at);
        }
        batch.push(events, is_joined);
    }
    true
}

fn closed(state: &mut State, mut batch: Batch) {
    let events = match batch.sort {
        Sort::Open | Sort::Netsplit => return,
        Sort::Metadata => return metadata::ended(state, &batch.target),
        Sort::Multiline => joined(state, &mut batch),
        Sort::History => {
            let events = page::came(state, &mut batch);
            parents::next(state);
            events
        }
        Sort::Search => return search::came(state, batch),
    };
    let parent = batch
        .parent
        .as_ref()
        .and_then(|parent| state.batches.find_mut(parent));
    match parent {
        Some(parent) if parent.sort != Sort::Open => parent.push(events, false),
        _ => state.events.extend(events),
    }
}

/// The lines of a batch as the one message that they are.
fn joined(state: &mut State, batch: &mut Batch) -> Vec<Event> {
    let mut whole: Option<Message> = None;
    let mut others = Vec::new();
    let joins = std::mem::take(&mut batch.joins);
    for (event, is_joined) in std::mem::take(&mut batch.events).into_iter().zip(joins) {
        let Event::Message(piece) = event else {
            others.push(event);
            continue;
        };
        match &mut whole {
            None => whole = Some(piece),
            Some(whole) => {
                if !is_joined {
                    whole.text.push('\n');
                }
                whole.text.push_str(&piece.text);
                whole.own_id = whole.own_id.or(piece.own_id);
            }
        }
    }
    if let Some(mut whole) = whole {
        whole.at = batch.at;
        whole.msgid = batch.msgid.take().or(whole.msgid);
        whole.reply_to = batch.reply_to.take().or(whole.reply_to);
        let id = batch.client_id.as_deref().unwrap_or("");
        if !whole.is_own && message::was_ours(state, id, &whole.source, &whole.text) {
            whole.is_own = true;
            whole.target = state.room_name(&batch.target);
        }
        if whole.is_own && whole.own_id.is_none() {
            whole.own_id = state.pending.settle_id(id).map(|sent| sent.own_id);
        }
        others.insert(0, Event::Message(whole));
    }
    others
}
