//! Whom the server watches for us, and whom it should.
//! It must never be longer than the server takes.

use std::collections::BTreeMap;

/// The list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watchlist {
    /// Whom the screen wants to be told of, the most wanted first.
    pub(crate) wanted: Vec<String>,
    /// Whom this link was asked for, by folded nick.
    asked: BTreeMap<String, String>,
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
