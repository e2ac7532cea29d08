//! The port of the log: what the hub asks of storage, and how answers come back. It never decides what is stored.
//!
//! **Order.** A question sees every write that was asked for before it; writes are answered in the order asked for.
//! A question may be answered before a write asked for later, or after it: a slow search holds up no message.
//!
//! **Full.** No request ever waits to be taken: what does not fit into a queue is answered `Failed` at once, with the
//! reason in words for people, and nothing of it is stored.

use std::sync::Arc;

use server_core::Ticket;
use server_core::storage::{StorageReply, StorageRequest};

pub mod memory;
#[cfg(test)]
mod tests;

/// Takes the answers of a driver to the hub, several at once where one commit settled several.
///
/// Called on the driver's own threads; it may block while the hub's inbox is full. When the hub is gone it drops
/// them.
pub type Answers = Arc<dyn Fn(Vec<(Ticket, StorageReply)>) + Send + Sync>;

/// When an entry counts as stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Once the disk has it (fsync): it survives the loss of power.
    #[default]
    Disk,
    /// Once the system has it: it survives a crash of this program.
    Process,
}

/// A driver: where logs are kept.
pub trait Storage: Send {
    /// Asks. `Some` is the answer, given at once; with `None` it comes later through the driver's [`Answers`].
    ///
    /// It never blocks. A request that cannot be taken is answered `Failed` at once.
    fn request(&mut self, ticket: Ticket, request: StorageRequest) -> Option<StorageReply>;

    /// Ends the driver once all that was asked for is done and answered.
    ///
    /// It blocks; so the hub calls it on another thread, and either goes on taking answers meanwhile, or has closed
    /// its inbox so that they are dropped.
    fn finish(self: Box<Self>);
}
