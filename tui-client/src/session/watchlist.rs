//! Whom the server watches for us, and whom it should.
//! It must never be longer than the server takes.

use std::collections::{BTreeMap, BTreeSet};

/// Of so many it is remembered that they are there.
const MET_MAX: usize = 256;

/// The list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watchlist {
    /// Whom the screen wants to be told of, the most wanted first.
    pub(crate) wanted: Vec<String>,
    /// Whom this link was asked for, by folded nick.
    asked: BTreeMap<String, String>,
    /// Who is there, folded, as far as we were told or spoke with them.
    here: BTreeSet<String>,
    /// Who was there when the link before broke.
    parted: BTreeSet<String>,
    /// Whether somebody is newly there.
    has_news: bool,
}

impl Watchlist {
    /// A new link knows of nobody.
    pub(crate) fn clear(&mut self) {
        self.asked.clear();
    }

    /// Takes over as many of the wanted as there is space for; returns who is no longer watched, and who is new.
    pub(crate) fn renew(
        &mut self,
        space: usize,
        fold: impl Fn(&str) -> String,
    ) -> (Vec<String>, Vec<String>) {
        let wanted = self.wanted.iter().take(space);
        let wanted: BTreeMap<String, String> =
            wanted.map(|nick| (fold(nick), nick.clone())).collect();
        let before = std::mem::replace(&mut self.asked, wanted);
        let gone = missing(&before, &self.asked);
        let new = missing(&self.asked, &before);
        (gone, new)
    }

    /// Somebody is there.
    pub(crate) fn meet(&mut self, folded: String) {
        if self.here.len() < MET_MAX {
            self.has_news |= self.here.insert(folded);
        }
    }

    /// Whether somebody has turned out to be there since this was asked last.
    pub(crate) fn take_news(&mut self) -> bool {
        std::mem::take(&mut self.has_news)
    }

    /// Somebody is not there.
    pub(crate) fn miss(&mut self, folded: &str) {
        self.here.remove(folded);
    }

    /// The link broke.
    pub(crate) fn part(&mut self) {
        self.parted = std::mem::take(&mut self.here);
    }

    /// Whether somebody is there.
    pub(crate) fn is_here(&self, folded: &str) -> bool {
        self.here.contains(folded)
    }

    /// Whether somebody was there on the link before.
    pub(crate) fn was_here(&self, folded: &str) -> bool {
        self.parted.contains(folded)
    }

    /// Whether the server was asked to watch this nick.
    pub(crate) fn has(&self, folded: &str) -> bool {
        self.asked.contains_key(folded)
    }

    /// The server does not watch this nick.
    pub(crate) fn remove(&mut self, folded: &str) {
        self.asked.remove(folded);
    }
}

/// The nicks of `some` that are not among the `others`.
fn missing(some: &BTreeMap<String, String>, others: &BTreeMap<String, String>) -> Vec<String> {
    let missing = some
        .iter()
        .filter(|(folded, _)| !others.contains_key(*folded));
    missing.map(|(_, nick)| nick.clone()).collect()
}
