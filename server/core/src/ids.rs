//! Small names for things that are looked up often, and the slots that hold them. It never hands an id out twice.

/// A connection, as the doors number it. A slot is used again, its generation never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId {
    /// The place in every table of sessions.
    pub index: u32,
    /// How many sessions had that place before.
    pub generation: u32,
}

/// A person (or a bot): one nick, with one session or more, or none while away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub(crate) Slot);

/// A living room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(pub(crate) Slot);

/// A room for all times, apart from its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u64);

/// Pairs an answer with what asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Names a batch on the wire, unlike any other of this process. It is written only where a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Of the answer or the message.
    pub seed: u64,
    /// What gives numbers: answers and messages do not share them.
    pub kind: char,
    /// Within that.
    pub count: u32,
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x}{}", self.seed, self.kind)?;
        if self.count > 0 {
            write!(f, "{}", self.count)?;
        }
        Ok(())
    }
}

/// A place in [`Slots`], with the generation that tells an old id from a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    index: u32,
    generation: u32,
}

impl Slot {
    /// A slot that nothing is ever in.
    pub const NONE: Self = Self {
        index: u32::MAX,
        generation: 0,
    };
}

/// Values by id: looked up by place, with ids that go stale instead of meaning somebody else.
#[derive(Debug)]
pub struct Slots<T> {
    places: Vec<(u32, Option<T>)>,
    free: Vec<u32>,
    count: usize,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            places: Vec::new(),
            free: Vec::new(),
            count: 0,
        }
    }
}

impl<T> Slots<T> {
    /// Puts a value in and says where.
    pub fn insert(&mut self, value: T) -> Slot {
        self.count += 1;
        let reused = self.free.pop();
        if let Some(index) = reused
            && let Some((generation, place)) = self.places.get_mut(index as usize)
        {
            *place = Some(value);
            return Slot {
                index,
                generation: *generation,
            };
        }
        let index = u32::try_from(self.places.len()).expect("fewer than 2^32 values fit in memory");
        self.places.push((0, Some(value)));
        Slot {
            index,
            generation: 0,
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, slot: Slot) -> Option<T> {
        let (generation, place) = self.places.get_mut(slot.index as usize)?;
        if *generation != slot.generation {
            return None;
        }
        let value = place.take()?;
        *generation = generation.wrapping_add(1);
        self.free.push(slot.index);
        self.count -= 1;
        Some(value)
    }

    /// The value, unless the id is stale.
    pub fn get(&self, slot: Slot) -> Option<&T> {
        match self.places.get(slot.index as usize) {
            Some((generation, Some(value))) if *generation == slot.generation => Some(value),
            _ => None,
        }
    }

    /// The value to change, unless the id is stale.
    pub fn get_mut(&mut self, slot: Slot) -> Option<&mut T> {
        match self.places.get_mut(slot.index as usize) {
            Some((generation, Some(value))) if *generation == slot.generation => Some(value),
            _ => None,
        }
    }

    /// All values with their ids, by place.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, &T)> {
        self.places
            .iter()
            .enumerate()
            .filter_map(|(index, (generation, value))| {
                let index = u32::try_from(index).ok()?;
                Some((
                    Slot {
                        index,
                        generation: *generation,
                    },
                    value.as_ref()?,
                ))
            })
    }

    /// How many values there are.
    pub fn count(&self) -> usize {
        self.count
    }
}
