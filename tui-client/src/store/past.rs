//! Reads pages of what was said, with the gaps in them.
//! It must never read more than a page: whoever scrolls asks again.

use std::collections::BTreeMap;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result, ToSql, params};

use crate::session::event::Millis;
use crate::store::log::{self, spot_of};
use crate::store::packed::{self, Way};
use crate::store::places::Places;
use crate::store::row::{self, COLUMNS, Key};
use crate::store::{PAGE, Page, Span, Stored};

/// Messages of one millisecond that a page has at most beyond its size.
const MOMENT_MAX: u16 = 2_000;
/// Blocks that are looked through for a message that is answered: those of the newest sixteen thousand messages.
const PARENT_BLOCKS_MAX: u32 = 64;

/// The newest messages of a place.
pub(crate) fn latest(
    db: &Connection,
    places: &mut Places,
    place: i64,
    target: &str,
) -> Result<Page> {
    let (messages, is_end) = back(db, places, (place, target), (0, i64::MAX))?;
    let first = messages.first().map(|stored| stored.message.at);
    page(db, place, messages, (first, None), is_end)
}

/// A part of a place's past.
pub(crate) fn span(
    db: &Connection,
    places: &mut Places,
    place: i64,
    target: &str,
    span: &Span,
) -> Result<Page> {
    let here = (place, target);
    match span {
        Span::Before { at, msgid } => {
            let (start, end) = row::spots(*at);
            let known = known_spot(db, places, place, *at, msgid.as_deref())?;
            let (mut messages, is_end) = back(db, places, here, (0, known.unwrap_or(start)))?;
            let first = messages.first().map(|stored| stored.message.at);
            if known.is_none() {
                // Whoever asks may have some of that millisecond only.
                messages.extend(down(db, places, here, (start, end), MOMENT_MAX)?);
            }
            page(db, place, messages, (first, Some(*at)), is_end)
        }
        Span::Between {
            since,
            until,
            is_oldest: true,
        } => {
            let (start, end) = (row::spots(*since).0, row::spots(*until).1);
            let (messages, is_end) = ahead(db, places, here, (start, end))?;
            let last = messages.last().map(|stored| stored.message.at);
            let until = last.filter(|_| !is_end).unwrap_or(*until);
            page(db, place, messages, (Some(*since), Some(until)), is_end)
        }
        Span::Between { since, until, .. } => {
            let (start, end) = (row::spots(*since).0, row::spots(*until).1);
            let (messages, is_end) = back(db, places, here, (start, end))?;
            let first = messages.first().map(|stored| stored.message.at);
            let since = if is_end { Some(*since) } else { first };
            page(db, place, messages, (since, Some(*until)), is_end)
        }
        Span::Around { at, msgid } => {
            let known = known_spot(db, places, place, *at, msgid.as_deref())?;
            let middle = known.unwrap_or(row::spots(*at).0);
            let mut messages = down(db, places, here, (0, middle), PAGE / 2)?;
            let is_end = messages.len() < usize::from(PAGE / 2);
            messages.extend(up(db, places, here, (middle, i64::MAX), PAGE / 2)?);
            let at = |stored: Option<&Stored>| stored.map(|stored| stored.message.at);
            let (first, last) = (at(messages.first()), at(messages.last()));
            page(db, place, messages, (first, last), is_end)
        }
    }
}

/// One message of a place.
pub(crate) fn one(
    db: &Connection,
    places: &mut Places,
    (place, target): (i64, &str),
    msgid: &str,
) -> Result<Option<Stored>> {
    let key = Key::Id(msgid.to_owned());
    if spot_of(db, place, &key)?.is_none() {
        let all = (i64::MIN, i64::MAX);
        packed::open_holding(db, places, place, msgid, all, PARENT_BLOCKS_MAX)?;
    }
    let sql = format!("SELECT {COLUMNS} FROM said WHERE place = ?1 AND key = ?2");
    Ok(read(db, &sql, target, &[&place, &key])?.pop())
}

/// Where a message stands, if that is known.
fn known_spot(
    db: &Connection,
    places: &mut Places,
    place: i64,
    at: Millis,
    msgid: Option<&str>,
) -> Result<Option<i64>> {
    let Some(msgid) = msgid else {
        return Ok(None);
    };
    packed::open_holding(db, places, place, msgid, row::spots(at), u32::MAX)?;
    spot_of(db, place, &Key::Id(msgid.to_owned()))
}

/// A page of the last messages from a spot up to but not another one, with all of the millisecond in which it begins;
/// and whether there are no more.
fn back(
    db: &Connection,
    places: &mut Places,
    here: (i64, &str),
    (start, end): (i64, i64),
) -> Result<(Vec<Stored>, bool)> {
    let mut messages = down(db, places, here, (start, end), PAGE)?;
    let is_end = messages.len() < usize::from(PAGE);
    let first = messages.first().map(|stored| stored.message.at);
    if let Some(first) = first.filter(|_| !is_end) {
        let (low, high) = row::spots(first);
        let mut whole = down(
            db,
            places,
            here,
            (low.max(start), high.min(end)),
            MOMENT_MAX,
        )?;
        messages.retain(|stored| stored.message.at != first);
        whole.append(&mut messages);
        messages = whole;
    }
    Ok((messages, is_end))
}

