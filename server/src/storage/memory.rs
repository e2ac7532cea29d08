//! Logs in memory, for tests and for rooms that need no past. It never writes anything to a disk.

use server_core::Ticket;
use server_core::storage::{StorageReply, StorageRequest};

use crate::storage::Storage;

/// Logs that are gone when the program ends.
#[derive(Debug, Default)]
pub struct MemoryStorage {}

impl MemoryStorage {
    /// No logs yet.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Storage for MemoryStorage {
    fn request(&mut self, _ticket: Ticket, request: StorageRequest) -> Option<StorageReply> {
        Some(match request {
            StorageRequest::Append { entry, .. } => StorageReply::Appended { time: entry.time },
            StorageRequest::Read { .. } | StorageRequest::Search { .. } => {
                StorageReply::Entries(Vec::new())
            }
            StorageRequest::Targets { .. } => StorageReply::Targets(Vec::new()),
            StorageRequest::Find { .. } => StorageReply::Found(None),
            StorageRequest::Remove { .. } | StorageRequest::Drop { .. } => StorageReply::Removed,
            StorageRequest::Keep { .. } => StorageReply::Kept,
            StorageRequest::Recall { .. } => StorageReply::Shelved(Vec::new()),
        })
    }

    fn finish(self: Box<Self>) {}
}
