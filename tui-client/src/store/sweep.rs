//! Takes out what is too much, oldest first, in small steps.
//! It must never hold up a question for longer than a step.

use rusqlite::{Connection, Result, params};

use crate::store::packed;
use crate::store::places::Places;

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages of one window.
    pub messages: u32,
    /// Messages of all windows together.
    pub messages_in_all: u32,
}

/// Messages taken out in one step: a few milliseconds.
const STEP: i64 = 500;

/// The place with the most messages too many, and how many.
fn fullest(db: &Connection, limits: Limits) -> Result<Option<(i64, i64)>> {
    let sql = "SELECT id, held, (SELECT coalesce(sum(held), 0) FROM place) FROM place \
               ORDER BY held DESC LIMIT 1";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(())?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let (id, held, all): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    // Not for each message, but for each fiftieth of what is kept.
    let over = |count: i64, limit: u32| {
        let limit = i64::from(limit);
        Some(count - limit).filter(|excess| *excess > limit / 50)
    };
    let excess = over(held, limits.messages).max(over(all, limits.messages_in_all));
    Ok(excess.map(|excess| (id, excess.min(held))))
}

/// One step; how many messages went. What is remembered of the places must have been written, and be forgotten after.
pub(crate) fn step(db: &Connection, places: &mut Places, limits: Limits) -> Result<usize> {
    let Some((place, excess)) = fullest(db, limits)? else {
        return Ok(0);
    };
    let gone = packed::sweep(db, places, place, excess)?;
    if gone > 0 {
        settle(db, place, gone)?;
        return Ok(gone);
    }
    let sql = "DELETE FROM said WHERE id IN \
               (SELECT id FROM said WHERE place = ?1 ORDER BY spot LIMIT ?2)";
    let gone = db
        .prepare_cached(sql)?
        .execute(params![place, excess.min(STEP)])?;
    settle(db, place, gone)?;
    Ok(gone)
}

/// Takes out everything that was said in a place.
pub(crate) fn empty(db: &Connection, place: i64) -> Result<()> {
    let gone = db.execute("DELETE FROM said WHERE place = ?1", [place])?;
    db.execute("DELETE FROM block WHERE place = ?1", [place])?;
    db.execute("DELETE FROM wrote WHERE place = ?1", [place])?;
    settle(db, place, gone)
}

fn settle(db: &Connection, place: i64, gone: usize) -> Result<()> {
    let gone = i64::try_from(gone).unwrap_or(i64::MAX);
    let sql = "UPDATE place SET held = max(held - ?2, 0) WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![place, gone])?;
    // A gap before the oldest message that is left separates nothing.
    let sql = "DELETE FROM gap WHERE place = ?1 AND until <= \
               coalesce((SELECT min(spot) >> 20 FROM (SELECT min(spot) AS spot FROM said WHERE place = ?1 \
               UNION ALL SELECT min(first) FROM block WHERE place = ?1)), until)";
    db.prepare_cached(sql)?.execute([place])?;
    Ok(())
}
