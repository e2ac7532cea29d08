//! One entry of a window's scrollback: a message, coming and going, a note, or a gap.
//! It must never be wrapped or coloured here: it is what happened, not how it looks.

pub mod presence;
pub mod reactions;

use std::borrow::Cow;

use crate::entry::presence::Coming;
use crate::entry::reactions::Reactions;
use crate::ids::LineId;
use crate::sanitise;
use crate::session::event::{Kind, Message, Millis, OwnId};
use crate::session::gap::Gap;
use crate::text::format::{Ink, Look, Rich};

/// What became of a message of ours.
///
/// ```text
/// Sending -> Sent
/// Sending -> Failed -> Sending      (retry)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On its way.
    Sending,
    /// The server has stored it.
    Sent,
    /// It did not arrive; why.
    Failed(String),
}

/// What stands for a message that is not here.
const UNKNOWN: &str = "an older message";

/// The message that another one answers, in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Who said it; empty when it is not known here.
    pub nick: String,
    /// Its text, as one line.
    pub text: String,
}

impl Quote {
    /// Of a message that is not here.
    pub fn unknown() -> Self {
        Self {
            nick: String::new(),
            text: UNKNOWN.into(),
        }
    }

    /// Whether nobody knows what it says.
    pub fn is_unknown(&self) -> bool {
        self.nick.is_empty() && self.text == UNKNOWN
    }

    /// Of a message that was taken back: its words are nowhere.
    pub fn taken_back() -> Self {
        Self {
            nick: String::new(),
            text: "a message that was taken back".into(),
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub nick: String,
    /// The sort of message.
    pub kind: Kind,
    /// The text as it came, for retrying and copying.
    pub raw: String,
    /// Which ranks of the room hear it, as in `@`, if we said it here and not all do.
    pub ranks: String,
    /// The server's id for it.
    pub msgid: Option<String>,
    /// What it answers.
    pub reply: Option<Quote>,
    /// The id of what it answers, for retrying.
    pub reply_to: Option<String>,
    /// Whether we said it.
    pub is_own: bool,
    /// Whether it names us.
    pub is_mention: bool,
    /// What became of it, if we said it here.
    pub delivery: Option<Delivery>,
    /// Under which id we sent it.
    pub own_id: Option<OwnId>,
    /// Reactions, and who gave them.
    pub reactions: Reactions,
}

impl Said {
    /// What came from the server, or goes to it, before anything is known of what it answers, names, or came to.
    pub fn of(message: &Message) -> Self {
        Self {
            nick: sanitise::name(&message.source),
            kind: message.kind,
            raw: message.text.clone(),
            ranks: String::new(),
            msgid: message.msgid.clone(),
            reply: None,
            reply_to: message.reply_to.clone(),
            is_own: message.is_own,
            is_mention: false,
            delivery: None,
            own_id: message.own_id,
            reactions: Reactions::default(),
        }
    }

    /// The text with the mark of those who hear it, where not everybody does.
    pub fn marked(&self) -> Cow<'_, str> {
        match self.ranks.as_str() {
            "" => Cow::Borrowed(&self.raw),
            ranks => Cow::Owned(format!("[{ranks}] {}", self.raw)),
        }
    }

    /// Who is named before it where it is quoted: what somebody does names them itself.
    pub fn quoted_nick(&self) -> String {
        match self.kind {
            Kind::Action => String::new(),
            Kind::Say | Kind::Notice => self.nick.clone(),
        }
    }

    /// The server's id of what it answers, if nobody knows what that says.
    pub fn unknown_parent(&self) -> Option<&str> {
        self.reply.as_ref().filter(|quote| quote.is_unknown())?;
        self.reply_to.as_deref()
    }

    /// Whose names are seen with it.
    pub fn nicks(&self) -> impl Iterator<Item = &str> {
        let answered = self.reply.iter().map(|quote| quote.nick.as_str());
        let nicks = answered.chain([self.nick.as_str()]);
        nicks.filter(|nick| !nick.is_empty())
    }
}

/// How a note sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// By the way: a topic, a mode, a nick.
    Aside,
    /// The answer to something asked.
    Answer,
    /// Something did not work.
    Trouble,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A message.
    Said(Said),
    /// People came and went, folded into one line.
    Presence(Vec<Coming>),
    /// Something worth a line.
    Note(Tone),
    /// Messages may be missing here.
    Gap {
        /// Which.
        gap: Gap,
        /// Whether the local store may have them.
        is_kept: bool,
    },
}

/// One entry of the scrollback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub id: LineId,
    /// Rises when the text changes, so that no cache shows what it was.
    pub version: u32,
    /// When it happened.
    pub at: Millis,
    /// What it says.
    pub rich: Rich,
    /// What it is.
    pub body: Body,
}

impl Entry {
    /// An entry for a message.
    pub fn said(id: LineId, at: Millis, said: Said) -> Self {
        let rich = Rich::parse(&said.marked());
        let rich = match said.kind {
            Kind::Say | Kind::Notice => rich,
            Kind::Action => {
                let look = Look {
                    ink: Some(Ink::Nick),
                    ..Look::default()
                };
                rich.prefixed(&said.nick, look)
                    .spaced_after(said.nick.len())
            }
        };
        Self {
            id,
            version: 0,
            at,
            rich,
            body: Body::Said(said),
        }
    }

