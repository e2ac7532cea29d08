//! One window: a room, a private conversation, or the server, with all that belongs to it.
//! It must never know which window is open, nor how it is drawn.

use std::collections::{BTreeMap, VecDeque};

use crate::editor::Editor;
use crate::entry::presence::{Coming, Move};
use crate::entry::{Body, Entry, Tone};
use crate::ids::{LineId, NetworkId, WindowId};
use crate::level::Level;
use crate::model::keeping::Told;
use crate::model::parents::Parents;
use crate::model::recall::Recall;
use crate::model::roster::Roster;
use crate::model::scrollback::{Anchor, Scrollback, Sought};
use crate::name;
use crate::session::event::{Message, Millis};
use crate::session::whereabouts::Split;
use crate::width;

/// After this long a person no longer counts as writing, if nothing else is heard.
const TYPING_MS: Millis = 6_000;

/// How many people the line says are writing.
const TYPING_MAX: usize = 20;

/// Comings and goings further apart than this begin a new line.
const FOLD_MS: Millis = 15 * 60_000;

/// Deeds that are kept for messages that are not loaded; the oldest ones go first.
const EARLY_MAX: usize = 500;

/// Of so many a split took it is remembered.
const APART_MAX: usize = 2000;

/// The column of nicks is at least and at most so wide.
const NICK_COLUMN: (u16, u16) = (7, 14);

/// What a window is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A room.
    Room,
    /// A private conversation.
    Person,
    /// The server.
    Server,
}

/// Whether we are in a room.
///
/// ```text
/// Outside -> Entering -> Inside -> Outside
/// Entering -> Outside        (refused)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// We are not.
    Outside,
    /// We asked to be.
    Entering,
    /// We are.
    Inside,
}

/// Somebody who writes just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Who.
    pub nick: String,
    /// Until when, if nothing else is heard.
    pub until: Millis,
}

/// What was done to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// This reaction was put to it.
    Reacted(String),
    /// This reaction was taken from it.
    Unreacted(String),
    /// It was taken back; why, or empty.
    TakenBack(String),
}

/// What was done to a message that is not loaded: history brings the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Early {
    /// The server's id of the message.
    pub msgid: String,
    /// Who did it.
    pub nick: String,
    /// What.
    pub deed: Deed,
}

