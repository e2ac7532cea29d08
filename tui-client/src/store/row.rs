//! How a message stands in the store: its key, its spot in the order, its row.
//! It must never give two messages one key where the server tells them apart.

use ring::digest;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Result, Row};

use crate::session::event::{Kind, Message, Millis};
use crate::store::Stored;

/// Bits below the time in a spot: the order within one millisecond.
const ORDER_BITS: u32 = 20;
/// Where the order of a millisecond begins, so that there is space on both sides.
const ORDER_FIRST: i64 = 1 << (ORDER_BITS - 1);
/// The last time that has a spot: some hundred years on.
const TIME_MAX: Millis = (1 << 43) - 1;

/// The columns of a message, as [`stored`] reads them.
pub(crate) const COLUMNS: &str = "said.id, said.spot, said.key, said.nick, said.kind, said.text, said.reply_to, said.is_own, \
     said.is_taken_back";

/// What names a message within its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The server's id.
    Id(String),
    /// What it is made of, where the server gives no ids.
    Made([u8; 8]),
}

impl Key {
    /// The key of a message.
    pub fn of(message: &Message) -> Self {
        Self::made_of(
            message.msgid.as_deref(),
            message.at,
            &message.source,
            message.kind,
            &message.text,
        )
    }

    /// The key of a message of these parts.
    pub fn made_of(msgid: Option<&str>, at: Millis, nick: &str, kind: Kind, text: &str) -> Self {
        if let Some(msgid) = msgid {
            return Self::Id(msgid.to_owned());
        }
        let mut hasher = digest::Context::new(&digest::SHA256);
        hasher.update(&at.to_be_bytes());
        hasher.update(&kind_number(kind).to_be_bytes());
        hasher.update(nick.as_bytes());
        hasher.update(b"\n");
        hasher.update(text.as_bytes());
        let hash = hasher.finish();
        Self::Made(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }
}

impl ToSql for Key {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Id(id) => ValueRef::Text(id.as_bytes()),
            Self::Made(hash) => ValueRef::Blob(hash),
        }))
    }
}

/// The first spot of a time, and the one past its last.
pub(crate) fn spots(at: Millis) -> (i64, i64) {
    let at = number(at.min(TIME_MAX));
    (at << ORDER_BITS, (at + 1) << ORDER_BITS)
}

/// The spot of the only message of a time.
pub(crate) fn spot(at: Millis) -> i64 {
    spots(at).0 + ORDER_FIRST
}

/// The time of a spot.
pub(crate) fn time(spot: i64) -> Millis {
    millis(spot >> ORDER_BITS)
}

/// A sort of message in the file; once given, never another's.
pub(crate) fn kind_number(kind: Kind) -> i64 {
    match kind {
        Kind::Say => 0,
        Kind::Action => 1,
        Kind::Notice => 2,
    }
}

/// A time as the file has it.
pub(crate) fn number(at: Millis) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// A time from the file.
pub(crate) fn millis(number: i64) -> Millis {
    Millis::try_from(number).unwrap_or(0)
}

fn kind(number: i64) -> Kind {
    match number {
        1 => Kind::Action,
        2 => Kind::Notice,
        _ => Kind::Say,
    }
}

/// A message of the place `target` with its number, from the [`COLUMNS`].
pub(crate) fn stored(row: &Row<'_>, target: &str) -> Result<(i64, Stored)> {
    let msgid = match row.get_ref(2)? {
        ValueRef::Text(id) => Some(String::from_utf8_lossy(id).into_owned()),
        _ => None,
    };
    let message = Message {
        target: target.to_owned(),
        source: row.get(3)?,
        kind: kind(row.get(4)?),
        text: row.get(5)?,
        at: time(row.get(1)?),
        msgid,
        reply_to: row.get(6)?,
        is_own: row.get(7)?,
        own_id: None,
    };
    let stored = Stored {
        message,
        is_taken_back: row.get(8)?,
        reactions: Vec::new(),
    };
    Ok((row.get(0)?, stored))
}
