//! What we said and nobody has: it failed, or waits for the link; how much it is, and where it stands first.
//! It must never look through what was said to know how much it is: the lists of windows are drawn with each key.

use crate::entry::{Delivery, Entry};
use crate::ids::{LineId, WindowId};
use crate::model::Model;
use crate::window::Window;

/// How many messages of ours in this window were not sent; with a link, what is on its way is no trouble.
pub fn of(model: &Model, window: &Window) -> usize {
    let (failed, waiting) = window.scrollback.unsent();
    if waits(model, window) {
        failed + waiting
    } else {
        failed
    }
}

/// How many there are in all windows.
pub fn count(model: &Model) -> usize {
    model.windows.iter().map(|window| of(model, window)).sum()
}

/// The next window in the list with any, after the open one, and the first of them there.
pub fn next(model: &Model) -> Option<(WindowId, LineId)> {
    let start = model.index();
    let count = model.windows.len();
    let mut around = (1..=count).filter_map(|step| model.windows.get((start + step) % count));
    let window = around.find(|window| of(model, window) > 0)?;
    let is_waiting = waits(model, window);
    let is_unsent = |entry: &&Entry| match entry.as_said().and_then(|said| said.delivery.as_ref()) {
        Some(Delivery::Failed(_)) => true,
        Some(Delivery::Sending) => is_waiting,
        Some(Delivery::Sent) | None => false,
    };
    let first = window.scrollback.iter().find(is_unsent)?;
    Some((window.id, first.id))
}

fn waits(model: &Model, window: &Window) -> bool {
    !model.networks.get(window.network).is_connected()
}
