//! An entry as a row of the table `entry`, and back. It never asks the database anything.

use std::sync::Arc;

use rusqlite::Row;
use server_core::storage::{Entry, EntryKind, EntryLine};

use crate::database::time_of;

/// The columns that [`decode`] reads, in its order.
pub(super) const COLUMNS: &str =
    "time, kind, id, own_id, source, account, bot, target, client_tags, entry.words, event";

/// The highest kind of a message.
pub(super) const MESSAGE_MAX: i64 = 1;
/// The highest kind of anything that is there to be read.
pub(super) const KIND_MAX: i64 = 3;
/// What is added to the kind of an entry whose words were taken out.
pub(super) const REMOVED: i64 = 16;

/// The number of a kind.
pub(super) fn kind_number(kind: EntryKind) -> i64 {
    match kind {
        EntryKind::Privmsg => 0,
        EntryKind::Notice => 1,
        EntryKind::Tagmsg => 2,
        EntryKind::Event => 3,
    }
}

/// The kind of a number, also of an entry whose words were taken out.
pub(super) fn kind_of(number: i64) -> EntryKind {
    match number % REMOVED {
        0 => EntryKind::Privmsg,
        1 => EntryKind::Notice,
        2 => EntryKind::Tagmsg,
        _ => EntryKind::Event,
    }
}

/// Puts the lines of an entry in place of a text: each behind a line feed, or behind a carriage return where it goes on
/// without a break. Neither can be in a line.
pub(super) fn join(words: &mut String, lines: &[EntryLine]) {
    words.clear();
    for line in lines {
        words.push(if line.concat { '\r' } else { '\n' });
        words.push_str(&line.text);
    }
}

/// The lines of [`join`].
pub(super) fn split(words: &str) -> Vec<EntryLine> {
    let mut lines = Vec::new();
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        let end = behind.find(['\n', '\r']).unwrap_or(behind.len());
        let (text, next) = behind.split_at(end);
        lines.push(EntryLine {
            text: text.into(),
            concat: first == '\r',
        });
        rest = next;
    }
    lines
}

/// The entry in a row of [`COLUMNS`].
pub(super) fn decode(row: &Row<'_>) -> rusqlite::Result<Arc<Entry>> {
    let text =
        |column: usize| -> rusqlite::Result<Box<str>> { Ok(row.get_ref(column)?.as_str()?.into()) };
    let maybe_text = |column: usize| -> rusqlite::Result<Option<Box<str>>> {
        Ok(row.get_ref(column)?.as_str_or_null()?.map(Into::into))
    };
    Ok(Arc::new(Entry {
        time: time_of(row.get(0)?),
        kind: kind_of(row.get(1)?),
        id: text(2)?,
        own_id: maybe_text(3)?,
        source: text(4)?,
        account: maybe_text(5)?,
        bot: row.get(6)?,
        target: text(7)?,
        client_tags: text(8)?,
        lines: split(row.get_ref(9)?.as_str()?),
        event: text(10)?,
    }))
}
