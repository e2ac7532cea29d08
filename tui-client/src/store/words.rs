//! Searches all that is kept for words.
//! It must never take what somebody typed for a query language: words are words.

use std::fmt::Write as _;

use rusqlite::{Connection, Result, params};

use crate::session::event::Message;
use crate::store::FOUND_MAX;
use crate::store::row::{self, COLUMNS};

/// Words of a search that count.
const WORDS_MAX: usize = 16;

/// Messages that have all these words, the last of them perhaps begun only; newest first, with their networks.
pub(crate) fn search(db: &Connection, text: &str) -> Result<Vec<(String, Message)>> {
    let query = query(text);
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT {COLUMNS}, place.network, place.shown FROM words \
         JOIN said ON said.id = words.rowid JOIN place ON place.id = said.place \
         WHERE words MATCH ?1 AND said.is_taken_back = 0 ORDER BY words.rowid DESC LIMIT ?2"
    );
    let mut select = db.prepare_cached(&sql)?;
    let rows = select.query_map(params![query, FOUND_MAX], |row| {
        let target: String = row.get(10)?;
        let (_, stored) = row::stored(row, &target)?;
        Ok((row.get(9)?, stored.message))
    })?;
    let mut found = rows.collect::<Result<Vec<_>>>()?;
    // What was fetched from a server's history late stands where it was said.
    found.sort_by_key(|(_, message): &(String, Message)| std::cmp::Reverse(message.at));
    Ok(found)
}

/// The words as FTS5 reads them: each quoted, so that none is an operator.
fn query(text: &str) -> String {
    let words = text.split(|char: char| !char.is_alphanumeric());
    let words: Vec<&str> = words
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .collect();
    // What ends with anything else is a whole word.
    let is_open = text.ends_with(char::is_alphanumeric);
    let mut query = String::new();
    for (index, word) in words.iter().enumerate() {
        let is_last = index + 1 == words.len();
        let begun = if is_last && is_open { "*" } else { "" };
        // A string takes whatever is written.
        let _ = write!(query, "\"{word}\"{begun} ");
    }
    query
}
