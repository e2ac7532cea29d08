//! Who is drawn in which of the theme's colours: as the name has it, unless a neighbour has the same.
//! It must never give somebody another colour while the program runs, but for another theme.

use std::collections::HashMap;

use ratatui::style::Style;

use crate::theme::{self, Theme};

/// People whose colours are remembered: more than anybody has on the screen in a day.
const KNOWN_MAX: usize = 4_096;

/// The colours that people have got so far.
#[derive(Debug, Default)]
pub struct Hues {
    of: HashMap<String, usize>,
    /// How many the theme has; with another theme all begin anew.
    count: usize,
}

impl Hues {
    /// These people are seen together, in this order. Who is new gets a colour that none of the others has, as long
    /// as there are enough; then that of the one who is furthest up.
    pub fn meet<'a>(&mut self, nicks: impl IntoIterator<Item = &'a str>, theme: Theme) {
        if theme.hues() != self.count || self.of.len() > KNOWN_MAX {
            self.of.clear();
            self.count = theme.hues();
        }
        if self.count == 0 {
            return;
        }
        let nicks: Vec<String> = nicks.into_iter().map(theme::same).collect();
        for nick in &nicks {
            if !self.of.contains_key(nick) {
                let hue = self.free(nick, &nicks);
                self.of.insert(nick.clone(), hue);
            }
        }
    }

    /// The colour that is least among these people, and of those the nearest to the name's own.
    fn free(&self, nick: &str, among: &[String]) -> usize {
        let mut used = vec![0; self.count];
        for (place, other) in among.iter().enumerate() {
            if let Some(last) = self.of.get(other).and_then(|hue| used.get_mut(*hue)) {
                *last = place + 1;
            }
        }
        let own = theme::hash(nick);
        let hues = (0..self.count).map(|step| (own + step) % self.count);
        hues.min_by_key(|hue| used.get(*hue).copied())
            .unwrap_or_default()
    }

    /// The style of somebody who was met.
    pub fn known(&self, theme: Theme, nick: &str) -> Option<Style> {
        if theme.hues() == 0 {
            return Some(theme.nick(nick));
        }
        let hue = self.of.get(&theme::same(nick))?;
        Some(theme.hue(*hue))
    }

    /// The style of somebody; who was not met has the colour of their name.
    pub fn style(&self, theme: Theme, nick: &str) -> Style {
        self.known(theme, nick).unwrap_or_else(|| theme.nick(nick))
    }
}

#[cfg(test)]
mod tests;
