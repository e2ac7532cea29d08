//! The only way into the hub: bounded channels of what happened. It never decides anything.

use bytes::Bytes;
use server_core::accounts::AccountsReply;
use server_core::storage::StorageReply;
use server_core::{News, SessionId, Ticket};
use tokio::sync::{mpsc, oneshot};

use crate::config::Config;
use crate::door::arrival::Newcomer;

/// Happenings that may wait for the hub; whoever brings one more waits. A read brings one, of 16 KiB at most.
const HAPPENINGS_MAX: usize = 1024;

/// Answers that may wait for the hub. The hub always takes them, so storage never waits long.
const ANSWERS_MAX: usize = 1024;

/// Something that happened at a door, or to the whole program.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A connection was accepted.
    Arrived(Box<Newcomer>),
    /// Bytes came.
    Came {
        /// From whom.
        session: SessionId,
        /// What.
        bytes: Bytes,
    },
    /// Nothing came for a while after bytes without a line end.
    Paused {
        /// Who is silent.
        session: SessionId,
    },
    /// Nothing more will come.
    Ended {
        /// From whom.
        session: SessionId,
        /// Why, in words for people.
        reason: &'static str,
    },
    /// The socket takes bytes again.
    Drained {
        /// Whose.
        session: SessionId,
    },
    /// The socket took nothing for too long.
    Stuck {
        /// Whose.
        session: SessionId,
    },
    /// The time in which a connection must say what it is has run out.
    Overdue {
        /// Which one.
        session: SessionId,
    },
    /// The configuration is to be read again.
    Reload,
    /// Another configuration is to be put in force.
    Replace {
        /// That one.
        config: Box<Config>,
        /// Told whether it is, or why it cannot be.
        done: oneshot::Sender<Result<(), String>>,
    },
    /// Somebody vouches for the certificate now, or nobody any more.
    #[cfg(feature = "acme")]
    Certified,
    /// The program is to end.
    Stop {
        /// Why, in words for people.
        reason: String,
    },
}

/// An answer to what the core asked.
#[derive(Debug)]
pub(crate) enum Answer {
    /// From storage: several that one commit settled.
    Stored(Vec<(Ticket, StorageReply)>),
    /// From the keeper of accounts.
    Accounts(Ticket, AccountsReply),
    /// From whoever looks at what was done beside the core.
    Learnt(News),
}

/// Where happenings are brought to.
pub(crate) type Happenings = mpsc::Sender<Happening>;

/// Where answers are brought to, from any thread.
pub(crate) type Answers = mpsc::Sender<Answer>;

/// The hub's end.
#[derive(Debug)]
pub(crate) struct Inbox {
    /// What happened.
    pub(crate) happenings: mpsc::Receiver<Happening>,
    /// What was answered.
    pub(crate) answers: mpsc::Receiver<Answer>,
    /// Keeps that channel open where every part answers at once and none holds it.
    _answers_open: Answers,
}

impl Inbox {
    /// An inbox, and the two ways into it.
    pub(crate) fn new() -> (Self, Happenings, Answers) {
        let (happenings_tx, happenings) = mpsc::channel(HAPPENINGS_MAX);
        let (answers_tx, answers) = mpsc::channel(ANSWERS_MAX);
        let inbox = Self {
            happenings,
            answers,
            _answers_open: answers_tx.clone(),
        };
        (inbox, happenings_tx, answers_tx)
    }
}
