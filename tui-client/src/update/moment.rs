//! What lasts for a moment only, and the title that tells of the rest: toasts, who writes, counts.
//! It must never look at a clock: the model knows what time it is.

use crate::model::Model;
use crate::session::event::Millis;
use crate::session::link::Link;
use crate::sidebar;

const SECOND_MS: Millis = 1_000;

/// Forgets what was only for a moment; whether anything was.
pub fn expire(model: &mut Model) -> bool {
    let now = model.now;
    let is_over = |until: Millis| until <= now;
    let had_toast = model
        .toast
        .as_ref()
        .is_some_and(|toast| is_over(toast.until));
    if had_toast {
        model.toast = None;
    }
    if model.quit_armed.is_some_and(is_over) {
        model.quit_armed = None;
    }
    let Some(window) = model.here_mut() else {
        return had_toast;
    };
    let writers = window.writers.len();
    window.writers.retain(|writer| writer.until > now);
    had_toast || writers != window.writers.len()
}

/// When something has to change on the screen although nothing happens.
pub fn deadline(model: &Model) -> Option<Millis> {
    let toast = model.toast.as_ref().map(|toast| toast.until);
    let armed = model.quit_armed;
    let writers = model.here().into_iter().flat_map(|window| &window.writers);
    let writer = writers.map(|writer| writer.until).min();
    // Seconds that are shown are counted.
    let now = model.now;
    let network = model.network();
    let left = match network.link {
        Link::Lost { retry_at, .. } => retry_at.checked_sub(now).filter(|left| *left > 0),
        _ => None,
    };
    let left = left.map(|left| now + (left - 1) % SECOND_MS + 1);
    let silent = network.silent_since.map(|since| {
        let gone = now.saturating_sub(since);
        now + SECOND_MS - gone % SECOND_MS
    });
    let mark = model.here().and_then(|window| window.mark_due);
    let times = [toast, armed, writer, left, silent, mark];
    times.into_iter().flatten().min()
}

/// Whether the time itself is on the screen.
pub fn is_counting(model: &Model) -> bool {
    let network = model.network();
    matches!(network.link, Link::Lost { .. }) || network.silent_since.is_some()
}

fn unread(model: &Model) -> u32 {
    model.windows.iter().map(|window| window.mentions).sum()
}

/// Whether other messages call than the title says: all of it that a message can change.
pub fn has_calls(model: &Model) -> bool {
    model.titled.0 != Some(unread(model))
}

/// The title, if it is another than before.
pub fn title(model: &mut Model) -> Option<String> {
    let unread = unread(model);
    let here = model.here();
    let here = here.map_or_else(String::new, |window| sidebar::full_name(model, window));
    if model.titled.0 == Some(unread) && model.titled.1 == here {
        return None;
    }
    let title = if unread > 0 {
        format!("({unread}) {here} · parlor")
    } else {
        format!("{here} · parlor")
    };
    model.titled = (Some(unread), here);
    Some(title)
}
