//! From where people speak and come, as the lines say that are theirs: whom a ban is meant for, however they call
//! themselves next.
//! It must never grow without end.

use std::collections::BTreeMap;

/// People of whom it is remembered; when there are more, it is learned anew.
const HOSTS_MAX: usize = 5_000;

/// Hosts by folded nick.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    known: BTreeMap<String, String>,
}

impl Hosts {
    /// Somebody of this folded nick spoke from this host.
    pub(crate) fn learn(&mut self, folded: String, host: &str) {
        if self.known.get(&folded).is_some_and(|known| known == host) {
            return;
        }
        if self.known.len() >= HOSTS_MAX {
            self.known.clear();
        }
        self.known.insert(folded, host.to_owned());
    }

    /// Somebody has another nick.
    pub(crate) fn rename(&mut self, from: &str, to: String) {
        if let Some(host) = self.known.remove(from) {
            self.known.insert(to, host);
        }
    }

    /// Masks for whoever has this folded nick, the best first: their host, where it is known and could be told in a
    /// mask, and the nick.
    pub(crate) fn masks(&self, folded: &str, nick: &str) -> Vec<String> {
        let is_plain =
            |host: &&String| !host.is_empty() && !host.contains(['*', '?', ' ', '!', '@']);
        let host = self.known.get(folded).filter(is_plain);
        let by_host = host.map(|host| format!("*!*@{host}"));
        by_host.into_iter().chain([format!("{nick}!*@*")]).collect()
    }

    /// The link broke.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
    }
}
