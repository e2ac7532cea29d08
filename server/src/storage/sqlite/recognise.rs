//! Whether a message is in a log already, among what has settled. It never takes somebody else's for it.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use server_core::storage::{Entry, LogKey, RoomId};

use super::log;
use super::row::{self, COLUMNS, KIND_MAX};
use crate::storage::is_same_sender;

/// Entries with one own id that are looked at where it alone says whose it is. Honest senders have one.
pub(super) const TWINS_MAX: usize = 16;

/// The entry of a log with the id of this one.
pub(super) fn same_id(
    connection: &Connection,
    log: i64,
    entry: &Entry,
) -> Result<Option<Arc<Entry>>> {
    let select = format!("SELECT {COLUMNS} FROM entry WHERE id = ?1 AND log = ?2");
    connection
        .prepare_cached(&select)?
        .query_row(params![entry.id, log], row::decode)
        .optional()
}

/// The entry of a log that the person who sent this one has sent with an own id.
pub(super) fn same_person(
    connection: &Connection,
    log: i64,
    own: &str,
    entry: &Entry,
) -> Result<Option<Arc<Entry>>> {
    let select = format!("SELECT {COLUMNS} FROM entry WHERE own_id = ?1 AND log = ?2 ORDER BY seq");
    let mut select = connection.prepare_cached(&select)?;
    for stored in select.query_map(params![own, log], row::decode)? {
        let stored = stored?;
        if is_same_sender(&stored, entry) {
            return Ok(Some(stored));
        }
    }
    Ok(None)
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
    let most = i64::try_from(TWINS_MAX).unwrap_or(i64::MAX);
    let Some(room) = room else {
        let select = format!(
            "SELECT {COLUMNS} FROM entry JOIN log USING (log) \
             WHERE own_id = ?1 AND person IS NOT NULL LIMIT ?2"
        );
        let mut select = connection.prepare_cached(&select)?;
        let mut twins = select.query_map(params![own, most], decode)?;
        return first(&mut twins, entry);
    };
    let Some(log) = log::find(connection, &LogKey::Room(room))? else {
        return Ok(None);
    };
    let select = format!("SELECT {COLUMNS} FROM entry WHERE own_id = ?1 AND log = ?2 LIMIT ?3");
    let mut select = connection.prepare_cached(&select)?;
    let mut twins = select.query_map(params![own, log, most], decode)?;
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
