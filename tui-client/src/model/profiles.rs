//! What people tell of themselves beside their nick, as far as it is known on one network.
//! It must never stand in the place of a nick: anybody may call themselves as they like.

use std::collections::BTreeMap;

use crate::name;
use crate::session::profile::Key;

/// People of whom something is remembered.
const PEOPLE_MAX: usize = 2_000;
/// Characters of one value that are remembered; with the keys that there are that bounds what one may cost.
const VALUE_CHARS_MAX: usize = 200;

/// What is known, by folded nick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profiles {
    known: BTreeMap<String, BTreeMap<Key, String>>,
}

impl Profiles {
    /// What somebody tells under this key.
    pub fn get(&self, nick: &str, key: Key) -> Option<&str> {
        if self.known.is_empty() {
            return None;
        }
        let told = self.known.get(&name::folded(nick))?;
        told.get(&key).map(String::as_str)
    }

    /// The name that somebody wants to be called by, if it is another than the nick.
    pub fn display_name(&self, nick: &str) -> Option<&str> {
        self.get(nick, Key::DisplayName)
            .filter(|display_name| *display_name != nick)
    }

    /// In a few words: the name, how they want to be spoken of, what they do.
    pub fn summary(&self, nick: &str) -> String {
        let pronouns = self.get(nick, Key::Pronouns);
        let parts = [
            self.display_name(nick),
            pronouns,
            self.get(nick, Key::Status),
        ];
        let told: Vec<&str> = parts.into_iter().flatten().collect();
        told.join(" · ")
    }

    /// Takes in what somebody tells, which is clean; nothing, or nothing that one sees: it is forgotten.
    pub fn tell(&mut self, nick: &str, key: Key, value: Option<&str>) {
        let folded = name::folded(nick);
        let value = value.map(str::trim).filter(|value| !value.is_empty());
        let Some(value) = value else {
            if let Some(told) = self.known.get_mut(&folded) {
                told.remove(&key);
            }
            return;
        };
        if self.known.len() < PEOPLE_MAX || self.known.contains_key(&folded) {
            let value = value.chars().take(VALUE_CHARS_MAX).collect();
            self.known.entry(folded).or_default().insert(key, value);
        }
    }

    /// Somebody has another nick.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(told) = self.known.remove(&name::folded(from)) {
            self.known.insert(name::folded(to), told);
        }
    }

    /// Who has this nick next may be somebody else.
    pub fn forget(&mut self, nick: &str) {
        self.known.remove(&name::folded(nick));
    }

    /// Nothing is known any more.
    pub fn clear(&mut self) {
        self.known.clear();
    }
}
