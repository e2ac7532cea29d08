//! Which logs have news. It never looks at more than their newest messages.

use protocol::Stamp;
use rusqlite::{Connection, OptionalExtension, Result};
use server_core::storage::RoomId;

use super::log;
use super::row::MESSAGE_MAX;
use crate::database::time_of;

/// Pairs of one person that are looked at; who has more than that is not told of all.
const PAIRS_MAX: i64 = 10_000;

/// The time of the newest message of each of these rooms, and of all pairs of a person.
pub(super) fn newest(
    connection: &Connection,
    rooms: Vec<(RoomId, Box<str>)>,
    person: &str,
) -> Result<Vec<(Box<str>, Stamp)>> {
    let mut found = Vec::new();
    for (room, name) in rooms {
        let key = server_core::storage::LogKey::Room(room);
        if let Some(log) = log::find(connection, &key)?
            && let Some(time) = newest_message(connection, log)?
        {
            found.push((name, time));
        }
    }
    let mut pairs = connection.prepare_cached(
        "SELECT log, other FROM log WHERE person = ?1 \
         UNION ALL SELECT log, person FROM log WHERE other = ?1 AND person <> ?1 LIMIT ?2",
    )?;
    let rows = pairs.query_map((person, PAIRS_MAX), |row| {
        let name: Box<str> = row.get_ref(1)?.as_str()?.into();
        Ok((row.get(0)?, name))
    })?;
    for row in rows {
        let (log, name) = row?;
        found.extend(newest_message(connection, log)?.map(|time| (name, time)));
    }
    Ok(found)
}

fn newest_message(connection: &Connection, log: i64) -> Result<Option<Stamp>> {
    connection
        .prepare_cached(
            "SELECT time FROM entry WHERE log = ?1 AND kind <= ?2 ORDER BY time DESC, seq DESC LIMIT 1",
        )?
        .query_row([log, MESSAGE_MAX], |row| Ok(time_of(row.get(0)?)))
        .optional()
}
