//! Measures the log: `cargo run --release -p server --example log -- FOLDER [MESSAGES]`. It never measures anything but
//! storage: no sockets, no core.
//!
//! It writes with several numbers of concurrent senders, each of which waits until its message is stored, and says what
//! it costs until what they wrote has settled; fills the log up to so many messages (ten million, unless told
//! otherwise); reads and searches it; asks right after a burst; and writes while most of it is swept. With `growth` behind the number it only fills the log, and plots into the folder how reading and searching
//! change meanwhile.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use protocol::Stamp;
use server::storage::sqlite::SqliteStorage;
use server::storage::{Answers, Durability, Storage};
use server_core::Ticket;
use server_core::storage::{
    Entry, EntryKind, EntryLine, Keep, LogKey, Mark, RoomId, Span, StorageReply, StorageRequest,
};

/// Rooms beside the big one, which gets half of all messages.
const ROOMS: u64 = 200;
/// Words that messages are made of; the first are the most common.
const VOCABULARY: u64 = 50_000;

#[path = "load/plot.rs"]
mod plot;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .ok_or("the folder to write to is missing")?;
    let total = arguments
        .next()
        .map_or(Ok(10_000_000), |text| text.parse())?;
    let path = Path::new(&folder).join(server::database::FILE_NAME);
    if arguments.next().as_deref() == Some("growth") {
        return grow(&path, total);
    }
    for durability in [Durability::Disk, Durability::Process] {
        for senders in [1, 16, 256, 1024, 4096] {
            let mut log = Log::open(&path, durability)?;
            let count = if senders == 1 { 5_000 } else { 100_000 };
            let before = processor()?;
            let (rate, p50, p99) = log.write(count, senders)?;
            let written = processor()?;
            say(format_args!(
                "write {durability:?}, {senders} senders: {rate:.0}/s, p50 {p50:?}, p99 {p99:?}"
            ))?;
            let start = Instant::now();
            log.end();
            let settled = processor()?;
            say(format_args!(
                "  {:.1} µs of processor a message until then, {:.1} until all had settled, {:.2?} later",
                micros(written.saturating_sub(before), count),
                micros(settled.saturating_sub(before), count),
                start.elapsed(),
            ))?;
        }
    }
    let mut log = Log::open(&path, Durability::Process)?;
    let missing = u64::saturating_sub(total, log.written());
    if missing > 0 {
        let (rate, _, _) = log.write(missing, 8000)?;
        say(format_args!("filled up to {total}: {rate:.0}/s"))?;
    }
    log.end();
    let mut log = Log::open(&path, Durability::Disk)?;
    log.ask_all()?;
    log.ask_after_bursts()?;
    log.end();
    let mut log = Log::open(&path, Durability::Disk)?;
    log.keep(1000)?;
    let (rate, p50, p99) = log.write(50_000, 16)?;
    say(format_args!(
        "write Disk, 16 senders, while the rest is swept: {rate:.0}/s, p50 {p50:?}, p99 {p99:?}"
    ))?;
    log.end();
    Ok(())
}

/// What is sought while the log grows, and its name in the picture.
const SOUGHT: [(&str, &str); 2] = [
    ("word0", "find a common word"),
    ("word30000", "find a rare word"),
];

/// Plots the milliseconds that questions take, at each power of ten from a thousand messages on.
fn grow(path: &Path, total: u64) -> Result<(), Failure> {
    let big = LogKey::Room(RoomId(0));
    let mut newest = Vec::new();
    let mut searches: Vec<plot::Line> =
        SOUGHT.map(|(_, name)| (name.to_owned(), Vec::new())).into();
    for size in (3..)
        .map(|power| 10_u64.pow(power))
        .take_while(|size| *size <= total)
    {
        let mut log = Log::open(path, Durability::Process)?;
        log.write(size.saturating_sub(log.written()), 8000)?;
        #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
        let across = size as f64;
        let took = log.read(&format!("{size}: newest 100"), &big, Span::Latest)?;
        newest.push((across, took));
        for ((_, points), (text, _)) in searches.iter_mut().zip(SOUGHT) {
            points.push((across, log.search(text, std::slice::from_ref(&big), None)?));
        }
        log.end();
    }
    let mut lines = vec![("newest 100".to_owned(), newest)];
    lines.append(&mut searches);
    let picture = plot::svg("Milliseconds, median", "messages in the log", &lines);
    std::fs::write(path.with_file_name("growth-history.svg"), picture)?;
    Ok(())
}

