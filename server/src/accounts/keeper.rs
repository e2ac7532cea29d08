//! The threads at the desk: two that hash, one for everything quick, one that erases. It never decides anything.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use protocol::Stamp;
use server_core::accounts::{AccountsReply, AccountsRequest};
use server_core::{News, Now, Ticket};

use super::book::BookError;
use super::desk::Desk;
use super::{Accounts, Answers, Clock};

/// Hashes at once: each takes 19 MiB and a processor.
const HASHERS: usize = 2;
/// Requests that may wait for a hash: some 20 seconds of work, which is as long as a client waits.
const HASHES_WAITING_MAX: usize = 1024;
/// Requests that may wait for the quick thread.
const QUICK_WAITING_MAX: usize = 8192;

/// How often it is looked what was done beside the server, and which letters the relay has.
const LOOK: Duration = Duration::from_secs(1);
/// After that, what an account said while it was being closed is in the log, and is erased as well.
const SETTLED: Duration = Duration::from_secs(3);

type Asked = (Ticket, AccountsRequest);

/// Takes what was done beside the server to the hub. It may block while the hub's inbox is full.
pub type Told = Arc<dyn Fn(News) + Send + Sync>;

/// Erases what an account said, behind the place up to which that was done before, until it is told not to go on; says how
/// much it was.
pub type Eraser =
    Box<dyn FnMut(&str, &mut Option<i64>, &dyn Fn() -> bool) -> Result<u64, String> + Send>;

/// A desk with its threads.
#[derive(Debug)]
pub struct Keeper {
    hashes: SyncSender<Asked>,
    quick: SyncSender<Asked>,
    /// Wakes who erases; closed, it ends.
    erase: SyncSender<()>,
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the threads.
    pub fn start(
        desk: Desk,
        answers: &Answers,
        told: Told,
        eraser: Eraser,
    ) -> std::io::Result<Self> {
        let desk = Arc::new(desk);
        let (hashes, to_hash) = sync_channel(HASHES_WAITING_MAX);
        let (quick, to_do) = sync_channel(QUICK_WAITING_MAX);
        let (erase, to_erase) = sync_channel(1);
        let to_hash = Arc::new(Mutex::new(to_hash));
        let is_over = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        let mut start = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.to_owned());
            threads.push(thread.spawn(work)?);
            std::io::Result::Ok(())
        };
        for _ in 0..HASHERS {
            let (desk, asked) = (Arc::clone(&desk), Arc::clone(&to_hash));
            let answers = Arc::clone(answers);
            start(
                "accounts-hash",
                Box::new(move || hash(&desk, &asked, &answers)),
            )?;
        }
        let (theirs, answers, wake) = (Arc::clone(&desk), Arc::clone(answers), erase.clone());
        start(
            "accounts",
            Box::new(move || attend(&theirs, &to_do, &answers, &told, &wake)),
        )?;
        let over = Arc::clone(&is_over);
        start(
            "accounts-erase",
            Box::new(move || erase_all(&desk, &to_erase, eraser, &over)),
        )?;
        Ok(Self {
            hashes,
            quick,
            erase,
            is_over,
            threads,
        })
    }
}

impl Accounts for Keeper {
    fn request(&mut self, ticket: Ticket, request: AccountsRequest) -> Option<AccountsReply> {
        let is_silent = matches!(request, AccountsRequest::GiveUp { .. });
        let queue = if is_slow(&request) {
            &self.hashes
        } else {
            &self.quick
        };
        let text = match queue.try_send((ticket, request)) {
            Ok(()) => return None,
            // An exchange that is not given up is given up when there are too many.
            Err(_) if is_silent => return None,
            Err(TrySendError::Full(_)) => "the server is too busy: try again",
            Err(TrySendError::Disconnected(_)) => "the keeper of accounts has stopped",
        };
        Some(AccountsReply::Refused {
            code: "TEMPORARILY_UNAVAILABLE",
            text: text.to_owned(),
        })
    }

    fn finish(self: Box<Self>) {
        let Self {
            hashes,
            quick,
            erase,
            is_over,
            threads,
        } = *self;
        // What is not erased yet is erased from the next start on.
        is_over.store(true, Ordering::Relaxed);
        drop((hashes, quick, erase));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a thread of the accounts had failed");
            }
        }
    }
}