    /// This entry in the place of another one of the same name: no cache takes the one for the other.
    pub fn instead_of(mut self, other: Option<&Self>) -> Self {
        self.version = other.map_or(self.version, |other| other.version + 1);
        self
    }

    /// An entry for somebody's coming or going.
    pub fn presence(id: LineId, at: Millis, coming: Coming) -> Self {
        let mut all = Vec::new();
        presence::fold(&mut all, coming);
        Self {
            id,
            version: 0,
            at,
            rich: Rich::plain(&presence::sentence(&all)),
            body: Body::Presence(all),
        }
    }

    /// An entry for a note.
    pub fn note(id: LineId, at: Millis, tone: Tone, text: &str) -> Self {
        Self {
            id,
            version: 0,
            at,
            rich: Rich::parse(text),
            body: Body::Note(tone),
        }
    }

    /// An entry for a gap.
    pub fn gap(id: LineId, gap: Gap, is_kept: bool) -> Self {
        let rich = Rich::plain(match gap.until {
            Millis::MAX => "kept here; not up to date yet",
            _ => "some messages may be missing here",
        });
        Self {
            id,
            version: 0,
            // Right after the last message before it, so that what fills it comes below.
            at: gap.since,
            rich,
            body: Body::Gap { gap, is_kept },
        }
    }

    /// The byte at which its words begin on the screen: an answer does not call again by name whom the line above it
    /// names. What is copied, searched, kept and sent again has the name all the same.
    pub fn begins(&self) -> usize {
        let said = self.as_said().filter(|said| said.kind != Kind::Action);
        let quote = said.and_then(|said| said.reply.as_ref());
        let nick = quote.map_or("", |quote| &quote.nick);
        let rest = self
            .rich
            .text
            .strip_prefix(nick)
            .filter(|_| !nick.is_empty());
        let rest = rest.and_then(|rest| rest.strip_prefix([':', ',']));
        let words = rest
            .and_then(|rest| rest.strip_prefix(' '))
            .map(str::trim_start);
        let words = words.filter(|words| !words.is_empty());
        words.map_or(0, |words| self.rich.text.len() - words.len())
    }

    /// The messages that may be missing here, if it says so.
    pub fn as_gap(&self) -> Option<&Gap> {
        match &self.body {
            Body::Gap { gap, .. } => Some(gap),
            Body::Said(_) | Body::Presence(_) | Body::Note(_) => None,
        }
    }

    /// Whether messages may be missing here.
    pub fn is_gap(&self) -> bool {
        self.as_gap().is_some()
    }

    /// The message, if it is one.
    pub fn as_said(&self) -> Option<&Said> {
        match &self.body {
            Body::Said(said) => Some(said),
            Body::Presence(_) | Body::Note(_) | Body::Gap { .. } => None,
        }
    }

    /// The message, if the log has it: not one of ours that is on its way, or failed.
    pub fn as_logged(&self) -> Option<&Said> {
        let is_logged = |said: &&Said| matches!(said.delivery, None | Some(Delivery::Sent));
        self.as_said().filter(is_logged)
    }

    /// Whether it is a message of ours that failed.
    pub fn has_failed(&self) -> bool {
        let delivery = self.as_said().and_then(|said| said.delivery.as_ref());
        matches!(delivery, Some(Delivery::Failed(_)))
    }

    /// This message of ours, of which so much is known.
    pub fn delivered(mut self, delivery: Delivery) -> Self {
        if let Some(said) = self.as_said_mut() {
            said.delivery = Some(delivery);
        }
        self
    }

    /// The message, if it is one.
    pub fn as_said_mut(&mut self) -> Option<&mut Said> {
        match &mut self.body {
            Body::Said(said) => Some(said),
            Body::Presence(_) | Body::Note(_) | Body::Gap { .. } => None,
        }
    }

    /// Whether this line tells in short of who comes and goes, so that it can be unfolded.
    pub fn is_folded(&self) -> bool {
        match &self.body {
            Body::Presence(all) => self.rich.text != presence::everybody(all),
            Body::Said(_) | Body::Note(_) | Body::Gap { .. } => false,
        }
    }

    /// Tells of everybody by name who comes and goes here, or again in short.
    pub fn tell_everybody(&mut self) {
        let Body::Presence(all) = &self.body else {
            return;
        };
        let long = Rich::plain(&presence::everybody(all));
        let short = || Rich::plain(&presence::sentence(all));
        self.rich = if self.rich == long { short() } else { long };
        self.version += 1;
    }

    /// Takes one person's coming out of those that this entry folds.
    pub fn unfold(&mut self, nick: &str) -> Option<Coming> {
        let Body::Presence(all) = &mut self.body else {
            return None;
        };
        let coming = presence::unfold(all, nick)?;
        self.rich = Rich::plain(&presence::sentence(all));
        self.version += 1;
        Some(coming)
    }

    /// Folds another coming or going into this entry; gives it back if this is another sort.
    pub fn fold(&mut self, coming: Coming) -> Result<(), Coming> {
        let Body::Presence(all) = &mut self.body else {
            return Err(coming);
        };
        if !presence::has_space(all, &coming) {
            return Err(coming);
        }
        presence::fold(all, coming);
        self.rich = Rich::plain(&presence::sentence(all));
        self.version += 1;
        Ok(())
    }
}
