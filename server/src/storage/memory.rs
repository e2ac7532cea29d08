//! Logs in memory, for tests and for rooms that need no past. It never writes anything to a disk.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use protocol::Stamp;
use server_core::Ticket;
use server_core::storage::{
    Entry, EntryKind, Keep, LogKey, RoomId, Shelf, StorageReply, StorageRequest,
};

use crate::storage::{KEY_BYTES_MAX, Storage, UNKNOWN_MARK, nick_of};
use crate::words;

mod invites;
mod log;

use invites::Invites;
use log::Log;

/// How much is held at most; the oldest goes first.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Entries of one log.
    pub entries_per_log_max: usize,
    /// Logs; past it, the one that has been quiet for longest is dropped.
    pub logs_max: usize,
    /// Entries in all (some 300 bytes each); past it, the quietest log is dropped.
    pub entries_max: usize,
    /// Records on all shelves; past it, `Keep` fails.
    pub records_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            entries_per_log_max: 10_000,
            logs_max: 4096,
            entries_max: 400_000,
            records_max: 100_000,
        }
    }
}

/// Logs that are gone when the program ends. Answers at once.
#[derive(Debug, Default)]
pub struct MemoryStorage {
    bounds: Bounds,
    logs: HashMap<LogKey, Log>,
    records: BTreeMap<(Shelf, Box<str>), Box<str>>,
    invites: Invites,
    entries: usize,
    each: Keep,
    /// What is kept of single logs, as long as they are there.
    kept: HashMap<LogKey, Keep>,
    /// Counts appends, so that the log that was quiet for longest is known.
    clock: u64,
}

impl MemoryStorage {
    /// No logs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No logs yet, and other bounds than usual.
    pub fn with_bounds(bounds: Bounds) -> Self {
        Self {
            bounds,
            ..Self::default()
        }
    }

    fn append(&mut self, key: &LogKey, entry: &Arc<Entry>) -> StorageReply {
        let here = self.logs.get(key).and_then(|log| log.repeated(entry));
        let elsewhere = || match key {
            LogKey::Pair(..) => self.sent_again(None, entry),
            LogKey::Room(_) => None,
        };
        if let Some(entry) = here.or_else(elsewhere) {
            return StorageReply::Repeated { entry };
        }
        if !self.logs.contains_key(key) && self.logs.len() >= self.bounds.logs_max {
            self.drop_quietest(None);
        }
        self.clock += 1;
        let log = self.logs.entry(key.clone()).or_default();
        let time = log.append(entry, self.clock);
        self.entries += 1;
        if log.len() > self.bounds.entries_per_log_max {
            log.forget_oldest();
            self.entries -= 1;
        }
        self.trim(key);
        while self.entries > self.bounds.entries_max && self.drop_quietest(Some(key)) {}
        StorageReply::Appended { time }
    }

    /// The entry of a room's log, or of any log of two, that was sent again with this one.
    fn sent_again(&self, room: Option<RoomId>, entry: &Entry) -> Option<Arc<Entry>> {
        let is_asked = |key: &LogKey| match (key, room) {
            (LogKey::Room(key), Some(room)) => *key == room,
            (LogKey::Pair(..), None) => true,
            (LogKey::Room(_), None) | (LogKey::Pair(..), Some(_)) => false,
        };
        let mut logs = self.logs.iter().filter(|(key, _)| is_asked(key));
        logs.find_map(|(_, log)| log.sent_again(entry))
    }

    fn retain_all(&mut self, each: Keep) -> StorageReply {
        self.each = each;
        let logs: Vec<LogKey> = self.logs.keys().cloned().collect();
        for log in logs {
            self.trim(&log);
        }
        StorageReply::Kept
    }

    /// Forgets what is more than is kept of a log.
    fn trim(&mut self, key: &LogKey) {
        let own = self.kept.get(key).copied().unwrap_or_default();
        if let Some(log) = self.logs.get_mut(key) {
            self.entries -= log.trim(self.each.within(own), crate::journal::now());
        }
    }

    fn drop_quietest(&mut self, but: Option<&LogKey>) -> bool {
        let others = self.logs.iter().filter(|(key, _)| Some(*key) != but);
        let quietest = others.min_by_key(|(_, log)| log.touched());
        let Some(key) = quietest.map(|(key, _)| key.clone()) else {
            return false;
        };
        self.drop_log(&key);
        true
    }

    fn drop_log(&mut self, key: &LogKey) {
        if let Some(log) = self.logs.remove(key) {
            self.entries -= log.len();
            self.kept.remove(key);
        }
    }

    fn targets(
        &self,
        rooms: Vec<(RoomId, Box<str>)>,
        person: &str,
        bounds: (Stamp, Stamp),
        limit: usize,
    ) -> StorageReply {
        let mut found = Vec::new();
        for (room, name) in rooms {
            if let Some(log) = self.logs.get(&LogKey::Room(room)) {
                found.extend(log.newest_message().map(|time| (name, time)));
            }
        }
        for (key, log) in &self.logs {
            if let LogKey::Pair(a, b) = key
                && let Some(other) = other_of(a, b, person)
            {
                found.extend(log.newest_message().map(|time| (other.into(), time)));
            }
        }
        StorageReply::Targets(crate::storage::order_targets(found, bounds, limit))
    }

