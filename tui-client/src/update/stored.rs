//! What the local store answered.
//! It must never take what was said earlier for all there is: what came since, the server knows.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::{Entry, Tone};
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::model::scrollback::ENTRIES_MAX;
use crate::reading;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::store::{FOUND_MAX, Kept, Page, Reply, Span, Stored};
use crate::update::find;
use crate::update::keeping;
use crate::update::network::{done, gaps, past, searched, since};
use crate::update::parents;
use crate::window::Kind;

/// Takes an answer.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, reply: Reply) {
    match reply {
        Reply::Opened {
            ignored,
            settings,
            heard,
            word,
        } => {
            model.keeping.ignored = ignored.into_iter().collect();
            model.keeping.settings = settings.into_iter().collect();
            model.keeping.heard = heard.into_iter().collect();
            keeping::restore(model, effects);
            if let Some(word) = word {
                tell(model, &word);
            }
        }
        Reply::Recalled(id, kept, page) => recalled(model, effects, id, kept, page),
        Reply::Past(id, span, page) => part(model, effects, id, &span, page),
        Reply::Spotted {
            window,
            text,
            found,
        } => find::spotted(model, effects, window, &text, found),
        Reply::Parent(id, msgid, found) => {
            parents::kept(model, effects, id, msgid, found.map(|found| *found));
        }
        Reply::Found(text, messages) => found(model, &text, messages),
        Reply::Failed(why) => failed(model, effects, &why),
    }
}

fn tell(model: &mut Model, word: &str) {
    let server = model.server(NetworkId::FIRST);
    deeds::note(model, server, Tone::Trouble, word);
}

/// There is no store any more: the chat goes on without it, and who waited for it asks the server.
fn failed(model: &mut Model, effects: &mut Vec<Effect>, why: &str) {
    model.keeping.is_on = false;
    tell(model, why);
    if model
        .here()
        .is_none_or(|window| window.kind != Kind::Server)
    {
        // Whoever begins in a room does not see that note.
        deeds::toast(model, why);
    }
    for window in &mut model.windows {
        window.is_loading = false;
    }
    let here = model.current;
    if let Some(sought) = model.here().and_then(|window| window.sought.clone()) {
        reading::seek(model, effects, here, sought);
    }
}

/// A window's newest messages of earlier runs, and what was left in it.
fn recalled(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, kept: Kept, page: Page) {
    let Some(window) = model.window_mut(id) else {
        return;
    };
    if window.input.is_empty() {
        window.input.replace(&kept.draft);
    }
    window.told.is_recalled = true;
    window.told.draft = kept.draft;
    window.told.level = kept.level;
    window.level = kept.level;
    window.told.read_to = kept.read_to;
    window.read_to = window.read_to.max(kept.read_to).or(window.read_first);
    window.recall.precede(kept.wrote);
    window.is_bottom = page.is_end;
    let last = page.messages.last().map(|last| last.message.at);
    let was_empty = last.is_none() && kept.read_to == Some(since::NOTHING_READ);
    if was_empty {
        window.read_told = window.read_told.max(kept.read_to);
    }
    let Some(newest) = last.or(was_empty.then_some(since::NOTHING_READ)) else {
        return;
    };
    window.has_past = true;
    if window.kind == Kind::Person && window.read_to.is_none() {
        // Nobody has looked at it yet, in no run.
        let mut own = page.messages.iter().rev().map(|kept| &kept.message);
        let answered = own.find(|message| message.is_own);
        let first = page.messages.first().map(|first| first.message.at - 1);
        window.read_to = answered.map(|message| message.at).or(first);
    }
    // What this run has heard already, and whether it reaches back to the last one.
    let oldest = {
        let mut entries = window.scrollback.iter();
        let oldest = entries.find(|entry| entry.as_logged().is_some());
        oldest.map(|entry| {
            let msgid = entry.as_said().and_then(|said| said.msgid.clone());
            (entry.at, msgid)
        })
    };
    let last = page.messages.last().map(|last| &last.message);
    let is_met = last.is_some_and(|last| window.scrollback.holds(last));
    let is_complete = window.is_complete;
    window.since = Some(newest);
    take_in(model, id, page);
    match oldest {
        None if was_empty && !is_complete => {}
        None if !is_complete => {
            gaps::put(model, id, Gap::between(newest, Millis::MAX), false);
        }
        oldest => {
            let oldest = oldest.filter(|_| !is_complete);
            since::since_known(model, effects, id, oldest.map(|oldest| (oldest, is_met)));
        }
    }
    let is_seen = id == model.current && model.has_focus;
    if let Some(window) = model.window_mut(id) {
        window.recount(is_seen);
    }
}

/// Puts a page into its window. How many messages were new.
fn take_in(model: &mut Model, id: WindowId, page: Page) -> usize {
    let Some(on) = model.window(id).map(|window| window.network) else {
        return 0;
    };
    let messages = page.messages.iter().map(|stored| stored.message.clone());
    let messages: Vec<Message> = messages.collect();
    // What is kept is older than what the server told meanwhile.
    let is_before = reading::is_older(model, id, &messages, true);
    let count = past::merge(model, id, messages, is_before);
    let Some(target) = model.window(id).map(|window| window.name.clone()) else {
        return count;
    };
    for stored in page.messages {
        dress(model, (on, id), &target, stored);
    }
    done::catch_up(model, on, &target);
    for gap in page.gaps {
        gaps::put(model, id, gap, false);
    }
    count
}

