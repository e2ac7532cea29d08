//! Entries go into a log, and their words out of it again. It never commits: the writer does.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, params};
use server_core::storage::{Entry, LogKey, StorageReply};

use super::intake::{self, Gathered};
use super::pending::{Key, Pending, Tail};
use super::record::Record;
use super::row::{self, COLUMNS, MESSAGE_MAX, REMOVED};
use super::{log, recognise, search};
use crate::database::{time_number, time_of};
use crate::storage::{NO_SUCH_ENTRY, is_same_sender};

/// Logs whose number is remembered; past it all are forgotten, and looked up again.
const REMEMBERED_MAX: usize = 20_000;

/// The greatest id in the database. The ids of a server grow, so that one which is greater need not be looked for.
#[derive(Clone, Debug, Default)]
struct Greatest {
    id: String,
    /// The logs that hold it, if that is known: what somebody does in all their rooms at once, as when they leave, has one
    /// id in all of them.
    logs: Option<HashSet<i64>>,
}

impl Greatest {
    /// Takes the id of an entry that was there already, in whatever log.
    fn found(&mut self, id: &str) {
        if *id > *self.id {
            id.clone_into(&mut self.id);
        }
    }

    /// Takes the id of an entry that goes into a log.
    fn take(&mut self, id: &str, log: i64) {
        if *id > *self.id {
            id.clone_into(&mut self.id);
            self.logs.get_or_insert_default().clear();
        }
        if *id == *self.id
            && let Some(logs) = &mut self.logs
        {
            logs.insert(log);
        }
    }

    /// Whether a log may hold that id.
    fn may_be_in(&self, log: i64, id: &str) -> bool {
        match id.cmp(&self.id) {
            Ordering::Less => true,
            Ordering::Equal => self.logs.as_ref().is_none_or(|logs| logs.contains(&log)),
            Ordering::Greater => false,
        }
    }
}

/// What the writer remembers between commits.
#[derive(Debug)]
pub(super) struct Memory {
    next_seq: i64,
    greatest: Greatest,
    /// As it was at the last commit.
    greatest_before: Greatest,
    logs: HashMap<LogKey, i64>,
    /// What waits to be settled.
    pub(super) pending: Pending,
    /// Entries of the transaction that is under way.
    gathered: Gathered,
    /// Room for the words of one entry.
    words: String,
}

impl Memory {
    /// As the database says.
    pub(super) fn new(connection: &Connection) -> Result<Self> {
        let last: Option<i64> =
            connection.query_row("SELECT max(seq) FROM entry", (), |row| row.get(0))?;
        let id: Option<String> =
            connection.query_row("SELECT max(id) FROM entry", (), |row| row.get(0))?;
        let mut memory = Self {
            next_seq: last
                .unwrap_or(0)
                .max(intake::last_seq(connection)?.unwrap_or(0))
                + 1,
            greatest: Greatest {
                id: id.unwrap_or_default(),
                logs: None,
            },
            greatest_before: Greatest::default(),
            logs: HashMap::new(),
            pending: Pending::default(),
            gathered: Gathered::default(),
            words: String::new(),
        };
        let greatest = &mut memory.greatest;
        memory.pending = Pending::load(connection, &mut |record| greatest.found(record.id))?;
        memory.greatest_before.clone_from(&memory.greatest);
        Ok(memory)
    }

    /// The number of the last entry.
    pub(super) fn last_seq(&self) -> i64 {
        self.next_seq - 1
    }

    /// Puts what is gathered into the database, at the end of a transaction.
    pub(super) fn put(&mut self, connection: &Connection) -> Result<()> {
        self.gathered.put(connection)
    }

    /// The transaction was committed.
    pub(super) fn commit(&mut self) {
        self.pending.commit();
        self.greatest_before.clone_from(&self.greatest);
    }

    /// Forgets what was not committed. Sequence numbers are never used again.
    pub(super) fn roll_back(&mut self) {
        self.logs.clear();
        self.gathered.clear();
        self.pending.roll_back();
        self.greatest.clone_from(&self.greatest_before);
    }

    fn number(&mut self, connection: &Connection, key: &LogKey) -> Result<i64> {
        if let Some(log) = self.logs.get(key) {
            return Ok(*log);
        }
        let log = log::find_or_make(connection, key)?;
        if self.logs.len() >= REMEMBERED_MAX {
            self.logs.clear();
        }
        self.logs.insert(key.clone(), log);
        Ok(log)
    }

    /// Forgets one log. `true`: something of it waits to be settled.
    pub(super) fn forget(&mut self, key: &LogKey, log: i64) -> bool {
        self.logs.remove(key);
        self.pending.forget(log)
    }

