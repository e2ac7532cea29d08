//! What the screen may ask of the session: one closed list, in the imperative.
//! It must never name a wire verb where a meaning exists, nor promise that anything worked.

use crate::login::Secret;
use crate::session::event::{Kind, Millis, OwnId, Typing};
use crate::session::gap::Gap;
use crate::session::query::Query;

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// How its fate is reported.
    pub own_id: OwnId,
    /// The room or the person.
    pub target: String,
    /// The sort of message.
    pub kind: Kind,
    /// The text. One line, unless the facts said that a message may have several.
    pub text: String,
    /// The server's id of the message that this one answers.
    pub reply_to: Option<String>,
}

/// What is asked about the links by which people come into a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Links {
    /// Make one.
    Make {
        /// How many people it lets in; `None`: as many as the server thinks right.
        uses: Option<u32>,
        /// For how many seconds it is good; `None`: as the server thinks right.
        lasts: Option<u64>,
        /// The name of the server for those who follow it, such as that of the router; `None`: as we know it.
        at: Option<String>,
    },
    /// List them.
    List,
    /// Take one back.
    Revoke(
        /// Its number.
        String,
    ),
}

/// What can be asked about our account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// Log in.
    Login {
        /// The account; `None`: as in the config, else the nick.
        account: Option<String>,
        /// Its password.
        password: Secret,
    },
    /// Make an account of our nick.
    Register {
        /// Its password.
        password: Secret,
        /// Where the server may write to.
        email: Option<String>,
    },
    /// Finish making it.
    Verify {
        /// The code that was sent.
        code: String,
    },
    /// Change the password, or set the first.
    Password {
        /// The one before, if there is one.
        old: Option<Secret>,
        /// The new one.
        new: Secret,
    },
    /// Become an operator of the network.
    Oper {
        /// The operator's name.
        name: String,
        /// Its password.
        password: Secret,
    },
    /// Close the account for ever, and erase all that was said under it.
    Erase {
        /// The account's name, as the confirmation; `None`: only say what that would do.
        account: Option<String>,
    },
    /// A code for one more device.
    MakeCode,
    /// Come to an account as one more device.
    AddDevice {
        /// The account; `None`: that of the nick we want.
        account: Option<String>,
        /// The code that another device shows.
        code: Secret,
    },
    /// List our devices.
    Devices,
    /// Take a device back.
    RemoveDevice {
        /// How its fingerprint begins.
        fingerprint: String,
    },
}

/// What can be asked of a bouncer about the networks it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bouncer {
    /// Have one more.
    Add {
        /// Where it is and who we are there: names and values.
        attributes: Vec<(String, String)>,
    },
    /// Change one.
    Change {
        /// How the bouncer names it.
        netid: String,
        /// What is other from now on.
        attributes: Vec<(String, String)>,
    },
    /// Have it no longer.
    Remove {
        /// How the bouncer names it.
        netid: String,
    },
}

impl Bouncer {
    /// What can be told of a network (`soju.im/bouncer-networks`).
    pub const KEYS: [&str; 8] = [
        "name", "host", "port", "tls", "nickname", "username", "realname", "pass",
    ];
}

