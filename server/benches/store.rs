//! What it costs to keep a message and to find it again: `cargo bench -p server`. It never measures sockets or the core.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use protocol::Stamp;
use server::storage::memory::MemoryStorage;
use server::storage::sqlite::SqliteStorage;
use server::storage::{Answers, Durability, Storage};
use server_core::Ticket;
use server_core::storage::{
    Entry, EntryKind, EntryLine, LogKey, RoomId, Span, StorageReply, StorageRequest,
};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// Messages on their way at once.
const MESSAGES: u64 = 256;

/// Messages that are there before something is read.
const KEPT: u64 = 20_000;

fn main() {
    divan::main();
}

/// A log, and where its answers come from.
struct Log {
    storage: Box<dyn Storage>,
    answers: Receiver<Vec<(Ticket, StorageReply)>>,
    folder: Option<std::path::PathBuf>,
    next: u64,
}

impl Log {
    fn in_memory() -> Self {
        let (_, answers) = channel();
        Self {
            storage: Box::new(MemoryStorage::default()),
            answers,
            folder: None,
            next: 0,
        }
    }

    fn on_disk(durability: Durability) -> Self {
        let (tx, answers) = channel();
        let sink: Answers = Arc::new(move |batch| drop(tx.send(batch)));
        let own = format!("parlor-bench-{}-{durability:?}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).expect("a folder for temporary files can be written");
        let path = folder.join(server::database::FILE_NAME);
        let storage =
            SqliteStorage::open(&path, durability, &sink).expect("a new file can be made");
        Self {
            storage: Box::new(storage),
            answers,
            folder: Some(folder),
            next: 0,
        }
    }

    /// Appends so many, and waits until all are kept.
    fn append(&mut self, count: u64) {
        let mut left = count;
        for _ in 0..count {
            self.next += 1;
            let request = message(self.next);
            left -= u64::from(self.ask(request).is_some());
        }
        left -= self.storage.flush().len() as u64;
        while left > 0 {
            left -= self.answers.recv().expect("the log answers").len() as u64;
        }
    }

    fn ask(&mut self, request: StorageRequest) -> Option<StorageReply> {
        self.storage.request(Ticket(self.next), request)
    }

    fn found(&mut self, request: StorageRequest) -> usize {
        assert_eq!(self.ask(request), None, "a log on disk takes its time");
        let replies = self.answers.recv().expect("the log answers");
        match replies.first() {
            Some((_, StorageReply::Entries(entries))) => entries.len(),
            _ => 0,
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let storage = std::mem::replace(&mut self.storage, Box::new(MemoryStorage::default()));
        storage.finish();
        if let Some(folder) = &self.folder {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

fn message(number: u64) -> StorageRequest {
    StorageRequest::Append {
        log: LogKey::Room(RoomId(number % 10)),
        entry: Arc::new(Entry {
            id: format!("{number:013}").into(),
            own_id: Some(format!("{number:032x}").into()),
            time: Stamp(1_767_268_800_000 + number),
            kind: EntryKind::Privmsg,
            source: format!("m{}!bench@host.example", number % 50).into(),
            account: None,
            bot: false,
            target: "#bench".into(),
            client_tags: "".into(),
            lines: vec![EntryLine {
                text: format!(
                    "word{} is said {} times on a rainy day",
                    number % 997,
                    number % 7
                )
                .into(),
                concat: false,
            }],
            event: "".into(),
        }),
    }
}

fn append(bencher: Bencher<'_, '_>, mut log: Log) {
    let counter = ItemsCount::new(MESSAGES);
    bencher
        .counter(counter)
        .bench_local(|| log.append(MESSAGES));
}

#[divan::bench]
fn append_in_memory(bencher: Bencher<'_, '_>) {
    append(bencher, Log::in_memory());
}

#[divan::bench]
fn append_process(bencher: Bencher<'_, '_>) {
    append(bencher, Log::on_disk(Durability::Process));
}

#[divan::bench]
fn append_disk(bencher: Bencher<'_, '_>) {
    append(bencher, Log::on_disk(Durability::Disk));
}

#[divan::bench]
fn newest_hundred(bencher: Bencher<'_, '_>) {
    let mut log = Log::on_disk(Durability::Process);
    log.append(KEPT);
    bencher.bench_local(|| {
        let found = log.found(StorageRequest::Read {
            log: LogKey::Room(RoomId(3)),
            span: Span::Latest,
            limit: 100,
            events: false,
            not_before: Stamp(0),
        });
        assert_eq!(found, 100);
    });
}

#[divan::bench]
fn search(bencher: Bencher<'_, '_>) {
    let mut log = Log::on_disk(Durability::Process);
    log.append(KEPT);
    bencher.bench_local(|| {
        let found = log.found(StorageRequest::Search {
            logs: (0..10).map(|room| LogKey::Room(RoomId(room))).collect(),
            text: "word77 rainy".into(),
            from: None,
            after: None,
            before: None,
            limit: 50,
        });
        assert!(found > 0);
    });
}
