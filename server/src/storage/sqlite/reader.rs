//! A thread that answers questions. It never writes, and never keeps a read transaction open between questions.

use std::sync::mpsc::Receiver;

use rusqlite::{Connection, Result};
use server_core::storage::{LogKey, StorageReply, StorageRequest};

use super::progress::Progress;
use super::read::{self, Counting};
use super::search::{self, Sought};
use super::{Question, log, recognise, shelf, targets};
use crate::database::{self, time_number};
use crate::storage::{Answers, UNKNOWN_MARK, order_targets};

/// A reading connection.
#[derive(Debug)]
pub(super) struct Reader {
    connection: Connection,
}

impl Reader {
    /// Takes a connection over.
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Answers until nobody can ask any more.
    pub(super) fn run(self, asked: &Receiver<Question>, progress: &Progress, answers: &Answers) {
        for (ticket, question, written) in asked {
            progress.wait_for(written);
            let reply = answer(&self.connection, question).unwrap_or_else(|error| {
                let reason = database::reason(&error);
                tracing::error!(reason, "the log could not be read");
                StorageReply::Failed(reason)
            });
            answers(vec![(ticket, reply)]);
        }
    }
}

fn answer(connection: &Connection, question: StorageRequest) -> Result<StorageReply> {
    match question {
        StorageRequest::Read {
            log: key,
            span,
            limit,
            events,
            not_before,
        } => {
            let counting = Counting {
                events,
                not_before: time_number(not_before),
                limit,
            };
            within(connection, &key, UNKNOWN_MARK, |log| {
                read::read(connection, log, &span, counting).map(StorageReply::Entries)
            })
        }
        StorageRequest::Targets {
            rooms,
            person,
            from,
            to,
            limit,
        } => {
            let found = targets::newest(connection, rooms, &person)?;
            Ok(StorageReply::Targets(order_targets(
                found,
                (from, to),
                limit,
            )))
        }
        StorageRequest::Find { log: key, id } => {
            within(connection, &key, StorageReply::Found(None), |log| {
                read::find(connection, log, &id).map(StorageReply::Found)
            })
        }
        StorageRequest::Recognise { room, entry } => {
            recognise::sent_again(connection, room, &entry).map(StorageReply::Found)
        }
        StorageRequest::Search {
            logs,
            text,
            from,
            after,
            before,
            limit,
        } => {
            let sought = Sought {
                logs: &logs,
                text: &text,
                from: from.as_deref(),
                after,
                before,
                limit,
            };
            search::find(connection, &sought).map(StorageReply::Entries)
        }
        StorageRequest::Recall { shelf } => shelf::recall(connection, shelf),
        StorageRequest::Append { .. }
        | StorageRequest::Remove { .. }
        | StorageRequest::Drop { .. }
        | StorageRequest::RetainAll { .. }
        | StorageRequest::Retain { .. }
        | StorageRequest::Keep { .. }
        | StorageRequest::Invites(_) => Ok(mistaken()),
    }
}

fn mistaken() -> StorageReply {
    debug_assert!(false, "writes do not go to a reader");
    StorageReply::Failed("the server asked the wrong thread".to_owned())
}

fn within(
    connection: &Connection,
    key: &LogKey,
    nothing: StorageReply,
    ask: impl FnOnce(i64) -> Result<StorageReply>,
) -> Result<StorageReply> {
    match log::find(connection, key)? {
        Some(log) => ask(log),
        None => Ok(nothing),
    }
}
