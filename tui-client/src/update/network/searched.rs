//! What the server found, and the page around a message that was gone to.
//! It must never leave a page standing beside others as if nothing were missing between them.

use crate::attention;
use crate::choices;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose};
use crate::model::search::PAGE_MIN;
use crate::reading;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::session::query::Query;
use crate::update::network::talk;
use crate::window::Window;

/// Messages that are taken of the answers of all networks, some of which answer for each window.
const FOUND_MAX: usize = 6_000;

/// The server's answer came; the open list shows it, too.
pub fn found(
    model: &mut Model,
    on: NetworkId,
    (query, is_part): (&Query, bool),
    messages: Vec<Message>,
) {
    if let Some(room) = &query.named_in {
        named(model, on, room, messages);
    } else if let Some(search) = &mut model.search
        && search.text == query.text
    {
        search.is_waiting = false;
        let known = std::mem::take(&mut search.found);
        let is_new = |message: &Message| {
            !known
                .iter()
                .any(|(from, one)| *from == on && one == message)
        };
        let is_full = messages.len() >= PAGE_MIN && !is_part;
        let new: Vec<Message> = messages.into_iter().filter(is_new).collect();
        if is_full && !new.is_empty() {
            search.more.push(on);
        }
        // All of a page is of one moment, and nobody can ask for what else is of it.
        search.is_cut |= is_full && new.is_empty();
        search.found = known;
        let space = FOUND_MAX.saturating_sub(search.found.len());
        let new = new.into_iter().take(space);
        search.found.extend(new.map(|message| (on, message)));
    }
    refill(model);
}

/// Of what was missed in a room and is not here the server found what names us.
fn named(model: &mut Model, on: NetworkId, room: &str, mut messages: Vec<Message>) {
    messages.retain(|message| {
        let is_heard = !message.is_own && !attention::is_ignored(model, on, &message.source);
        is_heard && talk::names_us(model, on, &message.text)
    });
    let (current, has_focus) = (model.current, model.has_focus);
    if let Some(window) = model.named_mut(on, room) {
        window.named = messages;
        window.recount(window.id == current && has_focus);
    }
}

/// The open list shows what was found, too, and nothing that was taken back.
pub fn refill(model: &mut Model) {
    if let Some(Overlay::Picker(picker)) = &model.overlay
        && matches!(
            picker.purpose,
            Purpose::Search | Purpose::Mentions | Purpose::Recall
        )
    {
        let mut picker = picker.clone();
        let chosen = picker.chosen;
        let pick = picker.rows.get(chosen).map(|row| row.pick.clone());
        choices::fill(model, &mut picker);
        // What comes in above it does not move the choice.
        let place = picker
            .rows
            .iter()
            .position(|row| Some(&row.pick) == pick.as_ref());
        let last = picker.rows.len().saturating_sub(1);
        picker.chosen = place.filter(|_| chosen > 0).unwrap_or(chosen.min(last));
        model.overlay = Some(Overlay::Picker(picker));
    }
}

/// The gaps that a page around a sought message will leave before and after it.
pub fn edges(model: &Model, on: NetworkId, target: &str, page: &[Message]) -> Vec<Gap> {
    let Some(window) = model.named(on, target) else {
        return Vec::new();
    };
    let is_sought = |message: &Message| {
        let (at, msgid) = (message.at, &message.msgid);
        window
            .sought
            .as_ref()
            .is_some_and(|sought| match &sought.1 {
                Some(wanted) => msgid.as_ref() == Some(wanted),
                None => sought.0 == at,
            })
    };
    if window.sought.is_none() || !page.iter().any(is_sought) {
        return Vec::new();
    }
    edges_of(window, page)
}

/// The gaps beside a page without any in it, where it does not meet what is here.
pub fn edges_of(window: &Window, page: &[Message]) -> Vec<Gap> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Vec::new();
    };
    let is_new = |message: &Message| {
        let known = (message.at, message.msgid.clone());
        window.scrollback.find(&known).is_none()
    };
    let said = || {
        window
            .scrollback
            .iter()
            .filter(|entry| entry.as_logged().is_some())
    };
    let before = said().rev().find(|entry| entry.at < first.at);
    let after = said().find(|entry| entry.at > last.at);
    let mut gaps = Vec::new();
    gaps.extend(
        before
            .filter(|_| is_new(first))
            .map(|before| ending((before.at, first.at), first.msgid.as_ref())),
    );
    gaps.extend(after.filter(|_| is_new(last)).map(|after| {
        let msgid = after.as_said().and_then(|said| said.msgid.as_ref());
        ending((last.at, after.at), msgid)
    }));
    gaps
}

fn ending((since, until): (Millis, Millis), before: Option<&String>) -> Gap {
    Gap {
        before: before.cloned(),
        ..Gap::between(since, until)
    }
}

/// Shows the sought message if it is there now.
pub fn arrived(model: &mut Model, on: NetworkId, target: &str) {
    let current = model.current;
    let Some(window) = model.named_mut(on, target) else {
        return;
    };
    let Some(sought) = window.sought.take() else {
        return;
    };
    if window.seeks_new {
        // Where one left off is no message that was chosen.
        return;
    }
    let line = window.scrollback.find(&sought).map(|entry| entry.id);
    if let Some(line) = line.filter(|_| window.id == current) {
        match &mut model.find {
            Some(find) => find.hit = Some(line),
            None => model.chosen = Some(line),
        }
        reading::show(model, line);
    }
}
