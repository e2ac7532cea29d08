//! Logs in SQLite: one thread writes, with group commit; one reads, one searches, one folds the write-ahead log in. It
//! never makes the hub wait.
//!
//! **Group commit.** The writer takes whatever waits, up to a bound, makes it one transaction, and answers all of it
//! after the commit. Batches form by themselves: while one is on its way to the disk, the next gathers.
//!
//! **Intake.** What is appended is stored as few rows of one table, which is all that durability needs, and settles into
//! the table of entries, its indexes and the search later: when nobody writes, when it has waited for long, when too much
//! waits, and when a question needs it, which waits for that. It goes slice by slice, and commits go between.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use server_core::Ticket;
use server_core::storage::{StorageReply, StorageRequest};

use crate::database::{self, OpenError};
use crate::metrics::Commits;
use crate::storage::{Answers, Durability, Storage};

mod append;
mod apply;
mod chores;
mod fold;
pub(crate) mod intake;
pub(crate) mod invites;
mod log;
pub(crate) mod own;
mod pending;
mod progress;
mod queue;
mod read;
mod reader;
mod recognise;
mod record;
mod row;
mod search;
mod settle;
mod shelf;
pub(crate) mod sweep;
mod targets;
pub(crate) mod writer;

use progress::Progress;
use queue::{Asker, Gatherer, Queue, Refused, Taker, Write};

/// Questions that may wait, for each thread that answers them.
const QUESTIONS_WAITING_MAX: usize = 1024;

/// A question, and the count of writes it must see.
type Question = (Ticket, StorageRequest, u64);

/// Logs in one SQLite file.
#[derive(Debug)]
pub struct SqliteStorage {
    writes: Gatherer,
    reads: SyncSender<Question>,
    searches: SyncSender<Question>,
    /// Writes that were taken; the first stands for what an earlier process has left to settle.
    written: u64,
    threads: Vec<JoinHandle<()>>,
}

impl SqliteStorage {
    /// Opens the file, or makes it, and starts the threads.
    pub fn open(path: &Path, durability: Durability, answers: &Answers) -> Result<Self, OpenError> {
        Self::open_counted(path, durability, answers, &Arc::default())
    }

    /// The same, where commits are counted.
    pub(crate) fn open_counted(
        path: &Path,
        durability: Durability,
        answers: &Answers,
        commits: &Arc<Commits>,
    ) -> Result<Self, OpenError> {
        let connection = database::open_to_write(path, durability)?;
        Self::with_connection(connection, path, answers, commits)
    }

    /// Starts the threads with a writing connection that is open already, to the file at `path`.
    pub(crate) fn with_connection(
        connection: Connection,
        path: &Path,
        answers: &Answers,
        commits: &Arc<Commits>,
    ) -> Result<Self, OpenError> {
        let queue = Arc::new(Queue::default());
        let (asker, to_write) = (Arc::new(Asker(Arc::clone(&queue))), Taker(queue));
        let (reads, to_read) = sync_channel(QUESTIONS_WAITING_MAX);
        let (searches, to_search) = sync_channel(QUESTIONS_WAITING_MAX);
        let progress = Arc::new(Progress::default());
        let refuse = |reason: String| OpenError {
            path: path.to_owned(),
            reason,
        };
        let log_writer = writer::Writer::new(connection, Arc::clone(commits))
            .map_err(|error| refuse(database::reason(&error)))?;
        let mut threads = Vec::new();
        let mut start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.to_owned());
            let started = thread.spawn(work);
            threads.push(started.map_err(|error| refuse(error.to_string()))?);
            Ok(())
        };
        for (name, questions) in [("log-read", to_read), ("log-search", to_search)] {
            let reader = reader::Reader::new(database::open_to_read(path)?, path.to_owned());
            let (progress, answers) = (Arc::clone(&progress), Arc::clone(answers));
            // The writer outlives whoever reads, so that the last connection to close may fold everything in.
            let waker = Arc::clone(&asker);
            let wake = move || waker.0.call();
            start(
                name,
                Box::new(move || reader.run(&questions, &progress, &wake, &answers)),
            )?;
        }
        let (look, told) = sync_channel(1);
        let folder = fold::Folder::open(path)?;
        start("log-fold", Box::new(move || folder.run(&told)))?;
        let answers = Arc::clone(answers);
        start(
            "log-write",
            Box::new(move || log_writer.run(&to_write, &progress, &look, &answers)),
        )?;
        Ok(Self {
            writes: Gatherer::new(asker),
            reads,
            searches,
            written: 1,
            threads,
        })
    }
}

/// The greatest `msgid` of all logs, settled or not: ids grow, so that it is the newest.
pub fn newest_id(path: &Path) -> Result<Option<Box<str>>, OpenError> {
    let connection = database::open_to_read(path)?;
    let ask = || {
        // At one moment: what settles in between must not be missed.
        let moment = connection.unchecked_transaction()?;
        let settled = "SELECT max(id) FROM entry";
        let settled: Option<Box<str>> = moment.query_row(settled, (), |row| row.get(0))?;
        Ok(settled.max(intake::greatest_id(&moment)?))
    };
    ask().map_err(|error| database::refusal(path, &error))
}

impl Storage for SqliteStorage {
    fn request(&mut self, ticket: Ticket, request: StorageRequest) -> Option<StorageReply> {
        match request {
            StorageRequest::Append { .. }
            | StorageRequest::Remove { .. }
            | StorageRequest::Drop { .. }
            | StorageRequest::RetainAll { .. }
            | StorageRequest::Retain { .. }
            | StorageRequest::Keep { .. }
            | StorageRequest::Invites(_) => {
                let taken = self.writes.push((ticket, request));
                self.written += u64::from(taken.is_ok());
                taken.err().map(refusal)
            }
            StorageRequest::Read { .. }
            | StorageRequest::Targets { .. }
            | StorageRequest::Find { .. }
            | StorageRequest::Recognise { .. }
            | StorageRequest::Recall { .. } => {
                asked(self.reads.try_send((ticket, request, self.written)))
            }
            StorageRequest::Search { .. } => {
                asked(self.searches.try_send((ticket, request, self.written)))
            }
        }
    }

    fn flush(&mut self) -> Vec<(Ticket, StorageReply)> {
        // What there is no room for goes with the next.
        let _ = self.writes.hand_over();
        unwritten(self.writes.left_over())
    }

    fn finish(mut self: Box<Self>) {
        self.writes.hand_over_at_last();
        let Self {
            writes,
            reads,
            searches,
            threads,
            ..
        } = *self;
        // The threads end once their queues are empty and can get no more.
        drop((writes, reads, searches));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a storage thread had failed");
            }
        }
    }
}

fn asked<T>(sent: Result<(), TrySendError<T>>) -> Option<StorageReply> {
    match sent {
        Ok(()) => None,
        Err(TrySendError::Full(_)) => Some(refusal(Refused::Full)),
        Err(TrySendError::Disconnected(_)) => Some(refusal(Refused::Stopped)),
    }
}

/// The answers to writes that nobody will carry out.
fn unwritten(writes: Vec<Write>) -> Vec<(Ticket, StorageReply)> {
    let tickets = writes.into_iter().map(|(ticket, _)| ticket);
    tickets
        .map(|ticket| (ticket, refusal(Refused::Stopped)))
        .collect()
}

fn refusal(refused: Refused) -> StorageReply {
    let reason = match refused {
        Refused::Full => "the server's storage cannot keep up: try again",
        Refused::Stopped => "the server's storage has stopped",
    };
    StorageReply::Failed(reason.to_owned())
}
