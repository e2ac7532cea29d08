//! Searches all that is kept for words.
//! It must never take what somebody typed for a query language: words are words.

use std::fmt::Write as _;

use rusqlite::{Connection, Result, params};

use crate::session::event::{Message, Millis};
use crate::store::FOUND_MAX;
use crate::store::packed;
use crate::store::row::{self, COLUMNS};

/// Words of a search that count.
const WORDS_MAX: usize = 16;

/// Messages that have all these words, the last of them perhaps begun only; newest first, with their networks.
pub(crate) fn search(
    db: &Connection,
    text: &str,
    before: Option<Millis>,
) -> Result<Vec<(String, Message)>> {
    let end = before.map_or(i64::MAX, |before| row::spots(before).0);
    let words = words(text);
    let query = query(&words, text.ends_with(char::is_alphanumeric));
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS}, place.network, place.shown FROM words \
         JOIN said ON said.id = words.rowid JOIN place ON place.id = said.place \
         WHERE words MATCH ?1 AND said.is_taken_back = 0 AND said.spot < ?3 \
         ORDER BY words.rowid DESC LIMIT ?2"
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params![query, FOUND_MAX, end], |row| {
        let target: String = row.get(10)?;
        let (_, stored) = row::stored(row, &target)?;
        Ok((row.get(9)?, stored.message))
    })?;
    let mut found = rows.collect::<Result<Vec<_>>>()?;
    found.extend(packed::search(db, &words, &query, end)?);
    // What was fetched from a server's history late stands where it was said.
    found.sort_by_key(|(_, message): &(String, Message)| std::cmp::Reverse(message.at));
    found.truncate(usize::from(FOUND_MAX));
    Ok(found)
}

fn words(text: &str) -> Vec<&str> {
    let words = text.split(|char: char| !char.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.take(WORDS_MAX).collect()
}

/// The words as FTS5 reads them: each quoted, so that none is an operator. The last one may be begun only, unless
/// something else ends it.
fn query(words: &[&str], is_open: bool) -> String {
    let mut query = String::new();
    for (index, word) in words.iter().enumerate() {
        let is_last = index + 1 == words.len();
        let begun = if is_last && is_open { "*" } else { "" };
        // A string takes whatever is written.
        let _ = write!(query, "\"{word}\"{begun} ");
    }
    query
}
