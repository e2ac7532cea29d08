//! Which number a log has in the database. It never gives a number out twice while entries still bear it.

use rusqlite::{Connection, OptionalExtension, Result};
use server_core::storage::LogKey;

/// A room's id as SQLite keeps it: the same 64 bits.
pub(super) fn room_number(room: server_core::storage::RoomId) -> i64 {
    room.0.cast_signed()
}

/// The number of a log, if it has entries.
pub(super) fn find(connection: &Connection, key: &LogKey) -> Result<Option<i64>> {
    match key {
        LogKey::Room(room) => connection
            .prepare_cached("SELECT log FROM log WHERE room = ?1")?
            .query_row([room_number(*room)], |row| row.get(0)),
        LogKey::Pair(person, other) => connection
            .prepare_cached("SELECT log FROM log WHERE person = ?1 AND other = ?2")?
            .query_row([person, other], |row| row.get(0)),
    }
    .optional()
}

/// The number of a log, a new one if need be.
pub(super) fn find_or_make(connection: &Connection, key: &LogKey) -> Result<i64> {
    if let Some(log) = find(connection, key)? {
        return Ok(log);
    }
    let mut insert =
        connection.prepare_cached("INSERT INTO log (room, person, other) VALUES (?1, ?2, ?3)")?;
    match key {
        LogKey::Room(room) => insert.insert((room_number(*room), None::<&str>, None::<&str>)),
        LogKey::Pair(person, other) => insert.insert((None::<i64>, person, other)),
    }
}

/// Forgets a log: from now on its key means another, and [`sweep`](super::sweep) may take its entries. Answers with
/// its number.
pub(super) fn forget(connection: &Connection, key: &LogKey) -> Result<Option<i64>> {
    let Some(log) = find(connection, key)? else {
        return Ok(None);
    };
    connection
        .prepare_cached("UPDATE log SET room = NULL, person = NULL, other = NULL WHERE log = ?1")?
        .execute([log])?;
    Ok(Some(log))
}