/// What was done to a message after it was said.
fn dress(model: &mut Model, (on, id): (NetworkId, WindowId), target: &str, stored: Stored) {
    let Stored {
        message,
        is_taken_back,
        reactions,
    } = stored;
    if is_taken_back {
        let sought = (message.at, message.msgid);
        let Some(window) = model.window_mut(id) else {
            return;
        };
        let line = window.scrollback.find(&sought).map(|entry| entry.id);
        if let Some(entry) = line.and_then(|line| window.scrollback.by_id_mut(line)) {
            *entry = Entry::note(entry.id, entry.at, Tone::Aside, &message.text);
        }
        if let Some(msgid) = &sought.1 {
            done::unquote(window, msgid);
        }
        return;
    }
    let Some(msgid) = message.msgid else { return };
    for (reaction, nick) in reactions {
        done::reacted(model, on, (target, &msgid), &nick, &reaction, true);
    }
}

/// A part of a window's past that was asked for.
fn part(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, span: &Span, page: Page) {
    let Some(window) = model.window_mut(id) else {
        return;
    };
    window.is_loading = false;
    match span {
        Span::Before { .. } => {
            let is_full = window.scrollback.len() + page.messages.len() > ENTRIES_MAX;
            let gone = gaps::make_space(window, page.messages.len());
            if is_full && gone.is_none() {
                // Nobody looks there any more; whoever comes back asks again.
                return;
            }
            window.is_bottom = page.is_end;
            let count = take_in(model, id, page);
            if let Some(gone) = gone {
                // The store has them, and gives them back on sight.
                gaps::put(model, id, gone, true);
            }
            if count == 0 && id == model.current {
                reading::ask_older(model, effects);
            }
        }
        Span::Between {
            since,
            until,
            is_oldest,
        } => between(model, id, (*since, *until), *is_oldest, page),
        Span::Around { at, msgid } => {
            let sought = (*at, msgid.clone());
            let (on, name) = (window.network, window.name.clone());
            if window.sought.as_ref() != Some(&sought) {
                return;
            }
            let messages = page.messages.iter().map(|stored| stored.message.clone());
            let messages: Vec<Message> = messages.collect();
            // Also where what is sought is not in it: a time is no message.
            let edges = searched::edges_of(window, &messages);
            take_in(model, id, page);
            for gap in edges {
                gaps::put(model, id, gap, true);
            }
            let window = model.window(id);
            let found = window.and_then(|window| window.scrollback.find(&sought));
            if found.is_some() || sought.1.is_none() {
                searched::arrived(model, on, &name);
            } else {
                reading::seek_there(model, effects, id, sought);
            }
        }
    }
    let is_seen = id == model.current && model.has_focus;
    if let Some(window) = model.window_mut(id) {
        window.recount(is_seen);
    }
    reading::show_new(model, id);
}

/// A page of what was missing between two times.
fn between(
    model: &mut Model,
    id: WindowId,
    (since, until): (Millis, Millis),
    is_oldest: bool,
    page: Page,
) {
    let Some(window) = model.window_mut(id) else {
        return;
    };
    let is_it = |gap: &Gap| gap.span() == (since, until);
    let gone = gaps::make_space(window, page.messages.len());
    let is_here = window
        .scrollback
        .iter()
        .any(|entry| entry.as_gap().is_some_and(is_it));
    if is_here {
        window.scrollback.drop_gaps(&mut window.anchor, is_it);
    }
    if let Some(gone) = gone {
        gaps::put(model, id, gone, true);
    }
    if !is_here {
        return;
    }
    let at = |stored: Option<&Stored>| stored.map(|stored| stored.message.at);
    let (first, last) = (at(page.messages.first()), at(page.messages.last()));
    let is_end = page.is_end;
    take_in(model, id, page);
    // A page has all of its first millisecond, or of its last.
    let rest = if is_oldest {
        let last = last.map(|last| last.max(since + 1));
        last.map(|last| (last, until))
    } else {
        first.map(|first| (since, first.saturating_sub(1)))
    };
    let rest = rest.filter(|(since, until)| !is_end && since <= until);
    let rest = rest.map(|(since, until)| Gap::between(since, until));
    if let Some(gap) = rest {
        gaps::put(model, id, gap, true);
    }
}

/// What was found in all windows.
fn found(model: &mut Model, text: &str, messages: Vec<(String, Message)>) {
    let networks: Vec<(String, NetworkId)> = model
        .networks
        .iter()
        .map(|network| (network.key().to_string(), network.id))
        .collect();
    let Some(search) = model.search.as_mut().filter(|search| search.text == text) else {
        return;
    };
    let is_full = messages.len() >= usize::from(FOUND_MAX);
    let named = |key: &str| networks.iter().find(|(name, _)| name == key);
    let kept = messages.into_iter().filter_map(|(key, message)| {
        let (_, on) = named(&key)?;
        Some((*on, message))
    });
    let new: Vec<(NetworkId, Message)> = kept.filter(|one| !search.kept.contains(one)).collect();
    search.is_waiting = false;
    search.is_more_kept = is_full && !new.is_empty();
    search.kept.extend(new);
    searched::refill(model);
}
