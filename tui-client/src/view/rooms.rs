//! The list of rooms, people, and servers, with what is unread.
//! It must never be in another order than the keys go.
//!
//! ```text
//!  Rooms
//! ▌#lobby
//!  #ops        3
//!  #random 12 @2
//!  #rust     3 !2   (two of ours were not sent)
//!
//!  libera   lost    (with several networks)
//!   #rust      4
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::ids::WindowId;
use crate::level::Level;
use crate::model::Model;
use crate::pen;
use crate::session::link::Link;
use crate::sidebar::{self, Item};
use crate::theme::{Role, Theme};
use crate::width;
use crate::window::{Kind, Place, Window};

/// Draws the pane.
pub fn draw(model: &Model, theme: Theme, area: Rect, buf: &mut Buffer) {
    list(model, theme, area, None, buf);
}

/// Draws the list, with one of the windows chosen.
pub fn list(model: &Model, theme: Theme, area: Rect, chosen: Option<usize>, buf: &mut Buffer) {
    let chosen = chosen
        .and_then(|index| model.windows.get(index))
        .map(|window| window.id);
    for (y, item) in (area.y..area.bottom()).zip(sidebar::rows(model, area.height)) {
        match item {
            Item::Heading(word) => {
                pen::write(buf, area, (area.x + 1, y), word, theme.style(Role::Dim));
            }
            Item::Blank => {}
            Item::Window(id) => row(
                model,
                theme,
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                id,
                buf,
            ),
        }
        if chosen.is_some() && chosen == window_of(&item_at(model, area, y)) {
            pen::tint(
                buf,
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                theme.style(Role::Chosen),
            );
        }
    }
}

fn item_at(model: &Model, area: Rect, y: u16) -> Item {
    let index = usize::from(y - area.y);
    sidebar::rows(model, area.height)
        .into_iter()
        .nth(index)
        .unwrap_or(Item::Blank)
}

fn window_of(item: &Item) -> Option<WindowId> {
    match item {
        Item::Window(id) => Some(*id),
        Item::Heading(_) | Item::Blank => None,
    }
}

fn row(model: &Model, theme: Theme, area: Rect, id: WindowId, buf: &mut Buffer) {
    let Some(window) = model.window(id) else {
        return;
    };
    let is_open = id == model.current;
    if is_open {
        pen::write(buf, area, (area.x, area.y), "▌", theme.style(Role::Accent));
    }
    let inner = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let is_heading = model.networks.are_many() && window.kind == Kind::Server;
    // What belongs to a network stands a little to the right of its name.
    let indent = 1 + u16::from(model.networks.are_many() && !is_heading);
    let unsent = sidebar::unsent(model, window);
    let counts = match () {
        () if is_heading => heading_aside(model, window),
        () if unsent.is_empty() => aside(window),
        () => sidebar::counts(window),
    };
    let apart = u16::from(!counts.is_empty() && !unsent.is_empty());
    let aside = width::of(&counts) + apart + width::of(&unsent);
    let style = match () {
        () if is_open => theme.style(Role::Title),
        () if window.wants_us() => theme.style(Role::Text).add_modifier(Modifier::BOLD),
        () if is_heading => theme.style(Role::Muted),
        () if window.level != Level::All || window.kind == Kind::Server || window.is_outside() => {
            theme.style(Role::Dim)
        }
        () => theme.style(Role::Muted),
    };
    let room = inner
        .width
        .saturating_sub(indent + aside + u16::from(aside > 0));
    let name = width::truncated(window.name.as_str(), room);
    pen::write(buf, inner, (area.x + indent, area.y), &name, style);
    let role = match () {
        () if window.mentions > 0 => Role::Warm,
        () if window.unread > 0 => Role::Accent,
        () => Role::Dim,
    };
    let start = Rect {
        x: area.x + 1,
        width: inner.width.saturating_sub(1),
        ..inner
    };
    pen::write_right(buf, start, area.y, &unsent, theme.style(Role::Warm));
    let before = Rect {
        width: start.width.saturating_sub(apart + width::of(&unsent)),
        ..start
    };
    pen::write_right(buf, before, area.y, &counts, theme.style(role));
}

/// How the link to a network is, where that is worth a word.
fn heading_aside(model: &Model, window: &Window) -> String {
    match &model.networks.get(window.network).link {
        Link::Connected(_) => sidebar::counts(window),
        Link::Idle | Link::Connecting { .. } | Link::Registering => "…".into(),
        Link::Lost { .. } => "lost".into(),
        Link::Refused { .. } | Link::Closed => "out".into(),
    }
}

fn aside(window: &Window) -> String {
    let counts = sidebar::counts(window);
    match (window.kind, window.place) {
        (Kind::Room, Place::Outside) if counts.is_empty() => "out".into(),
        (Kind::Room, Place::Entering) => "…".into(),
        _ if counts.is_empty() && window.level != Level::All => "muted".into(),
        (Kind::Person, _) if counts.is_empty() && window.is_here == Some(false) => "gone".into(),
        (Kind::Person, _) if counts.is_empty() && window.is_away => "away".into(),
        _ => counts,
    }
}
