//! The one thread that writes logs. It never answers before the commit, and one bad request never fails the others.
//!
//! What is appended goes into the intake, and settles later, slice by slice: see [`settle`](super::settle).

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use rusqlite::{Connection, Result, TransactionBehavior};
use server_core::Ticket;
use server_core::storage::StorageReply;

use super::append::Memory;
use super::apply::apply;
use super::chores::{Chores, Due};
use super::progress::{LetGo, Progress};
use super::queue::{Queue, Taker, Took, Write};
use super::settle::settle;
use super::sweep::{Swept, forgotten};
use super::unwritten;
use crate::database;
use crate::journal;
use crate::metrics::Commits;
use crate::storage::Answers;

/// Writes of one transaction at most: a failure concerns no more, and the first does not wait long for the last (some 20
/// ms). Fewer would cost more: pages and index segments are written for each commit, and members for each answer.
const BATCH_MAX: usize = 2048;

/// Writes of a commit after which the next waits for more, if it has fewer than [`GATHERED`]: so many come at once only
/// where everybody speaks, and each commit has all who hear of it written to.
const RUSH_MIN: usize = 64;
/// How long it waits: less than the disk takes.
const GATHERING: Duration = Duration::from_micros(400);
/// Writes from which on a commit does not wait.
const GATHERED: usize = 512;

/// How long a writer that has nothing to do waits before it looks for entries that have grown too old.
const AGING: Duration = Duration::from_secs(3600);

/// Batches after which a slice is swept though somebody waits: else a server that is never quiet would keep everything.
const BUSY_BATCHES: u32 = 32;

/// How long nobody has asked for a write when what waits begins to settle. In a rush it is silent for some tens of
/// milliseconds again and again, while what was stored is told.
const QUIET: Duration = Duration::from_millis(250);
/// How long an entry waits at most where it is never quiet, before slices of what waits settle between batches.
const WAITING: Duration = Duration::from_secs(10);
/// How long a slice gathers; its commit comes on top. So long a message may have to wait.
const SLICE: Duration = Duration::from_millis(3);
/// How long nothing is settled after it failed, but if somebody asks.
const RETRY: Duration = Duration::from_secs(2);
/// Batches after which the thread that folds the write-ahead log in is told to look at it.
const FOLD_BATCHES: u32 = 16;

/// Up to where entries have come with one batch.
#[derive(Clone, Copy, Debug)]
struct Came {
    last_seq: i64,
    /// Writes that were done before it.
    before: u64,
    when: Instant,
}

/// What the writer has at hand. If a bug ends it, whoever asked for that, or waits behind it, is told, and waits no more.
struct Held<'a> {
    batch: Vec<Write>,
    taker: &'a Taker,
    answers: &'a Answers,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut left = std::mem::take(&mut self.batch);
        left.append(&mut self.taker.leave());
        if !left.is_empty() {
            (self.answers)(unwritten(left));
        }
    }
}

/// The writing connection, and what must be known for it.
#[derive(Debug)]
pub(crate) struct Writer {
    connection: Connection,
    memory: Memory,
    chores: Chores,
    commits: Arc<Commits>,
    /// Batches with entries that wait.
    came: VecDeque<Came>,
    /// Writes that are done.
    done: u64,
    /// Since when nothing can be settled.
    stuck: Option<Instant>,
    /// Whether commits are meant to wait for the disk, and whether they do now.
    is_durable: bool,
    syncs: bool,
}

impl Writer {
    /// Takes a connection over.
    pub(crate) fn new(connection: Connection, commits: Arc<Commits>) -> Result<Self> {
        let memory = Memory::new(&connection)?;
        let is_durable = database::syncs_commits(&connection)?;
        let mut writer = Self {
            commits,
            chores: Chores::new(&connection, &|log| memory.pending.has(log))?,
            memory,
            connection,
            came: VecDeque::new(),
            done: 0,
            stuck: None,
            is_durable,
            syncs: is_durable,
        };
        // What an earlier process has left is the first write.
        writer.has_done(1);
        writer.commits.wait(writer.memory.pending.amount());
        Ok(writer)
    }

