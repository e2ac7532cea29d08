//! What the writer remembers of entries that are stored and wait to be settled: where their logs end, and which own ids
//! they bear. It never holds the entries themselves, and what it remembers is as good as what the database says: after a
//! transaction that failed it is as it was before.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};

use rusqlite::{Connection, OptionalExtension, Result};

use super::intake;
use super::record::Record;
use super::sweep;
use crate::storage::SLACK;

/// Entries that may wait: some second of settling, for which the first question after them may have to wait.
const ENTRIES_MAX: usize = 131_072;
/// Bytes of them that may wait.
const BYTES_MAX: usize = 64 << 20;
/// How far above these it may go where nothing can be settled; then nothing more is taken.
const EXCESS_ENTRIES: usize = 8192;
/// Logs whose end is remembered though nothing of them waits.
const TAILS_MAX: usize = 20_000;

/// Where a log ends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tail {
    /// The time of its last entry.
    pub(super) last: i64,
    /// Entries and bytes of texts that it ever got.
    pub(super) nth: i64,
    pub(super) upto: i64,
    /// Its entries that wait.
    waiting: u32,
    /// Entries that settled since it was looked at whether it has too many.
    fresh: u32,
    /// Whether it is looked at once none of it waits.
    is_suspect: bool,
    /// Whether it goes whole once none of it waits.
    is_forgotten: bool,
}

impl Tail {
    /// The same with one entry more that waits.
    fn and(self, record: &Record<'_>) -> Self {
        Self {
            last: record.time,
            nth: record.nth,
            upto: record.upto,
            waiting: self.waiting + 1,
            ..self
        }
    }
}

/// By what an entry is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'a> {
    /// Its own id, in a log.
    Own(i64, &'a str),
    /// Its own id, in any log of two.
    OwnOfTwo(&'a str),
}

/// What comes of entries that have settled.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// Logs that got so many that they may have too many by now.
    pub(super) grown: Vec<i64>,
    /// Logs that were forgotten, and of which nothing waits any more.
    pub(super) forgotten: Vec<i64>,
}

/// An entry that has settled, as it is remembered.
#[derive(Debug)]
pub(super) struct Gone {
    seq: i64,
    log: i64,
    /// The hashes of its keys, if it has an own id.
    keys: Option<[u64; 2]>,
}

/// How a change is taken back.
#[derive(Debug)]
enum Undo {
    Tail(i64, Option<Tail>),
    Twin(u64),
}

/// The numbers of entries with one hash, oldest first. One alone, as almost all are, takes no memory of its own.
#[derive(Debug)]
struct Twins {
    first: i64,
    later: Vec<i64>,
}

impl Twins {
    fn of(first: i64) -> Self {
        Self {
            first,
            later: Vec::new(),
        }
    }

    fn all(&self) -> Vec<i64> {
        [&[self.first], &self.later[..]].concat()
    }

