//! Searches all that is kept for words.
//! It must never take what somebody typed for a query language: words are words.

use std::fmt::Write as _;

use rusqlite::{Connection, Result, params};

use crate::session::event::{Message, Millis};
use crate::store::FOUND_MAX;
use crate::store::packed::{self, Found};
use crate::store::row::{self, COLUMNS};

/// Words of a search that count.
const WORDS_MAX: u8 = 16;
/// Messages of the last millisecond that a search finds at most beyond the others.
const MOMENT_MAX: u16 = 2_000;

/// Messages that have all these words, the last of them perhaps begun only, said before a time; newest first, with their
/// networks. Of the millisecond of the last of them there are all, so that the next page is of what is older.
pub(crate) fn search(
    db: &Connection,
    text: &str,
    before: Option<Millis>,
) -> Result<Vec<(String, Message)>> {
    let end = before.map_or(i64::MAX, |before| row::spots(before).0);
    let words = words(db, text)?;
    let query = query(&words, text.ends_with(char::is_alphanumeric));
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = of_rows(db, &query, (0, end), FOUND_MAX)?;
    if let Some(first) = packed::floor(&found) {
        // What was fetched from a server's history late stands where it was said.
        let (low, high) = row::spots(first);
        found.retain(|(_, message)| message.at > first);
        found.extend(of_rows(db, &query, (low, high.min(end)), MOMENT_MAX)?);
    }
    found.extend(packed::search(db, &words, &query, end)?);
    found.sort_by_key(|(_, message)| std::cmp::Reverse(message.at));
    if let Some(first) = packed::floor(&found) {
        found.retain(|(_, message)| message.at >= first);
    }
    Ok(found)
}

/// The newest of them that are rows, from a spot up to but not another one.
fn of_rows(
    db: &Connection,
    query: &str,
    (start, end): (i64, i64),
    limit: u16,
) -> Result<Vec<Found>> {
    let sql = format!(
        "SELECT {COLUMNS}, place.network, place.shown FROM words \
         JOIN said ON said.id = words.rowid JOIN place ON place.id = said.place \
         WHERE words MATCH ?1 AND said.is_taken_back = 0 AND said.spot >= ?2 AND said.spot < ?3 \
         ORDER BY said.spot DESC LIMIT ?4"
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params![query, start, end, limit], |row| {
        let target: String = row.get(10)?;
        let (_, stored) = row::stored(row, &target)?;
        Ok((row.get(9)?, stored.message))
    })?;
    rows.collect()
}

/// The words as the index cuts and folds them, in a table of the moment: a word of Hindi, say, is several there, and one
/// that is several is refused.
fn words(db: &Connection, text: &str) -> Result<Vec<String>> {
    db.prepare_cached(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.typed USING fts5(text, content = '', \
         tokenize = 'unicode61 remove_diacritics 2')",
    )?
    .execute(())?;
    db.prepare_cached(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.typed_words \
         USING fts5vocab(temp, typed, instance)",
    )?
    .execute(())?;
    db.prepare_cached("INSERT INTO temp.typed (rowid, text) VALUES (1, ?1)")?
        .execute([text])?;
    let sql = "SELECT term FROM temp.typed_words ORDER BY \"offset\" LIMIT ?1";
    let mut select = db.prepare_cached(sql)?;
    let words = select.query_map([WORDS_MAX], |row| row.get(0))?;
    let words = words.collect::<Result<_>>();
    db.prepare_cached("INSERT INTO temp.typed (typed) VALUES ('delete-all')")?
        .execute(())?;
    words
}

/// The words as FTS5 reads them: each quoted, so that none is an operator. The last one may be begun only, unless
/// something else ends it.
fn query(words: &[String], is_open: bool) -> String {
    let mut query = String::new();
    for (index, word) in words.iter().enumerate() {
        let is_last = index + 1 == words.len();
        let begun = if is_last && is_open { "*" } else { "" };
        // A string takes whatever is written.
        let _ = write!(query, "\"{word}\"{begun} ");
    }
    query
}
