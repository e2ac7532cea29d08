//! What of a log is to go, and how it goes: a slice at a time. It never decides when.

use protocol::Stamp;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use server_core::storage::Keep;

use super::row::{self, COLUMNS, MESSAGE_MAX};
use super::search;
use crate::database::time_number;

/// What is to be swept: of a log, always its oldest entries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Swept {
    log: i64,
    /// Everything older goes,
    before: i64,
    /// everything up to the one that was appended as this one,
    nth: i64,
    /// and up to so many bytes, counted from the log's beginning.
    upto: i64,
    /// Whether the log goes with its entries.
    is_whole: bool,
}

impl Swept {
    /// A whole log, which must have been forgotten.
    pub(super) fn whole(log: i64) -> Self {
        Self {
            log,
            before: i64::MAX,
            nth: i64::MIN,
            upto: i64::MIN,
            is_whole: true,
        }
    }

    /// Whose entries.
    pub(super) fn log(self) -> i64 {
        self.log
    }

    /// Whether the log goes with its entries.
    pub(super) fn is_whole(self) -> bool {
        self.is_whole
    }

    /// Whether an entry goes, by its time and counts.
    fn takes(self, (time, nth, upto): (i64, i64, i64)) -> bool {
        time < self.before || nth <= self.nth || upto <= self.upto
    }
}

/// The forgotten logs.
pub(crate) fn forgotten(connection: &Connection) -> Result<Vec<Swept>> {
    let mut select =
        connection.prepare("SELECT log FROM log WHERE room IS NULL AND person IS NULL")?;
    let logs = select.query_map((), |row| row.get(0).map(Swept::whole))?;
    logs.collect()
}

/// What of a log is more than is kept of it; nothing, if that is nothing.
pub(super) fn overdue(
    connection: &Connection,
    log: i64,
    keep: Keep,
    now: Stamp,
) -> Result<Option<Swept>> {
    if keep == Keep::default() {
        return Ok(None);
    }
    let end = |order: &str| {
        let select = format!(
            "SELECT time, nth, upto FROM entry WHERE log = ?1 \
             ORDER BY time {order}, seq {order} LIMIT 1"
        );
        connection
            .prepare_cached(&select)?
            .query_row([log], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
    };
    let (Some(oldest), Some((_, nth, upto))) = (end("ASC")?, end("DESC")?) else {
        return Ok(None);
    };
    let past = |all: i64, kept: Option<u64>| {
        kept.map_or(i64::MIN, |kept| all.saturating_sub_unsigned(kept))
    };
    let age = keep.age_ms.map(|age| Stamp(now.0.saturating_sub(age)));
    let swept = Swept {
        log,
        before: age.map_or(i64::MIN, time_number),
        nth: past(nth, keep.entries),
        upto: past(upto, keep.bytes),
        is_whole: false,
    };
    Ok(swept.takes(oldest).then_some(swept))
}

/// Takes out one slice of at most so many. `true`: that was the last of it; of a whole log the number is free now.
pub(crate) fn sweep(connection: &Connection, swept: Swept, most: i64) -> Result<bool> {
    let mut select = connection.prepare_cached(
        "SELECT seq, time, nth, upto FROM entry WHERE log = ?1 ORDER BY time, seq LIMIT ?2",
    )?;
    let oldest = select
        .query_map([swept.log, most], |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?)))
        })?
        .collect::<Result<Vec<_>>>()?;
    let mut gone = 0;
    for (seq, counts) in oldest {
        if !swept.takes(counts) {
            break;
        }
        take_out(connection, seq)?;
        gone += 1;
    }
    if gone == most {
        return Ok(false);
    }
    if swept.is_whole {
        connection.execute("DELETE FROM log WHERE log = ?1", [swept.log])?;
    }
    Ok(true)
}

/// Takes out at most so many of the oldest entries of all logs. `true`: there are no more.
pub(super) fn sweep_oldest(connection: &Connection, most: i64) -> Result<bool> {
    let oldest = connection
        .prepare_cached("SELECT seq FROM entry ORDER BY seq LIMIT ?1")?
        .query_map([most], |row| row.get(0))?
        .collect::<Result<Vec<_>>>()?;
    for seq in &oldest {
        take_out(connection, *seq)?;
    }
    Ok(oldest.is_empty())
}

/// Takes an entry out, of the index too.
pub(crate) fn take_out(connection: &Connection, seq: i64) -> Result<()> {
    let indexed = |row: &Row<'_>| {
        let kind: i64 = row.get(1)?;
        let entry = (kind <= MESSAGE_MAX)
            .then(|| row::decode(row))
            .transpose()?;
        Ok((entry, row.get(11)?))
    };
    let select = format!("SELECT {COLUMNS}, log FROM entry WHERE seq = ?1");
    let (entry, log) = connection
        .prepare_cached(&select)?
        .query_row([seq], indexed)?;
    if let Some(entry) = entry {
        search::unindex(connection, seq, log, &entry)?;
    }
    connection
        .prepare_cached("DELETE FROM entry WHERE seq = ?1")?
        .execute(params![seq])?;
    Ok(())
}
