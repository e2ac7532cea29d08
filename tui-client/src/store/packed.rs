//! Blocks of messages in the file: put there whole, and made into rows where somebody looks.
//! It must never leave a row among the messages of a block, nor lose one of them on the way.

use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::session::event::{Message, Millis};
use crate::store::FOUND_MAX;
use crate::store::block::{Block, Record, records};
use crate::store::places::{Known, Places};
use crate::store::row::{self, Key};

/// Blocks that a search looks through, newest first: a quarter of a million messages.
const SOUGHT_MAX: u16 = 1_000;
/// Letters from here on are none of another letter with a mark.
const FOLDED_END: char = '\u{2e80}';

/// What was found, and on which network.
pub(crate) type Found = (String, Message);

/// Puts a block after all that is known of its place; false if its messages belong elsewhere.
pub(crate) fn put(
    db: &Connection,
    places: &mut Places,
    known: Known,
    block: &Block,
) -> Result<bool> {
    let last = known.last.unwrap_or(i64::MIN);
    if !block.is_rising || row::spots(block.first).1 <= last {
        return Ok(false);
    }
    let times = records(&block.bytes).map(|record| record.at);
    let Some((first, end)) = ends(last, times) else {
        return Ok(false);
    };
    let sql = "INSERT INTO block (place, first, last, held, said) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = db.prepare_cached(sql)?;
    insert.execute(params![known.id, first, end, block.count, block.bytes])?;
    let held = known.held + i64::from(block.count);
    places.change(&block.place, held, Some(end));
    Ok(true)
}

/// The spot of a message after another one: that of its time, or the next one.
fn next(before: i64, at: Millis) -> Option<i64> {
    let spot = row::spot(at).max(before.saturating_add(1));
    (row::time(spot) == at).then_some(spot)
}

/// The spots of the first and the last of messages that follow a spot. `None`: a time has no more of them.
fn ends(before: i64, times: impl Iterator<Item = Millis>) -> Option<(i64, i64)> {
    let mut ends = None;
    let mut before = before;
    for at in times {
        before = next(before, at)?;
        ends = Some((ends.map_or(before, |(first, _)| first), before));
    }
    ends
}

/// Makes rows of the messages of one block.
fn open(db: &Connection, places: &mut Places, place: i64, id: i64) -> Result<()> {
    let mut select = db.prepare_cached("SELECT first, said FROM block WHERE id = ?1")?;
    let (first, bytes): (i64, Vec<u8>) =
        select.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    db.prepare_cached("DELETE FROM block WHERE id = ?1")?
        .execute([id])?;
    let sql = "INSERT OR IGNORE INTO said (place, spot, key, nick, kind, text, reply_to, is_own) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let mut insert = db.prepare_cached(sql)?;
    let (mut before, mut doubled) = (first - 1, 0);
    for record in records(&bytes) {
        let Some(spot) = next(before, record.at) else {
            break;
        };
        before = spot;
        let Record { nick, text, .. } = record;
        let key = Key::made_of(record.msgid, record.at, nick, record.kind, text);
        let kind = row::kind_number(record.kind);
        let (reply_to, is_own) = (record.reply_to, record.is_own);
        let values = params![place, spot, key, nick, kind, text, reply_to, is_own];
        doubled += i64::from(insert.execute(values)? == 0);
    }
    places.lose(place, doubled);
    Ok(())
}

/// Makes rows of every block that has messages between two spots, or at them.
pub(crate) fn open_between(
    db: &Connection,
    places: &mut Places,
    place: i64,
    (low, high): (i64, i64),
) -> Result<()> {
    let sql = "SELECT id FROM block WHERE place = ?1 AND last >= ?2 AND first <= ?3 ORDER BY last";
    let mut select = db.prepare_cached(sql)?;
    let ids = select.query_map([place, low, high], |row| row.get(0))?;
    for id in ids.collect::<Result<Vec<i64>>>()? {
        open(db, places, place, id)?;
    }
    Ok(())
}

