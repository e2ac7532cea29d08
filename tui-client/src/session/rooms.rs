//! Which rooms we are in or want to be in, and lists of names while they arrive.
//! It must never keep who is in a room: that is the screen's, fed by events.

use std::collections::BTreeMap;

use crate::session::event::{Event, Message, Millis};
use crate::session::gap::Gap;
use crate::session::whereabouts::Member;

/// More rooms than anybody is in; a hostile server could else push us into them without end.
const ROOMS_MAX: usize = 1000;
/// Lists of names that may be under way at a time.
const LISTS_MAX: usize = 8;
/// Members of one list of names.
const MEMBERS_MAX: usize = 100_000;

/// A room as the session knows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    /// The name as it is shown.
    pub(crate) name: String,
    /// What JOIN needs to be let in.
    pub(crate) key: Option<String>,
    /// Whether it is entered again after a lost link.
    pub(crate) is_wanted: bool,
    /// Whether it lets in only who is logged in.
    pub(crate) needs_account: bool,
    /// Whether we are in it now.
    pub(crate) is_entered: bool,
    /// Whether it was asked who is away, logged in, a bot.
    pub(crate) is_surveyed: bool,
    /// Up to when everything in it is known, but for what was told as missing.
    pub(crate) seen: Option<Millis>,
    /// When the newest message in it was said, or it was entered: what came before may be on its way still.
    pub(crate) heard: Option<Millis>,
}

/// Messages of pages that wait for older ones, and what was done to them.
pub(crate) type Held = (Vec<Message>, Vec<Event>);

/// A page of history that was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    /// At most so many messages.
    pub(crate) limit: usize,
    /// After when; `None`: as far back as they go.
    pub(crate) since: Option<Millis>,
    /// Of this time or before it, where a server goes by times alone.
    pub(crate) until: Option<Millis>,
    /// The gap that is to be filled, if it is one.
    pub(crate) gap: Option<Gap>,
    /// How many pages before it brought nothing.
    pub(crate) pages: u8,
    /// What the pages before it brought: too little to be shown alone.
    pub(crate) held: Held,
    /// The message that alone is meant.
    pub(crate) parent: Option<String>,
    /// Whether it begins with the oldest of the gap, and leaves the newest.
    pub(crate) is_oldest: bool,
    /// Whether it lies somewhere in between, so that its size says nothing about what there is.
    pub(crate) is_inside: bool,
}

impl Ask {
    /// A page of at most so many messages.
    pub(crate) fn of(limit: u16) -> Self {
        Self {
            limit: usize::from(limit),
            ..Self::default()
        }
    }
}

/// A page that is to be asked for, as it goes onto the wire.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) target: String,
    /// From where it is counted.
    pub(crate) sort: &'static str,
    pub(crate) bounds: Vec<String>,
    pub(crate) ask: Ask,
}

impl Page {
    /// Whether another one takes its place while neither is asked for yet: so there is never more than one of each sort.
    fn is_like(&self, other: &Self) -> bool {
        self.sort == other.sort && self.ask.since.is_some() == other.ask.since.is_some()
    }

    /// Whether it tells what was missed, which nobody would ask for again.
    fn is_first(&self) -> bool {
        self.sort == "LATEST"
    }
}

/// All rooms, by folded name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rooms {
    known: BTreeMap<String, Room>,
    asks: BTreeMap<String, Ask>,
    /// Pages that wait for the one before them, by window.
    waiting: BTreeMap<String, Vec<Page>>,
    lists: BTreeMap<String, Vec<Member>>,
}

impl Rooms {
    /// The room of that folded name.
    pub(crate) fn find(&self, folded: &str) -> Option<&Room> {
        self.known.get(folded)
    }

    /// The room of that folded name, to change it.
    pub(crate) fn find_mut(&mut self, folded: &str) -> Option<&mut Room> {
        self.known.get_mut(folded)
    }

    /// The room of that folded name, made if there is space for it.
    pub(crate) fn open(&mut self, folded: String, name: &str) -> Option<&mut Room> {
        if self.known.len() >= ROOMS_MAX && !self.known.contains_key(&folded) {
            return None;
        }
        Some(self.known.entry(folded).or_insert_with(|| Room {
            name: name.to_owned(),
            ..Room::default()
        }))
    }

    /// A room has another name; whether it is one that we are in.
    pub(crate) fn rename(&mut self, from: &str, to: String, name: &str) -> bool {
        let room = self.known.remove(from);
        let is_ours = room.as_ref().is_some_and(|room| room.is_entered);
        if let Some(mut room) = room {
            name.clone_into(&mut room.name);
            self.known.insert(to, room);
        }
        is_ours
    }

