//! The rooms that a network listed, with how many are in them and what they are about.
//! It must never grow with the network: of too many the largest stay.

use std::collections::BTreeMap;

/// How many rooms are kept.
pub const ROOMS_MAX: usize = 5_000;
/// Characters of a topic that are kept.
const TOPIC_MAX: usize = 160;

/// What is known of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// How many are in it.
    pub members: u32,
    /// What it is about, as one line; often empty.
    pub topic: String,
}

/// The rooms of a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    rooms: BTreeMap<String, Listed>,
    /// Whether the answer is on its way.
    pub is_arriving: bool,
    /// Rooms of fewer members were not asked for, or had no space.
    pub least: u32,
    /// Rooms of fewer members find no space: `least`, or one more where there are too many of that size.
    floor: u32,
    /// Why the answer ended early; often empty.
    pub trouble: String,
    /// Whether rows of the answer are shown in the pane, and not told one by one.
    pub is_shown: bool,
}

impl Directory {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rooms.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// What is known of a room.
    pub fn get(&self, room: &str) -> Option<&Listed> {
        self.rooms.get(room)
    }

    /// All rooms by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Listed)> {
        self.rooms
            .iter()
            .map(|(name, listed)| (name.as_str(), listed))
    }

    /// Takes a room in; where there are too many the smaller half goes.
    pub fn insert(&mut self, room: String, members: u32, topic: &str) {
        if members < self.floor {
            return;
        }
        if self.rooms.len() >= ROOMS_MAX && !self.rooms.contains_key(&room) {
            self.drop_half();
            if members < self.floor {
                return;
            }
        }
        let topic = topic.chars().take(TOPIC_MAX).collect();
        self.rooms.insert(room, Listed { members, topic });
    }

    /// Keeps the larger half; of rooms of the middle size, if they are too many, those that came first by name, and no
    /// more of them are taken in.
    fn drop_half(&mut self) {
        let mut sizes: Vec<u32> = self.rooms.values().map(|listed| listed.members).collect();
        sizes.sort_unstable();
        let middle = sizes.get(sizes.len() / 2).copied().unwrap_or_default();
        let larger = sizes.iter().filter(|size| **size > middle).count();
        let mut free = (ROOMS_MAX / 2).saturating_sub(larger);
        self.rooms.retain(|_, listed| {
            let is_last = listed.members == middle && free > 0;
            free -= usize::from(is_last);
            listed.members > middle || is_last
        });
        self.least = self.least.max(middle).max(1);
        self.floor = middle.saturating_add(1);
    }

    /// Knows of a room that was not listed.
    pub fn hear_of(&mut self, room: String) {
        if self.rooms.len() < ROOMS_MAX {
            self.rooms.entry(room).or_insert(Listed {
                members: 1,
                topic: String::new(),
            });
        }
    }

    /// The server was asked anew, for rooms of at least so many members.
    pub fn begin(&mut self, least: u32) {
        self.rooms.clear();
        (self.least, self.floor) = (least, least);
        self.trouble.clear();
        self.is_arriving = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_the_largest_stay() {
        let mut directory = Directory::default();
        for number in 0..20_000_u32 {
            directory.insert(format!("#r{number}"), number % 1000, "");
        }
        assert!(directory.len() <= ROOMS_MAX && directory.len() >= ROOMS_MAX / 2);
        let known = directory.iter().map(|(_, listed)| listed.members);
        assert_eq!(known.min(), Some(directory.least));
        assert!(directory.get("#r19999").is_some());
        // All alike, and too many: nothing grows, and what is there stays.
        let mut alike = Directory::default();
        for number in 0..20_000_u32 {
            alike.insert(format!("#r{number}"), 1, "");
        }
        assert_eq!((alike.len(), alike.least), (ROOMS_MAX / 2, 1));
        for number in 0..20_000_u32 {
            alike.insert(format!("#large{number}"), 2, "");
        }
        assert!(alike.len() <= ROOMS_MAX && alike.len() >= ROOMS_MAX / 2);
        assert_eq!(
            alike.iter().map(|(_, listed)| listed.members).min(),
            Some(2)
        );
    }
}
