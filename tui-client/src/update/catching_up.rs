//! What was missed in windows where nobody scrolls: fetched by and by, so that their counts and mentions are right.
//! It must never ask for more than one page at a time, nor without end: what is further back is a gap, filled on sight.

use crate::effect::Effect;
use crate::entry::Body;
use crate::model::Model;
use crate::reading;
use crate::session::command::Command;
use crate::session::event::Millis;
use crate::session::gap::Gap;
use crate::session::query::Query;
use crate::store::{Request, Span};
use crate::window::{Kind, Window};

/// Pages that are fetched for each window and link: with them a thousand messages.
const PAGES_MAX: u8 = 10;

/// What is to be asked for in a window.
enum Missing {
    /// A gap, and whether the local store can fill it.
    Gap(Gap, bool),
    /// What is older in the local store.
    Older,
}

/// Messages that name us, of those beyond the pages.
const NAMED_MAX: u16 = 100;

/// Asks for the newest messages that are missing in a window where nobody scrolls, unless a page is on its way.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    ask_named(model, effects);
    let mut windows = model.windows.iter();
    let may_miss = |window: &Window| {
        let is_all_here = window.is_bottom || !window.has_past;
        (window.scrollback.has_gaps() || !is_all_here) && window.pages_missed < PAGES_MAX
    };
    if !windows.clone().any(may_miss) || windows.clone().any(|window| window.is_loading) {
        return;
    }
    let wanted = windows.find_map(|window| {
        // Whoever looks at the newest sees nothing of what comes above.
        let is_still = window.id != model.current || window.anchor.is_none();
        let is_wanted = may_miss(window) && is_still;
        let missing = is_wanted.then(|| missing(model, window))??;
        Some((window.id, missing))
    });
    let Some((id, missing)) = wanted else { return };
    let place = model.kept_as(id);
    let Some(window) = model.window_mut(id) else {
        return;
    };
    window.pages_missed += 1;
    match missing {
        Missing::Gap(gap, is_local) => reading::ask_gap(model, effects, id, gap, (is_local, false)),
        Missing::Older => {
            let oldest = window.scrollback.iter();
            let mut oldest = oldest.filter_map(|entry| Some((entry.at, entry.as_logged()?)));
            let Some((place, (at, said))) = place.zip(oldest.next()) else {
                return;
            };
            let msgid = said.msgid.clone();
            window.is_loading = true;
            let span = Span::Before { at, msgid };
            effects.push(Effect::Keep(Request::Past(id, place, span)));
        }
    }
}

/// Beyond the last page only what names us is asked for, of servers that can search.
fn ask_named(model: &mut Model, effects: &mut Vec<Effect>) {
    let wanted = model.windows.iter().find_map(|window| {
        let is_due = window.pages_missed >= PAGES_MAX && !window.is_named_asked;
        let is_wanted = is_due && window.kind == Kind::Room;
        let missing = is_wanted.then(|| missing(model, window))??;
        match missing {
            Missing::Gap(gap, false) => Some((window.id, gap)),
            Missing::Gap(..) | Missing::Older => None,
        }
    });
    let Some((id, gap)) = wanted else { return };
    let Some(window) = model.window_mut(id) else {
        return;
    };
    window.is_named_asked = true;
    let (on, room, after) = (
        window.network,
        window.name.clone(),
        window.new_since.or(window.read_to),
    );
    let query = Query {
        text: model.networks.get(on).nick.clone(),
        named_in: Some(room),
    };
    let command = Command::Search {
        query,
        after,
        before: Some(gap.until + 1),
        limit: NAMED_MAX,
    };
    effects.push(Effect::Send(on, command));
}

/// What is missing of what nobody has read in a window.
fn missing(model: &Model, window: &Window) -> Option<Missing> {
    let network = model.networks.get(window.network);
    let can_tell = network.facts.has_history && network.is_connected() && !window.is_outside();
    let is_kept = model.kept_as(window.id).is_some();
    let read_to = window.new_since.or(window.read_to)?;
    // The newest first: what is further back is counted when there is time.
    let gaps = window.scrollback.iter().rev();
    let mut gaps = gaps.filter_map(|entry| match &entry.body {
        Body::Gap { gap, is_kept } => Some((gap, *is_kept)),
        Body::Said(_) | Body::Presence(_) | Body::Note(_) => None,
    });
    let gap = gaps.find_map(|(gap, is_local)| {
        let is_local = is_local && is_kept;
        let can_fill = is_local || (can_tell && !gap.is_lost);
        let is_wanted = gap.until > read_to && gap.until != Millis::MAX && can_fill;
        is_wanted.then(|| Missing::Gap(gap.clone(), is_local))
    });
    let is_older = is_kept && window.begins_after(read_to);
    gap.or_else(|| is_older.then_some(Missing::Older))
}