    /// Takes a number out, if it is there; the last one, where none is named. `false`: it was the only one.
    fn take(&mut self, seq: Option<i64>) -> bool {
        if self.later.is_empty() {
            return seq.is_some_and(|seq| seq != self.first);
        }
        match seq {
            Some(seq) if seq == self.first => self.first = self.later.remove(0),
            Some(seq) => self.later.retain(|twin| *twin != seq),
            None => drop(self.later.pop()),
        }
        true
    }
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Pending {
    tails: HashMap<i64, Tail>,
    /// Those of logs of which something waited when the others were last forgotten.
    tails_needed: usize,
    /// The numbers of entries by the hash of a [`Key`]; others may have the same.
    twins: HashMap<u64, Twins>,
    hashes: RandomState,
    entries: usize,
    bytes: usize,
    undo: Vec<Undo>,
    /// `entries` and `bytes` as they were when the transaction began.
    before: (usize, usize),
}

impl Pending {
    /// What an earlier process has left; `each` is told all of it.
    pub(super) fn load(connection: &Connection, each: &mut dyn FnMut(&Record<'_>)) -> Result<Self> {
        let mut pending = Self::default();
        let mut of_two = HashMap::new();
        let mut next = i64::MIN;
        while let Some(taken) = intake::from(connection, next)? {
            next = taken.first_seq + 1;
            for (seq, record) in taken.records()? {
                let is_of_two = match of_two.get(&record.log) {
                    Some(known) => *known,
                    None => *of_two
                        .entry(record.log)
                        .or_insert(is_of_two(connection, record.log)?),
                };
                pending.note(seq, &record, is_of_two, taken.bytes_of_one());
                pending.commit();
                each(&record);
            }
        }
        // What there was to look at before is not known.
        pending.suspect_all();
        for swept in sweep::forgotten(connection)? {
            pending.forget(swept.log());
            pending.commit();
        }
        Ok(pending)
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// Whether so much waits that as much must settle as comes.
    pub(super) fn is_much(&self) -> bool {
        self.entries > ENTRIES_MAX || self.bytes > BYTES_MAX
    }

    /// How many entries wait, and how many bytes of them.
    pub(super) fn amount(&self) -> (usize, usize) {
        (self.entries, self.bytes)
    }

    /// Whether nothing more can be taken.
    pub(super) fn is_too_much(&self) -> bool {
        self.entries > ENTRIES_MAX + EXCESS_ENTRIES || self.bytes > 2 * BYTES_MAX
    }

    /// Whether an entry of that log waits.
    pub(super) fn has(&self, log: i64) -> bool {
        self.tails.get(&log).is_some_and(|tail| tail.waiting > 0)
    }

    /// Where a log ends.
    pub(super) fn tail(&mut self, connection: &Connection, log: i64) -> Result<Tail> {
        if let Some(tail) = self.tails.get(&log) {
            return Ok(*tail);
        }
        let found = connection
            .prepare_cached(
                "SELECT time, nth, upto FROM entry WHERE log = ?1 \
                 ORDER BY time DESC, seq DESC LIMIT 1",
            )?
            .query_row([log], |row| {
                Ok(Tail {
                    last: row.get(0)?,
                    nth: row.get(1)?,
                    upto: row.get(2)?,
                    ..Tail::default()
                })
            })
            .optional()?;
        Ok(found.unwrap_or_default())
    }

    /// Remembers an entry that was put into the intake.
    pub(super) fn note(&mut self, seq: i64, record: &Record<'_>, is_of_two: bool, bytes: usize) {
        if self.tails.len() >= TAILS_MAX.max(self.tails_needed * 2) {
            // What is to be undone names what it was before, so that it may be missing now.
            self.tails.retain(|_, tail| tail.waiting > 0);
            self.tails_needed = self.tails.len();
        }
        let before = match self.tails.entry(record.log) {
            Entry::Vacant(place) => {
                place.insert(Tail::default().and(record));
                None
            }
            Entry::Occupied(mut place) => {
                let before = *place.get();
                place.insert(before.and(record));
                Some(before)
            }
        };
        self.undo.push(Undo::Tail(record.log, before));
        let own = record.own_id.map(|own| Key::Own(record.log, own));
        let of_two = record.own_id.filter(|_| is_of_two).map(Key::OwnOfTwo);
        for key in [own, of_two].into_iter().flatten() {
            let hash = self.hash(key);
            match self.twins.entry(hash) {
                Entry::Vacant(place) => drop(place.insert(Twins::of(seq))),
                Entry::Occupied(twins) => twins.into_mut().later.push(seq),
            }
            self.undo.push(Undo::Twin(hash));
        }
        self.entries += 1;
        self.bytes += bytes;
    }

    /// The numbers of entries that may bear that, oldest first.
    pub(super) fn twins(&self, key: Key<'_>) -> Vec<i64> {
        if self.twins.is_empty() {
            return Vec::new();
        }
        let twins = self.twins.get(&self.hash(key));
        twins.map(Twins::all).unwrap_or_default()
    }

    /// Whether that log was forgotten.
    pub(super) fn is_forgotten(&self, log: i64) -> bool {
        self.tails.get(&log).is_some_and(|tail| tail.is_forgotten)
    }

    /// A log was forgotten. `true`: something of it waits, and it is told of in [`Settled`] once nothing does.
    pub(super) fn forget(&mut self, log: i64) -> bool {
        let tail = self.tails.get(&log).copied();
        self.undo.push(Undo::Tail(log, tail));
        match tail {
            Some(tail) if tail.waiting > 0 => {
                let is_forgotten = true;
                self.tails.insert(
                    log,
                    Tail {
                        is_forgotten,
                        ..tail
                    },
                );
                true
            }
            _ => {
                self.tails.remove(&log);
                false
            }
        }
    }

    /// A log is to be looked at once what waits of it has settled.
    pub(super) fn suspect(&mut self, log: i64) {
        if let Some(tail) = self.tails.get_mut(&log) {
            tail.is_suspect = tail.waiting > 0;
        }
    }

    /// So are all.
    pub(super) fn suspect_all(&mut self) {
        for tail in self.tails.values_mut().filter(|tail| tail.waiting > 0) {
            tail.is_suspect = true;
        }
    }

    /// What was remembered since the last time is so for good.
    pub(super) fn commit(&mut self) {
        self.undo.clear();
        self.before = (self.entries, self.bytes);
    }

    /// What was remembered since then is not so.
    pub(super) fn roll_back(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Tail(log, Some(tail)) => {
                    self.tails.insert(log, tail);
                }
                Undo::Tail(log, None) => {
                    self.tails.remove(&log);
                }
                Undo::Twin(hash) => self.take_twin(hash, None),
            }
        }
        (self.entries, self.bytes) = self.before;
    }

