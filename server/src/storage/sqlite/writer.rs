//! The one thread that writes logs. It never answers before the commit, and one bad request never fails the others.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result, TransactionBehavior};
use server_core::Ticket;
use server_core::storage::{StorageReply, StorageRequest};

use super::append::{self, Memory};
use super::chores::{self, Chores, Due};
use super::progress::{LetGo, Progress};
use super::sweep::Swept;
use super::{invites, log, shelf};
use crate::database;
use crate::journal;
use crate::metrics::Commits;
use crate::storage::{Answers, SLACK};

/// Writes of one transaction at most: a failure concerns no more, and the first does not wait long for the last (some 20
/// ms). Fewer would cost more: pages and index segments are written for each commit, and members for each answer.
const BATCH_MAX: usize = 2048;

/// How long a writer that has nothing to do waits before it looks for entries that have grown too old.
const AGING: Duration = Duration::from_secs(3600);

/// Batches after which a slice is swept though somebody waits: else a server that is never quiet would keep everything.
const BUSY_BATCHES: u32 = 32;

/// The writing connection, and what must be known for it.
#[derive(Debug)]
pub(super) struct Writer {
    connection: Connection,
    memory: Memory,
    chores: Chores,
    commits: Arc<Commits>,
}

type Asked = (Ticket, StorageRequest);

impl Writer {
    /// Takes a connection over.
    pub(super) fn new(connection: Connection, commits: Arc<Commits>) -> Result<Self> {
        Ok(Self {
            commits,
            memory: Memory::new(&connection)?,
            chores: Chores::new(&connection)?,
            connection,
        })
    }

    /// Writes until nobody can ask any more and all that was asked for is answered.
    pub(super) fn run(mut self, asked: &Receiver<Asked>, progress: &Progress, answers: &Answers) {
        let _let_go = LetGo(progress);
        let mut batches = 0;
        while let Some(first) = self.next(asked) {
            let mut batch = vec![first];
            batch.extend(asked.try_iter().take(BATCH_MAX - 1));
            let count = batch.len();
            let began = Instant::now();
            let replies = self.write(batch);
            self.commits.note(count, began.elapsed());
            answers(replies);
            progress.advance(count as u64);
            batches += 1;
            if batches >= BUSY_BATCHES && !self.chores.is_idle() {
                batches = 0;
                self.do_a_chore();
            }
        }
    }

    /// Waits for a request; does chores meanwhile, if there are any.
    fn next(&mut self, asked: &Receiver<Asked>) -> Option<Asked> {
        loop {
            if !self.chores.is_idle() {
                match asked.try_recv() {
                    Ok(request) => return Some(request),
                    // What is left is done at the next start.
                    Err(TryRecvError::Disconnected) => return None,
                    Err(TryRecvError::Empty) => self.do_a_chore(),
                }
            } else if self.chores.ages() {
                // Entries grow old in rooms where nobody says anything, too.
                match asked.recv_timeout(AGING) {
                    Ok(request) => return Some(request),
                    Err(RecvTimeoutError::Disconnected) => return None,
                    Err(RecvTimeoutError::Timeout) => self.chores.look_again(),
                }
            } else {
                return asked.recv().ok();
            }
        }
    }

    fn do_a_chore(&mut self) {
        let mut chores = std::mem::take(&mut self.chores);
        let done = self.in_transaction(|connection, _| chores.step(connection, journal::now()));
        self.chores = chores;
        if let Err(error) = done {
            self.chores.give_up();
            let reason = database::reason(&error);
            tracing::warn!(reason, "what is kept no longer could not be swept");
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
        let (mut due, mut appended) = (Vec::new(), 0);
        let replies = self.in_transaction(|connection, memory| {
            let mut one = |(_, request): &Asked| {
                let reply = apply(connection, memory, &mut due, request)?;
                if let StorageRequest::Append { log, .. } = request {
                    appended += 1;
                    due.extend(memory.grown(log, SLACK).map(Due::Grown));
                }
                Ok(reply)
            };
            batch.iter().map(&mut one).collect()
        })?;
        let now = journal::now();
        if let Err(error) = self.chores.take_over(&self.connection, due, appended, now) {
            let reason = database::reason(&error);
            tracing::warn!(reason, "what is kept no longer could not be looked for");
        }
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
    due: &mut Vec<Due>,
    request: &StorageRequest,
) -> Result<StorageReply> {
    match request {
        StorageRequest::Append { log, entry } => append::append(connection, memory, log, entry),
        StorageRequest::Remove { log, id } => append::remove(connection, log, id),
        StorageRequest::Drop { log } => {
            memory.forget(log);
            let log = log::forget(connection, log)?;
            due.extend(log.map(|log| Due::Sweep(Swept::whole(log))));
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

fn failure(error: &rusqlite::Error) -> StorageReply {
    let reason = database::reason(error);
    tracing::error!(reason, "the log could not be written");
    StorageReply::Failed(reason)
}