struct Log {
    storage: Box<SqliteStorage>,
    answers: Receiver<Vec<(Ticket, StorageReply)>>,
    path: std::path::PathBuf,
    next: u64,
    random: u64,
}

impl Log {
    fn open(path: &Path, durability: Durability) -> Result<Self, Failure> {
        let (tx, answers) = channel();
        let sink: Answers = Arc::new(move |batch| drop(tx.send(batch)));
        let mut log = Self {
            storage: Box::new(SqliteStorage::open(path, durability, &sink)?),
            answers,
            path: path.to_owned(),
            next: 0,
            random: 0x9e37_79b9_7f4a_7c15,
        };
        log.next = log.written();
        Ok(log)
    }

    fn end(self) {
        self.storage.finish();
    }

    /// Messages in the file.
    fn written(&self) -> u64 {
        let count = || -> Option<u64> {
            let connection = server::database::open_to_read(&self.path).ok()?;
            let last = "SELECT max(seq) FROM entry";
            let count: Option<i64> = connection.query_row(last, (), |row| row.get(0)).ok()?;
            u64::try_from(count?).ok()
        };
        count().unwrap_or(0)
    }

    /// Keeps so many messages of each room, and has the others swept.
    fn keep(&mut self, entries: u64) -> Result<(), Failure> {
        let request = StorageRequest::RetainAll {
            each: Keep {
                entries: Some(entries),
                ..Keep::default()
            },
            total_bytes: None,
        };
        self.next += 1;
        if let Some(refused) = self.storage.request(Ticket(self.next), request) {
            return Err(format!("refused: {refused:?}").into());
        }
        self.storage.flush();
        self.answers.recv()?;
        Ok(())
    }

