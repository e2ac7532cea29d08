//! One write, carried out within a transaction. It never commits: the writer does.

use rusqlite::{Connection, Result};
use server_core::storage::{StorageReply, StorageRequest};

use super::append::{self, Memory};
use super::chores::{self, Due};
use super::sweep::Swept;
use super::{invites, log, shelf};

/// Why nothing more is taken where nothing can be settled.
const TOO_MUCH: &str =
    "the server's storage cannot put away what it has: its operator must look at it";

/// Carries it out. What is `due` after the commit is put there.
pub(super) fn apply(
    connection: &Connection,
    memory: &mut Memory,
    due: &mut Vec<Due>,
    request: &StorageRequest,
) -> Result<StorageReply> {
    match request {
        StorageRequest::Append { .. } if memory.pending.is_too_much() => {
            Ok(StorageReply::Failed(TOO_MUCH.to_owned()))
        }
        StorageRequest::Append { log, entry } => append::append(connection, memory, log, entry),
        StorageRequest::Remove { log, id } => append::remove(connection, memory, log, id),
        StorageRequest::Drop { log: key } => {
            if let Some(log) = log::forget(connection, key)?
                && !memory.forget(key, log)
            {
                due.push(Due::Sweep(Swept::whole(log)));
            }
            Ok(StorageReply::Removed)
        }
        StorageRequest::RetainAll { each, total_bytes } => {
            due.push(Due::RetainAll(*each, *total_bytes));
            Ok(StorageReply::Kept)
        }
        StorageRequest::Retain { log, keep } => {
            due.push(Due::Retained(chores::retain(connection, log, *keep)?));
            Ok(StorageReply::Kept)
        }
        StorageRequest::Keep { shelf, key, value } => {
            shelf::keep(connection, *shelf, key, value.as_deref())
        }
        StorageRequest::Invites(request) => invites::answer(connection, request),
        StorageRequest::Read { .. }
        | StorageRequest::Targets { .. }
        | StorageRequest::Find { .. }
        | StorageRequest::Recognise { .. }
        | StorageRequest::Recall { .. }
        | StorageRequest::Search { .. } => {
            debug_assert!(false, "questions do not go to the writer");
            Ok(StorageReply::Failed(
                "the server asked the wrong thread".to_owned(),
            ))
        }
    }
}
