//! Entries go from where they came in to where they are read: into their table, its indexes and the search. It never
//! changes what they say, and never leaves one in both places or in none.

use rusqlite::{Connection, Result, params};

use super::record::Record;
use super::row::MESSAGE_MAX;
use super::{intake, row, search};

/// Settles the oldest entries, row by row, until it is enough; `each` is told all that are. The answer is the number of
/// the last one, if there was any.
pub(super) fn settle(
    connection: &Connection,
    is_enough: &mut dyn FnMut() -> bool,
    each: &mut dyn FnMut(i64, &Record<'_>),
) -> Result<Option<i64>> {
    let mut last = None;
    while let Some(taken) = intake::from(connection, i64::MIN)? {
        for (seq, record) in taken.records()? {
            insert(connection, seq, &record)?;
            each(seq, &record);
            last = Some(seq);
        }
        intake::take_out(connection, taken.first_seq)?;
        if is_enough() {
            break;
        }
    }
    Ok(last)
}

fn insert(connection: &Connection, seq: i64, record: &Record<'_>) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO entry (seq, log, time, kind, id, own_id, source, account, bot, target, \
             client_tags, words, event, nth, upto) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            seq,
            record.log,
            record.time,
            record.kind,
            record.id,
            record.own_id,
            record.source,
            record.account,
            record.bot,
            record.target,
            record.client_tags,
            record.words,
            record.event,
            record.nth,
            record.upto,
        ])?;
    if record.kind <= MESSAGE_MAX {
        let lines = row::split(record.words);
        search::index(connection, seq, record.log, &lines, record.source)?;
    }
    Ok(())
}
