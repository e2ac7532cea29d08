//! The lowest line: the keys that matter now, and how the link is.
//! It must never name a key that does something else after the settings were read.
//!
//! ```text
//!  F2 join  F4 leave  ^T switch  ^F find  F1 help          connected
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::action::Action;
use crate::entry::{Delivery, Entry};
use crate::gestures;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::overlay::Overlay;
use crate::pen;
use crate::session::link::{Link, SLOW_MS};
use crate::theme::{Role, Theme};
use crate::undelivered;
use crate::width;
use crate::window::Window;

/// Draws the footer.
pub fn draw(model: &Model, theme: Theme, area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    let (mut state, role) = state(model, area.width);
    let inner = Rect {
        x: area.x,
        width: area.width.saturating_sub(1),
        ..area
    };
    let toast = model.toast.as_ref().map(|toast| width::of(&toast.text));
    if toast.is_some_and(|toast| toast + width::of(&state) + 3 > inner.width) {
        // What is said for a moment only goes before what stands there again after it.
        state.clear();
    }
    let state = width::truncated(&state, inner.width);
    let gap = if state.is_empty() { 0 } else { 2 };
    let free = inner.width.saturating_sub(width::of(&state) + gap);
    let keys = Rect {
        width: free,
        ..inner
    };
    if let Some(toast) = &model.toast {
        let text = width::truncated(&toast.text, free.saturating_sub(1));
        pen::write(
            buf,
            keys,
            (area.x + 1, area.y),
            &text,
            theme.style(Role::Accent),
        );
    } else {
        let mut x = area.x + 1;
        for (key, word) in fitting(hints(model), free.saturating_sub(1)) {
            x = pen::write(buf, keys, (x, area.y), &key, theme.style(Role::Key));
            x = pen::write(buf, keys, (x + 1, area.y), word, theme.style(Role::Dim)) + 2;
        }
    }
    pen::write_right(buf, inner, area.y, &state, theme.style(role));
}

