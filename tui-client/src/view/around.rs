//! What stands above and below a message: what it answers, reactions, why it was not sent.
//! It must never say more of a message than its own entry knows.
//!
//! ```text
//!                ╭ ada: who broke it?
//!          grace  me
//!                👍 2  🎉 1
//! ```

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};

use crate::action::Action;
use crate::entry::reactions::Reaction;
use crate::entry::{Delivery, Entry, Said};
use crate::hues::Hues;
use crate::keymap::Keymap;
use crate::rows::{self, Grid};
use crate::theme::{Role, Theme};
use crate::{pen, sanitise, width};

/// Cells of what is answered that are shown.
const QUOTE_MAX: u16 = 48;

/// A message, and what is needed to write around it.
#[derive(Debug)]
pub struct Around<'a> {
    /// The keys that can be named.
    pub keymap: &'a Keymap,
    /// The colours.
    pub theme: Theme,
    /// The colours of nicks.
    pub hues: &'a Hues,
    /// The columns.
    pub grid: Grid,
    /// The message.
    pub entry: &'a Entry,
}

impl Around<'_> {
    /// Writes the line about what it answers.
    pub fn quote(&self, area: Rect, buf: &mut Buffer) {
        let Some(quote) = self.entry.as_said().and_then(|said| said.reply.as_ref()) else {
            return;
        };
        let dim = self.theme.style(Role::Dim);
        let inner = area.inner(Margin::new(1, 0));
        let mut x = pen::write(buf, inner, (area.x + self.grid.text_x, area.y), "╭ ", dim);
        if !quote.nick.is_empty() {
            let nick = rows::nick(self.grid, &quote.nick);
            let style = self.hues.style(self.theme, &quote.nick);
            x = pen::write(buf, inner, (x, area.y), &nick, style);
            x = pen::write(buf, inner, (x, area.y), ": ", dim);
        }
        let text = sanitise::line(&quote.text);
        let room = inner.right().saturating_sub(x).min(QUOTE_MAX);
        let cut = width::truncated(&text, room);
        pen::write(buf, inner, (x, area.y), &cut, dim);
    }

    /// Writes a row of its reactions.
    pub fn reactions(&self, area: Rect, chips: &Range<usize>, is_cut: bool, buf: &mut Buffer) {
        let Some(said) = self.entry.as_said() else {
            return;
        };
        let all = said.reactions.by_count();
        let shown = all.get(chips.clone()).unwrap_or_default().iter();
        let mut told: Vec<String> = shown.map(|reaction| Reaction::counted(reaction)).collect();
        if is_cut {
            told.push("…".to_owned());
        }
        self.below(area, &told.join("  "), Role::Muted, buf);
    }

    /// Writes a row of who gave one of them.
    pub fn givers(&self, area: Rect, chip: usize, range: &Range<usize>, buf: &mut Buffer) {
        let said = self.entry.as_said();
        let all = said.map(|said| said.reactions.by_count());
        let told = all.and_then(|all| Some(all.get(chip)?.told()));
        let part = told.as_ref().and_then(|told| told.get(range.clone()));
        self.below(area, part.unwrap_or_default(), Role::Muted, buf);
    }

    /// Writes a row of why it was not sent.
    pub fn reason(&self, area: Rect, range: Range<usize>, buf: &mut Buffer) {
        let Some(Said {
            delivery: Some(Delivery::Failed(reason)),
            ..
        }) = self.entry.as_said()
        else {
            return;
        };
        let part = reason.get(range).unwrap_or_default();
        self.below(area, part, Role::Failed, buf);
    }

    /// Writes the keys that send it once more.
    pub fn retry(&self, area: Rect, buf: &mut Buffer) {
        let Some(key) = self.keymap.first(Action::SelectPrevious) else {
            return;
        };
        let again = self.keymap.first(Action::Reply).unwrap_or_default();
        let mut hint = format!("{key} chooses it, {again} tries again");
        if width::of(&hint) > self.grid.below() {
            hint = format!("{key}, then {again}");
        }
        self.below(area, &hint, Role::Muted, buf);
    }

    /// Writes what stands below a text.
    fn below(&self, area: Rect, text: &str, role: Role, buf: &mut Buffer) {
        let cut = width::truncated(text, self.grid.below());
        let at = (area.x + self.grid.text_x, area.y);
        pen::write(buf, area, at, &cut, self.theme.style(role));
    }
}
