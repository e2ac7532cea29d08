//! Who came, spoke and left, a line each; the words only for a transcript. It never waits for whoever reads the log,
//! and never lets a control character through.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocol::Stamp;
use server_core::{Door, Record};

/// Bytes that may wait to be written. Past it lines are left out, and counted: a log that nobody reads must not stop
/// the chat.
const WAITING_BYTES_MAX: usize = 1 << 20;

/// Bytes of lines that are kept back until a batch has ended.
const LINES_BYTES_MAX: usize = 64 * 1024;

/// How long lines are gathered before they are written.
const GATHERED: Duration = Duration::from_millis(10);

/// Lines on their way to standard error, and the thread that writes them.
#[derive(Clone, Debug)]
pub struct Paper {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    left_out: usize,
    ending: bool,
    ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Paper {
    /// Starts the thread that writes to `out`.
    pub fn start(out: impl Write + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || write_all(&theirs, out))?;
        Ok(Self { shared })
    }

    /// Adds lines, ends included.
    pub fn add(&self, lines: &[u8]) {
        let mut waiting = self.shared.lock();
        if waiting.bytes.len() + lines.len() > WAITING_BYTES_MAX {
            waiting.left_out += memchr::memchr_iter(b'\n', lines).count();
            return;
        }
        let was_empty = waiting.bytes.is_empty();
        waiting.bytes.extend_from_slice(lines);
        drop(waiting);
        if was_empty {
            self.shared.changed.notify_all();
        }
    }

    /// Waits until all is written, or a second has passed.
    pub fn finish(&self) {
        let mut waiting = self.shared.lock();
        waiting.ending = true;
        self.shared.changed.notify_all();
        let patience = Duration::from_secs(1);
        let _ = self
            .shared
            .changed
            .wait_timeout_while(waiting, patience, |w| !w.ended);
    }
}

fn write_all(shared: &Shared, mut out: impl Write) {
    loop {
        let mut waiting = shared.lock();
        while waiting.bytes.is_empty() && !waiting.ending {
            waiting = shared
                .changed
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if !waiting.ending {
            // Under load many lines go out in one write; at rest this thread sleeps for good.
            let patience = shared
                .changed
                .wait_timeout_while(waiting, GATHERED, |w| !w.ending);
            waiting = patience.unwrap_or_else(PoisonError::into_inner).0;
        }
        let ending = waiting.ending;
        let bytes = std::mem::take(&mut waiting.bytes);
        let left_out = std::mem::take(&mut waiting.left_out);
        drop(waiting);
        // Nobody is left to be told that the log cannot be written.
        let _ = out.write_all(&bytes);
        if left_out > 0 {
            let _ = writeln!(
                out,
                "({left_out} lines left out: the log is not read fast enough)"
            );
        }
        if ending {
            shared.lock().ended = true;
            shared.changed.notify_all();
            return;
        }
    }
}

impl Write for &Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A sentence, for people.
    #[default]
    Text,
    /// A JSON object, for programs.
    Json,
}

/// What an operator reads of the core's records.
#[derive(Debug)]
pub struct Journal {
    paper: Option<Paper>,
    transcript: bool,
    format: LogFormat,
    /// What was noted since the last batch ended.
    lines: String,
    /// The moment of the last line, as it is written: a batch of lines mostly has one.
    moment: (Stamp, String),
}

impl Journal {
    /// A journal on that paper, or none; with the words themselves for a transcript.
    pub fn new(paper: Option<Paper>, transcript: bool, format: LogFormat) -> Self {
        Self {
            paper,
            transcript,
            format,
            lines: String::new(),
            moment: (Stamp(0), Stamp(0).to_string()),
        }
    }

    /// Notes a record; it is on paper when the batch has ended.
    pub(crate) fn note(&mut self, record: &Record) {
        if self.paper.is_none() {
            return;
        }
        if self.format == LogFormat::Json {
            let line = Line::of(record, self.transcript);
            // Texts and numbers can always be written.
            let line = serde_json::to_string(&line).unwrap_or_default();
            self.lines.push_str(&line);
        } else if let Record::Spoke(entry) = record
            && self.transcript
        {
            let _ = write!(self.lines, "{}: {}", entry.nick(), Clean(&entry.text()));
        } else {
            let now = now();
            if self.moment.0 != now {
                self.moment = (now, now.to_string());
            }
            self.lines.push_str(&self.moment.1);
            self.lines.push(' ');
            // Writing to a text cannot fail.
            let _ = describe(&mut self.lines, record);
        }
        self.lines.push('\n');
        if self.lines.len() > LINES_BYTES_MAX {
            self.end_batch();
        }
    }

