//! Scrolling the open window: by rows, to a message, to the newest.
//! It must never scroll by anything but the rows that are drawn.

use crate::deeds::HISTORY_LIMIT;
use crate::effect::Effect;
use crate::entry::Body;
use crate::ids::LineId;
use crate::model::Model;
use crate::rows::{Grid, Plain, Rows};
use crate::session::command::Command;
use crate::window::{Kind, Window};

/// The rows of the open window, as they are laid out now.
pub fn rows(model: &Model) -> Option<Rows<'_>> {
    let window = model.here()?;
    let layout = model.layout();
    let grid = Grid::of(window, layout.messages.width, layout.is_narrow);
    Some(Rows {
        window,
        grid,
        height: layout.messages.height,
        zone: &model.zone,
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

/// Scrolls so many rows, and asks for older messages at the oldest.
pub fn scroll(model: &mut Model, effects: &mut Vec<Effect>, is_up: bool, count: usize) {
    let Some(rows) = rows(model) else { return };
    let anchor = if is_up {
        rows.up(count)
    } else {
        rows.down(count)
    };
    let is_oldest = anchor.is_none_or(|anchor| {
        rows.window.scrollback.first().map(|entry| entry.id) == Some(anchor.id) && anchor.row == 0
    });
    if let Some(window) = model.here_mut() {
        window.anchor = anchor;
    }
    if is_up && is_oldest {
        ask_older(model, effects);
    }
}

fn ask_older(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.network().facts.has_history || !model.network().is_connected() {
        return;
    }
    let Some(window) = model.here_mut() else {
        return;
    };
    if window.is_loading || window.is_complete || window.kind == Kind::Server {
        return;
    }
    let oldest = window
        .scrollback
        .iter()
        .find_map(|entry| entry.as_said().map(|said| (entry.at, said.msgid.clone())));
    let Some((at, msgid)) = oldest else { return };
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

/// Asks for the messages of the lowest gap in sight.
pub fn fill(model: &mut Model, effects: &mut Vec<Effect>) {
    let is_wanted = |window: &Window| window.scrollback.has_gaps() && !window.is_loading;
    if !model.network().facts.has_history || !model.network().is_connected() || model.is_outside() {
        return;
    }
    if !model.here().is_some_and(is_wanted) {
        return;
    }
    let gap = rows(model).and_then(|rows| {
        let page = rows.page(&mut Plain);
        page.rows.iter().rev().find_map(|(index, _)| {
            let entry = rows.window.scrollback.get(*index)?;
            match entry.body {
                Body::Gap { since, until } => Some((since, until)),
                Body::Said(_) | Body::Presence(_) | Body::Note(_) => None,
            }
        })
    });
    let (Some((since, until)), Some(window)) = (gap, model.here_mut()) else {
        return;
    };
    window.is_loading = true;
    let command = Command::HistoryBetween {
        target: window.name.clone(),
        since,
        until,
        limit: HISTORY_LIMIT,
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

/// Asks for the page around a message of the open window that is not loaded, to show it when it comes.
pub fn seek(model: &mut Model, effects: &mut Vec<Effect>, msgid: String) {
    if let Some(window) = model.here_mut() {
        window.is_loading = true;
        window.sought = Some(msgid.clone());
        let command = Command::HistoryAround {
            target: window.name.clone(),
            msgid,
            limit: HISTORY_LIMIT,
        };
        effects.push(Effect::Send(window.network, command));
    }
}
