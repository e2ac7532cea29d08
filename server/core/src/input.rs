//! Everything that can happen to the server. It never says what to do about it.

use std::net::IpAddr;

use protocol::Stamp;

use crate::accounts::AccountsReply;
use crate::ids::{SessionId, Ticket};
use crate::settings::Settings;
use crate::storage::{LogKey, StorageReply};

/// The time, as the shell tells it with every input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// What a calendar says: for what people see and the log. It may jump.
    pub wall: Stamp,
    /// Milliseconds since some start: for deadlines and rates. It never goes back.
    pub steady: u64,
}

/// One thing that happened.
#[derive(Debug)]
pub enum Input<'a> {
    /// The server has begun; told once, before anything else.
    Started,
    /// Somebody came through a door.
    Opened {
        /// The number the doors gave the connection.
        session: SessionId,
        /// What is known of the other end.
        peer: Peer,
    },
    /// A line came, without its line end, within the limits of length.
    LineCame {
        /// Who sent it.
        session: SessionId,
        /// Its bytes, perhaps no UTF-8.
        line: &'a [u8],
    },
    /// A line came that was longer than allowed.
    LongLineCame {
        /// Who sent it.
        session: SessionId,
        /// How it began.
        start: &'a [u8],
    },
    /// The connection is gone, or the door has given it up.
    Closed {
        /// Which one.
        session: SessionId,
        /// Why, in words for the other members.
        reason: &'a str,
    },
    /// Storage has answered.
    Stored {
        /// What was asked.
        ticket: Ticket,
        /// The answer.
        reply: StorageReply,
    },
    /// The keeper of accounts has answered.
    AccountsAnswered {
        /// What was asked.
        ticket: Ticket,
        /// The answer.
        reply: AccountsReply,
    },
    /// Something was done to the database beside the core, which people must hear of.
    Learnt(News),
    /// The deadline of the last `WakeAt` has come.
    Woke,
    /// The configuration, or the certificate, was read again.
    Reloaded {
        /// What is in force from now on.
        settings: Box<Settings>,
        /// What operators are told, in words for people.
        told: &'a str,
    },
    /// The configuration was to be read again, and could not be; why.
    ReloadFailed(&'a str),
    /// The server is about to stop: tell everybody.
    Stopping {
        /// Why, in words for people.
        reason: &'a str,
    },
}

/// What was done beside the core: at the command line, or by what erases somebody's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// An account has another password.
    PasswordChanged {
        /// Its name.
        account: Box<str>,
    },
    /// Nobody logs in to an account any more.
    AccountClosed {
        /// Its name.
        account: Box<str>,
    },
    /// Messages are gone for ever; of those of one log only the newest are told of, which clients may have.
    Erased {
        /// From where.
        log: LogKey,
        /// Their `msgid`s.
        ids: Vec<Box<str>>,
    },
}

/// The other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// The way it came in.
    pub door: Door,
    /// Whether nobody between can read along.
    pub secure: bool,
    /// SHA-256 of its TLS certificate, in lower-case hexadecimal.
    pub certificate: Option<String>,
}

impl Peer {
    /// Whether nobody on the way hears what it says: it is encrypted, or comes from this machine.
    pub fn is_unheard(&self) -> bool {
        self.secure || self.address.to_canonical().is_loopback()
    }
}

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Door {
    /// IRC over TCP.
    Tcp,
    /// IRC over TLS.
    Tls,
    /// IRC over WebSocket.
    WebSocket,
    /// Lines of text.
    Plain,
}