    /// Puts on paper what was noted: once for a batch, so that a message costs no lock.
    pub(crate) fn end_batch(&mut self) {
        if let Some(paper) = &self.paper
            && !self.lines.is_empty()
        {
            paper.add(self.lines.as_bytes());
            self.lines.clear();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.end_batch();
    }
}

fn describe(line: &mut String, record: &Record) -> std::fmt::Result {
    match record {
        Record::Came {
            nick,
            address,
            door,
        } => write!(
            line,
            "{nick} came from {} by {}",
            Clean(address),
            door_name(*door)
        ),
        Record::Left { nick, reason } => write!(line, "{nick} left: {}", Clean(discreet(reason))),
        Record::Joined { nick, channel } => write!(line, "{nick} joined {}", Clean(channel)),
        Record::Parted { nick, channel } => write!(line, "{nick} parted {}", Clean(channel)),
        Record::Renamed { nick, new } => write!(line, "{nick} is now {new}"),
        // Every message is one: the machinery of formats would cost more than the words.
        Record::Spoke(entry) => {
            line.push_str(entry.nick());
            line.push_str(" spoke in ");
            Clean(&entry.target).push(line)
        }
        Record::Notice(text) => write!(line, "notice: {}", Clean(text)),
        Record::Trouble(text) => write!(line, "trouble: {}", Clean(text)),
    }
}

/// What somebody says on leaving are words like others.
fn discreet(reason: &str) -> &str {
    if reason.starts_with("Quit") {
        "quit"
    } else {
        reason
    }
}

/// A record as a program reads it. The keys are for ever: a new one may come, none may change its meaning.
#[derive(Debug, Default, serde::Serialize)]
struct Line<'a> {
    timestamp: String,
    level: &'static str,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nick: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Cow<'a, str>>,
}

impl<'a> Line<'a> {
    fn of(record: &'a Record, transcript: bool) -> Self {
        let empty = Self {
            timestamp: now().to_string(),
            level: "INFO",
            ..Self::default()
        };
        match record {
            Record::Came {
                nick,
                address,
                door,
            } => Self {
                event: "came",
                nick: Some(nick),
                address: Some(address),
                door: Some(door_name(*door)),
                ..empty
            },
            Record::Left { nick, reason } => Self {
                event: "left",
                nick: Some(nick),
                reason: Some(discreet(reason)),
                ..empty
            },
            Record::Joined { nick, channel } => Self {
                event: "joined",
                nick: Some(nick),
                target: Some(channel),
                ..empty
            },
            Record::Parted { nick, channel } => Self {
                event: "parted",
                nick: Some(nick),
                target: Some(channel),
                ..empty
            },
            Record::Renamed { nick, new } => Self {
                event: "renamed",
                nick: Some(nick),
                new: Some(new),
                ..empty
            },
            Record::Spoke(entry) => Self {
                event: "spoke",
                nick: Some(entry.nick()),
                target: Some(&entry.target),
                message: transcript.then(|| entry.text()),
                ..empty
            },
            Record::Notice(text) => Self {
                event: "notice",
                message: Some(text.into()),
                ..empty
            },
            Record::Trouble(text) => Self {
                level: "WARN",
                event: "trouble",
                message: Some(text.into()),
                ..empty
            },
        }
    }
}

fn door_name(door: Door) -> &'static str {
    match door {
        Door::Tcp => "tcp",
        Door::Tls => "tls",
        Door::WebSocket => "websocket",
        Door::Plain => "plain",
    }
}

/// The moment, as it is written at the start of a line.
pub fn now() -> Stamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Stamp(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Text without what a terminal would obey.
struct Clean<'a>(&'a str);

impl Clean<'_> {
    fn push(&self, out: &mut impl std::fmt::Write) -> std::fmt::Result {
        // Most names are ASCII, where a look at the bytes is enough.
        if self.0.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return out.write_str(self.0);
        }
        self.0
            .chars()
            .filter(|c| !c.is_control())
            .try_for_each(|c| out.write_char(c))
    }
}

impl std::fmt::Display for Clean<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.push(f)
    }
}

#[cfg(test)]
mod tests;
