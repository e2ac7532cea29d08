//! Which storage, which keeper of accounts, and the server's secret, by the configuration. It never uses them.

use crate::accounts::{self, Accounts};
use crate::config::Config;
use crate::storage::memory::MemoryStorage;
use crate::storage::{self, Storage};

/// What the hub asks.
pub(crate) struct Parts {
    /// Where the log is.
    pub(crate) storage: Box<dyn Storage>,
    /// Who keeps the accounts.
    pub(crate) accounts: Box<dyn Accounts>,
    /// The SASL mechanisms that keeper knows.
    pub(crate) mechanisms: Vec<&'static str>,
    /// The secret from which cloaked addresses are made.
    pub(crate) cloak_key: [u8; 32],
}

/// Builds them; their answers go where the two say.
pub(crate) fn build(
    _config: &Config,
    _stored: storage::Answers,
    _answered: accounts::Answers,
) -> Result<Parts, String> {
    let mut cloak_key = [0; 32];
    getrandom::fill(&mut cloak_key).map_err(|error| format!("no random numbers: {error}"))?;
    Ok(Parts {
        storage: Box::new(MemoryStorage::new()),
        accounts: Box::new(Nobody),
        mechanisms: Vec::new(),
        cloak_key,
    })
}

/// A keeper of no accounts.
struct Nobody;

impl Accounts for Nobody {
    fn request(
        &mut self,
        _ticket: server_core::Ticket,
        request: server_core::accounts::AccountsRequest,
    ) -> Option<server_core::accounts::AccountsReply> {
        use server_core::accounts::{AccountsReply, AccountsRequest};
        match request {
            AccountsRequest::GiveUp { .. } => None,
            AccountsRequest::Look { .. } => Some(AccountsReply::Known(None)),
            _ => Some(AccountsReply::Refused {
                code: "TEMPORARILY_UNAVAILABLE",
                text: "This server keeps no accounts".to_owned(),
            }),
        }
    }

    fn finish(self: Box<Self>) {}
}