    /// We are out, for good or until the link is back.
    pub(crate) fn leave(&mut self, folded: &str) {
        if let Some(room) = self.known.get_mut(folded) {
            room.is_entered = false;
            room.is_wanted = false;
        }
    }

    /// The link broke: we are nowhere, and what was wanted stays wanted.
    pub(crate) fn forget_presence(&mut self) {
        self.lists.clear();
        self.asks.clear();
        self.waiting.clear();
        for room in self.known.values_mut() {
            room.is_entered = false;
            room.is_surveyed = false;
            room.heard = room.seen;
        }
    }

    /// What is to be entered when the link is there, with keys.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = &Room> {
        self.known
            .values()
            .filter(|room| room.is_wanted && !room.is_entered)
    }

    /// Those that we are in.
    pub(crate) fn entered(&self) -> impl Iterator<Item = &Room> {
        self.known.values().filter(|room| room.is_entered)
    }

    /// Those that wait for us to be logged in, once.
    pub(crate) fn take_closed(&mut self) -> Vec<String> {
        let closed = self.known.values_mut().filter(|room| !room.is_entered);
        let closed = closed.filter_map(|room| {
            let is_due = std::mem::take(&mut room.needs_account);
            room.is_wanted |= is_due;
            is_due.then(|| room.name.clone())
        });
        closed.collect()
    }

    /// Adds members to a list that is arriving.
    pub(crate) fn list(&mut self, folded: String, members: impl Iterator<Item = Member>) {
        if self.lists.len() >= LISTS_MAX && !self.lists.contains_key(&folded) {
            return;
        }
        let list = self.lists.entry(folded).or_default();
        let space = MEMBERS_MAX.saturating_sub(list.len());
        list.extend(members.take(space));
    }

    /// The list is complete.
    pub(crate) fn take_list(&mut self, folded: &str) -> Vec<Member> {
        self.lists.remove(folded).unwrap_or_default()
    }

    /// Whether nothing of that window is asked for, nor waits for it.
    pub(crate) fn is_free(&self, folded: &str) -> bool {
        self.has_turn(folded) && !self.waiting.contains_key(folded)
    }

    fn has_turn(&self, folded: &str) -> bool {
        self.asks.len() < ROOMS_MAX && !self.asks.contains_key(folded)
    }

    /// A page of that window is asked for; whether it may be, one at a time.
    pub(crate) fn ask(&mut self, folded: String, ask: &Ask) -> bool {
        let is_turn = self.has_turn(&folded);
        if is_turn {
            self.asks.insert(folded, ask.clone());
        }
        is_turn
    }

    /// What is asked for of that window.
    pub(crate) fn asked_mut(&mut self, folded: &str) -> Option<&mut Ask> {
        self.asks.get_mut(folded)
    }

    /// A page waits for the one that is on its way; false for more windows than anybody opens.
    pub(crate) fn wait(&mut self, folded: String, page: Page) -> bool {
        if self.waiting.len() >= ROOMS_MAX && !self.waiting.contains_key(&folded) {
            return false;
        }
        let pages = self.waiting.entry(folded).or_default();
        pages.retain(|other| !other.is_like(&page));
        let place = if page.is_first() { 0 } else { pages.len() };
        pages.insert(place, page);
        true
    }

    /// The windows of which pages wait.
    pub(crate) fn waiting(&self) -> Vec<String> {
        self.waiting.keys().cloned().collect()
    }

    /// The page that is next in a window: it counts as asked for.
    pub(crate) fn take_next(&mut self, folded: &str) -> Option<Page> {
        if !self.has_turn(folded) {
            return None;
        }
        let mut pages = self.waiting.remove(folded)?.into_iter();
        let next = pages.next()?;
        let rest: Vec<Page> = pages.collect();
        if !rest.is_empty() {
            self.waiting.insert(folded.to_owned(), rest);
        }
        self.asks.insert(folded.to_owned(), next.ask.clone());
        Some(next)
    }

    /// The page came.
    pub(crate) fn take_ask(&mut self, folded: &str) -> Option<Ask> {
        // What tells what was missed may wait behind it.
        let is_last = !self.waiting.contains_key(folded);
        if let Some(room) = self.known.get_mut(folded).filter(|_| is_last) {
            room.seen = room.seen.max(room.heard);
        }
        self.asks.remove(folded)
    }

    /// Something was said in a room, or it was entered. While a page is on its way a link may still break before it
    /// comes: then what is in it is not known.
    pub(crate) fn hear(&mut self, folded: &str, at: Millis) {
        let is_open = self.asks.contains_key(folded) || self.waiting.contains_key(folded);
        if let Some(room) = self.known.get_mut(folded) {
            room.heard = room.heard.max(Some(at));
            if !is_open {
                room.seen = room.seen.max(room.heard);
            }
        }
    }
}
