//! The log of a room, or of a pair of people, as a port: questions and answers as data. It never stores anything.
//!
//! Storage answers each request once, with its ticket. A question sees every write asked for before it, and writes are
//! answered in the order in which they were asked for; a slow question holds up no write. `Appended` means that the entry survives a crash; only then does anybody hear of it.

use std::borrow::Cow;
use std::sync::Arc;

use protocol::{Stamp, casemap};

pub use crate::ids::RoomId;
use crate::invites::{InviteReply, InviteRequest};

/// Whose log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogKey {
    /// A room, by an id of its own: a name may be given to another room later, and its past must not be.
    Room(RoomId),
    /// Two people, by what they are known by (an account, or `~` and an id of one visit), the lesser first.
    Pair(Box<str>, Box<str>),
}

impl LogKey {
    /// The log of two people, whoever asks.
    pub fn pair(a: &str, b: &str) -> Self {
        if a <= b {
            Self::Pair(a.into(), b.into())
        } else {
            Self::Pair(b.into(), a.into())
        }
    }
}

/// What was said or happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// PRIVMSG.
    Privmsg,
    /// NOTICE.
    Notice,
    /// TAGMSG, where it is to be kept (reactions).
    Tagmsg,
    /// JOIN, PART, QUIT, KICK, NICK, TOPIC, MODE: told by event-playback only.
    Event,
}

/// One entry of a log. It is shared, never copied: the core, the log and every answer hold the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its `msgid`: unique for ever, opaque.
    pub id: Box<str>,
    /// The id its sender gave it (`parlor.chat/id`), by which a second sending is recognised; unique for a sender.
    pub own_id: Option<Box<str>>,
    /// When the server took it. Within a log it never goes back.
    pub time: Stamp,
    /// What it is.
    pub kind: EntryKind,
    /// `nick!user@host` of whoever it comes from.
    pub source: Box<str>,
    /// The sender's account.
    pub account: Option<Box<str>>,
    /// Whether the sender is a bot.
    pub bot: bool,
    /// The room's name or the other person's nick at that time.
    pub target: Box<str>,
    /// The client-only tags that came with it, as written on the wire, without `@`.
    pub client_tags: Box<str>,
    /// The words: one line each. `concat` of a line says that it goes on where the one before ended (multiline).
    pub lines: Vec<EntryLine>,
    /// For an event: verb and parameters, as written on the wire behind the source.
    pub event: Box<str>,
}

/// Bytes from which on an own id is one that nobody else can have guessed: it stands for its sender, whoever that is by
/// now.
pub const OWN_ID_BYTES_SURE: usize = 16;

impl Entry {
    /// The nick in its source.
    pub fn nick(&self) -> &str {
        self.source.split('!').next().unwrap_or_default()
    }

    /// Its words, a line each.
    pub fn text(&self) -> Cow<'_, str> {
        match self.lines.as_slice() {
            [line] => Cow::Borrowed(&line.text),
            lines => {
                let texts: Vec<&str> = lines.iter().map(|line| &*line.text).collect();
                Cow::Owned(texts.join("\n"))
            }
        }
    }

    /// Whether its own id alone says who sent it.
    pub fn is_sure(&self) -> bool {
        let own = self.own_id.as_ref();
        own.is_some_and(|own| own.len() >= OWN_ID_BYTES_SURE)
    }

    /// What it counts where the size of a log is bounded: the bytes of its texts. On a disk it takes some two or three
    /// times as much, the index for the search included.
    pub fn bytes(&self) -> u64 {
        let lines = self.lines.iter().map(|line| line.text.len() + 1);
        let texts = [
            &self.id,
            &self.source,
            &self.target,
            &self.client_tags,
            &self.event,
        ];
        let bytes = lines.sum::<usize>() + texts.iter().map(|text| text.len()).sum::<usize>();
        bytes as u64
    }

    /// Whether `again` is this message, sent again by somebody who has become another guest since: the own id, which
    /// nobody can guess, what it was and to whom. Two accounts are two people all the same.
    ///
    /// Its words must be the same, too; they cannot be compared once they were taken out (`is_removed`).
    pub fn is_sent_again_as(&self, again: &Self, is_removed: bool) -> bool {
        let strangers = match (&self.account, &again.account) {
            (Some(a), Some(b)) => !casemap::same(a, b),
            _ => false,
        };
        again.is_sure()
            && self.own_id == again.own_id
            && !strangers
            && self.kind == again.kind
            && casemap::same(&self.target, &again.target)
            && (is_removed || self.lines == again.lines)
    }
}

/// One line of an entry's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryLine {
    /// The words.
    pub text: Box<str>,
    /// Whether no line break stands before it.
    pub concat: bool,
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An entry, by its `msgid`.
    Id(Box<str>),
    /// A moment.
    Time(Stamp),
}

/// Which part of a log (IRCv3 chathistory). The marks themselves are never part of the answer, but `Around`'s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// The newest.
    Latest,
    /// The newest, down to the mark.
    LatestAfter(Mark),
    /// What comes before, nearest to the mark.
    Before(Mark),
    /// What comes after, nearest to the mark.
    After(Mark),
    /// Half before, half after.
    Around(Mark),
    /// Between two marks, nearest to the first; the marks may be given in either order.
    Between(Mark, Mark),
}

/// Milliseconds of a day.
pub const DAY_MS: u64 = 24 * 3_600_000;

/// How much of a log is kept; what goes first is the oldest. `None`: all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// Milliseconds for which an entry is kept.
    pub age_ms: Option<u64>,
    /// Entries, events included.
    pub entries: Option<u64>,
    /// Bytes of their texts (see [`Entry::bytes`]), and the whole of the entry that goes past them.
    pub bytes: Option<u64>,
}

