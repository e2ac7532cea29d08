//! What was missed in windows that nobody looks at: fetched by and by, so that their counts and mentions are right.
//! It must never ask for more than one page at a time, nor without end: what is further back is a gap, filled on sight.

use crate::deeds::HISTORY_LIMIT;
use crate::effect::Effect;
use crate::ids::WindowId;
use crate::model::Model;
use crate::session::command::Command;
use crate::session::event::Millis;
use crate::session::gap::Gap;
use crate::window::Window;

/// Pages that are fetched for each window and link: with them a thousand messages.
const PAGES_MAX: u8 = 10;

/// Asks for the newest messages that are missing in a window that is not open, unless a page is on its way.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>) {
    let mut windows = model.windows.iter();
    let may_miss =
        |window: &Window| window.scrollback.has_gaps() && window.pages_missed < PAGES_MAX;
    if !windows.clone().any(may_miss) || windows.clone().any(|window| window.is_loading) {
        return;
    }
    let wanted = windows.find_map(|window| {
        let can_tell = may_miss(window) && is_told(model, window);
        let gap = can_tell.then(|| unread_gap(window))??;
        Some((window.id, gap))
    });
    let Some((id, gap)) = wanted else { return };
    let Some(window) = model.window_mut(id) else {
        return;
    };
    window.is_loading = true;
    window.pages_missed += 1;
    let command = Command::HistoryBetween {
        target: window.name.clone(),
        gap,
        limit: HISTORY_LIMIT,
    };
    effects.push(Effect::Send(window.network, command));
}

/// Whether the server tells the past of a window that is not open.
fn is_told(model: &Model, window: &Window) -> bool {
    let open: WindowId = model.current;
    let network = model.networks.get(window.network);
    let can_tell = network.facts.has_history && network.is_connected();
    can_tell && window.id != open && !window.is_outside()
}

/// The newest gap in what nobody has read.
fn unread_gap(window: &Window) -> Option<Gap> {
    let read_to = window.read_to?;
    let is_wanted = |gap: &&Gap| gap.until > read_to && gap.until != Millis::MAX && !gap.is_lost;
    let gaps = window.scrollback.iter().rev();
    gaps.filter_map(|entry| entry.as_gap())
        .find(is_wanted)
        .cloned()
}
