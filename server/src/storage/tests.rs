//! One contract, run against every driver: what a request means does not depend on where the log is kept.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use server_core::storage::{EntryKind, EntryLine, Keep, LogKey, Mark, RoomId, Shelf, Span};

use super::memory::MemoryStorage;
use super::sqlite::SqliteStorage;
use super::*;

/// Makes a test of each function for each driver.
macro_rules! contract {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[test] fn $name() { super::$name(crate::storage::tests::Rig::memory()); })*
        }
        mod sqlite {
            $(#[test] fn $name() { super::$name(crate::storage::tests::Rig::sqlite()); })*
        }
    };
}

mod contract;
mod contract_again;
mod contract_search;
mod durable;
mod intake;
mod invites;
mod memory_bounds;
mod own;
mod power;
mod retention;

/// Questions until what is swept while nobody writes is gone.
const PATIENCE: usize = 10_000;

/// A folder that is gone when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("parlor-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.join(crate::database::FILE_NAME)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A driver, and its answers one at a time.
struct Rig {
    storage: Box<dyn Storage>,
    answers: Receiver<(Ticket, StorageReply)>,
    asked: u64,
    folder: Option<Folder>,
}

impl Rig {
    fn memory() -> Self {
        Self::of(Box::new(MemoryStorage::new()))
    }

    fn of(storage: Box<dyn Storage>) -> Self {
        Self {
            storage,
            answers: channel().1,
            asked: 0,
            folder: None,
        }
    }

    fn sqlite() -> Self {
        Self::sqlite_in(Folder::new())
    }

    #[track_caller]
    fn sqlite_in(folder: Folder) -> Self {
        let (tx, answers) = channel();
        let sink: Answers = Arc::new(move |batch| {
            for answer in batch {
                let _ = tx.send(answer);
            }
        });
        let (file, durability) = (folder.file(), Durability::Process);
        let storage = SqliteStorage::open(&file, durability, &sink).unwrap();
        Self {
            answers,
            folder: Some(folder),
            ..Self::of(Box::new(storage))
        }
    }

    /// Ends the driver and gives its folder back.
    fn end(mut self) -> Folder {
        self.storage.finish();
        self.folder.take().unwrap()
    }

    /// Asks without waiting for the answer.
    fn send(&mut self, request: StorageRequest) -> Option<StorageReply> {
        self.asked += 1;
        let reply = self.storage.request(Ticket(self.asked), request);
        assert_eq!(self.storage.flush(), []);
        reply
    }

    #[track_caller]
    fn next(&self) -> (u64, StorageReply) {
        let (ticket, reply) = self.answers.recv_timeout(Duration::from_secs(60)).unwrap();
        (ticket.0, reply)
    }

    #[track_caller]
    fn ask(&mut self, request: StorageRequest) -> StorageReply {
        if let Some(reply) = self.send(request) {
            return reply;
        }
        let (ticket, reply) = self.next();
        assert_eq!(ticket, self.asked);
        reply
    }

    #[track_caller]
    fn append(&mut self, log: &LogKey, entry: Entry) -> StorageReply {
        self.ask(StorageRequest::Append {
            log: log.clone(),
            entry: Arc::new(entry),
        })
    }

    /// Appends messages `m<n>` with text `<n>` at `n * 10` milliseconds.
    #[track_caller]
    fn fill(&mut self, log: &LogKey, numbers: std::ops::RangeInclusive<u64>) {
        for n in numbers {
            let reply = self.append(log, message(&format!("m{n}"), n * 10, &n.to_string()));
            assert_eq!(
                reply,
                StorageReply::Appended {
                    time: Stamp(n * 10)
                }
            );
        }
    }

    /// The ids of a part of a log.
    #[track_caller]
    fn read(&mut self, log: &LogKey, span: Span, limit: usize) -> String {
        ids(&self.ask(read(log, span, limit)))
    }

    /// Keeps no more than that of any log.
    #[track_caller]
    fn retain_all(&mut self, each: Keep) {
        let request = StorageRequest::RetainAll {
            each,
            total_bytes: None,
        };
        assert_eq!(self.ask(request), StorageReply::Kept);
    }

    /// Keeps no more than that of one log.
    #[track_caller]
    fn retain(&mut self, log: &LogKey, keep: Keep) {
        let log = log.clone();
        let kept = self.ask(StorageRequest::Retain { log, keep });
        assert_eq!(kept, StorageReply::Kept);
    }

    /// Asks until a log reads like that: what is to go goes while nobody asks for anything.
    #[track_caller]
    fn reads_soon(&mut self, log: &LogKey, expected: &str) {
        let mut found = String::new();
        for _ in 0..PATIENCE {
            found = self.read(log, Span::Latest, 1000);
            if found == expected {
                return;
            }
            std::thread::yield_now();
        }
        panic!("{found} is there, and should be {expected}");
    }

    #[track_caller]
    fn search(&mut self, logs: &[LogKey], text: &str) -> String {
        ids(&self.ask(search(logs, text)))
    }
}

fn room(number: u64) -> LogKey {
    LogKey::Room(RoomId(number))
}

fn message(id: &str, time: u64, text: &str) -> Entry {
    Entry {
        id: id.into(),
        own_id: None,
        time: Stamp(time),
        kind: EntryKind::Privmsg,
        source: "ada!a@host".into(),
        account: None,
        bot: false,
        target: "#lobby".into(),
        client_tags: "".into(),
        lines: vec![EntryLine {
            text: text.into(),
            concat: false,
        }],
        event: "".into(),
    }
}

fn read(log: &LogKey, span: Span, limit: usize) -> StorageRequest {
    StorageRequest::Read {
        log: log.clone(),
        span,
        limit,
        events: false,
        not_before: Stamp(0),
    }
}

fn search(logs: &[LogKey], text: &str) -> StorageRequest {
    StorageRequest::Search {
        logs: logs.to_vec(),
        text: text.into(),
        from: None,
        after: None,
        before: None,
        limit: 10,
    }
}

fn id(id: &str) -> Mark {
    Mark::Id(id.into())
}

fn time(ms: u64) -> Mark {
    Mark::Time(Stamp(ms))
}

#[track_caller]
fn ids(reply: &StorageReply) -> String {
    let StorageReply::Entries(entries) = reply else {
        panic!("no entries but {reply:?}");
    };
    let ids: Vec<_> = entries.iter().map(|entry| &*entry.id).collect();
    ids.join(" ")
}