impl Keep {
    /// What both of two let be kept.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        let lesser = |a: Option<u64>, b: Option<u64>| a.into_iter().chain(b).min();
        Self {
            age_ms: lesser(self.age_ms, other.age_ms),
            entries: lesser(self.entries, other.entries),
            bytes: lesser(self.bytes, other.bytes),
        }
    }
}

/// A question to storage.
#[derive(Clone, Debug, PartialEq)]
pub enum StorageRequest {
    /// Append one entry. Answer: `Appended`, `Repeated`, or `Failed`.
    ///
    /// It repeats an entry of the same log with its own id from the same person. A log of two bears the names of its
    /// people, and a guest who comes again is somebody else: so it also repeats an entry of any log of two that
    /// [was sent again](Entry::is_sent_again_as) with it.
    Append {
        /// Where.
        log: LogKey,
        /// What.
        entry: Arc<Entry>,
    },
    /// Read a part of one log, oldest first. Answer: `Entries` or `Failed`.
    Read {
        /// Where.
        log: LogKey,
        /// Which part.
        span: Span,
        /// At most so many.
        limit: usize,
        /// Whether anything but PRIVMSG and NOTICE counts (event-playback).
        events: bool,
        /// Nothing older than that.
        not_before: Stamp,
    },
    /// Of the logs given, those whose newest message lies between two moments. Answer: `Targets` or `Failed`.
    Targets {
        /// Rooms, each with the name to answer with.
        rooms: Vec<(RoomId, Box<str>)>,
        /// All pairs that this person is one of.
        person: Box<str>,
        /// After this moment,
        from: Stamp,
        /// before this one; where it is the lesser, the newest come first.
        to: Stamp,
        /// at most so many.
        limit: usize,
    },
    /// Find the entry that this one repeats by [being sent again](Entry::is_sent_again_as), without appending it. Answer:
    /// `Found` or `Failed`.
    Recognise {
        /// In the log of this room; without one, in all logs of two.
        room: Option<RoomId>,
        /// What was sent again.
        entry: Arc<Entry>,
    },
    /// Find one entry, to judge who may redact it. Answer: `Found`.
    Find {
        /// Where.
        log: LogKey,
        /// Its `msgid`.
        id: Box<str>,
    },
    /// Take the words of one entry out for ever. Answer: `Removed` or `Failed`.
    Remove {
        /// Where.
        log: LogKey,
        /// Its `msgid`.
        id: Box<str>,
    },
    /// Full-text search, newest first. Answer: `Entries` or `Failed`.
    Search {
        /// In which logs.
        logs: Vec<LogKey>,
        /// The words sought.
        text: Box<str>,
        /// Only from this nick.
        from: Option<Box<str>>,
        /// Only after this moment.
        after: Option<Stamp>,
        /// Only before this moment.
        before: Option<Stamp>,
        /// At most so many.
        limit: usize,
    },
    /// Forget a log whole. Answer: `Removed` or `Failed`.
    Drop {
        /// Which one.
        log: LogKey,
    },
    /// From now on keep no more than that of any log. Answer: `Kept`. It holds until the process ends, or is asked again.
    /// What is overdue goes while nobody waits for storage, so that some of it is there a little longer.
    RetainAll {
        /// Of each log.
        each: Keep,
        /// Bytes of storage in all; past it the oldest entries go, whatever their log. Logs in memory have bounds of
        /// their own instead.
        total_bytes: Option<u64>,
    },
    /// From now on keep no more than that of one log, within what is kept of any. It outlives the process. Answer:
    /// `Kept` or `Failed`.
    Retain {
        /// Of which log.
        log: LogKey,
        /// How much of it.
        keep: Keep,
    },
    /// Keep a record that outlives the process, in place of the one of that key. Answer: `Kept` or `Failed`.
    Keep {
        /// On which shelf.
        shelf: Shelf,
        /// Under which key: at most 1024 bytes.
        key: Box<str>,
        /// The record, as the core writes it; `None` takes it away.
        value: Option<Box<str>>,
    },
    /// Everything on a shelf. Answer: `Shelved` or `Failed`.
    Recall {
        /// Which shelf.
        shelf: Shelf,
    },
    /// Something about the links by which people are invited. Answer: `Invites` or `Failed`.
    Invites(InviteRequest),
}

/// Where the core keeps records of one sort. Storage does not read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shelf {
    /// Rooms by id: name, founder, operators, topic, modes, bans.
    Rooms,
    /// People: who stays a member of what while away.
    People,
    /// Up to where who has read what.
    ReadMarkers,
    /// Who may not come to the server.
    Bans,
}

/// An answer of storage.
#[derive(Clone, Debug, PartialEq)]
pub enum StorageReply {
    /// It is in the log, durable.
    Appended {
        /// The time it has there.
        time: Stamp,
    },
    /// The same person's entry with that own id is in the log already.
    Repeated {
        /// The entry as it was stored the first time.
        entry: Arc<Entry>,
    },
    /// The part asked for, oldest first.
    Entries(Vec<Arc<Entry>>),
    /// Logs with the time of their newest message. For a pair the name is what the other is known by.
    Targets(Vec<(Box<str>, Stamp)>),
    /// The entry, if there is such a one.
    Found(Option<Arc<Entry>>),
    /// It is gone.
    Removed,
    /// The record is kept, durable.
    Kept,
    /// All records of a shelf, with their keys, by key.
    Shelved(Vec<(Box<str>, Box<str>)>),
    /// About the links by which people are invited; what changed is durable.
    Invites(InviteReply),
    /// It could not be done; why, in words for people.
    Failed(String),
}