    /// Writes until nobody can ask any more and all that was asked for is answered and settled. `look` is told when the
    /// write-ahead log may have grown.
    pub(super) fn run(
        mut self,
        taker: &Taker,
        progress: &Progress,
        look: &SyncSender<()>,
        answers: &Answers,
    ) {
        let _let_go = LetGo(progress);
        let queue = &*taker.0;
        progress.reach(self.done, self.settled());
        let mut batches: u32 = 0;
        let mut is_rush = false;
        let mut held = Held {
            batch: Vec::new(),
            taker,
            answers,
        };
        let batch = &mut held.batch;
        while self.next(queue, progress, batch) {
            if is_rush && batch.len() < GATHERED {
                std::thread::sleep(GATHERING);
                queue.take(batch, BATCH_MAX, Duration::ZERO);
            }
            let count = batch.len();
            is_rush = count >= RUSH_MIN;
            let began = Instant::now();
            let replies = self.write(batch);
            // Whoever hears the answers holds the entries, too, and is the one who lets them go.
            batch.clear();
            self.commits.note(count, began.elapsed());
            answers(replies);
            self.has_done(count);
            progress.reach(self.done, self.settled());
            batches = batches.wrapping_add(1);
            if batches.is_multiple_of(FOLD_BATCHES) {
                // It looks already, or is gone.
                let _ = look.try_send(());
            }
            if batches.is_multiple_of(BUSY_BATCHES) && !self.chores.is_idle() {
                self.do_a_chore();
            }
            self.settle_while_busy(progress);
        }
        while !self.memory.pending.is_empty() && self.settle_slice().is_ok() {}
    }

    /// Waits for requests; settles and does chores meanwhile, if there are any. `false`: there will be none.
    fn next(&mut self, queue: &Queue, progress: &Progress, batch: &mut Vec<Write>) -> bool {
        let mut is_quiet = false;
        loop {
            let may_settle = !self.memory.pending.is_empty() && self.stuck.is_none();
            let has_to_settle = may_settle && (is_quiet || progress.is_wanted());
            let patience = if has_to_settle || !self.chores.is_idle() {
                Duration::ZERO
            } else if may_settle {
                QUIET
            } else if self.stuck.is_some() {
                RETRY
            } else if self.chores.ages() {
                // Entries grow old in rooms where nobody says anything, too.
                AGING
            } else {
                Duration::MAX
            };
            match queue.take(batch, BATCH_MAX, patience) {
                Took::Writes => return true,
                // Somebody waits for what could not be settled: it is tried again.
                Took::Call => self.stuck = None,
                // What is left of chores is done at the next start.
                Took::End => return false,
                Took::Nothing if has_to_settle => self.settle_now(progress),
                Took::Nothing if !self.chores.is_idle() => self.do_a_chore(),
                Took::Nothing if may_settle => is_quiet = true,
                Took::Nothing if self.stuck.is_some() => self.stuck = None,
                Took::Nothing => self.chores.look_again(),
            }
        }
    }

    /// Between two batches: what somebody waits for, what has waited for long, and what is too much.
    fn settle_while_busy(&mut self, progress: &Progress) {
        let is_stuck = self.stuck.is_some_and(|since| since.elapsed() < RETRY);
        let is_old = |came: &Came| came.when.elapsed() > WAITING;
        if progress.is_wanted() || (!is_stuck && self.came.front().is_some_and(is_old)) {
            self.settle_now(progress);
        }
        while self.memory.pending.is_much() && !is_stuck && self.stuck.is_none() {
            self.settle_now(progress);
        }
    }

    /// Settles a slice, and lets those go who waited for it, or for whom it failed.
    fn settle_now(&mut self, progress: &Progress) {
        match self.settle_slice() {
            Ok(()) => {
                self.stuck = None;
                progress.reach(self.done, self.settled());
            }
            Err(error) => {
                self.stuck = Some(Instant::now());
                let reason = database::reason(&error);
                tracing::error!(reason, "what is stored could not be put where it is read");
                progress.fail(reason);
            }
        }
    }

