//! What the session found out, as the screen needs it: one closed list, in the past tense.
//! It must never carry raw wire text where a meaning is known, nor anything that can act.

use crate::session::gap::Gap;
use crate::session::link::{Facts, Link, NewLink, Upstream};
use crate::session::listing::Listing;
use crate::session::profile::Described;
use crate::session::query::Query;
use crate::session::whereabouts::{Member, RoomRenamed, Split, Standing, Surveyed, Watched};

/// Milliseconds since the Unix epoch, as the server or the shell told them.
pub type Millis = u64;

/// A number the client gives to each message that it sends, so that its fate can be reported. The session turns it into
/// whatever the wire has for it (a label, a client message id that survives a restart) and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnId(pub u64);

/// What sort of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Said.
    Say,
    /// Done (`/me`).
    Action,
    /// A notice, from a person or a program.
    Notice,
}

/// One message of a room, a private conversation, or the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The window it belongs to: the room, or the *other* person, also for what we said.
    pub target: String,
    /// Who said it.
    pub source: String,
    /// The sort of message.
    pub kind: Kind,
    /// The text as it came, formatting codes included; several lines for a multiline message.
    pub text: String,
    /// When the server took it.
    pub at: Millis,
    /// The server's id for it.
    pub msgid: Option<String>,
    /// The id of the message that this one answers.
    pub reply_to: Option<String>,
    /// Whether we said it, here or on another device.
    pub is_own: bool,
    /// Which of the messages sent from here this is the echo of.
    pub own_id: Option<OwnId>,
}

/// Whether somebody is writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// Keys are being pressed.
    Active,
    /// There is text, but it rests.
    Paused,
    /// The text is gone or was sent.
    Done,
}

/// What a run of answer lines is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `/list`
    Rooms,
    /// `/who`
    Who,
    /// `/whois`
    Whois,
    /// `/names`
    Names,
    /// The server's answer to anything else: its version, its message of the day, its counts.
    Asked,
    /// Anything else the server had to say in several lines.
    Text,
}

/// How much a notice from the server matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something did not work.
    Error,
}

