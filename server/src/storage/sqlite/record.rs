//! Entries as bytes, many behind one another, as the table `intake` holds them. It never asks the database anything.
//!
//! The first byte says which form it is; so far there is one. Then the entries as postcard writes them, which borrows
//! texts where it reads them and tells their lengths before them.

use std::sync::Arc;

use rusqlite::{Error, Result, ffi};
use serde::{Deserialize, Serialize};
use server_core::storage::Entry;

use super::row;
use crate::database::time_of;

/// The form in which entries are written.
const FORM: u8 = 1;

/// An entry with what the log adds to it. The fields are those of the table `entry`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Record<'a> {
    pub(super) log: i64,
    pub(super) time: i64,
    pub(super) nth: i64,
    pub(super) upto: i64,
    pub(super) kind: i64,
    pub(super) bot: bool,
    pub(super) id: &'a str,
    pub(super) own_id: Option<&'a str>,
    pub(super) source: &'a str,
    pub(super) account: Option<&'a str>,
    pub(super) target: &'a str,
    pub(super) client_tags: &'a str,
    pub(super) words: &'a str,
    pub(super) event: &'a str,
}

impl Record<'_> {
    /// The entry in it.
    pub(super) fn entry(&self) -> Arc<Entry> {
        Arc::new(Entry {
            id: self.id.into(),
            own_id: self.own_id.map(Into::into),
            time: time_of(self.time),
            kind: row::kind_of(self.kind),
            source: self.source.into(),
            account: self.account.map(Into::into),
            bot: self.bot,
            target: self.target.into(),
            client_tags: self.client_tags.into(),
            lines: row::split(self.words),
            event: self.event.into(),
        })
    }
}

/// Writes one behind the others.
pub(super) fn push(bytes: &mut Vec<u8>, record: &Record<'_>) -> Result<()> {
    if bytes.is_empty() {
        bytes.push(FORM);
    }
    // It is made of numbers and texts, which can all be written.
    *bytes = postcard::to_extend(record, std::mem::take(bytes)).map_err(|_| Error::InvalidQuery)?;
    Ok(())
}

/// All of them, in order.
pub(super) fn all(bytes: &[u8]) -> Result<Vec<Record<'_>>> {
    let Some((&FORM, mut rest)) = bytes.split_first() else {
        return Err(damaged());
    };
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (record, behind) = postcard::take_from_bytes(rest).map_err(|_| damaged())?;
        records.push(record);
        rest = behind;
    }
    Ok(records)
}

/// What SQLite would say of pages that hold something else.
pub(super) fn damaged() -> Error {
    Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CORRUPT), None)
}
