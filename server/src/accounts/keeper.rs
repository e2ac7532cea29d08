//! The threads at the desk: two that hash, one for everything quick. It never decides anything.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Instant, SystemTime};

use protocol::Stamp;
use server_core::accounts::{AccountsReply, AccountsRequest};
use server_core::{Now, Ticket};

use super::desk::Desk;
use super::{Accounts, Answers, Clock};

/// Hashes at once: each takes 19 MiB and a processor.
const HASHERS: usize = 2;
/// Requests that may wait for a hash: some 20 seconds of work, which is as long as a client waits.
const HASHES_WAITING_MAX: usize = 1024;
/// Requests that may wait for the quick thread.
const QUICK_WAITING_MAX: usize = 8192;

type Asked = (Ticket, AccountsRequest);

/// A desk with its threads.
#[derive(Debug)]
pub struct Keeper {
    hashes: SyncSender<Asked>,
    quick: SyncSender<Asked>,
    threads: Vec<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the threads.
    pub fn start(desk: Desk, answers: &Answers) -> std::io::Result<Self> {
        let desk = Arc::new(desk);
        let (hashes, to_hash) = sync_channel(HASHES_WAITING_MAX);
        let (quick, to_do) = sync_channel(QUICK_WAITING_MAX);
        let to_hash = Arc::new(Mutex::new(to_hash));
        let to_do = Arc::new(Mutex::new(to_do));
        let mut threads = Vec::new();
        let mut start = |name: &str, asked: &Arc<Mutex<Receiver<Asked>>>| {
            let (desk, asked, answers) =
                (Arc::clone(&desk), Arc::clone(asked), Arc::clone(answers));
            let thread = std::thread::Builder::new().name(name.to_owned());
            threads.push(thread.spawn(move || work(&desk, &asked, &answers))?);
            std::io::Result::Ok(())
        };
        for _ in 0..HASHERS {
            start("accounts-hash", &to_hash)?;
        }
        start("accounts", &to_do)?;
        Ok(Self {
            hashes,
            quick,
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
            threads,
        } = *self;
        drop((hashes, quick));
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
        | AccountsRequest::Look { .. } => false,
    }
}

fn work(desk: &Desk, asked: &Mutex<Receiver<Asked>>, answers: &Answers) {
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

/// The clock of this machine.
pub fn system_clock() -> Clock {
    let start = Instant::now();
    Arc::new(move || {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let ms =
            |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Now {
            wall: Stamp(since_1970.map_or(0, ms)),
            steady: ms(start.elapsed()),
        }
    })
}

#[cfg(test)]
mod tests;