/// A window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its name inside the program.
    pub id: WindowId,
    /// The network that it belongs to.
    pub network: NetworkId,
    /// The room, the person, or the network.
    pub name: String,
    /// What it is about.
    pub kind: Kind,
    /// Whether we are in it; rooms only.
    pub place: Place,
    /// Why we are outside, if it was not our wish; else empty.
    pub why_outside: String,
    /// The topic.
    pub topic: String,
    /// Who is in it.
    pub roster: Roster,
    /// What was said.
    pub scrollback: Scrollback,
    /// The row that stays in the pane; `None`: the newest messages are shown.
    pub anchor: Option<Anchor>,
    /// Messages that nobody has looked at.
    pub unread: u32,
    /// Those of them that name us, or are for us alone.
    pub mentions: u32,
    /// Above this entry stands the unread line.
    pub unread_from: Option<LineId>,
    /// Up to when it was read before somebody looked at what that line tells apart.
    pub new_since: Option<Millis>,
    /// What is being written.
    pub input: Editor,
    /// The message that it answers.
    pub reply_to: Option<LineId>,
    /// What was sent before.
    pub recall: Recall,
    /// How wide the nicks are; it only grows, so that nothing jumps.
    pub nick_column: u16,
    /// Who writes just now.
    pub writers: Vec<Writer>,
    /// Whether the person is away; private conversations only.
    pub is_away: bool,
    /// Whether the person is on the network, where the server tells of it; private conversations only.
    pub is_here: Option<bool>,
    /// The newest message of ours that the server has.
    pub last_sent: Option<LineId>,
    /// Whether older messages were asked for and have not come yet.
    pub is_loading: bool,
    /// Pages of missed messages that were fetched on this link.
    pub pages_missed: u8,
    /// Messages that name us, of what was missed and is not here.
    pub named: Vec<Message>,
    /// Whether the server was asked for those on this link.
    pub is_named_asked: bool,
    /// Whether the newest messages were asked for on this link; private conversations only.
    pub is_asked: bool,
    /// Whether the oldest message that there is, is here.
    pub is_complete: bool,
    /// Who went by a split, folded, until they are back.
    pub apart: BTreeMap<String, Split>,
    /// Messages that others answer, and that are not loaded.
    pub parents: Parents,
    /// What was done to messages that are not loaded.
    pub early: VecDeque<Early>,
    /// When we last told that we write.
    pub typing_told: Option<Millis>,
    /// A message that is to be shown when the page around it comes.
    pub sought: Option<Sought>,
    /// Whether that one is only the last that was read, and what follows it is meant.
    pub seeks_new: bool,
    /// What calls for us here.
    pub level: Level,
    /// Up to when everything was read, here or on another device, if that is known.
    pub read_to: Option<Millis>,
    /// Up to when our other devices were told so.
    pub read_told: Option<Millis>,
    /// Up to when it counts as read if nobody has looked at it in any run, which the store may tell late.
    pub read_first: Option<Millis>,
    /// When they are told of what has been read since, if that waits.
    pub mark_due: Option<Millis>,
    /// What the local store was told last.
    pub told: Told,
    /// Whether messages of earlier runs are here.
    pub has_past: bool,
    /// Whether the local store has nothing older than the oldest message here.
    pub is_bottom: bool,
    /// The last message of earlier runs, while nobody knows what was said since.
    pub since: Option<Millis>,
    /// Until when something may be missing after that, as the local store was told.
    pub since_told: Option<Millis>,
}

impl Window {
    /// An empty window.
    pub fn new(id: WindowId, network: NetworkId, kind: Kind, name: &str) -> Self {
        Self {
            id,
            network,
            name: name.to_owned(),
            kind,
            place: Place::Outside,
            why_outside: String::new(),
            topic: String::new(),
            roster: Roster::default(),
            scrollback: Scrollback::default(),
            anchor: None,
            unread: 0,
            mentions: 0,
            unread_from: None,
            new_since: None,
            input: Editor::default(),
            reply_to: None,
            recall: Recall::default(),
            nick_column: NICK_COLUMN.0,
            writers: Vec::new(),
            is_away: false,
            is_here: None,
            last_sent: None,
            is_loading: false,
            is_asked: false,
            pages_missed: 0,
            named: Vec::new(),
            is_named_asked: false,
            is_complete: false,
            apart: BTreeMap::new(),
            parents: Parents::default(),
            early: VecDeque::new(),
            typing_told: None,
            sought: None,
            seeks_new: false,
            level: Level::All,
            read_to: None,
            read_told: None,
            read_first: None,
            mark_due: None,
            told: Told::default(),
            has_past: false,
            is_bottom: false,
            since: None,
            since_told: None,
        }
    }

    /// Whether this is a room that we are not in.
    pub fn is_outside(&self) -> bool {
        self.kind == Kind::Room && self.place != Place::Inside
    }

    /// Whether something here should be looked at.
    pub fn wants_us(&self) -> bool {
        match self.level {
            Level::All => self.mentions > 0 || self.unread > 0,
            Level::Mentions => self.mentions > 0,
            Level::Nothing => false,
        }
    }

    /// Empties it on the screen; what waits to be sent stays.
    pub fn clear(&mut self) {
        self.scrollback.clear();
        self.anchor = None;
        self.forget_new();
        self.since = None;
    }

    /// Makes room in the column of nicks.
    pub fn fit_nick(&mut self, nick: &str) {
        self.nick_column = self.nick_column.max(width::of(nick).min(NICK_COLUMN.1));
    }