/// Whether a request is answered by hashing a password. SCRAM is not: the client does the work.
fn is_slow(request: &AccountsRequest) -> bool {
    match request {
        AccountsRequest::Authenticate { mechanism, .. } => mechanism.eq_ignore_ascii_case("PLAIN"),
        AccountsRequest::Register { .. } | AccountsRequest::SetPassword { .. } => true,
        AccountsRequest::GiveUp { .. }
        | AccountsRequest::RegisterKey { .. }
        | AccountsRequest::VerifyCode { .. }
        | AccountsRequest::MakeCode { .. }
        | AccountsRequest::AddByCode { .. }
        | AccountsRequest::Devices { .. }
        | AccountsRequest::AddCertificate { .. }
        | AccountsRequest::RemoveCertificate { .. }
        | AccountsRequest::Erase { .. }
        | AccountsRequest::Look { .. } => false,
    }
}

fn hash(desk: &Desk, asked: &Mutex<Receiver<Asked>>, answers: &Answers) {
    loop {
        // Whoever waits holds the lock; whoever works does not.
        let next = asked.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((ticket, request)) = next else {
            return;
        };
        if let Some(reply) = desk.answer(request) {
            answers(ticket, reply);
        }
    }
}

/// Answers what is quickly answered, and looks now and then what else there is to do.
fn attend(
    desk: &Desk,
    asked: &Receiver<Asked>,
    answers: &Answers,
    told: &Told,
    erase: &SyncSender<()>,
) {
    // What was done while no server ran is for nobody who is here now.
    while desk.news().is_ok_and(|news| !news.is_empty()) {}
    complain(desk.send_letters_again());
    let mut looked = Instant::now();
    loop {
        match asked.recv_timeout(LOOK.saturating_sub(looked.elapsed())) {
            Ok((ticket, request)) => {
                let is_erasure = matches!(request, AccountsRequest::Erase { .. });
                if let Some(reply) = desk.answer(request) {
                    answers(ticket, reply);
                }
                if is_erasure {
                    // Full: it will look for all there is anyway.
                    let _ = erase.try_send(());
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            match desk.news() {
                Ok(news) => {
                    let closed = |one: &News| matches!(one, News::AccountClosed { .. });
                    if news.iter().any(closed) {
                        let _ = erase.try_send(());
                    }
                    for one in news {
                        told(one);
                    }
                }
                Err(error) => complain(Err(error)),
            }
            complain(desk.note_letters());
        }
    }
    complain(desk.note_letters());
}

fn complain(done: Result<(), BookError>) {
    if let Err(BookError(reason)) = done {
        tracing::warn!(reason, "the accounts could not be looked after");
    }
}

/// Erases the words of all accounts that are on the list, and those that come onto it.
fn erase_all(desk: &Desk, asked: &Receiver<()>, mut eraser: Eraser, is_over: &AtomicBool) {
    let go_on = || !is_over.load(Ordering::Relaxed);
    // What failed would fail again: the disk is full, or the database damaged.
    let mut failed = BTreeSet::new();
    loop {
        let list = desk.erasures().unwrap_or_default();
        let Some(account) = list.into_iter().find(|one| !failed.contains(one)) else {
            if asked.recv().is_err() {
                return;
            }
            continue;
        };
        let mut done = None;
        let mut gone = eraser(&account, &mut done, &go_on);
        if gone.is_ok() {
            // Who is woken by another account comes to that one next.
            if let Err(RecvTimeoutError::Disconnected) = asked.recv_timeout(SETTLED) {
                return;
            }
            gone = eraser(&account, &mut done, &go_on);
        }
        match gone {
            Ok(_) => complain(desk.erased(&account)),
            Err(_) if !go_on() => return,
            Err(reason) => {
                tracing::warn!(
                    reason,
                    "what an account said is not erased: it is tried again at the next start"
                );
                failed.insert(account);
            }
        }
    }
}

/// The clock of this machine.
pub fn system_clock() -> Clock {
    let start = Instant::now();
    Arc::new(move || {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let ms = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Now {
            wall: Stamp(since_1970.map_or(0, ms)),
            steady: ms(start.elapsed()),
        }
    })
}

#[cfg(test)]
mod tests;
