//! Writes what was said: each message once, at its place in the order; gaps; what was done to messages.
//! It must never move a message that has its place before or after another one.

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::model::recall::has_become;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::store::block::{Block, records};
use crate::store::packed;
use crate::store::places::{Known, Places};
use crate::store::row::{self, Key};
use crate::store::{Place, REACTIONS_MAX};

/// Blocks that are looked through for a message to which somebody reacts: those of the newest four thousand messages.
const REACTED_BLOCKS_MAX: u32 = 16;

/// Takes in messages that follow each other. Before which of those of the same time an unknown one stands says the
/// one that follows it; the last ones stand after all, or before all where `is_before`.
pub(crate) fn said(
    db: &Connection,
    places: &mut Places,
    place: &Place,
    messages: &[Message],
    is_before: bool,
) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let mut known = newest(db, places, place)?;
    match messages {
        [message] if !is_before && is_newest(known, message) => {
            let spot = row::spot(message.at);
            if put(db, known.id, message, &Key::of(message), spot)? {
                known.held += 1;
                known.last = Some(spot);
            }
        }
        _ => {
            let times = || messages.iter().map(|message| message.at);
            if let Some((first, last)) = times().min().zip(times().max()) {
                let span = (row::spots(first).0, row::spots(last).1);
                packed::open_between(db, places, known.id, span)?;
                known = newest(db, places, place)?;
            }
            run(db, &mut known, messages, is_before)?;
        }
    }
    places.change(place, known.held, known.last);
    Ok(())
}

/// Takes in messages that were heard live, one after the other.
pub(crate) fn heard(db: &Connection, places: &mut Places, block: &Block) -> Result<()> {
    for record in records(&block.bytes) {
        let message = record.message(&block.place.name);
        said(db, places, &block.place, &[message], false)?;
    }
    Ok(())
}

/// Takes in the same as one block, without rows, where they come after all that is known.
pub(crate) fn flooded(db: &Connection, places: &mut Places, block: &Block) -> Result<()> {
    let known = newest(db, places, &block.place)?;
    if packed::put(db, places, known, block)? {
        return Ok(());
    }
    heard(db, places, block)
}

/// What is known of a place, its newest message with it.
fn newest(db: &Connection, places: &mut Places, place: &Place) -> Result<Known> {
    let mut known = places.open(db, place)?;
    if known.last.is_none() {
        let sql = "SELECT max(spot) FROM (SELECT max(spot) AS spot FROM said WHERE place = ?1 \
                   UNION ALL SELECT max(last) FROM block WHERE place = ?1)";
        let mut select = db.prepare_cached(sql)?;
        known.last = select.query_row([known.id], |row| row.get(0))?;
        places.change(place, known.held, known.last);
    }
    Ok(known)
}

/// Whether nothing known was said at its time or later, as with most messages.
fn is_newest(known: Known, message: &Message) -> bool {
    known.last.is_none_or(|last| row::time(last) < message.at)
}

fn run(db: &Connection, known: &mut Known, messages: &[Message], is_before: bool) -> Result<()> {
    let keys: Vec<Key> = messages.iter().map(Key::of).collect();
    // What follows the last known one of the page stands right after that, whatever else there is.
    let mut next: Option<i64> = None;
    let mut is_before = is_before;
    for key in keys.iter().rev() {
        if let Some(spot) = spot_of(db, known.id, key)? {
            next = spot_after(db, known.id, spot)?;
            is_before = false;
            break;
        }
    }
    for (message, key) in messages.iter().zip(&keys).rev() {
        if let Some(spot) = spot_of(db, known.id, key)? {
            next = Some(spot);
            continue;
        }
        let spot = match next {
            Some(next) if row::time(next) == message.at => space_before(db, known.id, next)?,
            _ => space_at(db, known.id, message.at, is_before)?,
        };
        if let Some(spot) = spot
            && put(db, known.id, message, key, spot)?
        {
            known.held += 1;
            known.last = known.last.max(Some(spot));
            next = Some(spot);
        }
    }
    Ok(())
}

/// Where the message after a spot stands.
fn spot_after(db: &Connection, place: i64, spot: i64) -> Result<Option<i64>> {
    let sql = "SELECT min(spot) FROM said WHERE place = ?1 AND spot > ?2";
    let mut select = db.prepare_cached(sql)?;
    select.query_row([place, spot], |row| row.get(0))
}

