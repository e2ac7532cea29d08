//! What the writer does while nobody waits for it: looks which logs have too much, and takes that out. It never holds up
//! a message for longer than one slice takes.

use std::collections::BTreeMap;
use std::time::Duration;

use protocol::Stamp;
use rusqlite::{Connection, Result, Row, params};
use server_core::storage::{Keep, LogKey};

use super::log;
use super::sweep::{self, Swept};

/// Logs that are looked at in one go: less than a millisecond.
const LOOKED_AT_MAX: i64 = 64;
/// Entries after which the size of the whole is looked at.
const SIZED_AFTER: u32 = 4096;

/// How long a slice may take, its commit included: so long a message may have to wait.
const SLICE_TAKES: Duration = Duration::from_millis(4);
/// Entries of the first slice, and of one at least: fewer would not take less. Then it is as many as those before tell.
const SLICE_FIRST: i64 = 16;
/// Entries of a slice at most.
const SLICE_MAX: i64 = 512;

/// What there is to do.
#[derive(Debug, Default)]
pub(super) struct Chores {
    each: Keep,
    total_bytes: Option<u64>,
    /// What is to go of each log.
    sweeps: BTreeMap<i64, Swept>,
    /// The last log that was looked at; `None`: all were.
    looked_at: Option<i64>,
    /// Whether the whole may be too big.
    is_to_shrink: bool,
    /// Entries since that was looked at.
    fresh: u32,
    /// Whether entries of some log grow too old.
    ages: bool,
    /// Entries of the next slice.
    slice: i64,
    /// Whether the last step took a slice out.
    has_swept: bool,
}

/// What comes of a batch once it is committed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Due {
    /// Something is to go.
    Sweep(Swept),
    /// Another rule for all logs.
    RetainAll(Keep, Option<u64>),
    /// A log with a rule of its own.
    Retained(i64),
    /// A log has many entries more.
    Grown(i64),
}

impl Chores {
    /// What an earlier process has left to do. `waits` says of a log that something of it waits to be settled: then it
    /// goes after that.
    pub(super) fn new(connection: &Connection, waits: &dyn Fn(i64) -> bool) -> Result<Self> {
        let mut forgotten = sweep::forgotten(connection)?;
        forgotten.retain(|swept| !waits(swept.log()));
        let ages = "SELECT count(*) FROM log WHERE keep_ms IS NOT NULL";
        let ages: i64 = connection.query_row(ages, (), |row| row.get(0))?;
        Ok(Self {
            sweeps: forgotten.into_iter().map(|it| (it.log(), it)).collect(),
            looked_at: Some(0),
            ages: ages > 0,
            slice: SLICE_FIRST,
            ..Self::default()
        })
    }

    /// Whether there is nothing to do.
    pub(super) fn is_idle(&self) -> bool {
        self.sweeps.is_empty() && self.looked_at.is_none() && !self.is_to_shrink
    }

    /// Whether something becomes too old with time alone.
    pub(super) fn ages(&self) -> bool {
        self.ages || self.each.age_ms.is_some()
    }

    /// Time has passed: all logs are looked at.
    pub(super) fn look_again(&mut self) {
        self.looked_at = Some(0);
        self.is_to_shrink = self.total_bytes.is_some();
    }

    /// Nothing waits to be settled any more: the whole is now as big as it is.
    pub(super) fn all_settled(&mut self) {
        self.is_to_shrink = self.total_bytes.is_some();
    }

    /// The last step took so long, its commit included: the next slice is as big as fits.
    pub(super) fn took(&mut self, took: Duration) {
        if !std::mem::take(&mut self.has_swept) {
            return;
        }
        let (took, fits) = (took.as_micros().max(1), SLICE_TAKES.as_micros());
        // At most twice as many: one that was quick by chance says little.
        let times = i64::try_from(fits * 16 / took).unwrap_or(i64::MAX).min(32);
        self.slice = (self.slice * times / 16).clamp(SLICE_FIRST, SLICE_MAX);
    }

