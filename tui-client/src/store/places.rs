//! The windows of the store: their numbers, and what is kept of each beside its messages.
//! It must never make a row for a window of which nothing is to be kept.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::level::Level;
use crate::name;
use crate::session::event::Millis;
use crate::store::row;
use crate::store::{DRAFT_BYTES_MAX, Kept, Place, WROTE_MAX};

/// Places whose numbers are remembered; more are asked for again.
const REMEMBERED_MAX: usize = 1000;

/// What is remembered of a place.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// Its number.
    pub(crate) id: i64,
    /// How many messages it has.
    pub(crate) held: i64,
    /// The spot of its newest message, once that was asked for.
    pub(crate) last: Option<i64>,
    /// Whether `held` is to be written.
    is_changed: bool,
}

/// The places, by network and folded name.
#[derive(Debug, Default)]
pub(crate) struct Places {
    known: BTreeMap<(String, String), Known>,
}

impl Places {
    /// The place, if anything is kept of it.
    pub(crate) fn find(&mut self, db: &Connection, place: &Place) -> Result<Option<Known>> {
        let key = key(place);
        if let Some(known) = self.known.get(&key) {
            return Ok(Some(*known));
        }
        let sql = "SELECT id, held FROM place WHERE network = ?1 AND name = ?2";
        let mut select = db.prepare_cached(sql)?;
        let found = select.query_row(params![key.0, key.1], |row| {
            Ok(Known {
                id: row.get(0)?,
                held: row.get(1)?,
                ..Known::default()
            })
        });
        let found = found.optional()?;
        if let Some(known) = found {
            if self.known.len() >= REMEMBERED_MAX {
                self.write(db)?;
                self.known.clear();
            }
            self.known.insert(key, known);
        }
        Ok(found)
    }

    /// The place, made if there is none.
    pub(crate) fn open(&mut self, db: &Connection, place: &Place) -> Result<Known> {
        if let Some(known) = self.find(db, place)? {
            return Ok(known);
        }
        let (network, name) = key(place);
        let sql = "INSERT INTO place (network, name, shown) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?
            .execute(params![network, name, place.name])?;
        let known = Known {
            id: db.last_insert_rowid(),
            ..Known::default()
        };
        self.known.insert((network, name), known);
        Ok(known)
    }

    /// Takes over what has changed of a place.
    pub(crate) fn change(&mut self, place: &Place, held: i64, last: Option<i64>) {
        if let Some(known) = self.known.get_mut(&key(place)) {
            known.is_changed |= known.held != held;
            known.held = held;
            known.last = last;
        }
    }

    /// The place of this number has so many messages less.
    pub(crate) fn lose(&mut self, id: i64, count: i64) {
        for known in self.known.values_mut().filter(|known| known.id == id) {
            known.is_changed |= count != 0;
            known.held -= count;
        }
    }

    /// A place has another name; where one of that name is known already, both stay as they are.
    pub(crate) fn rename(&mut self, db: &Connection, place: &Place, to: &str) -> Result<()> {
        self.write(db)?;
        self.forget();
        let (network, name) = key(place);
        let sql =
            "UPDATE OR IGNORE place SET name = ?3, shown = ?4 WHERE network = ?1 AND name = ?2";
        db.prepare_cached(sql)?
            .execute(params![network, name, name::folded(to), to])?;
        Ok(())
    }

    /// Writes the numbers of messages that have changed.
    pub(crate) fn write(&mut self, db: &Connection) -> Result<()> {
        for known in self.known.values_mut().filter(|known| known.is_changed) {
            known.is_changed = false;
            let mut update = db.prepare_cached("UPDATE place SET held = ?2 WHERE id = ?1")?;
            update.execute(params![known.id, known.held])?;
        }
        Ok(())
    }

    /// Forgets what is remembered: the file says it anew.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }
}

fn key(place: &Place) -> (String, String) {
    (place.network.clone(), name::folded(&place.name))
}