/// A page of the first messages from a spot up to but not another one, with all of the millisecond in which it ends;
/// and whether there are no more.
fn ahead(
    db: &Connection,
    places: &mut Places,
    here: (i64, &str),
    (start, end): (i64, i64),
) -> Result<(Vec<Stored>, bool)> {
    let mut messages = up(db, places, here, (start, end), PAGE)?;
    let is_end = messages.len() < usize::from(PAGE);
    let last = messages.last().map(|stored| stored.message.at);
    if let Some(last) = last.filter(|_| !is_end) {
        let (low, high) = row::spots(last);
        let span = (low.max(start), high.min(end));
        messages.retain(|stored| stored.message.at != last);
        messages.extend(down(db, places, here, span, MOMENT_MAX)?);
    }
    Ok((messages, is_end))
}

/// The last messages from a spot up to but not another one, oldest first.
fn down(
    db: &Connection,
    places: &mut Places,
    (place, target): (i64, &str),
    (start, end): (i64, i64),
    limit: u16,
) -> Result<Vec<Stored>> {
    packed::open_page(db, places, place, (start, end), (Way::Down, limit))?;
    let sql = format!(
        "SELECT {COLUMNS} FROM said WHERE place = ?1 AND spot >= ?2 AND spot < ?3 \
         ORDER BY spot DESC LIMIT ?4"
    );
    let mut found = read(db, &sql, target, &[&place, &start, &end, &limit])?;
    found.reverse();
    Ok(found)
}

/// The first messages from a spot up to but not another one, oldest first.
fn up(
    db: &Connection,
    places: &mut Places,
    (place, target): (i64, &str),
    (start, end): (i64, i64),
    limit: u16,
) -> Result<Vec<Stored>> {
    packed::open_page(db, places, place, (start, end), (Way::Up, limit))?;
    let sql = format!(
        "SELECT {COLUMNS} FROM said WHERE place = ?1 AND spot >= ?2 AND spot < ?3 \
         ORDER BY spot LIMIT ?4"
    );
    read(db, &sql, target, &[&place, &start, &end, &limit])
}

fn read(db: &Connection, sql: &str, target: &str, values: &[&dyn ToSql]) -> Result<Vec<Stored>> {
    let mut select = db.prepare_cached(sql)?;
    let rows = select.query_map(values, |row| row::stored(row, target))?;
    let mut found = rows.collect::<Result<Vec<_>>>()?;
    let mut by_id: BTreeMap<i64, &mut Stored> = BTreeMap::new();
    for (id, stored) in &mut found {
        by_id.insert(*id, stored);
    }
    reactions(db, &mut by_id)?;
    Ok(found.into_iter().map(|(_, stored)| stored).collect())
}

fn reactions(db: &Connection, by_id: &mut BTreeMap<i64, &mut Stored>) -> Result<()> {
    // Most files have few of them, many none at all.
    let sql = "SELECT reaction, nick FROM reaction WHERE said = ?1";
    let mut select = db.prepare_cached(sql)?;
    for (id, stored) in by_id {
        let rows = select.query_map([*id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        stored.reactions = rows.collect::<Result<_>>()?;
    }
    Ok(())
}

/// The page, with the gaps that lie in it.
fn page(
    db: &Connection,
    place: i64,
    messages: Vec<Stored>,
    (first, last): (Option<Millis>, Option<Millis>),
    is_end: bool,
) -> Result<Page> {
    let first = first.map_or(0, row::number);
    let last = last.map_or(i64::MAX, row::number);
    Ok(Page {
        messages,
        gaps: log::gaps(db, place, (first, last))?,
        is_end,
    })
}

/// The newest message before a time that holds a text, in whatever case: its time and the server's id.
pub(crate) fn spot(
    db: &Connection,
    place: i64,
    text: &str,
    before: Millis,
) -> Result<Option<(Millis, Option<String>)>> {
    let mut pattern = String::from("%");
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern.push('%');
    let sql = "SELECT spot, key FROM said WHERE place = ?1 AND spot < ?2 AND is_taken_back = 0 \
               AND text LIKE ?3 ESCAPE '\\' ORDER BY spot DESC LIMIT 1";
    let mut select = db.prepare_cached(sql)?;
    let end = row::spots(before).0;
    let found = select.query_row(params![place, end, pattern], |row| {
        let msgid = match row.get(1)? {
            Value::Text(id) => Some(id),
            _ => None,
        };
        let spot: i64 = row.get(0)?;
        Ok((spot, (row::time(spot), msgid)))
    });
    let found = found.optional()?;
    let after = found.as_ref().map_or(i64::MIN, |(spot, _)| *spot);
    let newer = packed::spot(db, place, text, (after, end))?;
    Ok(newer.or(found.map(|(_, found)| found)))
}
