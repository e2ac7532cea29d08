//! The upper line: where we are, what it is about, how safe the link is, who is here.
//! It must never shorten the name for anything else: what does not fit beside it is left out.
//!
//! ```text
//!  #lobby  Welcome! Say hello                       tls · 4 here
//!  #lobby  4 here                              #ops 3 · tls        (narrow)
//!  #rust · libera  4 here                              tls         (several networks)
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::address;
use crate::model::Model;
use crate::model::layout::NARROW_BELOW;
use crate::pen;
use crate::sanitise;
use crate::session::link::Link;
use crate::sidebar;
use crate::theme::{Role, Theme};
use crate::width;
use crate::window::{Kind, Window};

/// Draws the title.
pub fn draw(model: &Model, theme: Theme, area: Rect, buf: &mut Buffer) {
    let Some(window) = model.here() else { return };
    if area.is_empty() {
        return;
    }
    let is_narrow = area.width < NARROW_BELOW;
    let right = right(model, window, is_narrow);
    let name = window.name.as_str();
    let inner = Rect {
        x: area.x,
        width: area.width.saturating_sub(1),
        ..area
    };
    let cut = width::truncated(name, inner.width.saturating_sub(2));
    let mut x = pen::write(
        buf,
        inner,
        (area.x + 1, area.y),
        &cut,
        theme.style(Role::Title),
    );
    let about = about(model, window, is_narrow);
    if model.networks.are_many() && window.kind != Kind::Server {
        let label = format!(" · {}", model.network().label);
        let free = inner.right().saturating_sub(x + width::of(&right) + 2);
        if width::of(&label) <= free {
            x = pen::write(buf, inner, (x, area.y), &label, theme.style(Role::Muted));
        }
    }
    let free = inner.right().saturating_sub(x + 2 + width::of(&right) + 2);
    if free >= 4 || width::of(&about) <= free {
        let about = width::truncated(&about, free);
        x = pen::write(
            buf,
            inner,
            (x + 2, area.y),
            &about,
            theme.style(Role::Muted),
        );
    }
    let room = Rect {
        x: x + 2,
        width: inner.right().saturating_sub(x + 2),
        ..inner
    };
    if width::of(&right) <= room.width {
        pen::write_right(buf, room, area.y, &right, theme.style(Role::Muted));
    }
}

fn about(model: &Model, window: &Window, is_narrow: bool) -> String {
    match window.kind {
        Kind::Room if is_narrow => here(window),
        Kind::Room => sanitise::line(&window.topic),
        Kind::Person => {
            let whereabouts = match window.is_here {
                Some(false) => "gone",
                _ if window.is_away => "away",
                _ => "",
            };
            let told = model.network().profiles.summary(&window.name);
            let parts = [whereabouts, told.as_str()];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(" · ")
        }
        Kind::Server => format!(
            "{}:{}",
            model.network().settings.host,
            model.network().settings.port
        ),
    }
}

fn here(window: &Window) -> String {
    match window.roster.here() {
        0 => String::new(),
        count => format!("{count} here"),
    }
}

fn right(model: &Model, window: &Window, is_narrow: bool) -> String {
    let safety = match &model.network().link {
        Link::Connected(link) if link.is_encrypted => "tls",
        Link::Connected(_) if address::is_this_machine(&model.network().settings.host) => "local",
        Link::Connected(_) => "not encrypted",
        _ => "",
    };
    let other = if is_narrow {
        urgent(model).map_or_else(String::new, |other| {
            format!("{} {}", other.name.as_str(), sidebar::counts(other))
        })
    } else if window.is_outside() {
        String::new()
    } else {
        here(window)
    };
    let parts = if is_narrow {
        [other.as_str(), safety]
    } else {
        [safety, other.as_str()]
    };
    let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    told.join(" · ")
}

/// The window that wants us most.
fn urgent(model: &Model) -> Option<&Window> {
    let waiting = model.windows.iter().filter(|window| window.wants_us());
    waiting.max_by_key(|window| (window.mentions, window.unread))
}