    /// Those that wait and may bear that, oldest first: `pick` makes of each what it is looked for.
    fn waiting<T>(
        &mut self,
        connection: &Connection,
        key: Key<'_>,
        most: usize,
        pick: &mut dyn FnMut(&Record<'_>) -> Option<T>,
    ) -> Result<Option<T>> {
        let twins = self.pending.twins(key);
        if !twins.is_empty() {
            self.gathered.put(connection)?;
        }
        for seq in twins.into_iter().take(most) {
            let Some(taken) = intake::holding(connection, seq)? else {
                continue;
            };
            for (number, record) in taken.records()? {
                if number == seq
                    && !self.pending.is_forgotten(record.log)
                    && let Some(picked) = pick(&record)
                {
                    return Ok(Some(picked));
                }
            }
        }
        Ok(None)
    }

    /// The entry that this one would repeat in its log: with the same id, or with the same own id from the same person,
    /// who in a log of two may have come as another guest.
    fn repeated(
        &mut self,
        connection: &Connection,
        (key, log): (&LogKey, i64),
        entry: &Entry,
    ) -> Result<Option<Arc<Entry>>> {
        if self.greatest.may_be_in(log, &entry.id) {
            if let Some(found) = recognise::same_id(connection, log, entry)? {
                return Ok(Some(found));
            }
            self.gathered.put(connection)?;
            if let Some((seq, taken)) = intake::bearing(connection, log, &entry.id)? {
                let records = taken.records()?.into_iter();
                let mut same = records.filter(|(number, _)| *number == seq);
                return Ok(same.next().map(|(_, record)| record.entry()));
            }
        }
        let Some(own) = entry.own_id.as_deref() else {
            return Ok(None);
        };
        if let Some(found) = recognise::same_person(connection, log, own, entry)? {
            return Ok(Some(found));
        }
        let same = &mut |record: &Record<'_>| {
            let is_same = record.log == log && record.own_id == Some(own);
            let stored = is_same.then(|| record.entry());
            stored.filter(|stored| is_same_sender(stored, entry))
        };
        let found = self.waiting(connection, Key::Own(log, own), usize::MAX, same)?;
        if found.is_some() || matches!(key, LogKey::Room(_)) {
            return Ok(found);
        }
        if let Some(found) = recognise::sent_again(connection, None, entry)? {
            return Ok(Some(found));
        }
        let again = &mut |record: &Record<'_>| {
            let is_removed = record.kind >= REMOVED;
            let stored = (record.own_id == Some(own)).then(|| record.entry());
            stored.filter(|stored| stored.is_sent_again_as(entry, is_removed))
        };
        self.waiting(connection, Key::OwnOfTwo(own), recognise::TWINS_MAX, again)
    }
}

/// Appends one entry, or answers with the one it repeats.
pub(super) fn append(
    connection: &Connection,
    memory: &mut Memory,
    key: &LogKey,
    entry: &Entry,
) -> Result<StorageReply> {
    let log = memory.number(connection, key)?;
    if let Some(entry) = memory.repeated(connection, (key, log), entry)? {
        return Ok(StorageReply::Repeated { entry });
    }
    let tail: Tail = memory.pending.tail(connection, log)?;
    let bytes = i64::try_from(entry.bytes()).unwrap_or(i64::MAX);
    let mut words = std::mem::take(&mut memory.words);
    row::join(&mut words, &entry.lines);
    let record = Record {
        log,
        time: time_number(entry.time).max(tail.last),
        nth: tail.nth + 1,
        upto: tail.upto.saturating_add(bytes),
        kind: row::kind_number(entry.kind),
        bot: entry.bot,
        id: &entry.id,
        own_id: entry.own_id.as_deref(),
        source: &entry.source,
        account: entry.account.as_deref(),
        target: &entry.target,
        client_tags: &entry.client_tags,
        words: &words,
        event: &entry.event,
    };
    let seq = memory.next_seq;
    memory.next_seq += 1;
    let took = memory.gathered.push(connection, seq, &record)?;
    let is_of_two = matches!(key, LogKey::Pair(..));
    memory.pending.note(seq, &record, is_of_two, took);
    memory.greatest.take(&entry.id, log);
    let time = time_of(record.time);
    memory.words = words;
    Ok(StorageReply::Appended { time })
}

/// Takes the words of one entry out, of the index too. Its ids stay: it can still be counted from, and is recognised
/// when it is sent again.
pub(super) fn remove(
    connection: &Connection,
    memory: &mut Memory,
    key: &LogKey,
    id: &str,
) -> Result<StorageReply> {
    let Some(log) = log::find(connection, key)? else {
        return Ok(StorageReply::Failed(NO_SUCH_ENTRY.to_owned()));
    };
    let select = format!("SELECT {COLUMNS}, seq FROM entry WHERE id = ?1 AND log = ?2");
    let found = connection
        .prepare_cached(&select)?
        .query_row(params![id, log], |row| {
            let kind: i64 = row.get(1)?;
            Ok((row::decode(row)?, kind, row.get(11)?))
        })
        .optional()?;
    let Some((entry, kind, seq)) = found else {
        return remove_waiting(connection, memory, log, id);
    };
    if kind < REMOVED {
        if kind <= MESSAGE_MAX {
            search::unindex(connection, seq, log, &entry)?;
        }
        connection
            .prepare_cached(
                "UPDATE entry SET kind = kind + ?2, words = '', client_tags = '', event = '' \
                 WHERE seq = ?1",
            )?
            .execute([seq, REMOVED])?;
    }
    Ok(StorageReply::Removed)
}

/// The same for one that has not settled.
fn remove_waiting(
    connection: &Connection,
    memory: &mut Memory,
    log: i64,
    id: &str,
) -> Result<StorageReply> {
    memory.gathered.put(connection)?;
    let Some((seq, taken)) = intake::bearing(connection, log, id)? else {
        return Ok(StorageReply::Failed(NO_SUCH_ENTRY.to_owned()));
    };
    intake::change(connection, &taken, |number, record| {
        (number == seq && record.kind < REMOVED).then(|| Record {
            kind: record.kind + REMOVED,
            words: "",
            client_tags: "",
            event: "",
            ..*record
        })
    })?;
    Ok(StorageReply::Removed)
}