/// Everything the screen can ask of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Enter a room, and enter it again after each lost link.
    Join {
        /// The room.
        room: String,
        /// Its key, if it has one.
        key: Option<String>,
    },
    /// Leave a room, and stay out after a lost link.
    Leave {
        /// The room.
        room: String,
        /// Parting words; may be empty.
        reason: String,
    },
    /// Take another nick.
    Nick(
        /// The nick.
        String,
    ),
    /// Send a message; its fate comes back under its own id.
    Say(Outgoing),
    /// Forget a message that failed.
    LetGo {
        /// Which.
        own_id: OwnId,
    },
    /// Tell that we write, or stopped; never queued, never repeated.
    Typing {
        /// The room or the person.
        target: String,
        /// What we do.
        state: Typing,
    },
    /// Put a reaction to a message, or take it back.
    React {
        /// The room or the person.
        target: String,
        /// The message.
        msgid: String,
        /// The reaction.
        reaction: String,
        /// Put or take back.
        is_given: bool,
    },
    /// Take a message back.
    Redact {
        /// The room or the person.
        target: String,
        /// The message.
        msgid: String,
    },
    /// Ask for the topic, or change it.
    Topic {
        /// The room.
        room: String,
        /// The new topic; `None` asks, empty takes it away.
        topic: Option<String>,
    },
    /// Ask who is in a room; answered by `Names`, also from outside.
    Names {
        /// The room.
        room: String,
    },
    /// Ask which rooms there are.
    List {
        /// A pattern; empty: all.
        mask: String,
    },
    /// Ask who matches.
    Who {
        /// A room, a nick or a pattern.
        mask: String,
    },
    /// These are all with whom we talk alone: tell when they come and go, where the server can.
    Watch {
        /// Who.
        nicks: Vec<String>,
    },
    /// Ask somebody's program something.
    Ctcp {
        /// Whose.
        nick: String,
        /// What: `VERSION`, `PING`, `TIME`.
        verb: String,
    },
    /// Ask about one person.
    Whois {
        /// Who.
        nick: String,
    },
    /// Tell something of ourselves, or ask what we tell.
    Metadata {
        /// What it is; empty: all is asked for.
        key: String,
        /// What it says; empty: nothing any longer.
        value: String,
    },
    /// Go away, or come back.
    Away {
        /// The message; `None`: back.
        message: Option<String>,
    },
    /// Ask somebody into a room.
    Invite {
        /// Who.
        nick: String,
        /// Where.
        room: String,
    },
    /// Something about the links by which people come into a room.
    Links {
        /// The room.
        room: String,
        /// What.
        ask: Links,
    },
    /// Throw somebody out.
    Kick {
        /// Where.
        room: String,
        /// Whom.
        nick: String,
        /// Why; may be empty.
        reason: String,
    },
    /// Ask for modes, or change them.
    Mode {
        /// The room, or our nick.
        target: String,
        /// The change with its parameters; empty asks.
        changes: Vec<String>,
    },
    /// Put whoever has a nick onto a list of masks, or take them from it.
    Mask {
        /// The room.
        room: String,
        /// The mode with its sign.
        change: String,
        /// What stands before the mask.
        before: String,
        /// Who.
        nick: String,
    },
    /// Ask for the newest messages.
    HistoryLatest {
        /// The window.
        target: String,
        /// At most so many.
        limit: u16,
    },
    /// Ask for messages older than this one.
    HistoryBefore {
        /// The window.
        target: String,
        /// The oldest we have.
        at: Millis,
        /// Its id, if known.
        msgid: Option<String>,
        /// At most so many.
        limit: u16,
    },
    /// Ask for the messages around one.
    HistoryAround {
        /// The window.
        target: String,
        /// The server's id of it.
        msgid: String,
        /// At most so many.
        limit: u16,
    },
    /// Ask for one message, which another one answers.
    Parent {
        /// The window.
        target: String,
        /// The server's id of it.
        msgid: String,
    },
    /// Search, where the server can.
    Search {
        /// For what, and where.
        query: Query,
        /// Only what was said after this time.
        after: Option<Millis>,
        /// Only what was said before this time.
        before: Option<Millis>,
        /// At most so many messages, the newest.
        limit: u16,
    },
    /// Ask for the messages of a gap.
    HistoryBetween {
        /// The window.
        target: String,
        /// Which.
        gap: Gap,
        /// At most so many.
        limit: u16,
        /// Whether the oldest of them are wanted, not the newest.
        is_oldest: bool,
    },
    /// An earlier run heard this network until then: who wrote since is to be asked.
    HeardUntil {
        /// When the last message that is kept was said.
        at: Millis,
    },
    /// Tell our other devices up to where we have read.
    MarkRead {
        /// The window.
        target: String,
        /// Up to when.
        at: Millis,
    },
    /// Something about our account.
    Account(
        /// What.
        Account,
    ),
    /// Something about the networks that a bouncer has.
    Bouncer(
        /// What.
        Bouncer,
    ),
    /// Send a line as it is.
    Raw(
        /// The line, without its end.
        String,
    ),
    /// Say goodbye and close the link.
    Quit {
        /// Parting words; may be empty.
        reason: String,
    },
}

impl Command {
    /// A goodbye without words.
    pub fn goodbye() -> Self {
        let reason = String::new();
        Self::Quit { reason }
    }
}