    /// What is to be told of an entry once the transaction in which it settles is committed.
    pub(super) fn gone(&self, seq: i64, record: &Record<'_>) -> Gone {
        let keys = |own| [Key::Own(record.log, own), Key::OwnOfTwo(own)];
        Gone {
            seq,
            log: record.log,
            keys: record.own_id.map(|own| keys(own).map(|key| self.hash(key))),
        }
    }

    /// Forgets entries that have settled.
    pub(super) fn settled(&mut self, gone: &[Gone]) -> Settled {
        let mut settled = Settled::default();
        for gone in gone {
            for hash in gone.keys.into_iter().flatten() {
                self.take_twin(hash, Some(gone.seq));
            }
            let Some(tail) = self.tails.get_mut(&gone.log) else {
                continue;
            };
            tail.waiting = tail.waiting.saturating_sub(1);
            tail.fresh = tail.fresh.saturating_add(1);
            if tail.is_forgotten && tail.waiting == 0 {
                settled.forgotten.push(gone.log);
                self.tails.remove(&gone.log);
            } else if tail.fresh >= SLACK || (tail.is_suspect && tail.waiting == 0) {
                (tail.fresh, tail.is_suspect) = (0, tail.is_suspect && tail.waiting > 0);
                settled.grown.push(gone.log);
            }
        }
        let left = self.entries.saturating_sub(gone.len());
        // Rows differ in size, but hardly: it is a bound, not a balance.
        self.bytes = self.bytes.checked_div(self.entries).unwrap_or(0) * left;
        self.entries = left;
        if left == 0 {
            // Also the memory of a burst.
            self.twins = HashMap::new();
        }
        self.before = (self.entries, self.bytes);
        settled
    }

    /// The database says that nothing waits: somebody beside this process has settled it.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Forgets a number under a hash; the last one, where none is named.
    fn take_twin(&mut self, hash: u64, seq: Option<i64>) {
        let Entry::Occupied(mut twins) = self.twins.entry(hash) else {
            return;
        };
        let is_last = !twins.get_mut().take(seq);
        if is_last {
            twins.remove();
        }
    }

    fn hash(&self, key: Key<'_>) -> u64 {
        match key {
            Key::Own(log, own) => self.hashes.hash_one((0_u8, log, own)),
            Key::OwnOfTwo(own) => self.hashes.hash_one((1_u8, own)),
        }
    }
}

fn is_of_two(connection: &Connection, log: i64) -> Result<bool> {
    let found = connection
        .prepare_cached("SELECT person IS NOT NULL FROM log WHERE log = ?1")?
        .query_row([log], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(false))
}