/// Which way a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The newest messages of a span.
    Down,
    /// The oldest.
    Up,
}

/// Makes rows of what a page needs: so many messages of a span of spots, its end not included.
pub(crate) fn open_page(
    db: &Connection,
    places: &mut Places,
    place: i64,
    (start, end): (i64, i64),
    (way, limit): (Way, u16),
) -> Result<()> {
    let (rows, block) = match way {
        Way::Down => (
            "SELECT spot FROM said WHERE place = ?1 AND spot >= ?2 AND spot < ?3 \
             ORDER BY spot DESC LIMIT 1 OFFSET ?4",
            "SELECT id FROM block WHERE place = ?1 AND last >= ?2 AND first < ?3 \
             ORDER BY last DESC LIMIT 1",
        ),
        Way::Up => (
            "SELECT spot FROM said WHERE place = ?1 AND spot >= ?2 AND spot < ?3 \
             ORDER BY spot LIMIT 1 OFFSET ?4",
            "SELECT id FROM block WHERE place = ?1 AND last >= ?2 AND first < ?3 \
             ORDER BY last LIMIT 1",
        ),
    };
    loop {
        let mut select = db.prepare_cached(rows)?;
        let values = params![place, start, end, limit.saturating_sub(1)];
        let edge: Option<i64> = select.query_row(values, |row| row.get(0)).optional()?;
        let (low, high) = match (edge, way) {
            (None, _) => (start, end),
            (Some(edge), Way::Down) => (edge, end),
            (Some(edge), Way::Up) => (start, edge),
        };
        let mut select = db.prepare_cached(block)?;
        let id = select.query_row([place, low, high], |row| row.get(0));
        match id.optional()? {
            Some(id) => open(db, places, place, id)?,
            None => return Ok(()),
        }
    }
}

/// Makes rows of the block between two spots that has the message of this id, if one of the newest `limit` has it.
pub(crate) fn open_holding(
    db: &Connection,
    places: &mut Places,
    place: i64,
    msgid: &str,
    (low, high): (i64, i64),
    limit: u32,
) -> Result<()> {
    let sql = "SELECT id, said FROM block WHERE place = ?1 AND last >= ?2 AND first <= ?3 \
               ORDER BY last DESC LIMIT ?4";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(params![place, low, high, limit])?;
    let mut held = None;
    while let (None, Some(row)) = (held, rows.next()?) {
        let bytes = row.get_ref(1)?.as_blob()?;
        if records(bytes).any(|record| record.msgid == Some(msgid)) {
            held = Some(row.get(0)?);
        }
    }
    drop(rows);
    held.map_or(Ok(()), |id| open(db, places, place, id))
}

/// The newest message of blocks between two spots that holds a text, in whatever case of ASCII: its time and id.
pub(crate) fn spot(
    db: &Connection,
    place: i64,
    text: &str,
    (after, before): (i64, i64),
) -> Result<Option<(Millis, Option<String>)>> {
    let text = text.to_ascii_lowercase();
    let sql =
        "SELECT said FROM block WHERE place = ?1 AND last > ?2 AND first < ?3 ORDER BY last DESC";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query([place, after, before])?;
    while let Some(row) = rows.next()? {
        let held = records(row.get_ref(0)?.as_blob()?)
            .filter(|record| row::spots(record.at).0 < before)
            .filter(|record| record.text.to_ascii_lowercase().contains(&text));
        if let Some(record) = held.last() {
            return Ok(Some((record.at, record.msgid.map(str::to_owned))));
        }
    }
    Ok(None)
}

