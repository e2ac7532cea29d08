//! Takes the entries of forgotten logs out, a slice at a time. It never holds up a message: the writer sweeps while
//! nobody writes.

use rusqlite::{Connection, Result};

use super::row::{self, COLUMNS, MESSAGE_MAX};
use super::search;

/// Entries of one slice: some milliseconds.
const SLICE: i64 = 200;

/// The forgotten logs.
pub(crate) fn forgotten(connection: &Connection) -> Result<Vec<i64>> {
    let mut select =
        connection.prepare("SELECT log FROM log WHERE room IS NULL AND person IS NULL")?;
    let logs = select.query_map((), |row| row.get(0))?;
    logs.collect()
}

/// Takes out one slice of a forgotten log. `true`: that was the last of it, and the log's number is free.
pub(crate) fn sweep(connection: &Connection, log: i64) -> Result<bool> {
    let mut select = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, seq FROM entry WHERE log = ?1 ORDER BY time, seq LIMIT ?2"
    ))?;
    let slice = select
        .query_map([log, SLICE], |row| {
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
    connection.execute("DELETE FROM log WHERE log = ?1", [log])?;
    Ok(true)
}