/// Where a message stands.
pub(crate) fn spot_of(db: &Connection, place: i64, key: &Key) -> Result<Option<i64>> {
    let sql = "SELECT spot FROM said WHERE place = ?1 AND key = ?2";
    let mut select = db.prepare_cached(sql)?;
    select
        .query_row(params![place, key], |row| row.get(0))
        .optional()
}

/// A free spot at a time, after or before all of that time. `None`: there is none, after half a million of them.
fn space_at(db: &Connection, place: i64, at: Millis, is_before: bool) -> Result<Option<i64>> {
    let (first, end) = row::spots(at);
    let sql = "SELECT min(spot), max(spot) FROM said WHERE place = ?1 AND spot >= ?2 AND spot < ?3";
    let mut select = db.prepare_cached(sql)?;
    let (lowest, highest): (Option<i64>, Option<i64>) = select
        .query_row(params![place, first, end], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let spot = match (lowest, highest) {
        (Some(lowest), _) if is_before => lowest - 1,
        (_, Some(highest)) => highest + 1,
        _ => row::spot(at),
    };
    Ok((first..end).contains(&spot).then_some(spot))
}

/// A free spot right before another one of the same time; those before it move up to make it.
fn space_before(db: &Connection, place: i64, next: i64) -> Result<Option<i64>> {
    let (first, _) = row::spots(row::time(next));
    let spot = next - 1;
    let sql = "SELECT min(spot), coalesce(sum(spot = ?3), 0) FROM said \
               WHERE place = ?1 AND spot >= ?2 AND spot <= ?3";
    let mut select = db.prepare_cached(sql)?;
    let (lowest, is_taken): (Option<i64>, bool) = select
        .query_row(params![place, first, spot], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    if lowest.is_some_and(|lowest| lowest <= first) || spot < first {
        return Ok(None);
    }
    if is_taken {
        // By way of numbers that nothing has, so that no two are the same on the way.
        let aside = "UPDATE said SET spot = -spot WHERE place = ?1 AND spot >= ?2 AND spot <= ?3";
        db.prepare_cached(aside)?
            .execute(params![place, first, spot])?;
        let back = "UPDATE said SET spot = -spot - 1 WHERE place = ?1 AND spot < 0";
        db.prepare_cached(back)?.execute([place])?;
    }
    Ok(Some(spot))
}

/// Whether it was new.
fn put(db: &Connection, place: i64, message: &Message, key: &Key, spot: i64) -> Result<bool> {
    let sql = "INSERT OR IGNORE INTO said (place, spot, key, nick, kind, text, reply_to, is_own) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let added = db.prepare_cached(sql)?.execute(params![
        place,
        spot,
        key,
        message.source,
        row::kind_number(message.kind),
        message.text,
        message.reply_to,
        message.is_own,
    ])?;
    Ok(added > 0)
}

/// A message was not said after all.
pub(crate) fn unsaid(
    db: &Connection,
    places: &mut Places,
    place: &Place,
    message: &Message,
) -> Result<()> {
    let Some(known) = places.find(db, place)? else {
        return Ok(());
    };
    let sql = "DELETE FROM said WHERE place = ?1 AND key = ?2 AND is_own";
    let key = Key::of(message);
    let gone = db.prepare_cached(sql)?.execute(params![known.id, key])?;
    places.lose(known.id, i64::from(gone > 0));
    Ok(())
}

/// Messages may be missing.
pub(crate) fn gap(db: &Connection, place: i64, gap: &Gap) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO gap (place, since, until, before) VALUES (?1, ?2, ?3, ?4)";
    let (since, until) = (row::number(gap.since), row::number(gap.until));
    db.prepare_cached(sql)?
        .execute(params![place, since, until, gap.before])?;
    Ok(())
}

/// The gaps of a place that touch a time, both ends included.
pub(crate) fn gaps(db: &Connection, place: i64, (first, last): (i64, i64)) -> Result<Vec<Gap>> {
    let sql = "SELECT since, until, before FROM gap \
               WHERE place = ?1 AND since <= ?3 AND until >= ?2 ORDER BY since";
    let mut select = db.prepare_cached(sql)?;
    let rows = select.query_map([place, first, last], |row| {
        Ok(Gap {
            before: row.get(2)?,
            ..Gap::between(row::millis(row.get(0)?), row::millis(row.get(1)?))
        })
    })?;
    rows.collect()
}

