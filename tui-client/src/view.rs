//! Draws the model: splits the screen and lets each part draw itself.
//! It must never change the model, nor be needed to know what a key or a click does.
//!
//! ```text
//!  title
//!  rooms    │ messages                     │ members
//!  ─────────┴─ rule ──────────────────────┴─────────
//!  input
//!  footer
//! ```

pub mod around;
pub mod asking;
pub mod directory;
pub mod footer;
pub mod help;
pub mod input;
pub mod looks;
pub mod margin;
pub mod members;
pub mod messages;
pub mod outside;
pub mod popup;
pub mod rooms;
pub mod rule;
pub mod title;

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use crate::boxed;
use crate::entry::Entry;
use crate::hues::Hues;
use crate::ids::LineId;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose};
use crate::pen;
use crate::rows::Wrap;
use crate::text::wrap;
use crate::theme::{Role, Theme};

/// How many entries' rows are kept: many screens full, little memory.
const CACHED_MAX: usize = 4_096;

/// What is kept from frame to frame: the rows of the entries that were drawn lately, and who has which colour.
#[derive(Debug, Default)]
pub struct Cache {
    wraps: Wraps,
    hues: Hues,
}

#[derive(Debug, Default)]
struct Wraps {
    rows: HashMap<LineId, Cached>,
}

#[derive(Debug)]
struct Cached {
    version: u32,
    /// Where the words begin, which what is answered decides.
    begin: usize,
    width: u16,
    ranges: Rc<[Range<usize>]>,
}

impl Wrap for Wraps {
    fn wrap(&mut self, entry: &Entry, width: u16) -> Rc<[Range<usize>]> {
        let begin = entry.begins();
        if let Some(cached) = self.rows.get(&entry.id)
            && (cached.version, cached.begin, cached.width) == (entry.version, begin, width)
        {
            return Rc::clone(&cached.ranges);
        }
        if self.rows.len() >= CACHED_MAX {
            self.rows.clear();
        }
        let ranges: Rc<[Range<usize>]> = wrap::rows_from(&entry.rich.text, begin, width).into();
        let cached = Cached {
            version: entry.version,
            begin,
            width,
            ranges: Rc::clone(&ranges),
        };
        self.rows.insert(entry.id, cached);
        ranges
    }
}

/// Draws everything, and puts the cursor where writing goes; returns where that is.
pub fn draw(
    model: &Model,
    theme: Theme,
    cache: &mut Cache,
    frame: &mut Frame<'_>,
) -> Option<Position> {
    let cursor = paint(model, theme, cache, frame.buffer_mut());
    let area = frame.area();
    let cursor = cursor.filter(|cursor| area.contains(*cursor))?;
    frame.set_cursor_position(cursor);
    Some(cursor)
}

/// Draws everything into a buffer; returns where the cursor goes.
pub fn paint(model: &Model, theme: Theme, cache: &mut Cache, buf: &mut Buffer) -> Option<Position> {
    let Cache { wraps, hues } = cache;
    hues.meet([model.network().nick.as_str()], theme);
    let layout = model.layout();
    title::draw(model, theme, layout.title, buf);
    rooms::draw(model, theme, layout.rooms, buf);
    if model.is_outside() {
        outside::draw(model, theme, layout.messages, buf);
    } else {
        messages::draw(model, (theme, hues), layout.messages, buf, wraps);
    }
    members::draw(model, (theme, hues), layout.members, buf);
    for x in [layout.rooms.right(), layout.members.x.saturating_sub(1)] {
        let is_pane = (layout.rooms.width > 0 && x == layout.rooms.right())
            || (layout.members.width > 0 && x + 1 == layout.members.x);
        if is_pane {
            for y in layout.messages.y..layout.messages.bottom() {
                pen::write(buf, layout.area, (x, y), "│", theme.style(Role::Dim));
            }
        }
    }
    rule::draw(model, theme, layout, buf);
    let mut cursor = input::draw(model, theme, layout.input, buf);
    footer::draw(model, theme, layout.footer, buf);
    popup::completion(model, theme, layout.above_input(), buf);
    if let Some(overlay) = &model.overlay {
        cursor = over(model, (theme, hues), overlay, buf);
    }
    cursor
}

/// Draws what lies over the screen; returns where the cursor goes.
pub fn over(
    model: &Model,
    (theme, hues): (Theme, &mut Hues),
    overlay: &Overlay,
    buf: &mut Buffer,
) -> Option<Position> {
    let layout = model.layout();
    match overlay {
        Overlay::Help { top, .. } => help::draw(model, theme, *top, layout, buf),
        Overlay::Picker(picker) => {
            let search = model.search.as_ref();
            let found = search.map(|search| search.heading(picker.rows.len()));
            let heading = match picker.purpose {
                Purpose::Switch => "Go to",
                Purpose::Join => "Join a room",
                Purpose::Recall => "Sent before",
                Purpose::React => "React with",
                Purpose::Links => "Open",
                Purpose::Mentions => "Mentions of you",
                Purpose::Search => found.as_deref().unwrap_or_default(),
            };
            return popup::picker(picker, heading, theme, layout, buf);
        }
        Overlay::Directory(browse) => {
            return directory::draw(model, browse, theme, layout, buf);
        }
        Overlay::Asking(asking) => return asking::draw(model, asking, theme, layout, buf),
        Overlay::Question(question) => popup::question(model, question, theme, layout, buf),
        Overlay::Members { top } => {
            let inner = boxed::frame(theme, layout.pane_box(), "Members", buf);
            members::list(model, (theme, hues), inner, *top, buf);
        }
        Overlay::Rooms { chosen } => {
            let inner = boxed::frame(theme, layout.pane_box(), "Go to", buf);
            rooms::list(model, theme, inner, Some(*chosen), buf);
        }
    }
    None
}