/// Everything the session can report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The link changed its state.
    Link(Link),
    /// The way to the server and back took this long.
    LagMeasured(Millis),
    /// An answer is due, and nothing has been heard since then; `None`: the server answers again.
    Silent(Option<Millis>),
    /// A bouncer told of one of its networks.
    Bouncer(Upstream),
    /// The server's rules became known or changed.
    Facts(Facts),
    /// The nick we asked for was refused and we have another for now.
    NickTaken {
        /// What we asked for.
        wanted: String,
        /// What we are now, if we are anybody yet.
        now: String,
    },

    /// Somebody came into a room; `is_own` when it was us, and then the room is entered.
    Joined {
        /// The room.
        room: String,
        /// Who.
        nick: String,
        /// Their account, if told.
        account: Option<String>,
        /// Whether it was us.
        is_own: bool,
        /// When.
        at: Millis,
    },
    /// Somebody left a room.
    Left {
        /// The room.
        room: String,
        /// Who.
        nick: String,
        /// What they said in leaving; often empty.
        reason: String,
        /// Whether it was us.
        is_own: bool,
        /// When.
        at: Millis,
    },
    /// Somebody left the network, and with it every room.
    Quit {
        /// Who.
        nick: String,
        /// What they said, or why the link broke.
        reason: String,
        /// The servers that lost each other, if that is why.
        split: Option<Split>,
        /// When.
        at: Millis,
    },
    /// Somebody was thrown out of a room.
    Kicked {
        /// The room.
        room: String,
        /// Who had to go.
        nick: String,
        /// Who did it.
        by: String,
        /// Why; often empty.
        reason: String,
        /// Whether it was us who had to go.
        is_own: bool,
        /// When.
        at: Millis,
    },
    /// Somebody has another nick.
    Renamed {
        /// The old nick.
        from: String,
        /// The new nick.
        to: String,
        /// Whether it was us.
        is_own: bool,
        /// When.
        at: Millis,
    },
    /// Modes of a room, or of ourselves, changed.
    ModeChanged {
        /// The room, or our nick.
        target: String,
        /// Who did it.
        by: String,
        /// The change as written, for instance `+o ken`.
        text: String,
        /// What it means for members' standing.
        standings: Vec<Standing>,
        /// When.
        at: Millis,
    },
    /// A room has another name.
    RoomRenamed(RoomRenamed),
    /// A room could not be entered.
    JoinRefused {
        /// The room.
        room: String,
        /// Why, and what would help.
        reason: String,
    },
    /// Somebody changed the topic.
    TopicChanged {
        /// The room.
        room: String,
        /// Who.
        by: String,
        /// The new topic; empty when taken away.
        topic: String,
        /// When.
        at: Millis,
    },
    /// The topic as it stands (on entering, or asked for).
    TopicIs {
        /// The room.
        room: String,
        /// The topic; empty when there is none.
        topic: String,
    },
    /// The complete list of a room's members.
    Names {
        /// The room.
        room: String,
        /// Everybody in it.
        members: Vec<Member>,
    },
    /// Somebody went away or came back.
    AwayChanged {
        /// Who.
        nick: String,
        /// The away message; `None`: back.
        message: Option<String>,
    },
    /// Who is away, logged in, or a bot in a room that we entered.
    Surveyed(Surveyed),
    /// Somebody told something of themselves.
    Described(Described),
    /// This is a program, and says so.
    BotSeen(String),
    /// Somebody with whom we talk alone came or went, or is there or not.
    Watched(Watched),
    /// We are now away, or no longer.
    OwnAwayChanged {
        /// Whether we are away.
        is_away: bool,
    },
    /// Somebody logged in or out.
    AccountChanged {
        /// Who.
        nick: String,
        /// The account; `None`: logged out.
        account: Option<String>,
    },
    /// Somebody has another real name.
    RealnameChanged {
        /// Who.
        nick: String,
        /// The new name.
        realname: String,
    },
    /// Somebody asked somebody into a room.
    Invited {
        /// The room.
        room: String,
        /// Who asked.
        by: String,
        /// Who was asked.
        nick: String,
        /// Whether that is us.
        is_own: bool,
        /// When.
        at: Millis,
    },

    /// Something was said, live; also the echo of what we said.
    Message(Message),
    /// A message of ours from an earlier run waits to be sent.
    Waiting(Message),
    /// A message of ours went onto the wire.
    Sending {
        /// Which.
        own_id: OwnId,
    },
    /// A message of ours counts as sent although no echo comes (no echo-message).
    Confirmed {
        /// Which.
        own_id: OwnId,
        /// The server's id for it.
        msgid: Option<String>,
        /// When the server took it.
        at: Millis,
    },
    /// A message of ours was refused, or its fate cannot be learned.
    Refused {
        /// Which.
        own_id: OwnId,
        /// Why, in words for people.
        reason: String,
    },
    /// Somebody is writing, or stopped.
    Typing {
        /// The window: the room, or the person.
        target: String,
        /// Who.
        nick: String,
        /// What they do.
        state: Typing,
        /// When.
        at: Millis,
    },
    /// Somebody put a reaction to a message, or took it back.
    Reacted {
        /// The window.
        target: String,
        /// The message.
        msgid: String,
        /// Who.
        nick: String,
        /// The reaction, for instance an emoji.
        reaction: String,
        /// Put or taken back.
        is_given: bool,
    },
    /// A message was taken back.
    Redacted {
        /// The window.
        target: String,
        /// The message.
        msgid: String,
        /// Who did it.
        by: String,
        /// Why; often empty.
        reason: String,
    },

    /// Older or missed messages came, oldest first.
    History {
        /// The window.
        target: String,
        /// The messages.
        messages: Vec<Message>,
        /// Whether these are all that there are before the oldest.
        is_complete: bool,
        /// The gap that was asked about; what is still missing of it is found anew.
        gap: Option<Gap>,
    },
    /// What the server found of what was searched for, oldest first.
    Found {
        /// For what, and where.
        query: Query,
        /// Whether this answers for one window of several: then nobody can be asked for the next page of all.
        is_part: bool,
        /// The messages.
        messages: Vec<Message>,
    },
    /// A message that was asked for alone.
    ParentTold {
        /// The window.
        target: String,
        /// The server's id of it.
        msgid: String,
        /// The message, if the server has it.
        message: Option<Message>,
    },
    /// Messages may be missing here.
    GapFound {
        /// The window.
        target: String,
        /// Which.
        gap: Gap,
    },
    /// Up to here we have read this window on another device.
    ReadElsewhere {
        /// The window.
        target: String,
        /// Up to when.
        at: Millis,
    },

    /// A row of an answer, as a person reads it.
    Listed {
        /// What it is about.
        subject: Subject,
        /// The window it belongs in; `None`: the one that is open.
        window: Option<String>,
        /// The row.
        text: String,
    },
    /// Which rooms there are.
    Listing(Listing),
    /// A link was made by which people come into a room.
    LinkMade(NewLink),
    /// The server has something to say.
    ServerNotice {
        /// How much it matters.
        severity: Severity,
        /// The window it belongs in; `None`: the server's.
        window: Option<String>,
        /// What, in words for people where the session knows better than the server.
        text: String,
        /// When.
        at: Millis,
    },
}
