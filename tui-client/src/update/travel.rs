//! From window to window, and up and down in the open one.
//! It must never change what was said.

use crate::action::Action;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Entry;
use crate::ids::{LineId, WindowId};
use crate::model::Model;
use crate::reading;
use crate::undelivered;

/// Does what the action says; false if it is no action of going anywhere.
pub fn run(action: Action, model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    match action {
        Action::NextWindow => beside(model, effects, 1),
        Action::PreviousWindow => beside(model, effects, model.windows.len().saturating_sub(1)),
        Action::Window(number) => {
            let index = usize::from(number).checked_sub(1);
            let id = index
                .and_then(|index| model.windows.get(index))
                .map(|window| window.id);
            to(model, effects, id);
        }
        Action::NextUnread => {
            let id = next_unread(model);
            if id.is_none() {
                return unsent(model, effects);
            }
            to(model, effects, id);
        }
        Action::LastWindow => to(model, effects, model.last),
        Action::PageUp if model.is_outside() => model.read_outside = Some(model.current),
        Action::PageUp => reading::scroll(model, effects, true, page(model)),
        Action::PageDown => reading::scroll(model, effects, false, page(model)),
        Action::Top => reading::scroll(model, effects, true, usize::MAX),
        Action::Bottom => reading::bottom(model),
        Action::FirstUnread => first_unread(model, effects),
        Action::PreviousMention => mention(model, effects, true),
        Action::NextMention => mention(model, effects, false),
        Action::SelectPrevious => select(model, true),
        Action::SelectNext => select(model, false),
        _ => return false,
    }
    true
}

fn to(model: &mut Model, effects: &mut Vec<Effect>, id: Option<WindowId>) {
    if let Some(id) = id {
        deeds::go(model, effects, id);
    }
}

fn beside(model: &mut Model, effects: &mut Vec<Effect>, step: usize) {
    let count = model.windows.len().max(1);
    let id = model
        .windows
        .get((model.index() + step) % count)
        .map(|window| window.id);
    to(model, effects, id);
}

/// The next window in the list with a mention, else with anything unread.
fn next_unread(model: &Model) -> Option<WindowId> {
    let start = model.index();
    let count = model.windows.len();
    let around = || (1..=count).filter_map(move |step| model.windows.get((start + step) % count));
    let mention = around().find(|window| window.mentions > 0);
    mention
        .or_else(|| around().find(|window| window.wants_us()))
        .map(|window| window.id)
}

/// After all that is unread: the first message of ours that was not sent.
fn unsent(model: &mut Model, effects: &mut Vec<Effect>) -> bool {
    let found = undelivered::next(model);
    if let Some((id, line)) = found {
        deeds::go(model, effects, id);
        model.chosen = Some(line);
        reading::show(model, line);
    } else {
        deeds::toast(model, "Nothing unread anywhere");
    }
    true
}

/// A page, less two rows to keep the thread.
fn page(model: &Model) -> usize {
    usize::from(model.layout().messages.height)
        .saturating_sub(2)
        .max(1)
}

/// Goes to what is new first; where that is not here, the page that begins with it is asked for.
fn first_unread(model: &mut Model, effects: &mut Vec<Effect>) {
    let network = model.network();
    let can_tell = network.facts.has_history && network.is_connected();
    let is_kept = model.kept_as(model.current).is_some();
    let Some(window) = model.here() else { return };
    let (id, line) = (window.id, window.unread_from);
    let mark = window.read_before_new();
    if let Some(mark) = mark.filter(|mark| is_kept && window.begins_after(*mark)) {
        seek_new(model);
        return reading::seek(model, effects, id, (mark, None));
    }
    let missing = mark.and_then(|mark| window.missing_first(mark));
    match (missing, line) {
        (Some((gap, is_local)), _) if can_tell || (is_local && is_kept) => {
            seek_new(model);
            reading::ask_gap(model, effects, id, gap, (is_local && is_kept, true));
        }
        (missing, Some(line)) => {
            reading::at_top(model, line);
            if missing.is_some() {
                deeds::toast(model, "More is unread above, and nobody here has it now");
            }
        }
        (_, None) => deeds::toast(model, "Nothing unread here"),
    }
}

fn seek_new(model: &mut Model) {
    if let Some(window) = model.here_mut() {
        window.seeks_new = true;
    }
}

/// The next mention from where one looks; after the last one, the first unread one of the next window that has any.
fn mention(model: &mut Model, effects: &mut Vec<Effect>, is_back: bool) {
    let mut found = nearby(model, is_back, |entry| {
        entry.as_said().is_some_and(|said| said.is_mention)
    });
    if found.is_none() && !is_back {
        let next = next_unread(model).and_then(|id| model.window(id));
        if let Some(id) = next.filter(|next| next.mentions > 0).map(|next| next.id) {
            deeds::go(model, effects, id);
            found = first_unread_mention(model);
        }
    }
    match found {
        Some(line) => {
            model.chosen = Some(line);
            reading::show(model, line);
        }
        None => deeds::toast(model, "No more mentions of you here"),
    }
}

fn first_unread_mention(model: &Model) -> Option<LineId> {
    let window = model.here()?;
    let since = window.scrollback.index_of(window.unread_from?)?;
    let unread = window.scrollback.iter().skip(since);
    let mut mentions = unread.filter(|entry| entry.as_said().is_some_and(|said| said.is_mention));
    mentions.next().map(|entry| entry.id)
}

fn select(model: &mut Model, is_back: bool) {
    if model.is_outside() {
        return;
    }
    let found = nearby(model, is_back, |entry| {
        entry.as_said().is_some() || entry.is_folded()
    });
    if let Some(line) = found {
        model.chosen = Some(line);
        reading::show(model, line);
    } else if !is_back {
        reading::bottom(model);
    }
}

/// The nearest message that way for which the condition holds: from the chosen one, or of what is on the screen while
/// none is.
fn nearby(model: &Model, is_back: bool, is_it: impl Fn(&Entry) -> bool) -> Option<LineId> {
    let window = model.here()?;
    let scrollback = &window.scrollback;
    let chosen = model.chosen.and_then(|line| scrollback.index_of(line));
    let seen = reading::seen(model).filter(|_| window.anchor.is_some());
    let range = match (chosen, seen, is_back) {
        (Some(index), _, true) => 0..index,
        (Some(index), _, false) => index + 1..scrollback.len(),
        (None, Some(seen), true) => 0..seen.end,
        (None, Some(seen), false) => seen.start..scrollback.len(),
        (None, None, true) => 0..scrollback.len(),
        // The newest is on the screen, and nothing comes after it.
        (None, None, false) => return None,
    };
    let mut fitting = range.filter_map(|index| {
        let entry = scrollback.get(index)?;
        is_it(entry).then_some(entry.id)
    });
    if is_back {
        fitting.next_back()
    } else {
        fitting.next()
    }
}
