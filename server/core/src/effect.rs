//! Everything the shell can be asked to do. It never says how.

use std::sync::Arc;

use bytes::Bytes;

use crate::accounts::AccountsRequest;
use crate::ids::{SessionId, Ticket};
use crate::input::Door;
use crate::storage::{Entry, StorageRequest};

/// One thing to do, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Answer one session: whole lines, CR LF included. Its own answers wait for it: the door stops reading from a
    /// session that does not read them.
    Send {
        /// To whom.
        session: SessionId,
        /// One line or several.
        lines: Bytes,
    },
    /// Tell many sessions the same. Who falls too far behind is dropped by the outbox.
    Deliver {
        /// To whom, each once.
        to: Vec<SessionId>,
        /// One line or several, shared by all.
        lines: Bytes,
    },
    /// End a connection once what was sent before is out. Its `Closed` need not be told: the core has forgotten it.
    Close {
        /// Which one.
        session: SessionId,
    },
    /// Ask storage; it answers `Stored` with the ticket, requests of one log in their order.
    Store {
        /// Pairs the answer.
        ticket: Ticket,
        /// The question.
        request: StorageRequest,
    },
    /// Ask the keeper of accounts; it answers `AccountsAnswered` with the ticket.
    Accounts {
        /// Pairs the answer.
        ticket: Ticket,
        /// The question.
        request: AccountsRequest,
    },
    /// Note something for the operator.
    Log(Record),
    /// Wake me then (steady milliseconds), unless asked anew. `u64::MAX`: never.
    WakeAt(u64),
    /// Read the configuration again, then tell `Reloaded`, or `ReloadFailed`.
    Reload,
    /// End the program, as SIGTERM would.
    Stop {
        /// Why, in words for people.
        reason: String,
    },
}

/// What an operator may want to read: who came, spoke and left. The words themselves only for a transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A person is registered.
    Came {
        /// The nick.
        nick: String,
        /// The address, in words.
        address: String,
        /// The way in.
        door: Door,
    },
    /// A registered person is gone.
    Left {
        /// The nick.
        nick: String,
        /// Why.
        reason: String,
    },
    /// A person entered a room.
    Joined {
        /// The nick.
        nick: String,
        /// The room.
        channel: String,
    },
    /// A person left a room.
    Parted {
        /// The nick.
        nick: String,
        /// The room.
        channel: String,
    },
    /// A person has another nick.
    Renamed {
        /// The nick before.
        nick: String,
        /// The nick now.
        new: String,
    },
    /// Somebody said something. The words are for a transcript only: never to be logged otherwise.
    Spoke(Arc<Entry>),
    /// An operator's act, or something an operator should know.
    Notice(String),
    /// Something went wrong that an operator should mend.
    Trouble(String),
}