    /// Settles the oldest of what waits, for some milliseconds.
    pub(crate) fn settle_slice(&mut self) -> Result<()> {
        let began = Instant::now();
        let mut gone = Vec::new();
        // What came in is on the disk already: if this is lost with the power, it is done again.
        let last = self.in_transaction(false, |connection, memory| {
            let pending = &memory.pending;
            settle(
                connection,
                &mut || began.elapsed() >= SLICE,
                &mut |seq, record| gone.push(pending.gone(seq, record)),
            )
        })?;
        let settled = self.memory.pending.settled(&gone);
        let is_done = |came: &&Came| last.is_none_or(|last| came.last_seq <= last);
        let count = self.came.iter().take_while(is_done).count();
        self.came.drain(..count);
        let whole = settled.forgotten.into_iter().map(Swept::whole);
        let mut due: Vec<Due> = whole.map(Due::Sweep).collect();
        due.extend(settled.grown.into_iter().map(Due::Grown));
        if last.is_none() && !self.memory.pending.is_empty() {
            // An errand has settled it.
            self.memory.pending.clear();
            due.extend(forgotten(&self.connection)?.into_iter().map(Due::Sweep));
            self.chores.look_again();
        }
        self.commits.wait(self.memory.pending.amount());
        self.take_over(due, u32::try_from(gone.len()).unwrap_or(u32::MAX));
        if self.memory.pending.is_empty() {
            self.chores.all_settled();
        }
        Ok(())
    }

    /// Writes that are settled.
    fn settled(&self) -> u64 {
        match self.came.front() {
            // Those before the first batch that waits: never less than were settled before it came.
            Some(first) => first.before,
            None => self.done,
        }
    }

    /// So many writes more are done.
    fn has_done(&mut self, count: usize) {
        let before = self.done;
        self.done += count as u64;
        let last_seq = self.memory.last_seq();
        let is_new = self.came.back().is_none_or(|came| came.last_seq < last_seq);
        if !self.memory.pending.is_empty() && is_new {
            let when = Instant::now();
            self.came.push_back(Came {
                last_seq,
                before,
                when,
            });
        }
    }

    fn do_a_chore(&mut self) {
        let began = Instant::now();
        let mut chores = std::mem::take(&mut self.chores);
        // What is lost of it with the power is swept again.
        let done = self.in_transaction(false, |connection, _| {
            chores.step(connection, journal::now())
        });
        self.chores = chores;
        self.chores.took(began.elapsed());
        if let Err(error) = done {
            self.chores.give_up();
            let reason = database::reason(&error);
            tracing::warn!(reason, "what is kept no longer could not be swept");
        }
    }

    fn take_over(&mut self, due: Vec<Due>, settled: u32) {
        let now = journal::now();
        for due in &due {
            match due {
                Due::RetainAll(..) => self.memory.pending.suspect_all(),
                Due::Retained(log) => self.memory.pending.suspect(*log),
                Due::Sweep(_) | Due::Grown(_) => {}
            }
        }
        let taken = self.chores.take_over(&self.connection, due, settled, now);
        if let Err(error) = taken {
            let reason = database::reason(&error);
            tracing::warn!(reason, "what is kept no longer could not be looked for");
        }
    }

    /// Carries out a batch as one transaction; if that fails, each request by itself.
    pub(crate) fn write(&mut self, batch: &[Write]) -> Vec<(Ticket, StorageReply)> {
        let replies = match self.attempt(batch) {
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
        self.commits.wait(self.memory.pending.amount());
        let tickets = batch.iter().map(|(ticket, _)| *ticket);
        tickets.zip(replies).collect()
    }

    fn attempt(&mut self, batch: &[Write]) -> Result<Vec<StorageReply>> {
        let mut due = Vec::new();
        let replies = self.in_transaction(true, |connection, memory| {
            let mut one = |(_, request): &Write| apply(connection, memory, &mut due, request);
            let replies = batch.iter().map(&mut one).collect::<Result<_>>()?;
            memory.put(connection)?;
            Ok(replies)
        })?;
        if !due.is_empty() {
            self.take_over(due, 0);
        }
        Ok(replies)
    }

    /// All of it or nothing; `is_durable`: on the disk before this returns, where it is meant to be.
    fn in_transaction<T>(
        &mut self,
        is_durable: bool,
        work: impl FnOnce(&Connection, &mut Memory) -> Result<T>,
    ) -> Result<T> {
        let syncs = self.is_durable && is_durable;
        if self.syncs != syncs {
            database::sync_commits(&self.connection, syncs)?;
            self.syncs = syncs;
        }
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
        match result {
            Ok(_) => memory.commit(),
            Err(_) => memory.roll_back(),
        }
        result
    }
}

fn failure(error: &rusqlite::Error) -> StorageReply {
    let reason = database::reason(error);
    tracing::error!(reason, "the log could not be written");
    StorageReply::Failed(reason)
}
