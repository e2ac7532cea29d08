//! Scrolling the open window: by rows, to a message, to the newest.
//! It must never scroll by anything but the rows that are drawn.

use std::ops::Range;

use crate::deeds::HISTORY_LIMIT;
use crate::effect::Effect;
use crate::entry::Body;
use crate::ids::{LineId, WindowId};
use crate::model::Model;
use crate::model::scrollback::{Anchor, Sought};
use crate::rows::{Grid, Plain, Rows};
use crate::session::command::Command;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::store::{Request, Span};
use crate::window::{Kind, Window};

/// The rows of the open window, as they are laid out now.
pub fn rows(model: &Model) -> Option<Rows<'_>> {
    let window = model.here()?;
    let layout = model.layout();
    let grid = Grid::of(
        window,
        layout.messages.width,
        layout.is_narrow,
        &model.habits.time,
    );
    Some(Rows {
        window,
        grid,
        height: layout.messages.height,
        zone: &model.zone,
        chosen: model.chosen,
    })
}

/// Scrolls so that this entry is seen, if it is not.
pub fn show(model: &mut Model, line: LineId) {
    let anchor = rows(model).and_then(|rows| {
        let index = rows.window.scrollback.index_of(line)?;
        (!rows.is_shown(index)).then(|| rows.around(index))
    });
    if let Some(anchor) = anchor
        && let Some(window) = model.here_mut()
    {
        window.anchor = anchor;
    }
}

/// Scrolls so that this entry stands below a few others.
pub fn at_top(model: &mut Model, line: LineId) {
    let anchor = rows(model).and_then(|rows| {
        let index = rows.window.scrollback.index_of(line)?;
        rows.around(index)
    });
    if let Some(window) = model.here_mut() {
        window.anchor = anchor;
    }
    let_go_unseen(model);
}

/// Shows what is new first in a window, if that was asked for and the page with it came.
pub fn show_new(model: &mut Model, id: WindowId) {
    let current = model.current;
    let line = model.window_mut(id).and_then(|window| {
        let is_sought = std::mem::take(&mut window.seeks_new);
        window.unread_from.filter(|_| is_sought)
    });
    if let Some(line) = line.filter(|_| id == current) {
        at_top(model, line);
    }
}

/// The entries that are seen whole, by their places; where none is, those of which anything is seen.
pub fn seen(model: &Model) -> Option<Range<usize>> {
    let rows = rows(model)?;
    let page = rows.page(&mut Plain);
    let ends = page.rows.first().zip(page.rows.last());
    let (first, last) = ends.map(|((first, _), (last, _))| (*first, *last))?;
    let is_whole = |index: usize| {
        let shown = page.rows.iter().filter(|(at, _)| *at == index).count();
        shown == rows.of(index, &mut Plain).len()
    };
    let start = first + usize::from(first < last && !is_whole(first));
    let end = last + usize::from(start == last || is_whole(last));
    Some(start..end)
}

/// A message that was scrolled out of sight is chosen no longer: no key acts on what nobody sees.
pub fn let_go_unseen(model: &mut Model) {
    let Some(line) = model.chosen else { return };
    let is_seen = rows(model).is_some_and(|rows| {
        let index = rows.window.scrollback.index_of(line);
        let page = rows.page(&mut Plain);
        index.is_some_and(|index| page.rows.iter().any(|(at, _)| *at == index))
    });
    if !is_seen {
        model.chosen = None;
    }
}

/// While a message is chosen at the newest ones, the row at the top: what comes then must not push the choice out.
pub fn held(model: &Model) -> Option<(WindowId, LineId, Anchor)> {
    let chosen = model.chosen?;
    let rows = rows(model).filter(|rows| rows.window.anchor.is_none())?;
    let (index, row) = rows.page(&mut Plain).top;
    let id = rows.window.scrollback.get(index)?.id;
    let below = 0;
    Some((rows.window.id, chosen, Anchor { id, row, below }))
}

/// Stays at that row, where the same message is still chosen.
pub fn hold(model: &mut Model, (id, chosen, anchor): (WindowId, LineId, Anchor)) {
    if model.current != id || model.chosen != Some(chosen) {
        return;
    }
    let has_moved = held(model).is_some_and(|(.., now)| now != anchor);
    if let Some(window) = model.here_mut().filter(|_| has_moved) {
        window.anchor = Some(anchor);
    }
}

/// Scrolls so many rows, and asks for older messages at the oldest.
pub fn scroll(model: &mut Model, effects: &mut Vec<Effect>, is_up: bool, count: usize) {
    let Some(rows) = rows(model) else { return };
    let anchor = if is_up {
        rows.up(count)
    } else {
        rows.down(count)
    };
    if let Some(window) = model.here_mut() {
        window.anchor = anchor;
    }
    let is_oldest = anchor.is_none()
        || self::rows(model).is_some_and(|rows| rows.page(&mut Plain).top == (0, 0));
    let_go_unseen(model);
    if is_up && is_oldest {
        ask_older(model, effects);
    }
}

