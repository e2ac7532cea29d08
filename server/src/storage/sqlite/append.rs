//! Entries go into a log, and their words out of it again. It never commits: the writer does.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Result, params};
use server_core::storage::{Entry, LogKey, StorageReply};

use super::row::{self, COLUMNS, MESSAGE_MAX, REMOVED};
use super::{log, recognise, search};
use crate::database::{time_number, time_of};
use crate::storage::NO_SUCH_ENTRY;

/// Logs whose number and last time are remembered; past it all are forgotten, and looked up again.
const REMEMBERED_MAX: usize = 20_000;

/// What the writer remembers between commits. After a failed one it must be made anew.
#[derive(Debug)]
pub(super) struct Memory {
    next_seq: i64,
    logs: HashMap<LogKey, Place>,
}

/// Where a log is, and the time of its last entry.
#[derive(Clone, Copy, Debug)]
struct Place {
    log: i64,
    last: i64,
    /// Entries and bytes of texts that it ever got.
    nth: i64,
    upto: i64,
    /// Entries that it got since it was looked at whether it has too many.
    fresh: u32,
}

impl Memory {
    /// As the database says.
    pub(super) fn new(connection: &Connection) -> Result<Self> {
        let last: Option<i64> =
            connection.query_row("SELECT max(seq) FROM entry", (), |row| row.get(0))?;
        Ok(Self {
            next_seq: last.unwrap_or(0) + 1,
            logs: HashMap::new(),
        })
    }

    /// Forgets what may not have been committed. Sequence numbers are never used again.
    pub(super) fn doubt(&mut self) {
        self.logs.clear();
    }

    /// The number of a log that got so many entries since it was last asked about; of any other, nothing.
    pub(super) fn grown(&mut self, key: &LogKey, by: u32) -> Option<i64> {
        let place = self.logs.get_mut(key).filter(|place| place.fresh >= by)?;
        place.fresh = 0;
        Some(place.log)
    }

    /// Forgets one log.
    pub(super) fn forget(&mut self, key: &LogKey) {
        self.logs.remove(key);
    }

    fn place(&mut self, connection: &Connection, key: &LogKey) -> Result<Place> {
        if let Some(place) = self.logs.get(key) {
            return Ok(*place);
        }
        let log = log::find_or_make(connection, key)?;
        let last = connection
            .prepare_cached(
                "SELECT time, nth, upto FROM entry WHERE log = ?1 \
                 ORDER BY time DESC, seq DESC LIMIT 1",
            )?
            .query_row([log], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let (last, nth, upto) = last.unwrap_or((0, 0, 0));
        let place = Place {
            log,
            last,
            nth,
            upto,
            fresh: 0,
        };
        if self.logs.len() >= REMEMBERED_MAX {
            self.logs.clear();
        }
        self.logs.insert(key.clone(), place);
        Ok(place)
    }
}

/// Appends one entry, or answers with the one it repeats.
pub(super) fn append(
    connection: &Connection,
    memory: &mut Memory,
    key: &LogKey,
    entry: &Entry,
) -> Result<StorageReply> {
    let place = memory.place(connection, key)?;
    if let Some(entry) = recognise::repeated(connection, key, place.log, entry)? {
        return Ok(StorageReply::Repeated { entry });
    }
    let time = time_number(entry.time).max(place.last);
    let bytes = i64::try_from(entry.bytes()).unwrap_or(i64::MAX);
    let (nth, upto) = (place.nth + 1, place.upto.saturating_add(bytes));
    let seq = memory.next_seq;
    memory.next_seq += 1;
    let kind = row::kind_number(entry.kind);
    connection
        .prepare_cached(
            "INSERT INTO entry (seq, log, time, kind, id, own_id, source, account, bot, target, \
             client_tags, words, event, nth, upto) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            seq,
            place.log,
            time,
            kind,
            entry.id,
            entry.own_id,
            entry.source,
            entry.account,
            entry.bot,
            entry.target,
            entry.client_tags,
            row::join(&entry.lines),
            entry.event,
            nth,
            upto,
        ])?;
    if kind <= MESSAGE_MAX {
        search::index(connection, seq, place.log, entry)?;
    }
    if let Some(place) = memory.logs.get_mut(key) {
        (place.last, place.nth, place.upto) = (time, nth, upto);
        place.fresh = place.fresh.saturating_add(1);
    }
    Ok(StorageReply::Appended {
        time: time_of(time),
    })
}

/// Takes the words of one entry out, of the index too. Its ids stay: it can still be counted from, and is recognised
/// when it is sent again.
pub(super) fn remove(connection: &Connection, key: &LogKey, id: &str) -> Result<StorageReply> {
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
        return Ok(StorageReply::Failed(NO_SUCH_ENTRY.to_owned()));
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