/// The gap between these times is none, nor what pages have left of it.
pub(crate) fn no_gap(db: &Connection, place: i64, (since, until): (Millis, Millis)) -> Result<()> {
    let sql = "DELETE FROM gap WHERE place = ?1 AND since >= ?2 AND until <= ?3 AND since < until";
    let (since, until) = (row::number(since), row::number(until));
    db.prepare_cached(sql)?.execute([place, since, until])?;
    Ok(())
}

/// What was missing between two times, both included, is here; what was missing before and after still is.
pub(crate) fn fill(db: &Connection, place: i64, here: (Millis, Millis)) -> Result<()> {
    let span = (row::number(here.0), row::number(here.1));
    let met = gaps(db, place, span)?;
    for old in met.iter().filter(|gap| gap.is_met(here)) {
        let sql = "DELETE FROM gap WHERE place = ?1 AND since = ?2 AND until = ?3";
        let (since, until) = (row::number(old.since), row::number(old.until));
        db.prepare_cached(sql)?.execute([place, since, until])?;
        for rest in old.without(here) {
            gap(db, place, &rest)?;
        }
    }
    Ok(())
}

/// Somebody put a reaction to a message, or took it back; to a message that is not kept it means nothing.
pub(crate) fn reacted(
    db: &Connection,
    places: &mut Places,
    place: i64,
    msgid: &str,
    (nick, reaction): (&str, &str),
    is_given: bool,
) -> Result<()> {
    open_holding(db, places, place, msgid, REACTED_BLOCKS_MAX)?;
    let sql = if is_given {
        "INSERT OR IGNORE INTO reaction (said, reaction, nick) SELECT id, ?3, ?4 FROM said \
         WHERE place = ?1 AND key = ?2 AND ?5 > (SELECT count(*) FROM reaction WHERE said = said.id)"
    } else {
        "DELETE FROM reaction WHERE ?5 AND reaction = ?3 AND nick = ?4 \
         AND said = (SELECT id FROM said WHERE place = ?1 AND key = ?2)"
    };
    db.prepare_cached(sql)?
        .execute(params![place, msgid, reaction, nick, REACTIONS_MAX])?;
    Ok(())
}

/// A message was taken back: its words are overwritten by what stands in its place.
pub(crate) fn taken_back(
    db: &Connection,
    places: &mut Places,
    place: i64,
    msgid: &str,
    text: &str,
) -> Result<()> {
    open_holding(db, places, place, msgid, u32::MAX)?;
    forget_wrote(db, place, msgid)?;
    let sql = "UPDATE said SET text = ?3, is_taken_back = 1 WHERE place = ?1 AND key = ?2";
    db.prepare_cached(sql)?
        .execute(params![place, msgid, text])?;
    Ok(())
}

/// What we wrote a message as goes with it, in whatever window of its network that was.
fn forget_wrote(db: &Connection, place: i64, msgid: &str) -> Result<()> {
    let sql =
        "SELECT text FROM said WHERE place = ?1 AND key = ?2 AND is_own AND NOT is_taken_back";
    let mut select = db.prepare_cached(sql)?;
    let said: Option<String> = select
        .query_row(params![place, msgid], |row| row.get(0))
        .optional()?;
    let Some(said) = said else { return Ok(()) };
    let sql = "SELECT wrote.id, text FROM wrote JOIN place ON place.id = wrote.place \
               WHERE network = (SELECT network FROM place WHERE id = ?1)";
    let mut select = db.prepare_cached(sql)?;
    let rows = select.query_map([place], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let wrote: Vec<(i64, String)> = rows.collect::<Result<_>>()?;
    let mut delete = db.prepare_cached("DELETE FROM wrote WHERE id = ?1")?;
    for (id, _) in wrote.iter().filter(|(_, wrote)| has_become(wrote, &said)) {
        delete.execute([id])?;
    }
    Ok(())
}

/// Makes rows of the block that has this message, if there is no row of it.
fn open_holding(
    db: &Connection,
    places: &mut Places,
    place: i64,
    msgid: &str,
    limit: u32,
) -> Result<()> {
    if spot_of(db, place, &Key::Id(msgid.to_owned()))?.is_some() {
        return Ok(());
    }
    let all = (i64::MIN, i64::MAX);
    packed::open_holding(db, places, place, msgid, all, limit)
}
