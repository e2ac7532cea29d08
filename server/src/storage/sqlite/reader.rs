//! A thread that answers questions. It never writes, and never keeps a read transaction open between questions.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use rusqlite::{Connection, Result, TransactionBehavior};
use server_core::storage::{LogKey, StorageReply, StorageRequest};

use super::progress::Progress;
use super::read::{self, Counting};
use super::search::{self, Sought};
use super::settle::settle;
use super::{Question, log, recognise, shelf, targets};
use crate::database::{self, time_number};
use crate::storage::{Answers, UNKNOWN_MARK, order_targets};

/// A reading connection.
#[derive(Debug)]
pub(super) struct Reader {
    connection: Connection,
    path: PathBuf,
}

impl Reader {
    /// Takes a connection over, to the file at `path`.
    pub(super) fn new(connection: Connection, path: PathBuf) -> Self {
        Self { connection, path }
    }

    /// Answers until nobody can ask any more; `wake` wakes the writer.
    pub(super) fn run(
        self,
        asked: &Receiver<Question>,
        progress: &Progress,
        wake: &dyn Fn(),
        answers: &Answers,
    ) {
        for (ticket, question, written) in asked {
            progress.wait_for(written);
            let settled = match question {
                StorageRequest::Recall { .. } => Ok(()),
                _ => progress.wait_settled(written, wake),
            };
            let reply = match settled {
                Ok(()) => answer(&self.connection, question),
                Err(_) => self.answer_as_if_settled(question),
            };
            let reply = reply.unwrap_or_else(|error| {
                let reason = database::reason(&error);
                tracing::error!(reason, "the log could not be read");
                StorageReply::Failed(reason)
            });
            answers(vec![(ticket, reply)]);
        }
    }

    /// Answers out of a transaction in which everything settles, and which is taken back. So also what was stored last
    /// is read from a disk that is full; it takes as long as settling, each time.
    fn answer_as_if_settled(&self, question: StorageRequest) -> Result<StorageReply> {
        let mut connection = database::open_to_suppose(&self.path)?;
        let supposed = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        settle(&supposed, &mut || false, &mut |_, _| ())?;
        let reply = answer(&supposed, question);
        supposed.rollback()?;
        reply
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
