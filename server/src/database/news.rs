//! What was done to the database beside a server that runs, written down until the server has told its people. It never
//! tells anybody itself.

use rusqlite::{Connection, OptionalExtension, Result, Row, TransactionBehavior, params};
use server_core::News;
use server_core::storage::{LogKey, RoomId};

/// Rows that are handed out in one go: what of it is told to one person fits their queue many times over.
const TAKEN_MAX: i64 = 200;
/// Messages of one log of whose going people are told: the newest, which clients may have on the screen.
const TOLD_PER_LOG: i64 = 500;

const PASSWORD_CHANGED: i64 = 0;
const ACCOUNT_CLOSED: i64 = 1;
const ERASED: i64 = 2;

/// An account has another password.
pub(crate) fn password_changed(connection: &Connection, account: &str) -> Result<()> {
    about_account(connection, PASSWORD_CHANGED, account)
}

/// An account was closed.
pub(crate) fn account_closed(connection: &Connection, account: &str) -> Result<()> {
    about_account(connection, ACCOUNT_CLOSED, account)
}

fn about_account(connection: &Connection, what: i64, account: &str) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO news (what, account) VALUES (?1, ?2)")?
        .execute(params![what, account])?;
    Ok(())
}

/// A message goes, which must still be there: noted if it is one that clients may have.
pub(crate) fn erased(connection: &Connection, seq: i64) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO news (what, log, id) SELECT ?2, log, id FROM entry AS gone \
             WHERE seq = ?1 AND kind <= 1 AND (SELECT count(*) FROM (SELECT 1 FROM entry \
             WHERE log = gone.log AND (time, seq) > (gone.time, gone.seq) LIMIT ?3)) < ?3",
        )?
        .execute(params![seq, ERASED, TOLD_PER_LOG])?;
    Ok(())
}

/// Takes out the oldest news, all of one log together.
pub(crate) fn take(connection: &mut Connection) -> Result<Vec<News>> {
    let is_there = connection
        .prepare_cached("SELECT 1 FROM news LIMIT 1")?
        .query_row((), |_| Ok(()))
        .optional()?;
    if is_there.is_none() {
        return Ok(Vec::new());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let rows = transaction
        .prepare_cached(
            "SELECT number, what, news.account, id, room, person, other \
             FROM news LEFT JOIN log USING (log) ORDER BY number LIMIT ?1",
        )?
        .query_map([TAKEN_MAX], |row| Ok((row.get::<_, i64>(0)?, read(row)?)))?
        .collect::<Result<Vec<_>>>()?;
    if let Some((last, _)) = rows.last() {
        transaction.execute("DELETE FROM news WHERE number <= ?1", [last])?;
    }
    transaction.commit()?;
    let mut all: Vec<News> = Vec::new();
    for news in rows.into_iter().filter_map(|(_, news)| news) {
        match (all.last_mut(), news) {
            (
                Some(News::Erased { log, ids }),
                News::Erased {
                    log: same,
                    ids: more,
                },
            ) if *log == same => {
                ids.extend(more);
            }
            (_, news) => all.push(news),
        }
    }
    Ok(all)
}

fn read(row: &Row<'_>) -> Result<Option<News>> {
    let account: Option<Box<str>> = row.get(2)?;
    let id: Option<Box<str>> = row.get(3)?;
    let room: Option<i64> = row.get(4)?;
    let pair: (Option<Box<str>>, Option<Box<str>>) = (row.get(5)?, row.get(6)?);
    let log = match (room, pair) {
        (Some(room), _) => Some(LogKey::Room(RoomId(room.cast_unsigned()))),
        (None, (Some(person), Some(other))) => Some(LogKey::Pair(person, other)),
        _ => None,
    };
    Ok(match (row.get(1)?, account, log, id) {
        (PASSWORD_CHANGED, Some(account), ..) => Some(News::PasswordChanged { account }),
        (ACCOUNT_CLOSED, Some(account), ..) => Some(News::AccountClosed { account }),
        (ERASED, _, Some(log), Some(id)) => Some(News::Erased { log, ids: vec![id] }),
        // A log that was forgotten meanwhile has no readers.
        _ => None,
    })
}