/// Asks for older messages: the local store first, then the server.
pub fn ask_older(model: &mut Model, effects: &mut Vec<Effect>) {
    let can_tell = model.network().facts.has_history && model.network().is_connected();
    let place = model.kept_as(model.current);
    let Some(window) = model.here_mut() else {
        return;
    };
    if window.is_loading || window.kind == Kind::Server {
        return;
    }
    if window.scrollback.take_lost() {
        window.is_bottom = false;
        window.is_complete = false;
    }
    let oldest = window
        .scrollback
        .iter()
        .find_map(|entry| entry.as_logged().map(|said| (entry.at, said.msgid.clone())));
    let Some((at, msgid)) = oldest else { return };
    if let Some(place) = place.filter(|_| !window.is_bottom) {
        window.is_loading = true;
        let span = Span::Before { at, msgid };
        return effects.push(Effect::Keep(Request::Past(window.id, place, span)));
    }
    if !can_tell || window.is_complete {
        return;
    }
    window.is_loading = true;
    let target = window.name.clone();
    let command = Command::HistoryBefore {
        target,
        at,
        msgid,
        limit: HISTORY_LIMIT,
    };
    effects.push(Effect::Send(window.network, command));
}

/// Asks for the messages of the lowest gap in sight: the local store where it may have them, else the server.
pub fn fill(model: &mut Model, effects: &mut Vec<Effect>) {
    let is_wanted = |window: &Window| window.scrollback.has_gaps() && !window.is_loading;
    if model.is_outside() || !model.here().is_some_and(is_wanted) {
        return;
    }
    let can_tell = model.network().facts.has_history && model.network().is_connected();
    let place = model.kept_as(model.current);
    let gap = rows(model).and_then(|rows| {
        let page = rows.page(&mut Plain);
        page.rows.iter().rev().find_map(|(index, _)| {
            let entry = rows.window.scrollback.get(*index)?;
            let Body::Gap { gap, is_kept } = &entry.body else {
                return None;
            };
            let is_local = *is_kept && place.is_some();
            let is_known = gap.until != Millis::MAX && !gap.is_lost;
            let can_fill = is_local || (can_tell && is_known);
            // Whoever comes from above reads on with the oldest of it.
            let anchor = rows.window.anchor;
            let anchor = anchor.and_then(|anchor| rows.window.scrollback.index_of(anchor.id));
            let is_oldest = anchor.is_some_and(|anchor| anchor < *index);
            can_fill.then(|| (gap.clone(), is_local, is_oldest))
        })
    });
    if let Some((gap, is_local, is_oldest)) = gap {
        ask_gap(model, effects, model.current, gap, (is_local, is_oldest));
    }
}

/// Asks for messages of a gap, the newest or the oldest first: the local store if it `is_local`, else the server.
pub fn ask_gap(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    id: WindowId,
    gap: Gap,
    (is_local, is_oldest): (bool, bool),
) {
    let place = model.kept_as(id).filter(|_| is_local);
    let Some(window) = model.window_mut(id) else {
        return;
    };
    window.is_loading = true;
    if let Some(place) = place {
        let (since, until) = gap.span();
        let span = Span::Between {
            since,
            until,
            is_oldest,
        };
        return effects.push(Effect::Keep(Request::Past(id, place, span)));
    }
    let command = Command::HistoryBetween {
        target: window.name.clone(),
        gap,
        limit: HISTORY_LIMIT,
        is_oldest,
    };
    effects.push(Effect::Send(window.network, command));
}

/// The newest messages, with nothing chosen.
pub fn bottom(model: &mut Model) {
    model.chosen = None;
    if let Some(window) = model.here_mut() {
        window.anchor = None;
    }
}

/// Asks for the page around a message of a window, to show it when it comes: the local store first.
pub fn seek(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, sought: Sought) {
    let Some(place) = model.kept_as(id) else {
        return seek_there(model, effects, id, sought);
    };
    if let Some(window) = model.window_mut(id) {
        window.is_loading = true;
        window.sought = Some(sought.clone());
        let (at, msgid) = sought;
        let span = Span::Around { at, msgid };
        effects.push(Effect::Keep(Request::Past(id, place, span)));
    }
}

/// Asks the server for it, which knows messages by their ids only.
pub fn seek_there(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, sought: Sought) {
    let Some(window) = model.window_mut(id) else {
        return;
    };
    window.sought = None;
    let Some(msgid) = sought.1.clone() else {
        return;
    };
    window.is_loading = true;
    window.sought = Some(sought);
    let command = Command::HistoryAround {
        target: window.name.clone(),
        msgid,
        limit: HISTORY_LIMIT,
    };
    effects.push(Effect::Send(window.network, command));
}

/// Whether a page of the server's ends where what is here begins. Of one time, only what was asked for can be older:
/// what comes by itself is the newest.
pub fn is_before(model: &Model, id: WindowId, messages: &[Message]) -> bool {
    let is_asked = model.window(id).is_some_and(|window| window.is_loading);
    is_older(model, id, messages, is_asked)
}

/// Whether a page ends where what is here begins; where both are of one time, whether it `is_tied`.
pub fn is_older(model: &Model, id: WindowId, messages: &[Message], is_tied: bool) -> bool {
    let window = model.window(id);
    let oldest = window.and_then(|window| {
        let mut said = window.scrollback.iter();
        said.find(|entry| entry.as_logged().is_some())
    });
    let last = messages.last().map(|last| last.at);
    oldest.is_some_and(|oldest| last < Some(oldest.at) || (is_tied && last == Some(oldest.at)))
}
