//! The port of the log: what the hub asks of storage, and how answers come back. It never decides what is stored.
//!
//! **Order.** A question sees every write that was asked for before it; writes are answered in the order asked for.
//! A question may be answered before a write asked for later, or after it: a slow search holds up no message.
//!
//! **Full.** No request ever waits to be taken: what does not fit into a queue is answered `Failed` at once, with the
//! reason in words for people, and nothing of it is stored.

use std::sync::Arc;

use protocol::Stamp;
use server_core::Ticket;
use server_core::storage::{Entry, StorageReply, StorageRequest};

pub mod memory;
pub mod sqlite;
#[cfg(test)]
pub(crate) mod tests;

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

    /// Hands over what was asked for. Whoever asks says so when no more comes at once: what is handed over together is
    /// committed together. The answers are to what turns out only now to be impossible.
    fn flush(&mut self) -> Vec<(Ticket, StorageReply)> {
        Vec::new()
    }

    /// Ends the driver once all that was asked for is done and answered.
    ///
    /// It blocks; so the hub calls it on another thread, and either goes on taking answers meanwhile, or has closed
    /// its inbox so that they are dropped.
    fn finish(self: Box<Self>);
}

/// Entries that a log gets between two looks at whether it has too many: so many more it may have.
pub const SLACK: u32 = 256;

/// Bytes of a key under which the core keeps a record.
pub const KEY_BYTES_MAX: usize = 1024;

/// The answer to a mark that names no message of the log.
///
/// IRCv3 chathistory has no error for it. What lies before, after, around or between such marks is not known, so it is
/// nothing; the newest *down to* such a mark are simply the newest, because whoever asks that has been away for so
/// long that what they saw last is gone, and wants to catch up.
pub const UNKNOWN_MARK: StorageReply = StorageReply::Entries(Vec::new());

/// Whether two entries come from the same person: the same account; without one, the same nick or the same
/// `user@host`, because somebody whose link broke may find their nick still held by their own ghost.
pub fn is_same_sender(a: &Entry, b: &Entry) -> bool {
    if let (Some(a), Some(b)) = (&a.account, &b.account) {
        return protocol::casemap::same(a, b);
    }
    let parts = |entry: &Entry| {
        let (nick, place) = entry.source.split_once('!').unwrap_or((&entry.source, ""));
        (nick.to_ascii_lowercase(), place.to_owned())
    };
    let ((nick_a, place_a), (nick_b, place_b)) = (parts(a), parts(b));
    nick_a == nick_b || (!place_a.is_empty() && place_a == place_b)
}

/// The nick in a `nick!user@host`.
pub fn nick_of(source: &str) -> &str {
    source.split('!').next().unwrap_or(source)
}

/// Why an entry could not be taken out.
pub const NO_SUCH_ENTRY: &str = "there is no such message";

/// Of names with the time of their newest message: those strictly between two moments, in the order from the first
/// moment to the second, at most so many.
pub fn order_targets(
    mut found: Vec<(Box<str>, Stamp)>,
    (from, to): (Stamp, Stamp),
    limit: usize,
) -> Vec<(Box<str>, Stamp)> {
    let (low, high) = (from.min(to), from.max(to));
    found.retain(|(_, time)| low < *time && *time < high);
    found.sort_by(|(name_a, time_a), (name_b, time_b)| {
        let ascending = time_a.cmp(time_b);
        let by_time = if from <= to {
            ascending
        } else {
            ascending.reverse()
        };
        by_time.then_with(|| name_a.cmp(name_b))
    });
    found.truncate(limit);
    found
}
