//! The local store as data: what is asked of it, and what it answers.
//! It must never be needed for the chat: whoever asks goes on without an answer.

pub mod block;
pub mod log;
pub mod packed;
pub mod past;
pub mod places;
pub mod queue;
pub mod row;
pub mod schema;
pub mod sweep;
pub mod thread;
pub mod words;

use std::sync::Arc;

use crate::ids::WindowId;
use crate::level::Level;
use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;

/// Messages in a page: two screens of a large terminal.
pub const PAGE: u16 = 100;
/// Messages that a search finds at once.
pub const FOUND_MAX: u16 = 200;
/// Sent lines that are kept of each window, as many as a window recalls.
pub const WROTE_MAX: u32 = 300;
/// Reactions kept with one message.
pub const REACTIONS_MAX: u32 = 100;
/// Bytes of a draft that are kept: far more than fits into messages that servers take.
pub const DRAFT_BYTES_MAX: usize = 64 * 1024;

/// A window as it is named from one run to the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// What the network is called in files.
    pub network: String,
    /// The room or the person, as shown; compared folded.
    pub name: String,
}

/// A message from the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The message.
    pub message: Message,
    /// Whether it was taken back: then the text says by whom, and the words are gone.
    pub is_taken_back: bool,
    /// Reactions, and who gave them.
    pub reactions: Vec<(String, String)>,
}

/// Messages that follow each other, oldest first, but for the gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The messages.
    pub messages: Vec<Stored>,
    /// Where messages may be missing among them and right after them.
    pub gaps: Vec<Gap>,
    /// Whether the store has nothing more that way.
    pub is_end: bool,
}

/// What is known of a window beside its messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// What was being written.
    pub draft: String,
    /// What calls.
    pub level: Level,
    /// Up to when it was read.
    pub read_to: Option<Millis>,
    /// What was sent from its input, oldest first.
    pub wrote: Vec<String>,
}

/// Which part of a window's past is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Before this message.
    Before {
        /// When it was said.
        at: Millis,
        /// The server's id of it, if it has one.
        msgid: Option<String>,
    },
    /// Between two times, both included.
    Between {
        /// From when.
        since: Millis,
        /// Until when.
        until: Millis,
        /// Whether the oldest of it are wanted, not the newest.
        is_oldest: bool,
    },
    /// Around this message.
    Around {
        /// When it was said.
        at: Millis,
        /// The server's id of it, if it has one.
        msgid: Option<String>,
    },
}

/// Everything that is asked of the store. What has no answer is kept, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Everything about a window that was opened; answered by `Recalled`.
    Recall(WindowId, Place),
    /// A part of its past; answered by `Past`.
    Past(WindowId, Place, Span),
    /// The newest message of a window before this time that holds this text; answered by `Spotted`.
    Spot {
        /// The window.
        window: WindowId,
        /// What it is called.
        place: Place,
        /// The text, in whatever case.
        text: String,
        /// Before when.
        before: Millis,
    },
    /// One message, which another one answers; answered by `Parent`.
    Parent(WindowId, Place, String),
    /// Messages of all windows with these words, said before this time; answered by `Found`.
    Search(String, Option<Millis>),

    /// A message that was heard just now, after all that is known of its place; its target names the place.
    Heard {
        /// What the network is called in files.
        network: Arc<str>,
        /// The message.
        message: Message,
    },
    /// Messages in the order of the server's log.
    Said {
        /// Where.
        place: Place,
        /// What.
        messages: Vec<Message>,
        /// Whether they come before whatever of the same time is known.
        is_before: bool,
    },
    /// A message that was taken for sent was not: it was refused afterwards.
    Unsaid(Place, Message),
    /// Messages may be missing.
    Gap(Place, Gap),
    /// All that was said between these times, both included, is here.
    Fill(Place, Millis, Millis),
    /// The gap between these times is none, nor what is left of it; one that began before them, or is within one
    /// millisecond, stays.
    NoGap(Place, Millis, Millis),
    /// Somebody put a reaction to a message, or took it back.
    Reacted {
        /// Where.
        place: Place,
        /// The message.
        msgid: String,
        /// Who.
        nick: String,
        /// The reaction.
        reaction: String,
        /// Put or taken back.
        is_given: bool,
    },
    /// A message was taken back: its words are to go.
    TakenBack {
        /// Where.
        place: Place,
        /// The message.
        msgid: String,
        /// What stands in its place.
        text: String,
    },
    /// What is being written; empty: nothing.
    Draft(Place, String),
    /// What calls.
    Level(Place, Level),
    /// Up to when a window was read.
    Read(Place, Millis),
    /// A line was sent from a window's input.
    Wrote(Place, String),
    /// Somebody of a network is ignored, or no longer.
    Ignored {
        /// The network.
        network: String,
        /// Who, folded.
        nick: String,
        /// Whether they are.
        is_ignored: bool,
    },
    /// A setting of the screen.
    Setting(String, String),
    /// A room has this name now; all that is kept of it stays, unless something is kept under that name already.
    Renamed(Place, String),
    /// All messages of a window are to go.
    Forget(Place),
}

impl Request {
    /// Whether somebody waits for an answer.
    pub fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Recall(..)
                | Self::Past(..)
                | Self::Parent(..)
                | Self::Spot { .. }
                | Self::Search(..)
        )
    }
}

/// Everything that the store answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It is open; what concerns no window.
    Opened {
        /// Networks, and who is ignored there.
        ignored: Vec<(String, String)>,
        /// Settings of the screen, by name.
        settings: Vec<(String, String)>,
        /// Networks, and when the newest message that is kept of each was said.
        heard: Vec<(String, Millis)>,
        /// What the user should know about it.
        word: Option<String>,
    },
    /// A window's newest messages, and the rest that is known of it.
    Recalled(WindowId, Kept, Page),
    /// A part of a window's past.
    Past(WindowId, Span, Page),
    /// The message of this id, if it is kept.
    Parent(WindowId, String, Option<Box<Stored>>),
    /// Where a text was found last.
    Spotted {
        /// The window.
        window: WindowId,
        /// The text.
        text: String,
        /// When the message was said, and the server's id of it.
        found: Option<(Millis, Option<String>)>,
    },
    /// What was found of these words, newest first: networks and messages.
    Found(String, Vec<(String, Message)>),
    /// Nothing is kept any longer in this run; why.
    Failed(String),
}

#[cfg(test)]
mod tests;
