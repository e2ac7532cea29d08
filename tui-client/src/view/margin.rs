//! What stands left of a message: when, and who.
//! It must never say the same twice: of a minute the time once, of services that talk on and on the name.
//!
//! ```text
//!  14:02     ada  morning all
//!              ·  linus came in
//!       NickServ- This nick is registered.
//!                 /msg NickServ IDENTIFY logs in.
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::entry::{Body, Entry, Said, Tone};
use crate::hues::Hues;
use crate::model::Model;
use crate::pen;
use crate::rows::{self, Grid};
use crate::session::event::Kind;
use crate::theme::{Role, Theme};
use crate::width;
use crate::window::Window;

/// The sign beside the nick of a program.
const BOT: &str = "◦";
/// The sign behind the nick of whoever sends a notice, which nobody answers.
const NOTICE: &str = "-";

/// Where a margin stands.
pub struct Margin<'a> {
    /// The whole screen.
    pub model: &'a Model,
    /// Its colours.
    pub theme: Theme,
    /// Those of nicks.
    pub hues: &'a Hues,
    /// The window.
    pub window: &'a Window,
    /// Its columns.
    pub grid: Grid,
    /// Which entry of the window it is.
    pub index: usize,
}

impl Margin<'_> {
    /// Time and nick.
    pub fn draw(&self, entry: &Entry, area: Rect, buf: &mut Buffer) {
        let grid = self.grid;
        let dim = self.theme.style(Role::Dim);
        let time = rows::time(
            (&self.model.zone, &self.model.habits.time),
            self.window,
            self.index,
        );
        let said = entry.as_said();
        let goes_on = time.is_none() && said.is_some_and(|said| self.goes_on(said));
        if grid.has_times()
            && !matches!(entry.body, Body::Presence(_))
            && let Some(time) = time
        {
            pen::write(buf, area, (area.x + 1, area.y), &time, dim);
        }
        if goes_on {
            return;
        }
        let (word, style) = match &entry.body {
            Body::Said(said) if said.kind == Kind::Action => ("*".to_owned(), dim),
            Body::Said(said) => (
                rows::nick(grid, &said.nick),
                self.hues.style(self.theme, &said.nick),
            ),
            Body::Note(Tone::Trouble) => ("!".to_owned(), self.theme.style(Role::Warm)),
            Body::Note(Tone::Answer) => (String::new(), dim),
            Body::Presence(_) | Body::Note(Tone::Aside) | Body::Gap { .. } => ("·".to_owned(), dim),
        };
        let is_bot = said.is_some_and(|said| self.model.network().is_bot(&said.nick));
        let word = if is_bot && grid.is_narrow {
            // The sign has a cell of its own.
            width::truncated(&word, grid.nick.saturating_sub(1)).into_owned()
        } else {
            word
        };
        let free = if grid.is_narrow {
            0
        } else {
            grid.nick.saturating_sub(width::of(&word))
        };
        let at = area.x + grid.nick_x + free;
        let end = pen::write(buf, area, (at, area.y), &word, style);
        if is_bot {
            // On the side where there is always a cell.
            let beside = if grid.is_narrow { end } else { at - 1 };
            pen::write(buf, area, (beside, area.y), BOT, dim);
        }
        let is_notice = said.is_some_and(|said| said.kind == Kind::Notice);
        if is_notice && !grid.is_narrow {
            pen::write(buf, area, (end, area.y), NOTICE, dim);
        }
    }

    /// Whether the entry before was a notice of theirs, too.
    fn goes_on(&self, said: &Said) -> bool {
        let before = self.index.checked_sub(1);
        let before = before.and_then(|before| self.window.scrollback.get(before)?.as_said());
        before.is_some_and(|before| {
            let is_notice = before.kind == Kind::Notice && said.kind == Kind::Notice;
            is_notice && before.nick == said.nick
        })
    }
}
