//! The one thread that writes logs. It never answers before the commit, and one bad request never fails the others.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result, TransactionBehavior};
use server_core::Ticket;
use server_core::storage::{StorageReply, StorageRequest};

use super::append::{self, Memory};
use super::progress::{LetGo, Progress};
use super::sweep::{self, Swept};
use super::{invites, log, shelf};
use crate::database;
use crate::journal;
use crate::metrics::Commits;
use crate::storage::{Answers, Retention};

/// Writes of one transaction at most: a failure concerns no more, and the first does not wait long for the last (some 20
/// ms). Fewer would cost more: pages and index segments are written for each commit, and members for each answer.
const BATCH_MAX: usize = 2048;

/// How long a writer that has nothing to do waits before it looks for entries that have grown too old.
const AGING: Duration = Duration::from_secs(3600);

/// The writing connection, and what must be known for it.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    memory: Memory,
    forgotten: Vec<Swept>,
    retention: Retention,
    commits: Arc<Commits>,
}

type Asked = (Ticket, StorageRequest);

impl Writer {
    /// Takes a connection over.
    pub(super) fn new(
        connection: Connection,
        retention: Retention,
        commits: Arc<Commits>,
    ) -> Result<Self> {
        let mut forgotten = sweep::forgotten(&connection)?;
        forgotten.extend(sweep::overdue(&connection, retention, journal::now())?);
        Ok(Self {
            memory: Memory::new(&connection)?,
            forgotten,
            retention,
            commits,
            connection,
        })
    }

    /// Writes until nobody can ask any more and all that was asked for is answered.
    pub(super) fn run(mut self, asked: &Receiver<Asked>, progress: &Progress, answers: &Answers) {
        let _let_go = LetGo(progress);
        while let Some(first) = self.next(asked) {
            let mut batch = vec![first];
            batch.extend(asked.try_iter().take(BATCH_MAX - 1));
            let count = batch.len();
            let began = Instant::now();
            let replies = self.write(batch);
            self.commits.note(count, began.elapsed());
            answers(replies);
            progress.advance(count as u64);
        }
    }

    /// Waits for a request; sweeps meanwhile, if there is something to be swept.
    fn next(&mut self, asked: &Receiver<Asked>) -> Option<Asked> {
        loop {
            if let Some(swept) = self.forgotten.last().copied() {
                match asked.try_recv() {
                    Ok(request) => return Some(request),
                    // What is left is swept at the next start.
                    Err(TryRecvError::Disconnected) => return None,
                    Err(TryRecvError::Empty) => self.sweep(swept),
                }
            } else if self.retention.age_ms.is_none() {
                return asked.recv().ok();
            } else {
                // Entries grow old in rooms where nobody says anything, too.
                match asked.recv_timeout(AGING) {
                    Ok(request) => return Some(request),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) => self.look_for_old(),
                }
            }
        }
    }

    fn look_for_old(&mut self) {
        match sweep::overdue(&self.connection, self.retention, journal::now()) {
            Ok(old) => self.forgotten = old,
            Err(error) => {
                let reason = database::reason(&error);
                tracing::warn!(reason, "what is too old could not be looked for");
            }
        }
    }

    fn sweep(&mut self, swept: Swept) {
        let done = self.in_transaction(|connection, _| sweep::sweep(connection, swept));
        if let Err(error) = &done {
            tracing::warn!(
                reason = database::reason(error),
                "what was forgotten could not be swept"
            );
        }
        // What fails is tried again at the next start, not without end now.
        if !matches!(done, Ok(false)) {
            self.forgotten.pop();
        }
    }

    /// Carries out a batch as one transaction; if that fails, each request by itself.
    fn write(&mut self, batch: Vec<Asked>) -> Vec<(Ticket, StorageReply)> {
        let replies = match self.attempt(&batch) {
            Ok(replies) => replies,
            Err(error) if batch.len() == 1 => vec![failure(&error)],
            Err(_) => batch
                .chunks(1)
                .flat_map(|one| {
                    self.attempt(one)
                        .unwrap_or_else(|error| vec![failure(&error)])
                })
                .collect(),
        };
        let tickets = batch.into_iter().map(|(ticket, _)| ticket);
        tickets.zip(replies).collect()
    }

    fn attempt(&mut self, batch: &[Asked]) -> Result<Vec<StorageReply>> {
        let mut forgotten = Vec::new();
        let retention = self.retention;
        let replies = self.in_transaction(|connection, memory| {
            let mut one = |(_, request): &Asked| {
                let reply = apply(connection, memory, &mut forgotten, request)?;
                if let StorageRequest::Append { log, .. } = request
                    && retention != Retention::default()
                    && let Some(log) = memory.grown(log, Retention::SLACK)
                {
                    let now = journal::now();
                    forgotten.push(sweep::overdue_of(connection, log, retention, now)?);
                }
                Ok(reply)
            };
            batch.iter().map(&mut one).collect()
        })?;
        self.forgotten.extend(forgotten);
        Ok(replies)
    }

    fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&Connection, &mut Memory) -> Result<T>,
    ) -> Result<T> {
        // Immediate: it must not find half-way that somebody else has begun to write.
        let begun = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate);
        let memory = &mut self.memory;
        let result = begun.and_then(|transaction| {
            let done = work(&transaction, memory)?;
            transaction.commit()?;
            Ok(done)
        });
        if result.is_err() {
            memory.doubt();
        }
        result
    }
}

fn apply(
    connection: &Connection,
    memory: &mut Memory,
    forgotten: &mut Vec<Swept>,
    request: &StorageRequest,
) -> Result<StorageReply> {
    match request {
        StorageRequest::Append { log, entry } => append::append(connection, memory, log, entry),
        StorageRequest::Remove { log, id } => append::remove(connection, log, id),
        StorageRequest::Drop { log } => {
            memory.forget(log);
            forgotten.extend(log::forget(connection, log)?.map(Swept::whole));
            Ok(StorageReply::Removed)
        }
        StorageRequest::Trim { log, before, keep } => {
            if let Some(log) = log::find(connection, log)? {
                let swept = sweep::trim(connection, log, *before, *keep)?;
                // A slice at once: of most logs that is all.
                if !sweep::sweep(connection, swept)? {
                    forgotten.push(swept);
                }
            }
            Ok(StorageReply::Removed)
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

fn failure(error: &rusqlite::Error) -> StorageReply {
    let reason = database::reason(error);
    tracing::error!(reason, "the log could not be written");
    StorageReply::Failed(reason)
}
