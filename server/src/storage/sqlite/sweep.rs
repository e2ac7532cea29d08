//! Takes forgotten entries out, a slice at a time. It never holds up a message: the writer sweeps while nobody writes.

use protocol::Stamp;
use rusqlite::{Connection, OptionalExtension, Result};

use super::row::{self, COLUMNS, MESSAGE_MAX};
use super::search;
use crate::database::time_number;
use crate::storage::Retention;

/// Entries of one slice: some milliseconds.
const SLICE: i64 = 200;

/// What is to be swept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Swept {
    log: i64,
    /// The place (time, sequence) of the first entry that stays; `None`: nothing does, nor does the log.
    up_to: Option<(i64, i64)>,
}

impl Swept {
    /// A whole log, which must have been forgotten.
    pub(super) fn whole(log: i64) -> Self {
        Self { log, up_to: None }
    }
}

/// The forgotten logs.
pub(crate) fn forgotten(connection: &Connection) -> Result<Vec<Swept>> {
    let mut select =
        connection.prepare("SELECT log FROM log WHERE room IS NULL AND person IS NULL")?;
    let logs = select.query_map((), |row| row.get(0).map(Swept::whole))?;
    logs.collect()
}

/// What of any log is kept no longer.
pub(crate) fn overdue(
    connection: &Connection,
    retention: Retention,
    now: Stamp,
) -> Result<Vec<Swept>> {
    if retention == Retention::default() {
        return Ok(Vec::new());
    }
    let mut select = connection.prepare("SELECT log FROM log")?;
    let logs = select.query_map((), |row| row.get::<_, i64>(0))?;
    logs.map(|log| overdue_of(connection, log?, retention, now))
        .collect()
}

/// What of one log is kept no longer.
pub(super) fn overdue_of(
    connection: &Connection,
    log: i64,
    retention: Retention,
    now: Stamp,
) -> Result<Swept> {
    let before = retention.age_ms.map_or(0, |age| now.0.saturating_sub(age));
    let keep = retention.entries.unwrap_or(usize::MAX);
    trim(connection, log, Stamp(before), keep)
}

/// What of a log is older than a moment, or more than so many.
pub(super) fn trim(connection: &Connection, log: i64, before: Stamp, keep: usize) -> Result<Swept> {
    // The last one that goes because there are too many; all before it go as well.
    let last_past_count = connection
        .prepare_cached(
            "SELECT time, seq FROM entry WHERE log = ?1 ORDER BY time DESC, seq DESC LIMIT 1 OFFSET ?2",
        )?
        .query_row([log, i64::try_from(keep).unwrap_or(i64::MAX)], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)?.saturating_add(1)))
        })
        .optional()?;
    let by_age = (time_number(before), i64::MIN);
    Ok(Swept {
        log,
        up_to: Some(last_past_count.map_or(by_age, |by_count| by_age.max(by_count))),
    })
}

/// Takes out one slice. `true`: that was the last of it; of a whole log the number is free now.
pub(crate) fn sweep(connection: &Connection, swept: Swept) -> Result<bool> {
    let Swept { log, up_to } = swept;
    let (time, seq) = up_to.unwrap_or((i64::MAX, i64::MAX));
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, seq FROM entry WHERE log = ?1 AND (time, seq) < (?2, ?3) \
         ORDER BY time, seq LIMIT ?4"
    ))?;
    let slice = select
        .query_map([log, time, seq, SLICE], |row| {
            let kind: i64 = row.get(1)?;
            let seq: i64 = row.get(11)?;
            Ok((seq, kind, row::decode(row)?))
        })?
        .collect::<Result<Vec<_>>>()?;
    for (seq, kind, entry) in &slice {
        if *kind <= MESSAGE_MAX {
            search::unindex(connection, *seq, log, entry)?;
        }
        connection
            .prepare_cached("DELETE FROM entry WHERE seq = ?1")?
            .execute([seq])?;
    }
    if !slice.is_empty() {
        return Ok(false);
    }
    if up_to.is_none() {
        connection.execute("DELETE FROM log WHERE log = ?1", [log])?;
    }
    Ok(true)
}