    /// Messages a second, and after which time the median and the 99th of a hundred are stored.
    fn write(&mut self, count: u64, senders: u64) -> Result<(f64, Duration, Duration), Failure> {
        let start = Instant::now();
        let (mut sent, mut stored) = (0, 0);
        let mut begun = std::collections::HashMap::new();
        let mut waits = Vec::new();
        while stored < count {
            while sent < count && sent - stored < senders {
                let request = self.append();
                let ticket = Ticket(self.next);
                begun.insert(ticket, Instant::now());
                if let Some(refused) = self.storage.request(ticket, request) {
                    return Err(format!("refused: {refused:?}").into());
                }
                sent += 1;
            }
            self.storage.flush();
            for (ticket, reply) in self.answers.recv()? {
                if !matches!(reply, StorageReply::Appended { .. }) {
                    return Err(format!("not appended: {reply:?}").into());
                }
                waits.extend(begun.remove(&ticket).map(|begun| begun.elapsed()));
                stored += 1;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let rate = count as f64 / start.elapsed().as_secs_f64();
        let (p50, p99) = percentiles(&mut waits);
        Ok((rate, p50, p99))
    }

    fn append(&mut self) -> StorageRequest {
        self.next += 1;
        let room = match self.random() % (2 * ROOMS) {
            room if room < ROOMS => room + 1,
            _ => 0,
        };
        let words: Vec<_> = (0..8).map(|_| self.word()).collect();
        let time = 1_700_000_000_000 + self.next * 10;
        let noise = self.random();
        let nick = self.random() % 1000;
        StorageRequest::Append {
            log: LogKey::Room(RoomId(room)),
            entry: Arc::new(Entry {
                id: format!("{time:011x}{noise:016x}").into(),
                own_id: Some(format!("{time:011x}{:016x}", self.random()).into()),
                time: Stamp(time),
                kind: EntryKind::Privmsg,
                source: format!("nick{nick}!user@host-{nick}.example").into(),
                account: Some(format!("nick{nick}").into()),
                bot: false,
                target: format!("#room{room}").into(),
                client_tags: "".into(),
                lines: vec![EntryLine {
                    text: words.join(" ").into(),
                    concat: false,
                }],
                event: "".into(),
            }),
        }
    }

    /// A word: the `n`th is some `n` times as rare as the first.
    fn word(&mut self) -> String {
        let bits = self.random() % u64::from(VOCABULARY.ilog2());
        let number = self.random() % (2_u64 << bits);
        format!("word{number}")
    }

    fn random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    fn ask_all(&mut self) -> Result<(), Failure> {
        let big = LogKey::Room(RoomId(0));
        let small = LogKey::Room(RoomId(7));
        let middle = Mark::Time(Stamp(1_700_000_000_000 + self.next * 5));
        self.read("newest 100 of the big room", &big, Span::Latest)?;
        self.read("newest 100 of a small room", &small, Span::Latest)?;
        self.read("100 before the middle", &big, Span::Before(middle.clone()))?;
        self.read("100 around the middle, small", &small, Span::Around(middle))?;
        let all: Vec<_> = (0..=100).map(|room| LogKey::Room(RoomId(room))).collect();
        for text in [
            "word0",
            "word30000",
            "word1 word2 word3",
            "word40000 word20000",
            "absent",
        ] {
            self.search(text, std::slice::from_ref(&big), None)?;
            self.search(text, std::slice::from_ref(&small), None)?;
            self.search(text, &all, None)?;
            self.search(text, &all, Some("nick77"))?;
        }
        Ok(())
    }

    /// What the first questions wait for right after very much was written, and the same questions then.
    fn ask_after_bursts(&mut self) -> Result<(), Failure> {
        let big = LogKey::Room(RoomId(0));
        for burst in [1_000, 10_000, 100_000] {
            self.write(burst, 4096)?;
            let what = format!("newest 100 of the big room after a burst of {burst}");
            self.read(&what, &big, Span::Latest)?;
            self.write(burst, 4096)?;
            say(format_args!("after a burst of {burst}:"))?;
            self.search("word30000", std::slice::from_ref(&big), None)?;
        }
        Ok(())
    }

    fn read(&mut self, what: &str, log: &LogKey, span: Span) -> Result<f64, Failure> {
        let request = StorageRequest::Read {
            log: log.clone(),
            span,
            limit: 100,
            events: false,
            not_before: Stamp(0),
        };
        self.measure(what, &request)
    }

    fn search(&mut self, text: &str, logs: &[LogKey], from: Option<&str>) -> Result<f64, Failure> {
        let request = StorageRequest::Search {
            logs: logs.to_vec(),
            text: text.into(),
            from: from.map(Into::into),
            after: None,
            before: None,
            limit: 50,
        };
        let place = match logs {
            [LogKey::Room(RoomId(0))] => "the big room",
            [_] => "a small room",
            _ => "101 rooms",
        };
        self.measure(
            &format!("search {text:?} in {place}, from {from:?}"),
            &request,
        )
    }

    /// The median, in milliseconds.
    fn measure(&mut self, what: &str, request: &StorageRequest) -> Result<f64, Failure> {
        let mut waits = Vec::new();
        let mut count = 0;
        for _ in 0..50 {
            let start = Instant::now();
            if let Some(refused) = self.storage.request(Ticket(0), request.clone()) {
                return Err(format!("refused: {refused:?}").into());
            }
            for (_, reply) in self.answers.recv()? {
                let StorageReply::Entries(entries) = reply else {
                    return Err(format!("no entries: {reply:?}").into());
                };
                count = entries.len();
            }
            waits.push(start.elapsed());
        }
        let first = waits.first().copied().unwrap_or_default();
        let (p50, p99) = percentiles(&mut waits);
        say(format_args!(
            "{what}: {count} found, first {first:?}, p50 {p50:?}, p99 {p99:?}"
        ))?;
        Ok(p50.as_secs_f64() * 1e3)
    }
}

/// Processor time of this process, also of threads that have ended (Linux), to a hundredth of a second.
fn processor() -> Result<Duration, Failure> {
    let figures = std::fs::read_to_string("/proc/self/stat")?;
    // Behind the name, which may hold anything.
    let rest = figures.rsplit(") ").next().unwrap_or_default();
    let ticks = rest.split(' ').skip(11).take(2);
    let ticks: u64 = ticks.map(|text| text.parse().unwrap_or(0)).sum();
    Ok(Duration::from_millis(ticks * 10))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn micros(processor: Duration, count: u64) -> f64 {
    processor.as_secs_f64() * 1e6 / count.max(1) as f64
}

fn percentiles(waits: &mut [Duration]) -> (Duration, Duration) {
    waits.sort_unstable();
    let at = |percent: usize| {
        waits
            .get(waits.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    (at(50), at(99))
}

fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
