//! Whether a message is in a log already. It never takes somebody else's for it.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use server_core::storage::{Entry, LogKey, RoomId};

use super::log;
use super::row::{self, COLUMNS, KIND_MAX};
use crate::storage::is_same_sender;

/// Entries with one own id that are looked at where it alone says whose it is. Honest senders have one.
const TWINS_MAX: i64 = 16;

/// The entry that this one would repeat in its log: with the same id, or with the same own id from the same person, who
/// in a log of two may have come as another guest.
pub(super) fn repeated(
    connection: &Connection,
    key: &LogKey,
    log: i64,
    entry: &Entry,
) -> Result<Option<Arc<Entry>>> {
    let by_id = format!("SELECT {COLUMNS} FROM entry WHERE id = ?1 AND log = ?2");
    let same_id = connection
        .prepare_cached(&by_id)?
        .query_row(params![entry.id, log], row::decode)
        .optional()?;
    let Some(own) = entry.own_id.as_ref().filter(|_| same_id.is_none()) else {
        return Ok(same_id);
    };
    let by_own_id =
        format!("SELECT {COLUMNS} FROM entry WHERE own_id = ?1 AND log = ?2 ORDER BY seq");
    let mut select = connection.prepare_cached(&by_own_id)?;
    for stored in select.query_map(params![own, log], row::decode)? {
        let stored = stored?;
        if is_same_sender(&stored, entry) {
            return Ok(Some(stored));
        }
    }
    match key {
        LogKey::Pair(..) => sent_again(connection, None, entry),
        LogKey::Room(_) => Ok(None),
    }
}

/// The entry of a room's log, or of any log of two, that was sent again with this one.
pub(super) fn sent_again(
    connection: &Connection,
    room: Option<RoomId>,
    entry: &Entry,
) -> Result<Option<Arc<Entry>>> {
    let Some(own) = entry.own_id.as_ref().filter(|_| entry.is_sure()) else {
        return Ok(None);
    };
    let Some(room) = room else {
        let select = format!(
            "SELECT {COLUMNS} FROM entry JOIN log USING (log) \
             WHERE own_id = ?1 AND person IS NOT NULL LIMIT ?2"
        );
        let mut select = connection.prepare_cached(&select)?;
        let mut twins = select.query_map(params![own, TWINS_MAX], decode)?;
        return first(&mut twins, entry);
    };
    let Some(log) = log::find(connection, &LogKey::Room(room))? else {
        return Ok(None);
    };
    let select = format!("SELECT {COLUMNS} FROM entry WHERE own_id = ?1 AND log = ?2 LIMIT ?3");
    let mut select = connection.prepare_cached(&select)?;
    let mut twins = select.query_map(params![own, log, TWINS_MAX], decode)?;
    first(&mut twins, entry)
}

/// An entry, and whether its words were taken out.
fn decode(row: &Row<'_>) -> Result<(Arc<Entry>, bool)> {
    let kind: i64 = row.get(1)?;
    Ok((row::decode(row)?, kind > KIND_MAX))
}

fn first(
    twins: &mut dyn Iterator<Item = Result<(Arc<Entry>, bool)>>,
    entry: &Entry,
) -> Result<Option<Arc<Entry>>> {
    for twin in twins {
        let (stored, is_removed) = twin?;
        if stored.is_sent_again_as(entry, is_removed) {
            return Ok(Some(stored));
        }
    }
    Ok(None)
}