/// Messages of blocks for which the index of words would say yes, newest first, with their networks. `words` are what
/// was typed, `query` is the same as the index reads it; `end` is the spot before which they are.
pub(crate) fn search(
    db: &Connection,
    words: &[String],
    query: &str,
    end: i64,
) -> Result<Vec<Found>> {
    let sql = "SELECT block.said, place.network, place.shown, block.last FROM block \
               JOIN place ON place.id = block.place WHERE block.first < ?2 \
               ORDER BY block.last DESC LIMIT ?1";
    let mut select = db.prepare_cached(sql)?;
    let mut rows = select.query(params![SOUGHT_MAX, end])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        // Blocks of other windows may hold what was said later than some of these.
        let last = row::time(row.get(3)?);
        if floor(&found).is_some_and(|first| last < first) {
            break;
        }
        let is_wanted = |one: &Record<'_>| row::spots(one.at).0 < end && is_likely(one.text, words);
        let likely = records(row.get_ref(0)?.as_blob()?).filter(is_wanted);
        let likely: Vec<Record<'_>> = likely.collect();
        if likely.is_empty() {
            continue;
        }
        let (network, target): (String, String) = (row.get(1)?, row.get(2)?);
        for index in matching(db, &likely, query)? {
            let record = usize::try_from(index)
                .ok()
                .and_then(|index| likely.get(index));
            found.extend(record.map(|record| (network.clone(), record.message(&target))));
        }
    }
    Ok(found)
}

/// The time of the last of the newest that a search finds at once, if there are as many; they are in any order.
pub(crate) fn floor(found: &[Found]) -> Option<Millis> {
    let mut times: Vec<Millis> = found.iter().map(|(_, message)| message.at).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    times.get(usize::from(FOUND_MAX) - 1).copied()
}

/// Which of these messages the index of words would find: its own reading of words decides, in a table of the moment.
fn matching(db: &Connection, likely: &[Record<'_>], query: &str) -> Result<Vec<i64>> {
    db.prepare_cached(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.sought USING fts5(text, content = '', \
         tokenize = 'unicode61 remove_diacritics 2', detail = 'none', columnsize = 0)",
    )?
    .execute(())?;
    let mut insert = db.prepare_cached("INSERT INTO temp.sought (rowid, text) VALUES (?1, ?2)")?;
    for (index, record) in (0_i64..).zip(likely) {
        insert.execute(params![index, record.text])?;
    }
    let sql = "SELECT rowid FROM temp.sought WHERE sought MATCH ?1 ORDER BY rowid DESC";
    let mut select = db.prepare_cached(sql)?;
    let found = select.query_map([query], |row| row.get(0))?;
    let found = found.collect::<Result<_>>();
    db.prepare_cached("INSERT INTO temp.sought (sought) VALUES ('delete-all')")?
        .execute(())?;
    found
}

/// Whether a text may have all these words: false only where it has not, as the index of words folds letters.
fn is_likely(text: &str, words: &[String]) -> bool {
    let may_fold = |c: char| !c.is_ascii() && c.is_alphabetic() && c < FOLDED_END;
    let is_mark = |c: char| ('\u{300}'..'\u{370}').contains(&c);
    if !text.is_ascii() && text.chars().any(|c| may_fold(c) || is_mark(c)) {
        return true;
    }
    let text = text.to_ascii_lowercase();
    let has = |word: &String| !word.is_ascii() || text.contains(&word.to_ascii_lowercase());
    words.iter().all(has)
}

/// Takes out the oldest block of a place if it is older than every row, and has no more messages than are to go; makes
/// rows of one that has more. How many messages went.
pub(crate) fn sweep(
    db: &Connection,
    places: &mut Places,
    place: i64,
    excess: i64,
) -> Result<usize> {
    let sql = "SELECT id, held FROM block WHERE place = ?1 AND first < \
               coalesce((SELECT min(spot) FROM said WHERE place = ?1), first + 1) \
               ORDER BY last LIMIT 1";
    let mut select = db.prepare_cached(sql)?;
    let oldest = select.query_row([place], |row| Ok((row.get(0)?, row.get(1)?)));
    let Some((id, held)): Option<(i64, i64)> = oldest.optional()? else {
        return Ok(0);
    };
    if held > excess {
        open(db, places, place, id)?;
        return Ok(0);
    }
    db.prepare_cached("DELETE FROM block WHERE id = ?1")?
        .execute([id])?;
    Ok(usize::try_from(held).unwrap_or_default())
}
