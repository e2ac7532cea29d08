//! What the server found, and the page around a message that was gone to.
//! It must never leave a page standing beside others as if nothing were missing between them.

use crate::choices;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose};
use crate::reading;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;

/// Messages that are taken of the answers of one network, some of which answer for each window.
const FOUND_MAX: usize = 1_000;

/// The server's answer came; the open list shows it, too.
pub fn found(model: &mut Model, on: NetworkId, messages: Vec<Message>) {
    if let Some(search) = &mut model.search {
        let known = search.found.iter().filter(|(from, _)| *from == on).count();
        for message in messages.into_iter().take(FOUND_MAX.saturating_sub(known)) {
            let found = (on, message);
            if !search.found.contains(&found) {
                search.found.push(found);
            }
        }
    }
    refill(model);
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
        choices::fill(model, &mut picker);
        picker.chosen = chosen.min(picker.rows.len().saturating_sub(1));
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
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        return Vec::new();
    };
    if window.sought.is_none() || !page.iter().any(is_sought) {
        return Vec::new();
    }
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