    /// Takes over what came of a committed batch, or of so many entries that have settled.
    pub(super) fn take_over(
        &mut self,
        connection: &Connection,
        due: Vec<Due>,
        settled: u32,
        now: Stamp,
    ) -> Result<()> {
        self.fresh = self.fresh.saturating_add(settled);
        if self.fresh >= SIZED_AFTER {
            self.fresh = 0;
            self.is_to_shrink = self.total_bytes.is_some();
        }
        for due in due {
            match due {
                Due::Sweep(swept) => {
                    self.sweeps.insert(swept.log(), swept);
                }
                Due::RetainAll(each, total_bytes) => {
                    (self.each, self.total_bytes) = (each, total_bytes);
                    self.look_again();
                }
                Due::Retained(log) => {
                    self.ages |= keep_of(connection, log)?.age_ms.is_some();
                    self.look_at(connection, log, now)?;
                }
                Due::Grown(log) => self.look_at(connection, log, now)?,
            }
        }
        Ok(())
    }

    fn look_at(&mut self, connection: &Connection, log: i64, now: Stamp) -> Result<()> {
        let keep = self.each.within(keep_of(connection, log)?);
        if let Some(swept) = sweep::overdue(connection, log, keep, now)? {
            // A forgotten log goes whole; of another more may be to go by now.
            let due = self.sweeps.entry(log).or_insert(swept);
            if !due.is_whole() {
                *due = swept;
            }
        }
        Ok(())
    }

    /// Something failed: what there is to do is left until it is looked at again, not tried without end now.
    pub(super) fn give_up(&mut self) {
        self.sweeps.clear();
        self.looked_at = None;
        self.is_to_shrink = false;
    }

    /// Does a little.
    pub(super) fn step(&mut self, connection: &Connection, now: Stamp) -> Result<()> {
        if let Some((log, swept)) = self.sweeps.pop_first() {
            self.has_swept = true;
            if !sweep::sweep(connection, swept, self.slice)? {
                self.sweeps.insert(log, swept);
            }
        } else if let Some(last) = self.looked_at.take() {
            self.looked_at = self.look(connection, last, now)?;
        } else if std::mem::take(&mut self.is_to_shrink)
            && let Some(most) = self.total_bytes
            && used_bytes(connection)? > most
        {
            self.has_swept = true;
            self.is_to_shrink = !sweep::sweep_oldest(connection, self.slice)?;
        }
        Ok(())
    }

    /// Looks at some logs; the answer is the last of them.
    fn look(&mut self, connection: &Connection, last: i64, now: Stamp) -> Result<Option<i64>> {
        let logs = connection
            .prepare_cached("SELECT log FROM log WHERE log > ?1 ORDER BY log LIMIT ?2")?
            .query_map([last, LOOKED_AT_MAX], |row| row.get(0))?
            .collect::<Result<Vec<_>>>()?;
        for log in &logs {
            self.look_at(connection, *log, now)?;
        }
        Ok(logs.last().copied())
    }
}

/// Keeps the rule of one log. The answer is its number.
pub(super) fn retain(connection: &Connection, key: &LogKey, keep: Keep) -> Result<i64> {
    let log = log::find_or_make(connection, key)?;
    let number = |most: Option<u64>| most.map(|most| i64::try_from(most).unwrap_or(i64::MAX));
    connection
        .prepare_cached(
            "UPDATE log SET keep_ms = ?2, keep_entries = ?3, keep_bytes = ?4 WHERE log = ?1",
        )?
        .execute(params![
            log,
            number(keep.age_ms),
            number(keep.entries),
            number(keep.bytes)
        ])?;
    Ok(log)
}

fn keep_of(connection: &Connection, log: i64) -> Result<Keep> {
    let number = |row: &Row<'_>, column| {
        let number: Option<i64> = row.get(column)?;
        Ok::<_, rusqlite::Error>(number.and_then(|number| u64::try_from(number).ok()))
    };
    connection
        .prepare_cached("SELECT keep_ms, keep_entries, keep_bytes FROM log WHERE log = ?1")?
        .query_row([log], |row| {
            Ok(Keep {
                age_ms: number(row, 0)?,
                entries: number(row, 1)?,
                bytes: number(row, 2)?,
            })
        })
}

/// Bytes of the file that something is in.
fn used_bytes(connection: &Connection) -> Result<u64> {
    let ask = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let pages = ask("page_count")?.saturating_sub(ask("freelist_count")?);
    let bytes = pages.saturating_mul(ask("page_size")?);
    Ok(u64::try_from(bytes).unwrap_or(0))
}

#[cfg(test)]
mod tests;
