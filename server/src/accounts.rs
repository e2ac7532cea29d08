//! The keeper of accounts: checks secrets and keeps who is who. It never lets a secret out, not even into a log.

use std::sync::Arc;

use server_core::accounts::{AccountsReply, AccountsRequest};
use server_core::{Now, Ticket};

pub mod book;
pub mod desk;
pub mod keeper;
pub mod mail;
mod password;
mod plain;
mod scram;
mod throttle;

/// Takes the answers of the keeper to the hub. Called on the keeper's own threads; it may block while the hub's inbox
/// is full. When the hub is gone it drops them.
pub type Answers = Arc<dyn Fn(Ticket, AccountsReply) + Send + Sync>;

/// Whoever keeps the accounts.
pub trait Accounts: Send {
    /// Asks. `Some` is the answer, given at once; with `None` it comes later through the keeper's [`Answers`], except
    /// that `GiveUp` has none.
    ///
    /// It never blocks. A request that cannot be taken is answered `Refused` at once.
    fn request(&mut self, ticket: Ticket, request: AccountsRequest) -> Option<AccountsReply>;

    /// Ends the keeper once all that was asked for is answered. It blocks, as
    /// [`Storage::finish`](crate::storage::Storage::finish) does.
    fn finish(self: Box<Self>);
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Now + Send + Sync>;

/// How much work a password's hash is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashCost {
    /// argon2id with 19 MiB and some 40 ms; SCRAM with 100 000 rounds.
    #[default]
    Strong,
    /// The least that the algorithms allow. For tests only: it protects nobody.
    Minimum,
}

/// What an operator may choose about accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountsSettings {
    /// How much work a password's hash is.
    pub cost: HashCost,
    /// Whether an account is made only once a code that was sent by e-mail is given.
    pub requires_email: bool,
    /// Milliseconds without a login after which an account's nick is free for others; `None`: never.
    pub expire_ms: Option<u64>,
    /// Bytes of an account's name: those of a nick.
    pub name_bytes_max: usize,
}
