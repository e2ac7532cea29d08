//! A search over all rooms: of every server and of the local store, page by page, as far as somebody reads the list.
//! It must never ask for more than so many pages, nor for the next one before it is wanted.

use crate::choices;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::search::PAGES_MAX;
use crate::session::command::Command;
use crate::session::event::{Message, Millis};
use crate::session::query::Query;
use crate::store::Request;

/// Messages that are asked for at once.
const LIMIT: u16 = 100;

/// Searches for this text, and opens the list of what is found.
pub fn begin(model: &mut Model, effects: &mut Vec<Effect>, text: &str) {
    choices::search(model, text);
    if model.keeping.is_on {
        effects.push(Effect::Keep(Request::Search(text.to_owned(), None)));
    }
    let networks: Vec<NetworkId> = model.networks.iter().map(|network| network.id).collect();
    for on in networks {
        ask(model, effects, on, text, None);
    }
}

/// At the end of the list: asks whoever may have more; whether something is to come.
pub fn more(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let Some(search) = &mut model.search else {
        return false;
    };
    if search.is_waiting || !search.has_more() || search.pages >= PAGES_MAX {
        return search.is_waiting;
    }
    search.is_waiting = true;
    search.pages += 1;
    let text = search.text.clone();
    let oldest = |found: &[(NetworkId, Message)], on: Option<NetworkId>| {
        let found = found
            .iter()
            .filter(|(from, _)| on.is_none_or(|on| on == *from));
        found.map(|(_, message)| message.at).min()
    };
    if std::mem::take(&mut search.is_more_kept) {
        // The store tells all of a millisecond at once.
        let before = oldest(&search.kept, None);
        effects.push(Effect::Keep(Request::Search(text.clone(), before)));
    }
    let more = std::mem::take(&mut search.more);
    let more: Vec<_> = more
        .into_iter()
        .map(|on| {
            // Others may have been said in the same millisecond.
            let oldest = oldest(&search.found, Some(on));
            (on, oldest.map(|at| at + 1))
        })
        .collect();
    for (on, before) in more {
        ask(model, effects, on, &text, before);
    }
    true
}

fn ask(
    model: &Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    text: &str,
    before: Option<Millis>,
) {
    if !model.networks.get(on).is_connected() {
        return;
    }
    let query = Query {
        text: text.to_owned(),
        named_in: None,
    };
    let command = Command::Search {
        query,
        after: None,
        before,
        limit: LIMIT,
    };
    effects.push(Effect::Send(on, command));
}