/// As many as fit; the last one, which mostly is help, outlives those before it.
fn fitting(mut hints: Vec<(String, &'static str)>, room: u16) -> Vec<(String, &'static str)> {
    let wide = |(key, word): &(String, &str)| width::of(key) + 1 + width::of(word);
    while !hints.is_empty() {
        let gaps = u16::try_from(hints.len() - 1).unwrap_or(0) * 2;
        if hints.iter().map(wide).sum::<u16>() + gaps <= room {
            break;
        }
        hints.remove(hints.len().saturating_sub(2));
    }
    hints
}

/// The four to six keys that matter now, the most needed first.
fn hints(model: &Model) -> Vec<(String, &'static str)> {
    let wanted: &[(Action, &'static str)] = match &model.overlay {
        Some(Overlay::Help { .. }) => &[
            (Action::Close, "close"),
            (Action::PageUp, "up"),
            (Action::PageDown, "down"),
        ],
        Some(Overlay::Picker(_)) => &[
            (Action::Send, "take"),
            (Action::Previous, "up"),
            (Action::Next, "down"),
            (Action::Close, "close"),
        ],
        Some(Overlay::Directory(_)) => &[
            (Action::Send, "join"),
            (Action::Close, "close"),
            (Action::PageDown, "down"),
        ],
        Some(Overlay::Asking(_)) => &[(Action::Send, "go on"), (Action::Close, "close")],
        Some(_) => &[(Action::Close, "close")],
        None if model.completion.is_some() => &[
            (Action::Complete, "next"),
            (Action::CompleteBack, "back"),
            (Action::Close, "as typed"),
        ],
        None if model.find.is_some() => &[
            (Action::Send, "older"),
            (Action::Next, "newer"),
            (Action::Close, "close"),
        ],
        None if model.chosen.is_some() => return chosen(model),
        None if model.is_outside() => &[
            (Action::Join, "join"),
            (Action::Quit, "quit"),
            (Action::Switch, "switch"),
            (Action::Help, "help"),
        ],
        None if model.here().is_some_and(|window| window.anchor.is_some()) => &[
            (Action::Close, "newest"),
            (Action::PageUp, "older"),
            (Action::PageDown, "newer"),
            (Action::Find, "find"),
            (Action::Help, "help"),
        ],
        None if model.windows.iter().any(Window::wants_us) => &[
            (Action::NextUnread, "unread"),
            (Action::Join, "join"),
            (Action::Leave, "leave"),
            (Action::Switch, "switch"),
            (Action::Help, "help"),
        ],
        None if undelivered::count(model) > 0 => &[
            (Action::NextUnread, "not sent"),
            (Action::Join, "join"),
            (Action::Leave, "leave"),
            (Action::Switch, "switch"),
            (Action::Help, "help"),
        ],
        None => &[
            (Action::Join, "join"),
            (Action::Leave, "leave"),
            (Action::Switch, "switch"),
            (Action::Find, "find"),
            (Action::Help, "help"),
        ],
    };
    wanted
        .iter()
        .filter_map(|(action, word)| Some((model.keymap.first(*action)?, *word)))
        .collect()
}

/// The keys that do something to the chosen message, and only those.
fn chosen(model: &Model) -> Vec<(String, &'static str)> {
    let entry = model.here().and_then(|window| {
        let index = window.scrollback.index_of(model.chosen?)?;
        window.scrollback.get(index)
    });
    let close = model.keymap.first(Action::Close).unwrap_or_default();
    let Some((entry, said)) = entry.and_then(|entry| Some((entry, entry.as_said()?))) else {
        let unfold = model.keymap.first(Action::Send).map(|key| (key, "unfold"));
        let unfold = unfold.filter(|_| entry.is_some_and(Entry::is_folded));
        return unfold.into_iter().chain([(close, "back")]).collect();
    };
    let is_failed = matches!(said.delivery, Some(Delivery::Failed(_)));
    let keys = [
        (is_failed, Action::Reply, "retry"),
        (
            !is_failed && gestures::may_answer(model, said),
            Action::Reply,
            "reply",
        ),
        (
            gestures::may_react(model, said).is_ok(),
            Action::React,
            "react",
        ),
        (true, Action::Copy, "copy"),
        (entry.rich.has_link(), Action::OpenLink, "open link"),
        (said.reply_to.is_some(), Action::Parent, "parent"),
        (
            said.is_own && gestures::may_take_back(model, said).is_ok(),
            Action::TakeBack,
            "take back",
        ),
        (is_failed, Action::TakeBack, "forget"),
    ];
    let keys = keys.into_iter().filter(|(is_here, ..)| *is_here);
    let keys = keys.filter_map(|(_, action, word)| Some((model.keymap.first(action)?, word)));
    keys.chain([(close, "back")]).collect()
}

/// How the link is, in words, and what could not be sent, where there is room for both.
fn state(model: &Model, width: u16) -> (String, Role) {
    let (text, role) = link(model, width, false);
    let unsent = undelivered::count(model);
    // What can be done with the chosen message is needed more.
    if unsent == 0 || (model.chosen.is_some() && width < 50) {
        return (text, role);
    }
    let (few, _) = link(model, width, true);
    let both = [&text, &few].map(|text| {
        let apart = if text.is_empty() { "" } else { " · " };
        format!("{unsent} not sent{apart}{text}")
    });
    let fitting = both.into_iter().find(|both| width::of(both) <= width / 2);
    fitting.map_or((text, role), |both| (both, Role::Warm))
}

/// How the link is, in words; in few where others stand beside it.
fn link(model: &Model, width: u16, is_short: bool) -> (String, Role) {
    let (text, role) = match &model.network().link {
        Link::Idle => ("not connected".into(), Role::Muted),
        Link::Connecting { attempt: 0 | 1 } => ("connecting…".into(), Role::Muted),
        Link::Connecting { attempt } => (format!("connecting, attempt {attempt}…"), Role::Warm),
        Link::Registering => ("saying hello…".into(), Role::Muted),
        Link::Connected(_) => connected(model, width),
        Link::Lost { retry_at, .. } => {
            let seconds = retry_at.saturating_sub(model.now).div_ceil(1000);
            let text = match seconds {
                0 => "link lost; trying again".into(),
                seconds if width < 50 || is_short => format!("again in {seconds} s"),
                seconds => format!("link lost; trying again in {seconds} s"),
            };
            (text, Role::Warm)
        }
        Link::Refused { .. } => ("not let in".into(), Role::Warm),
        Link::Closed => ("goodbye".into(), Role::Muted),
    };
    match (model.network().is_away, text.is_empty()) {
        (true, true) => ("away".into(), role),
        (true, false) => (format!("away · {text}"), role),
        (false, _) => (text, role),
    }
}

/// The network that we are not in sight of and that has no link, if there is one.
fn elsewhere(model: &Model) -> Option<String> {
    let is_lost = |link: &Link| matches!(link, Link::Lost { .. } | Link::Refused { .. });
    let lost = model.networks.iter().find(|one| is_lost(&one.link))?;
    Some(format!("{}: link lost", lost.label))
}

fn connected(model: &Model, width: u16) -> (String, Role) {
    if let Some(since) = model.network().silent_since {
        let seconds = model.now.saturating_sub(since) / 1000;
        return (format!("no answer for {seconds} s"), Role::Warm);
    }
    let hosting = model.hosting.as_ref();
    let hosting = hosting.filter(|_| model.on() == NetworkId::FIRST);
    if let Some(text) = elsewhere(model) {
        let text = match hosting {
            Some(_) if width >= 60 => format!("hosting · {text}"),
            _ => text,
        };
        return (text, Role::Warm);
    }
    match (model.network().lag, hosting) {
        (Some(lag), _) if lag >= SLOW_MS => (
            format!("slow link, {}.{} s", lag / 1000, lag % 1000 / 100),
            Role::Warm,
        ),
        (_, Some(hosting)) if width >= 60 => (format!("hosting {}", hosting.address), Role::Muted),
        (_, Some(_)) => ("hosting".into(), Role::Muted),
        (_, None) if width < 44 => (String::new(), Role::Muted),
        (_, None) => ("connected".into(), Role::Muted),
    }
}