    /// Adds a message; our own that wait go to the end.
    pub fn say(&mut self, nick: &str, entry: Entry) {
        self.fit_nick(nick);
        self.roster.spoke(nick);
        self.writers.retain(|writer| writer.nick != nick);
        self.scrollback.hold(self.anchor.is_some());
        self.scrollback.push(entry);
    }

    /// The server has this message of ours; the newest of those says so.
    pub fn stored(&mut self, id: LineId) {
        let place = |id| self.scrollback.index_of(id);
        if self.last_sent.and_then(place) <= place(id) {
            self.last_sent = Some(id);
        }
        self.not_new(id);
    }

    /// The line above what is new never stands above what we said ourselves.
    fn not_new(&mut self, id: LineId) {
        if self.unread_from == Some(id) {
            let after = self.scrollback.iter().skip_while(|entry| entry.id != id);
            let is_others = |entry: &&Entry| entry.as_said().is_some_and(|said| !said.is_own);
            self.unread_from = after.skip(1).find(is_others).map(|entry| entry.id);
        }
    }

    /// Keeps what was done to a message that is not loaded.
    pub fn remember_early(&mut self, early: Early) {
        if self.early.len() >= EARLY_MAX {
            self.early.pop_front();
        }
        self.early.push_back(early);
    }

    /// Whether a message that is not loaded is known to be taken back.
    pub fn was_taken_back(&self, msgid: &str) -> bool {
        let is_it =
            |early: &Early| early.msgid == msgid && matches!(early.deed, Deed::TakenBack(_));
        self.early.iter().any(is_it)
    }

    /// Adds a note.
    pub fn note(&mut self, id: LineId, at: Millis, tone: Tone, text: &str) {
        self.scrollback.push(Entry::note(id, at, tone, text));
    }

    /// Tells of somebody's coming or going, in the line before if it tells of such too.
    pub fn tell(&mut self, id: LineId, at: Millis, nick: &str, what: Move) {
        let what = self.of_split(nick, what);
        let coming = Coming {
            nick: nick.to_owned(),
            what,
        };
        let is_apart = |entry: &Entry| {
            at.saturating_sub(entry.at) > FOLD_MS || !matches!(entry.body, Body::Presence(_))
        };
        let last = self.scrollback.last_mut().filter(|entry| !is_apart(entry));
        let rest = match last {
            Some(last) => last.fold(coming),
            None => Err(coming),
        };
        if let Err(coming) = rest {
            self.scrollback.push(Entry::presence(id, at, coming));
        }
    }

    /// Who comes back after a split is told of as such.
    fn of_split(&mut self, nick: &str, what: Move) -> Move {
        match &what {
            Move::SplitOff(split) if self.apart.len() < APART_MAX => {
                self.apart.insert(name::folded(nick), split.clone());
            }
            Move::Came => {
                let split = self.apart.remove(&name::folded(nick));
                return split.map_or(what, Move::Rejoined);
            }
            _ => {}
        }
        what
    }

    /// What there is to tell when the server says whether the person is there.
    pub fn news_of(&self, is_here: bool) -> Option<Move> {
        let news = if is_here {
            Move::Returned
        } else {
            Move::Left(String::new())
        };
        (self.is_here? != is_here).then_some(news)
    }

    /// Tells of somebody's coming in a line of its own, because they speak or are spoken to now.
    pub fn unfold(&mut self, id: LineId, at: Millis, nick: &str) {
        if let Some(coming) = self.scrollback.unfold(nick, at.saturating_sub(FOLD_MS)) {
            self.scrollback.push(Entry::presence(id, at, coming));
        }
    }

    /// Remembers that somebody writes, or no longer does.
    pub fn wrote(&mut self, nick: &str, now: Millis, is_writing: bool) {
        self.writers
            .retain(|writer| writer.nick != nick && writer.until > now);
        if is_writing && self.writers.len() < TYPING_MAX {
            self.writers.push(Writer {
                nick: nick.to_owned(),
                until: now + TYPING_MS,
            });
        }
    }
}
