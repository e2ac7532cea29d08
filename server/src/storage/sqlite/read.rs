//! Parts of a log by their place, and single entries. It never reads more rows than it answers with, but for events
//! and removed entries it skips in the index.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, params};
use server_core::storage::{Entry, Mark, Span};

use super::row::{self, COLUMNS, KIND_MAX, MESSAGE_MAX};
use crate::database::time_number;

/// A place between entries, or that of one: compared by time, then by sequence.
type Place = (i64, i64);

const START: Place = (i64::MIN, i64::MIN);
const END: Place = (i64::MAX, i64::MAX);

/// Which entries count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counting {
    /// Anything, or messages only.
    pub(super) events: bool,
    /// Nothing older than that.
    pub(super) not_before: i64,
    /// At most so many.
    pub(super) limit: usize,
}

/// A part of a log, oldest first; nothing where a mark names no entry of it.
pub(super) fn read(
    connection: &Connection,
    log: i64,
    span: &Span,
    counting: Counting,
) -> Result<Vec<Arc<Entry>>> {
    let part = |from, to, last, limit| {
        let counting = Counting { limit, ..counting };
        part(connection, log, (from, to), counting, last)
    };
    let place = |mark: &Mark| place(connection, log, mark);
    let all = counting.limit;
    match span {
        Span::Latest => part(START, END, true, all),
        Span::LatestAfter(mark) => {
            let start = place(mark)?.map_or(START, |place| behind(mark, place));
            part(start, END, true, all)
        }
        Span::Before(mark) => match place(mark)? {
            Some(place) => part(START, place, true, all),
            None => Ok(Vec::new()),
        },
        Span::After(mark) => match place(mark)? {
            Some(place) => part(behind(mark, place), END, false, all),
            None => Ok(Vec::new()),
        },
        Span::Around(mark) => match place(mark)? {
            Some(middle) => {
                let mut entries = part(START, middle, true, all / 2)?;
                // From the mark itself on: just behind all that is before it.
                let from = (middle.0, middle.1.saturating_sub(1));
                entries.extend(part(from, END, false, all - all / 2)?);
                Ok(entries)
            }
            None => Ok(Vec::new()),
        },
        Span::Between(a, b) => match (place(a)?, place(b)?) {
            (Some(from), Some(to)) if from <= to => part(behind(a, from), to, false, all),
            (Some(from), Some(to)) => part(behind(b, to), from, true, all),
            _ => Ok(Vec::new()),
        },
    }
}

/// The place of a mark: for a moment, the one before all entries of that moment.
fn place(connection: &Connection, log: i64, mark: &Mark) -> Result<Option<Place>> {
    match mark {
        Mark::Time(time) => Ok(Some((time_number(*time), i64::MIN))),
        Mark::Id(id) => connection
            .prepare_cached("SELECT time, seq FROM entry WHERE id = ?1 AND log = ?2")?
            .query_row(params![id, log], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional(),
    }
}

/// The place from which on entries are behind a mark.
fn behind(mark: &Mark, place: Place) -> Place {
    match mark {
        Mark::Time(_) => (place.0, i64::MAX),
        Mark::Id(_) => place,
    }
}

/// What lies strictly between two places, the first or the last of it, oldest first.
fn part(
    connection: &Connection,
    log: i64,
    (from, to): (Place, Place),
    counting: Counting,
    last: bool,
) -> Result<Vec<Arc<Entry>>> {
    let from = from.max((counting.not_before, i64::MIN));
    let order = if last { "DESC" } else { "ASC" };
    let select = format!(
        "SELECT {COLUMNS} FROM entry WHERE log = ?1 AND (time, seq) > (?2, ?3) \
         AND (time, seq) < (?4, ?5) AND kind <= ?6 ORDER BY time {order}, seq {order} LIMIT ?7"
    );
    let kind = if counting.events {
        KIND_MAX
    } else {
        MESSAGE_MAX
    };
    let limit = i64::try_from(counting.limit).unwrap_or(i64::MAX);
    let mut entries = connection
        .prepare_cached(&select)?
        .query_map(
            params![log, from.0, from.1, to.0, to.1, kind, limit],
            row::decode,
        )?
        .collect::<Result<Vec<_>>>()?;
    if last {
        entries.reverse();
    }
    Ok(entries)
}

/// One entry, unless its words were taken out.
pub(super) fn find(connection: &Connection, log: i64, id: &str) -> Result<Option<Arc<Entry>>> {
    let select = format!("SELECT {COLUMNS} FROM entry WHERE id = ?1 AND log = ?2 AND kind <= ?3");
    connection
        .prepare_cached(&select)?
        .query_row(params![id, log, KIND_MAX], row::decode)
        .optional()
}
