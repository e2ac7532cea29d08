//! The keeper of accounts: checks secrets and keeps who is who. It never lets a secret out, not even into a log.

use std::sync::Arc;

use server_core::Ticket;
use server_core::accounts::{AccountsReply, AccountsRequest};

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
