//! Who is in a room: sorted as shown, found by nick, with who spoke last.
//! It must never be sorted while drawing: a room may have ten thousand members.

use std::collections::BTreeMap;

use crate::name;
use crate::session::whereabouts::Member;

/// The place in the list: who is here before who is away, high standing first, then by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    is_away: bool,
    standing: usize,
    folded: String,
}

/// The members of a room.
///
/// Invariant: `places` names each member of `members` once, by the folded nick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    members: BTreeMap<Place, Member>,
    places: BTreeMap<String, Place>,
    /// When each who spoke did so last, as a rising number.
    spoke: BTreeMap<String, u64>,
    turn: u64,
    away: usize,
    ranking: String,
}

impl Roster {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many are not away.
    pub fn here(&self) -> usize {
        self.members.len().saturating_sub(self.away)
    }

    /// All members, in the order of the list.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// The member with this nick.
    pub fn get(&self, nick: &str) -> Option<&Member> {
        self.members.get(self.places.get(&name::folded(nick))?)
    }

    /// Puts a complete list in place of what was known; `ranking` has the prefixes, highest first.
    pub fn replace(&mut self, members: Vec<Member>, ranking: &str) {
        self.members.clear();
        self.places.clear();
        self.away = 0;
        ranking.clone_into(&mut self.ranking);
        for member in members {
            self.insert(member);
        }
        let places = &self.places;
        self.spoke.retain(|folded, _| places.contains_key(folded));
    }

    /// Adds a member, or puts it in place of the one with the same nick.
    pub fn insert(&mut self, member: Member) {
        let folded = name::folded(&member.nick);
        self.take(&folded);
        let highest = member.prefixes.chars().next();
        let standing = highest
            .and_then(|prefix| self.ranking.chars().position(|ranked| ranked == prefix))
            .unwrap_or(usize::MAX);
        let place = Place {
            is_away: member.is_away,
            standing,
            folded: folded.clone(),
        };
        self.away += usize::from(place.is_away);
        self.places.insert(folded, place.clone());
        self.members.insert(place, member);
    }

    /// Takes a member out.
    pub fn remove(&mut self, nick: &str) -> Option<Member> {
        let folded = name::folded(nick);
        self.spoke.remove(&folded);
        self.take(&folded)
    }

    fn take(&mut self, folded: &str) -> Option<Member> {
        let place = self.places.remove(folded)?;
        self.away = self.away.saturating_sub(usize::from(place.is_away));
        self.members.remove(&place)
    }

    /// Changes a member, if there is one with this nick.
    pub fn change(&mut self, nick: &str, change: impl FnOnce(&mut Member)) -> bool {
        let folded = name::folded(nick);
        let spoke = self.spoke.get(&folded).copied();
        let Some(mut member) = self.remove(nick) else {
            return false;
        };
        change(&mut member);
        if let Some(turn) = spoke {
            self.spoke.insert(name::folded(&member.nick), turn);
        }
        self.insert(member);
        true
    }

    /// Gives or takes a prefix.
    pub fn stand(&mut self, nick: &str, prefix: char, is_given: bool) {
        let ranking = self.ranking.clone();
        self.change(nick, |member| {
            member.prefixes.retain(|held| held != prefix);
            if is_given {
                member.prefixes.push(prefix);
                let mut held: Vec<char> = member.prefixes.chars().collect();
                held.sort_by_key(|prefix| ranking.chars().position(|ranked| ranked == *prefix));
                member.prefixes = held.into_iter().collect();
            }
        });
    }

    /// Remembers that this member spoke just now.
    pub fn spoke(&mut self, nick: &str) {
        let folded = name::folded(nick);
        if let Some(turn) = self.spoke.get_mut(&folded) {
            self.turn += 1;
            *turn = self.turn;
        } else if self.places.contains_key(&folded) {
            self.turn += 1;
            self.spoke.insert(folded, self.turn);
        }
    }

    /// The nicks that begin so, who spoke last first, then by name.
    pub fn completions(&self, start: &str) -> Vec<&str> {
        let start = name::folded(start);
        let mut found: Vec<(u64, &str)> = self
            .places
            .range(start.clone()..)
            .take_while(|(folded, _)| folded.starts_with(&start))
            .filter_map(|(folded, place)| {
                let turn = self.spoke.get(folded).copied().unwrap_or(0);
                Some((turn, self.members.get(place)?.nick.as_str()))
            })
            .collect();
        found.sort_by_key(|(turn, _)| std::cmp::Reverse(*turn));
        found.into_iter().map(|(_, nick)| nick).collect()
    }

    /// Forgets everybody.
    pub fn clear(&mut self) {
        *self = Self {
            ranking: std::mem::take(&mut self.ranking),
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests;
