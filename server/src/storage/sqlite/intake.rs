//! The table `intake`: entries as they came, stored and not yet where they are read. It never decides when they settle.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::record::{self, Record};

/// Bytes of one row, and the whole of the entry that goes past them: so much is settled at least in one go.
const ROW_BYTES: usize = 16 << 10;

/// What is wrong with what waits, in sentences: it must be readable, belong to logs, and be of no earlier time than what
/// is in its log before it.
pub(crate) fn findings(connection: &Connection) -> Result<Vec<String>> {
    let (mut strays, mut early) = (0, 0);
    let mut ends: BTreeMap<i64, Option<i64>> = BTreeMap::new();
    let mut next = i64::MIN;
    while let Some(taken) = from(connection, next)? {
        next = taken.first_seq + 1;
        for (_, record) in taken.records()? {
            let end = match ends.get(&record.log) {
                Some(end) => *end,
                None => end(connection, record.log)?,
            };
            strays += u64::from(end.is_none());
            early += u64::from(end.is_some_and(|end| record.time < end));
            ends.insert(record.log, end.map(|end| end.max(record.time)));
        }
    }
    let told = |count: u64, what: &str| (count > 0).then(|| format!("{count} {what}"));
    Ok([
        told(strays, "entries that wait to be settled belong to no log"),
        told(
            early,
            "entries that wait to be settled are older than those before them in their log",
        ),
    ]
    .into_iter()
    .flatten()
    .collect())
}

/// The time of the last settled entry of a log; nothing, if there is no such log.
fn end(connection: &Connection, log: i64) -> Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT coalesce((SELECT max(time) FROM entry WHERE entry.log = log.log), 0) \
                         FROM log WHERE log = ?1",
        )?
        .query_row([log], |row| row.get(0))
        .optional()
}

/// Entries on their way into one row.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    first_seq: i64,
    count: i64,
    bytes: Vec<u8>,
}

impl Gathered {
    /// Takes one more, which must follow the one before. Answers with the bytes it takes.
    pub(super) fn push(
        &mut self,
        connection: &Connection,
        seq: i64,
        record: &Record<'_>,
    ) -> Result<usize> {
        if self.count == 0 {
            self.first_seq = seq;
        }
        let before = self.bytes.len();
        record::push(&mut self.bytes, record)?;
        self.count += 1;
        let took = self.bytes.len() - before;
        if self.bytes.len() >= ROW_BYTES {
            self.put(connection)?;
        }
        Ok(took)
    }

    /// Puts them into the table.
    pub(super) fn put(&mut self, connection: &Connection) -> Result<()> {
        if self.count > 0 {
            connection
                .prepare_cached(
                    "INSERT INTO intake (first_seq, count, entries) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![self.first_seq, self.count, self.bytes])?;
            self.clear();
        }
        Ok(())
    }

    /// Forgets them.
    pub(super) fn clear(&mut self) {
        self.count = 0;
        self.bytes.clear();
    }
}

/// One row.
#[derive(Debug)]
pub(super) struct Taken {
    /// The number of its first entry.
    pub(super) first_seq: i64,
    count: i64,
    entries: Vec<u8>,
}

impl Taken {
    /// Its entries, with their numbers.
    pub(super) fn records(&self) -> Result<Vec<(i64, Record<'_>)>> {
        let records = record::all(&self.entries)?;
        if i64::try_from(records.len()) != Ok(self.count) {
            return Err(record::damaged());
        }
        Ok((self.first_seq..).zip(records).collect())
    }

    /// The bytes that an entry of it takes, more or less.
    pub(super) fn bytes_of_one(&self) -> usize {
        let count = usize::try_from(self.count).unwrap_or(0);
        self.entries.len().checked_div(count).unwrap_or(0)
    }

    fn of(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            first_seq: row.get(0)?,
            count: row.get(1)?,
            entries: row.get(2)?,
        })
    }
}

/// The first row whose first entry has that number or a later one.
pub(super) fn from(connection: &Connection, seq: i64) -> Result<Option<Taken>> {
    connection
        .prepare_cached(
            "SELECT first_seq, count, entries FROM intake WHERE first_seq >= ?1 \
             ORDER BY first_seq LIMIT 1",
        )?
        .query_row([seq], Taken::of)
        .optional()
}

/// The row that holds an entry, if it still waits.
pub(super) fn holding(connection: &Connection, seq: i64) -> Result<Option<Taken>> {
    connection
        .prepare_cached(
            "SELECT first_seq, count, entries FROM intake \
             WHERE first_seq <= ?1 AND first_seq + count > ?1 ORDER BY first_seq DESC LIMIT 1",
        )?
        .query_row([seq], Taken::of)
        .optional()
}

/// The row that holds the entry of a log with an id, and its number. All of them are looked through: an id is looked for
/// here only if it was taken out, if it came before, or after a clock was set back by years.
pub(super) fn bearing(connection: &Connection, log: i64, id: &str) -> Result<Option<(i64, Taken)>> {
    let mut next = i64::MIN;
    while let Some(taken) = from(connection, next)? {
        next = taken.first_seq + 1;
        let records = taken.records()?;
        let mut same = records
            .iter()
            .filter(|(_, record)| record.log == log && record.id == id);
        if let Some((seq, _)) = same.next() {
            return Ok(Some((*seq, taken)));
        }
    }
    Ok(None)
}

/// The number of the last entry, if any waits.
pub(super) fn last_seq(connection: &Connection) -> Result<Option<i64>> {
    connection
        .prepare_cached("SELECT first_seq + count - 1 FROM intake ORDER BY first_seq DESC LIMIT 1")?
        .query_row((), |row| row.get(0))
        .optional()
}

/// The greatest id of what waits.
pub(super) fn greatest_id(connection: &Connection) -> Result<Option<Box<str>>> {
    let (mut greatest, mut next) = (None, i64::MIN);
    while let Some(taken) = from(connection, next)? {
        next = taken.first_seq + 1;
        let ids = taken.records()?.into_iter().map(|(_, record)| record.id);
        greatest = greatest.max(ids.max().map(Box::from));
    }
    Ok(greatest)
}

/// Takes a row out.
pub(super) fn take_out(connection: &Connection, first_seq: i64) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM intake WHERE first_seq = ?1")?
        .execute([first_seq])?;
    Ok(())
}

/// Writes a row anew with some of its entries changed. Answers with how many.
pub(super) fn change<'a>(
    connection: &Connection,
    taken: &'a Taken,
    mut changed: impl FnMut(i64, &Record<'a>) -> Option<Record<'a>>,
) -> Result<u64> {
    let (mut bytes, mut count) = (Vec::new(), 0);
    for (seq, record) in taken.records()? {
        let other = changed(seq, &record);
        count += u64::from(other.is_some());
        record::push(&mut bytes, other.as_ref().unwrap_or(&record))?;
    }
    if count > 0 {
        connection
            .prepare_cached("UPDATE intake SET entries = ?2 WHERE first_seq = ?1")?
            .execute(params![taken.first_seq, bytes])?;
    }
    Ok(count)
}
