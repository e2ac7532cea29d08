//! One account's own words in all logs: written out, or erased, also while a server runs. It never touches what anybody
//! else said, not even to that account.

use std::cell::Cell;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Row, TransactionBehavior, params};
use serde_json::{Map, Value};
use server_core::storage::{Entry, EntryKind};

use super::record::Record;
use super::row::{self, COLUMNS, KIND_MAX};
use super::settle::settle;
use super::{intake, sweep};
use crate::database::{self, OpenError, news};
use crate::storage::Durability;

/// Places of the log that are looked at in one go: some milliseconds.
const LOOKED_AT: i64 = 20_000;
/// Entries of one transaction, for which a server that runs may have to wait.
const SLICE: usize = 100;
/// How long a server that runs is left alone between two of them.
const PAUSE: Duration = Duration::from_millis(5);

/// Told how many of how many places of the log are done; says whether to go on.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// Writes what an account said, an object of JSON a line, in the order in which the server took it. Answers with how
/// many there are.
///
/// It is theirs by the account it was said under. What they said as a guest is nobody's, and what was taken back is
/// gone.
pub(crate) fn export(
    path: &Path,
    account: &str,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<u64, String> {
    let connection = database::open_to_read(path).map_err(|error| error.to_string())?;
    let refuse = |error| refusal(path, &error);
    let account = account.to_ascii_lowercase();
    let (last, waiting) = as_it_is(&connection, &account).map_err(refuse)?;
    let select = format!(
        "SELECT {COLUMNS} FROM entry WHERE seq > ?1 AND seq <= ?2 AND lower(account) = ?3 \
         AND kind <= ?4 ORDER BY seq"
    );
    let mut count = 0;
    let mut write = |entry: Arc<Entry>| {
        count += 1;
        writeln!(out, "{}", object(&entry)).map_err(|error| error.to_string())
    };
    through(
        (&connection, path, last),
        &mut None,
        progress,
        &mut |from, to| {
            let mut select = connection.prepare_cached(&select)?;
            select
                .query_map(params![from, to, account, KIND_MAX], row::decode)?
                .collect()
        },
        &mut write,
    )?;
    waiting.into_iter().try_for_each(write)?;
    out.flush().map_err(|error| error.to_string())?;
    Ok(count)
}

/// Takes out everything that an account said or did, from the search as well, also what it has taken back. Answers with
/// how many entries are gone. It begins with the oldest, or behind `done`, up to where the log ends by then; how far it
/// has come is in `done` afterwards, for what is said meanwhile. A server that runs hears of what clients may have.
pub(crate) fn erase(
    path: &Path,
    account: &str,
    done: &mut Option<i64>,
    progress: Progress<'_>,
) -> Result<u64, String> {
    let mut connection =
        database::open_to_write(path, Durability::Disk).map_err(|error| error.to_string())?;
    let reader = database::open_to_read(path).map_err(|error| error.to_string())?;
    let account = account.to_ascii_lowercase();
    let refuse = |error| refusal(path, &error);
    settle_waiting(&mut connection).map_err(refuse)?;
    let last = last_seq(&reader).map_err(refuse)?;
    let mut count = 0;
    through(
        (&reader, path, last),
        done,
        progress,
        &mut |from, to| {
            let mut select = reader.prepare_cached(
                "SELECT seq FROM entry WHERE seq > ?1 AND seq <= ?2 AND lower(account) = ?3",
            )?;
            let seqs = select
                .query_map(params![from, to, account], |row: &Row<'_>| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?;
            Ok(seqs.chunks(SLICE).map(<[i64]>::to_vec).collect())
        },
        &mut |slice: Vec<i64>| {
            let gone = take_out(&mut connection, &slice, &account);
            count += gone.map_err(|error| database::reason(&error))?;
            std::thread::sleep(PAUSE);
            Ok(())
        },
    )?;
    Ok(count)
}

/// Settles what waits, a slice at a time: what is not where it is read cannot be found there.
fn settle_waiting(connection: &mut Connection) -> rusqlite::Result<()> {
    let end = intake::last_seq(connection)?;
    let mut settled = None;
    while settled < end {
        let count = Cell::new(0);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = settle(&transaction, &mut || count.get() >= SLICE, &mut |_, _| {
            count.set(count.get() + 1);
        })?;
        transaction.commit()?;
        if last.is_none() {
            break;
        }
        settled = last;
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

fn is_of(record: &Record<'_>, account: &str) -> bool {
    record
        .account
        .is_some_and(|theirs| theirs.eq_ignore_ascii_case(account))
}

/// Takes entries out, those that are still there and still the account's.
fn take_out(connection: &mut Connection, seqs: &[i64], account: &str) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut gone = 0;
    for seq in seqs {
        let is_theirs: bool = transaction
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM entry WHERE seq = ?1 AND lower(account) = ?2)",
            )?
            .query_row(params![seq, account], |row| row.get(0))?;
        if is_theirs {
            news::erased(&transaction, *seq)?;
            sweep::take_out(&transaction, *seq)?;
            gone += 1;
        }
    }
    transaction.commit()?;
    Ok(gone)
}

/// The log at one moment: the number of the last entry that has settled, and what an account said that has not.
fn as_it_is(connection: &Connection, account: &str) -> rusqlite::Result<(i64, Vec<Arc<Entry>>)> {
    let moment = connection.unchecked_transaction()?;
    let last = last_seq(&moment)?;
    let (mut waiting, mut next) = (Vec::new(), i64::MIN);
    while let Some(taken) = intake::from(&moment, next)? {
        next = taken.first_seq + 1;
        let records = taken.records()?.into_iter();
        let theirs = records.filter(|(_, it)| it.kind <= KIND_MAX && is_of(it, account));
        waiting.extend(theirs.map(|(_, record)| record.entry()));
    }
    moment.finish()?;
    Ok((last, waiting))
}

/// The number of the last entry that has settled.
fn last_seq(connection: &Connection) -> rusqlite::Result<i64> {
    let last = "SELECT coalesce(max(seq), 0) FROM entry";
    connection.query_row(last, (), |row| row.get(0))
}

fn refusal(path: &Path, error: &rusqlite::Error) -> String {
    let reason = database::reason(error);
    let path = path.to_owned();
    OpenError { path, reason }.to_string()
}

/// Goes through the log up to `last`, from the oldest entry or behind `begun` on, part by part: `find` in a part, then
/// `each` of what it found. `begun` says then how far it has come.
fn through<T>(
    (connection, path, last): (&Connection, &Path, i64),
    begun: &mut Option<i64>,
    progress: Progress<'_>,
    find: &mut dyn FnMut(i64, i64) -> rusqlite::Result<Vec<T>>,
    each: &mut dyn FnMut(T) -> Result<(), String>,
) -> Result<(), String> {
    let refuse = |error| refusal(path, &error);
    let oldest = "SELECT coalesce(min(seq), 1) - 1 FROM entry";
    let oldest: i64 = connection
        .query_row(oldest, (), |row| row.get(0))
        .map_err(refuse)?;
    let mut done = begun.unwrap_or(oldest).max(oldest);
    let (first, count) = (done, |from: i64, to: i64| from.abs_diff(to));
    while done < last {
        if !progress(count(first, done), count(first, last)) {
            return Err("it was stopped before its end".to_owned());
        }
        let to = last.min(done.saturating_add(LOOKED_AT));
        for found in find(done, to).map_err(refuse)? {
            each(found)?;
        }
        done = to;
        *begun = Some(done);
    }
    progress(1, 1);
    Ok(())
}

/// An entry for those who read JSON.
fn object(entry: &Entry) -> Value {
    let kind = match entry.kind {
        EntryKind::Privmsg => "message",
        EntryKind::Notice => "notice",
        EntryKind::Tagmsg => "tags",
        EntryKind::Event => "event",
    };
    let mut text = String::new();
    for (place, line) in entry.lines.iter().enumerate() {
        if place > 0 && !line.concat {
            text.push('\n');
        }
        text.push_str(&line.text);
    }
    let mut object = Map::new();
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            object.insert(key.to_owned(), Value::from(value));
        }
    };
    put("id", &entry.id);
    put("time", &entry.time.to_string());
    put("kind", kind);
    put("from", &entry.source);
    put("to", &entry.target);
    put("text", &text);
    put("tags", &entry.client_tags);
    put("event", &entry.event);
    Value::Object(object)
}
