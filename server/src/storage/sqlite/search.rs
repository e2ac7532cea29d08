//! The full-text index, filled and asked. It never lets the text somebody seeks be read as a query.

use std::fmt::Write as _;
use std::sync::Arc;

use protocol::Stamp;
use rusqlite::{Connection, Result, params};
use server_core::storage::{Entry, EntryLine, LogKey};

use super::log;
use super::row::{self, COLUMNS, MESSAGE_MAX};
use crate::database::time_number;
use crate::storage::nick_of;
use crate::words;

/// Logs that one search can look into; the rest is left out. A person may be in 100 rooms, and have talked to many.
const LOGS_MAX: usize = 1000;
/// Logs that the index is asked for at once.
const FEW_LOGS_MAX: usize = 4;
/// Matches in any log that are looked at before the index is asked for many logs: some milliseconds.
const LOOKED_AT_MAX: usize = 5000;

/// What is sought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sought<'a> {
    /// In which logs.
    pub(super) logs: &'a [LogKey],
    /// The words.
    pub(super) text: &'a str,
    /// Only from this nick.
    pub(super) from: Option<&'a str>,
    /// Only after this moment.
    pub(super) after: Option<Stamp>,
    /// Only before this moment.
    pub(super) before: Option<Stamp>,
    /// At most so many.
    pub(super) limit: usize,
}

/// Puts the words of a message into the index.
pub(super) fn index(
    connection: &Connection,
    seq: i64,
    log: i64,
    lines: &[EntryLine],
    source: &str,
) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO search (rowid, words, place, sender) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            seq,
            words::indexed(lines),
            log.to_string(),
            sender_word(nick_of(source)),
        ])?;
    Ok(())
}

/// Takes the words of a message out of the index: they must be the same as when they went in.
pub(super) fn unindex(connection: &Connection, seq: i64, log: i64, entry: &Entry) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO search (search, rowid, words, place, sender) \
             VALUES ('delete', ?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            seq,
            words::indexed(&entry.lines),
            log.to_string(),
            sender_word(nick_of(&entry.source)),
        ])?;
    Ok(())
}

/// Messages with all of the words, the newest first.
pub(super) fn find(connection: &Connection, sought: &Sought<'_>) -> Result<Vec<Arc<Entry>>> {
    let Some(pieces) = words::pieces(sought.text) else {
        return Ok(Vec::new());
    };
    let mut logs = Vec::new();
    for key in sought.logs.iter().take(LOGS_MAX) {
        logs.extend(log::find(connection, key)?);
    }
    if logs.is_empty() {
        return Ok(Vec::new());
    }
    logs.sort_unstable();
    logs.dedup();
    let seqs = bounds(connection, &logs, sought)?;
    if logs.len() > FEW_LOGS_MAX
        && let Some(query) = query(&[], &pieces, sought.from)
        && let Some(found) = among_newest(connection, &query, &logs, seqs, sought)?
    {
        return Ok(found);
    }
    match query(&logs, &pieces, sought.from) {
        Some(query) => in_logs(connection, &query, seqs, sought),
        None => Ok(Vec::new()),
    }
}

/// Messages that match a query which names their logs.
fn in_logs(
    connection: &Connection,
    query: &str,
    (low, high): (i64, i64),
    sought: &Sought<'_>,
) -> Result<Vec<Arc<Entry>>> {
    let select = format!(
        "SELECT {COLUMNS} FROM search CROSS JOIN entry ON entry.seq = search.rowid \
         WHERE search MATCH ?1 AND search.rowid BETWEEN ?2 AND ?3 \
         AND time > ?4 AND time < ?5 AND kind <= ?6 \
         ORDER BY search.rowid DESC LIMIT ?7"
    );
    let (after, before) = times(sought);
    let limit = i64::try_from(sought.limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached(&select)?
        .query_map(
            params![query, low, high, after, before, MESSAGE_MAX, limit],
            row::decode,
        )?
        .collect()
}

/// The same for a query that names no logs, where there are many: the index would have to merge all of these, while
/// the newest matches are often theirs, or all there are. `None`: it takes more than a look at those.
fn among_newest(
    connection: &Connection,
    query: &str,
    logs: &[i64],
    (low, high): (i64, i64),
    sought: &Sought<'_>,
) -> Result<Option<Vec<Arc<Entry>>>> {
    let select = format!(
        "SELECT {COLUMNS}, log FROM search CROSS JOIN entry ON entry.seq = search.rowid \
         WHERE search MATCH ?1 AND search.rowid BETWEEN ?2 AND ?3 ORDER BY search.rowid DESC"
    );
    let (after, before) = times(sought);
    let mut found = Vec::new();
    let mut select = connection.prepare_cached(&select)?;
    let mut rows = select.query(params![query, low, high])?;
    for _ in 0..LOOKED_AT_MAX {
        let row = match rows.next()? {
            Some(row) if found.len() < sought.limit => row,
            _ => return Ok(Some(found)),
        };
        let (time, kind, log): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(11)?);
        let is_sought = after < time && time < before && kind <= MESSAGE_MAX;
        if is_sought && logs.binary_search(&log).is_ok() {
            found.push(row::decode(row)?);
        }
    }
    Ok(None)
}

fn times(sought: &Sought<'_>) -> (i64, i64) {
    let after = sought.after.map_or(-1, time_number);
    (after, sought.before.map_or(i64::MAX, time_number))
}

/// Between which sequence numbers the moments lie, so that the index is not walked through outside of them.
fn bounds(connection: &Connection, logs: &[i64], sought: &Sought<'_>) -> Result<(i64, i64)> {
    let (mut low, mut high) = (0, i64::MAX);
    if let Some(after) = sought.after {
        let mut select = connection.prepare_cached(
            "SELECT seq FROM entry WHERE log = ?1 AND time > ?2 ORDER BY time, seq LIMIT 1",
        )?;
        low = i64::MAX;
        for log in logs {
            let first = select.query_map([*log, time_number(after)], |row| row.get(0))?;
            for seq in first {
                low = low.min(seq?);
            }
        }
    }
    if let Some(before) = sought.before {
        let mut select = connection.prepare_cached(
            "SELECT seq FROM entry WHERE log = ?1 AND time < ?2 ORDER BY time DESC, seq DESC LIMIT 1",
        )?;
        high = 0;
        for log in logs {
            let last = select.query_map([*log, time_number(before)], |row| row.get(0))?;
            for seq in last {
                high = high.max(seq?);
            }
        }
    }
    Ok((low, high))
}

/// The query in FTS5's language; `None` where nothing is sought. Only letters and digits of what somebody wrote get into
/// it, in quotes.
fn query(logs: &[i64], pieces: &[Vec<String>], from: Option<&str>) -> Option<String> {
    let mut parts = Vec::new();
    if !logs.is_empty() {
        let places: Vec<_> = logs.iter().map(|log| format!("\"{log}\"")).collect();
        parts.push(format!("place : ({})", places.join(" OR ")));
    }
    parts.extend(from.map(|nick| format!("sender : \"{}\"", sender_word(nick))));
    let phrases = pieces.iter().map(|piece| piece.join(" "));
    parts.extend(phrases.map(|phrase| format!("words : \"{phrase}\"")));
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// A nick as one word of the index, whatever characters it has.
fn sender_word(nick: &str) -> String {
    let mut word = String::from("n");
    for byte in nick.bytes() {
        // Writing to a string cannot fail.
        let _ = write!(word, "{:02x}", byte.to_ascii_lowercase());
    }
    word
}