    fn search(&self, logs: &[LogKey], sought: &Sought<'_>, limit: usize) -> StorageReply {
        let Some(pieces) = words::pieces(sought.text) else {
            return StorageReply::Entries(Vec::new());
        };
        let mut found: Vec<_> = logs
            .iter()
            .filter_map(|key| self.logs.get(key))
            .flat_map(Log::touched_entries)
            .filter(|(_, entry)| sought.matches(entry, &pieces))
            .collect();
        found.sort_by_key(|(touched, _)| std::cmp::Reverse(*touched));
        found.dedup_by_key(|(touched, _)| *touched);
        found.truncate(limit);
        StorageReply::Entries(found.into_iter().map(|(_, e)| Arc::clone(e)).collect())
    }

    fn keep(&mut self, place: (Shelf, Box<str>), value: Option<Box<str>>) -> StorageReply {
        let Some(value) = value else {
            self.records.remove(&place);
            return StorageReply::Kept;
        };
        if place.1.len() > KEY_BYTES_MAX {
            return StorageReply::Failed("the record's key is too long".to_owned());
        }
        if self.records.len() >= self.bounds.records_max && !self.records.contains_key(&place) {
            return StorageReply::Failed("the server's memory for records is full".to_owned());
        }
        self.records.insert(place, value);
        StorageReply::Kept
    }
}

impl Storage for MemoryStorage {
    fn request(&mut self, _ticket: Ticket, request: StorageRequest) -> Option<StorageReply> {
        Some(match request {
            StorageRequest::Append { log, entry } => self.append(&log, &entry),
            StorageRequest::Read {
                log,
                span,
                limit,
                events,
                not_before,
            } => self.logs.get(&log).map_or(UNKNOWN_MARK, |log| {
                StorageReply::Entries(log.read(&span, limit, events, not_before))
            }),
            StorageRequest::Targets {
                rooms,
                person,
                from,
                to,
                limit,
            } => self.targets(rooms, &person, (from, to), limit),
            StorageRequest::Find { log, id } => {
                StorageReply::Found(self.logs.get(&log).and_then(|log| log.find(&id)))
            }
            StorageRequest::Recognise { room, entry } => {
                StorageReply::Found(self.sent_again(room, &entry))
            }
            StorageRequest::Remove { log, id } => {
                if self.logs.get_mut(&log).is_some_and(|log| log.remove(&id)) {
                    StorageReply::Removed
                } else {
                    StorageReply::Failed(crate::storage::NO_SUCH_ENTRY.to_owned())
                }
            }
            StorageRequest::Search {
                logs,
                text,
                from,
                after,
                before,
                limit,
            } => {
                let sought = Sought {
                    text: &text,
                    from: from.as_deref(),
                    after,
                    before,
                };
                self.search(&logs, &sought, limit)
            }
            StorageRequest::Drop { log } => {
                self.drop_log(&log);
                StorageReply::Removed
            }
            StorageRequest::RetainAll { each, .. } => self.retain_all(each),
            StorageRequest::Retain { log, keep } => {
                self.kept.insert(log.clone(), keep);
                self.trim(&log);
                StorageReply::Kept
            }
            StorageRequest::Keep { shelf, key, value } => self.keep((shelf, key), value),
            StorageRequest::Invites(request) => self.invites.answer(request),
            StorageRequest::Recall { shelf } => StorageReply::Shelved(
                self.records
                    .iter()
                    .filter(|((of, _), _)| *of == shelf)
                    .map(|((_, key), value)| (key.clone(), value.clone()))
                    .collect(),
            ),
        })
    }

    fn finish(self: Box<Self>) {}
}

/// What a search asks for, but where.
struct Sought<'a> {
    text: &'a str,
    from: Option<&'a str>,
    after: Option<Stamp>,
    before: Option<Stamp>,
}

impl Sought<'_> {
    fn matches(&self, entry: &Entry, pieces: &[Vec<String>]) -> bool {
        let is_message = matches!(entry.kind, EntryKind::Privmsg | EntryKind::Notice);
        let is_from = |nick| protocol::casemap::same(nick_of(&entry.source), nick);
        if !is_message
            || !self.from.is_none_or(is_from)
            || self.after.is_some_and(|after| entry.time <= after)
            || self.before.is_some_and(|before| entry.time >= before)
        {
            return false;
        }
        let words = words::words(&words::indexed(&entry.lines));
        let follows = |piece: &Vec<String>| words.windows(piece.len()).any(|run| run == piece);
        pieces.iter().all(follows)
    }
}

/// Whom a person talks to in a log of two.
fn other_of<'a>(a: &'a str, b: &'a str, person: &str) -> Option<&'a str> {
    if a == person {
        Some(b)
    } else {
        (b == person).then_some(a)
    }
}
