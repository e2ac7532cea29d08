//! The places in a window where messages may be missing.
//! It must never put two of one and the same.

use crate::effect::Effect;
use crate::entry::Entry;
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::model::scrollback::{ENTRIES_MAX, Seat};
use crate::session::gap::Gap;
use crate::store::Request;
use crate::window::Window;

/// How many of the newest messages make space at once for older ones.
const DROPPED: usize = 1_000;

/// Messages may be missing here; the local store may have them where `is_kept`.
pub fn put(model: &mut Model, id: WindowId, gap: Gap, is_kept: bool) {
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
    put(model, id, gap, false);
}

/// The session found that messages may be missing.
pub fn found(model: &mut Model, on: NetworkId, target: &str, gap: Gap) {
    if let Some(id) = model.named(on, target).map(|window| window.id) {
        put(model, id, gap, false);
    }
}

/// The newest go where older ones need the space, and somebody looks at those; the gap that they leave.
pub fn make_space(window: &mut Window, count: usize) -> Option<Gap> {
    let anchor = window.anchor;
    let anchor = anchor.and_then(|anchor| window.scrollback.index_of(anchor.id));
    let is_full = window.scrollback.len() + count > ENTRIES_MAX;
    let is_early = anchor.is_some_and(|index| index < ENTRIES_MAX / 2);
    let is_needed = is_full && is_early;
    is_needed.then(|| window.scrollback.drop_newest(DROPPED))?
}
