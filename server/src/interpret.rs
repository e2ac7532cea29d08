//! One effect of the core to one call on whoever can do it. It never decides whether.

use std::collections::VecDeque;
use std::sync::Arc;

use server_core::accounts::AccountsReply;
use server_core::storage::StorageReply;
use server_core::{Effect, Record, SessionId, Ticket};

use crate::accounts::Accounts;
use crate::batch::Batch;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::storage::Storage;

/// An input for the core that came of carrying out an effect; it is told when the effects at hand are done.
#[derive(Debug)]
pub(crate) enum Later {
    /// Storage has answered at once.
    Stored(Ticket, StorageReply),
    /// The keeper of accounts has answered at once.
    Accounts(Ticket, AccountsReply),
    /// A person behind a door that speaks for them answers a line.
    Line(SessionId, Vec<u8>),
    /// A connection is given up.
    Closed(SessionId, &'static str),
}

/// Everything effects are carried out on.
pub(crate) struct Hands {
    /// What is to be sent when the batch is over.
    pub(crate) batch: Batch,
    /// What the core is to be told next.
    pub(crate) later: VecDeque<Later>,
    /// Sessions to be ended when the batch is sent.
    pub(crate) closing: Vec<SessionId>,
    /// Where the log is; gone while the server stops.
    pub(crate) storage: Option<Box<dyn Storage>>,
    /// Who keeps the accounts; gone while the server stops.
    pub(crate) accounts: Option<Box<dyn Accounts>>,
    /// What the operator reads.
    pub(crate) journal: Journal,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
    /// When the core wants to be woken, in steady milliseconds.
    pub(crate) wake_at: u64,
    /// Whether the configuration is to be read again.
    pub(crate) reload: bool,
    /// Why the server is to stop, if it is.
    pub(crate) stop: Option<String>,
    /// Bytes that may wait for one session in one batch.
    pub(crate) reply_bytes_max: usize,
}

const STOPPING: &str = "the server is stopping";

/// Carries out one effect.
pub(crate) fn carry_out(effect: Effect, hands: &mut Hands) {
    match effect {
        Effect::Send { session, lines } => {
            if hands.batch.send(session, lines) > hands.reply_bytes_max {
                hands.batch.closed(session);
                hands
                    .later
                    .push_back(Later::Closed(session, "SendQ exceeded"));
            }
        }
        Effect::Deliver { to, lines } => {
            hands.metrics.deliveries.add(to.len() as u64);
            hands.batch.deliver(&to, lines);
        }
        Effect::Close { session } => hands.closing.push(session),
        Effect::Store { ticket, request } => {
            let reply = match &mut hands.storage {
                Some(storage) => storage.request(ticket, request),
                None => Some(StorageReply::Failed(STOPPING.to_owned())),
            };
            if let Some(reply) = reply {
                hands.later.push_back(Later::Stored(ticket, reply));
            }
        }
        Effect::Accounts { ticket, request } => {
            let reply = match &mut hands.accounts {
                Some(accounts) => accounts.request(ticket, request),
                None => Some(AccountsReply::Refused {
                    code: "TEMPORARILY_UNAVAILABLE",
                    text: STOPPING.to_owned(),
                }),
            };
            if let Some(reply) = reply {
                hands.later.push_back(Later::Accounts(ticket, reply));
            }
        }
        Effect::Log(record) => {
            if matches!(record, Record::Spoke(_)) {
                hands.metrics.messages.add(1);
            }
            hands.journal.note(&record);
        }
        Effect::WakeAt(steady) => hands.wake_at = steady,
        Effect::Reload => hands.reload = true,
        Effect::Stop { reason } => hands.stop = Some(reason),
    }
}