/// Everything about a place beside its messages.
pub(crate) fn kept(db: &Connection, id: i64) -> Result<Kept> {
    let mut select = db.prepare_cached("SELECT draft, level, read_to FROM place WHERE id = ?1")?;
    let kept = select.query_row([id], |row| {
        let level: String = row.get(1)?;
        Ok(Kept {
            draft: row.get(0)?,
            level: Level::named(&level).unwrap_or_default(),
            read_to: row.get::<_, Option<i64>>(2)?.map(row::millis),
            wrote: Vec::new(),
        })
    });
    let mut kept = kept.optional()?.unwrap_or_default();
    let mut select = db.prepare_cached("SELECT text FROM wrote WHERE place = ?1 ORDER BY id")?;
    let wrote = select.query_map([id], |row| row.get(0))?;
    kept.wrote = wrote.collect::<Result<_>>()?;
    Ok(kept)
}

/// Keeps what is being written.
pub(crate) fn draft(db: &Connection, id: i64, text: &str) -> Result<()> {
    if text.len() > DRAFT_BYTES_MAX {
        return Ok(());
    }
    let mut update = db.prepare_cached("UPDATE place SET draft = ?2 WHERE id = ?1")?;
    update.execute(params![id, text])?;
    Ok(())
}

/// Keeps what calls.
pub(crate) fn level(db: &Connection, id: i64, level: Level) -> Result<()> {
    let mut update = db.prepare_cached("UPDATE place SET level = ?2 WHERE id = ?1")?;
    update.execute(params![id, level.word()])?;
    Ok(())
}

/// Keeps up to when it was read; that never moves back.
pub(crate) fn read(db: &Connection, id: i64, at: Millis) -> Result<()> {
    let sql = "UPDATE place SET read_to = max(coalesce(read_to, 0), ?2) WHERE id = ?1";
    db.prepare_cached(sql)?
        .execute(params![id, row::number(at)])?;
    Ok(())
}

/// Keeps a line that was sent, and as many before it as are recalled.
pub(crate) fn wrote(db: &Connection, id: i64, text: &str) -> Result<()> {
    if text.len() > DRAFT_BYTES_MAX {
        return Ok(());
    }
    let mut insert = db.prepare_cached("INSERT INTO wrote (place, text) VALUES (?1, ?2)")?;
    insert.execute(params![id, text])?;
    let sql = "DELETE FROM wrote WHERE id IN \
               (SELECT id FROM wrote WHERE place = ?1 ORDER BY id DESC LIMIT 50 OFFSET ?2)";
    db.prepare_cached(sql)?.execute(params![id, WROTE_MAX])?;
    Ok(())
}

/// Ignores somebody, or no longer.
pub(crate) fn ignore(db: &Connection, network: &str, nick: &str, is_ignored: bool) -> Result<()> {
    let sql = if is_ignored {
        "INSERT OR IGNORE INTO ignored (network, nick) VALUES (?1, ?2)"
    } else {
        "DELETE FROM ignored WHERE network = ?1 AND nick = ?2"
    };
    db.prepare_cached(sql)?.execute(params![network, nick])?;
    Ok(())
}

/// Keeps a setting of the screen.
pub(crate) fn set(db: &Connection, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
    db.prepare_cached(sql)?.execute(params![name, value])?;
    Ok(())
}

/// All pairs of a small table: `ignored` or `setting`.
pub(crate) fn pairs(db: &Connection, sql: &str) -> Result<Vec<(String, String)>> {
    let mut select = db.prepare(sql)?;
    let rows = select.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// The networks, and when the newest message that is kept of each was said.
pub(crate) fn heard(db: &Connection) -> Result<Vec<(String, Millis)>> {
    let sql = "SELECT network, max(max( \
               coalesce((SELECT max(spot) FROM said WHERE place = place.id), 0), \
               coalesce((SELECT max(last) FROM block WHERE place = place.id), 0))) AS spot \
               FROM place GROUP BY network HAVING spot > 0";
    let mut select = db.prepare(sql)?;
    let rows = select.query_map((), |row| Ok((row.get(0)?, row::time(row.get(1)?))))?;
    rows.collect()
}
