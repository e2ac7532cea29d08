//! What was said between what an earlier run heard last, or somebody read last, and what is heard now.
//! It must never be taken for known before the server has told it.

use crate::effect::Effect;
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::store::Request;
use crate::update::network::gaps::missing;
use crate::window::{Kind, Window};

/// So far is read where there was nothing to read.
pub const NOTHING_READ: Millis = 0;

/// A message where something begins: when it was said, and the server's id of it.
pub type Begin = (Millis, Option<String>);

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

/// A bouncer plays back what was said at this time, and all that it heard since: after that nothing is missing.
pub fn played_back(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    (on, id): (NetworkId, WindowId),
    at: Millis,
) {
    let has_history = model.networks.get(on).facts.has_history;
    let place = model.kept_as(id);
    let Some(window) = model.window_mut(id).filter(|_| !has_history) else {
        return;
    };
    let begins = |gap: &Gap| gap.since == at && gap.until != Millis::MAX;
    let gaps = window.scrollback.iter().filter_map(|entry| entry.as_gap());
    let filled: Vec<Gap> = gaps.filter(|gap| begins(gap)).cloned().collect();
    window.scrollback.drop_gaps(&mut window.anchor, begins);
    for gap in filled {
        let place = place.clone();
        let kept = place.map(|place| Request::NoGap(place, gap.since, gap.until));
        effects.extend(kept.map(Effect::Keep));
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

/// When the oldest message that is here was said.
pub fn oldest(window: &Window) -> Option<Millis> {
    let mut said = window.scrollback.iter();
    let oldest = said.find(|entry| entry.as_logged().is_some());
    oldest.map(|oldest| oldest.at)
}

/// What is new in a room that was never looked at, also where only the next run hears of it: what was said since it was
/// entered. Before the newest page came, this was `heard` first, and the page ends with the `last`.
pub fn begin_unread(
    model: &mut Model,
    id: WindowId,
    (heard, last): (Option<Millis>, Option<Millis>),
    is_complete: bool,
) {
    let is_kept = model.keeping.is_on;
    let Some(window) = model.window_mut(id) else {
        return;
    };
    if window.kind != Kind::Room || window.read_to.is_some() {
        return;
    }
    let is_known = window.told.is_recalled || !is_kept;
    let before = heard.map(|heard| heard.saturating_sub(1)).or(last);
    let is_empty = is_complete && before.is_none();
    window.read_first = window.read_first.or(before);
    window.read_to = before
        .filter(|_| is_known)
        .or(is_empty.then_some(NOTHING_READ));
    // Nobody need be told of that.
    window.read_told = window.read_told.max(window.read_to);
}

/// What is missing between what was read on another device and the newest page, which begins with this message, where
/// nothing else is here.
pub fn unread_before(window: &Window, first: &Message) -> Option<Gap> {
    let is_told = |read_to: &Millis| *read_to < first.at && *read_to > NOTHING_READ;
    let read_to = window.read_to.filter(is_told)?;
    let is_other = window.since.is_some() || window.sought.is_some() || window.is_loading;
    let is_first = oldest(window).is_none_or(|oldest| oldest >= first.at);
    (is_first && !is_other && !window.has_past).then(|| Gap {
        before: first.msgid.clone(),
        ..Gap::between(read_to, first.at)
    })
}
