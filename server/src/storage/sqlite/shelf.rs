//! Records that the core keeps. It never reads what is in them.

use rusqlite::{Connection, OptionalExtension, Result, params};
use server_core::storage::{Shelf, StorageReply};

use crate::storage::KEY_BYTES_MAX;

/// The number of a shelf in the database: once given, never another's.
fn number(shelf: Shelf) -> i64 {
    match shelf {
        Shelf::Rooms => 0,
        Shelf::People => 1,
        Shelf::ReadMarkers => 2,
        // 3 was never written: invites have tables of their own.
        Shelf::Bans => 4,
    }
}

/// Keeps a record, or takes it away.
pub(super) fn keep(
    connection: &Connection,
    shelf: Shelf,
    key: &str,
    value: Option<&str>,
) -> Result<StorageReply> {
    if key.len() > KEY_BYTES_MAX {
        return Ok(StorageReply::Failed(
            "the record's key is too long".to_owned(),
        ));
    }
    let shelf = number(shelf);
    if let Some(value) = value {
        connection
            .prepare_cached("INSERT OR REPLACE INTO kept (shelf, key, value) VALUES (?1, ?2, ?3)")?
            .execute(params![shelf, key, value])?;
    } else {
        connection
            .prepare_cached("DELETE FROM kept WHERE shelf = ?1 AND key = ?2")?
            .execute(params![shelf, key])?;
    }
    Ok(StorageReply::Kept)
}

/// One record of a shelf.
pub(super) fn look(connection: &Connection, shelf: Shelf, key: &str) -> Result<Option<String>> {
    connection
        .prepare_cached("SELECT value FROM kept WHERE shelf = ?1 AND key = ?2")?
        .query_row(params![number(shelf), key], |row| row.get(0))
        .optional()
}

/// All records of a shelf.
pub(super) fn recall(connection: &Connection, shelf: Shelf) -> Result<StorageReply> {
    let mut select =
        connection.prepare_cached("SELECT key, value FROM kept WHERE shelf = ?1 ORDER BY key")?;
    let rows = select.query_map([number(shelf)], |row| {
        Ok((
            row.get_ref(0)?.as_str()?.into(),
            row.get_ref(1)?.as_str()?.into(),
        ))
    })?;
    Ok(StorageReply::Shelved(rows.collect::<Result<_>>()?))
}
