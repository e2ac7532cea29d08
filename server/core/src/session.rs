//! One connection through a door, and how far it has come. It never knows what a command means.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexMap;
use protocol::invite::Credential;
use protocol::{Caps, Folded};

use crate::flood::Bucket;
use crate::ids::{SessionId, UserId};
use crate::input::{Door, Peer};
use crate::storage::EntryLine;

/// A connection.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its number.
    pub id: SessionId,
    /// The other end.
    pub peer: Peer,
    /// The host others will see.
    pub host: String,
    /// What it has negotiated.
    pub caps: Caps,
    /// The version of CAP LS it asked for; 302 and more may be sent values and long lists.
    pub cap_version: u16,
    /// How far it has come.
    pub phase: Phase,
    /// The account it logged in to.
    pub account: Option<Box<str>>,
    /// Whether it did so by a password: then it ends with that password.
    pub by_password: bool,
    /// The nick that it asked for and that no account of somebody else's keeps; it is taken next.
    pub cleared_nick: Option<String>,
    /// The SASL exchange under way.
    pub sasl: Option<Exchange>,
    /// When it was opened (steady milliseconds).
    pub opened: u64,
    /// When it was last heard (steady milliseconds).
    pub heard: u64,
    /// Whether it was asked since (PING).
    pub pinged: bool,
    /// When it must be looked at again (steady milliseconds); the key of its entry among the deadlines.
    pub deadline: u64,
    /// How fast it may send.
    pub bucket: Bucket,
    /// Lines that wait: for a token of the bucket, or for an answer.
    pub backlog: VecDeque<Vec<u8>>,
    /// What it waits for.
    pub waiting: Waiting,
    /// Why it has closed while something was on the way; what it said is heard before its going.
    pub closing: Option<String>,
    /// Its MONITOR list: folded nicks and how they were written.
    pub monitored: IndexMap<Folded, String>,
    /// The multiline message it is sending.
    pub multiline: Option<OpenBatch>,
    /// The keys it subscribes to (draft/metadata).
    pub metadata_subs: BTreeSet<String>,
    /// Whether this is a text door's: no burst of numerics, no MOTD.
    pub plain: bool,
}

/// How far a session has come: `Registering -> Registered`, and from either to nothing when it closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// NICK, USER and CAP END are still to come.
    Registering(Registering),
    /// It is a session of this person.
    Registered(UserId),
}

/// What is known before registration is complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registering {
    /// The nick it asked for; it is reserved for it.
    pub nick: Option<String>,
    /// The nick of a person of the same account, whose further session this will be.
    pub attach: Option<String>,
    /// The nick it asked for and could not have; `*` in REGISTER means it.
    pub refused: Option<String>,
    /// Whether no account of somebody else's keeps that nick.
    pub is_free: bool,
    /// User name and real name.
    pub user: Option<(String, String)>,
    /// What PASS carried.
    pub shown: Shown,
    /// Whether CAP END is awaited.
    pub negotiating: bool,
    /// AWAY before registration (draft/pre-away).
    pub away: Option<String>,
    /// Keys and values set before registration (draft/metadata).
    pub metadata: BTreeMap<String, String>,
}

/// What was shown at the door (PASS): `Nothing -> Password | Invite`, `Invite -> Admitted | Nothing`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// Nothing, or what opened nothing.
    #[default]
    Nothing,
    /// A password.
    Password(String),
    /// An invite that is still to be checked.
    Invite(Box<Credential>),
    /// An invite that was good.
    Admitted,
}

/// A SASL exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Its number for the keeper of accounts.
    pub number: u64,
    /// The mechanism.
    pub mechanism: String,
    /// What has come of a response that is longer than 400 bytes.
    pub gathered: String,
}

/// What a session waits for: its other commands wait, too, so that they are done in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages on the way to the log. More messages may follow them; nothing else may.
    pub appends: u32,
    /// Other questions.
    pub others: u32,
}

/// A multiline message that is being sent (draft/multiline).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenBatch {
    /// The reference its lines carry.
    pub reference: String,
    /// Where it goes.
    pub target: String,
    /// PRIVMSG or NOTICE, as the first line said.
    pub verb: Option<String>,
    /// The label of the BATCH command.
    pub label: Option<String>,
    /// Client-only tags of the BATCH command, as written.
    pub client_tags: String,
    /// Its own id, if it has one.
    pub own_id: Option<String>,
    /// What has come.
    pub lines: Vec<EntryLine>,
    /// Bytes of what has come.
    pub bytes: usize,
    /// Why it will be refused at its end.
    pub spoilt: Option<(&'static str, String)>,
    /// Until when (steady milliseconds) it must be complete.
    pub deadline: u64,
}

impl Session {
    /// A session that has just been opened.
    pub fn new(id: SessionId, peer: Peer, host: String, now: u64, bucket: Bucket) -> Self {
        let plain = peer.door == Door::Plain;
        Self {
            id,
            peer,
            host,
            caps: Caps::NONE,
            cap_version: 301,
            phase: Phase::Registering(Registering::default()),
            account: None,
            by_password: false,
            cleared_nick: None,
            sasl: None,
            opened: now,
            heard: now,
            pinged: false,
            deadline: u64::MAX,
            bucket,
            backlog: VecDeque::new(),
            waiting: Waiting::default(),
            closing: None,
            monitored: IndexMap::new(),
            multiline: None,
            metadata_subs: BTreeSet::new(),
            plain,
        }
    }

    /// The person it is a session of.
    pub fn user(&self) -> Option<UserId> {
        match self.phase {
            Phase::Registered(user) => Some(user),
            Phase::Registering(_) => None,
        }
    }

    /// Whether it waits for nothing, so that its next line can be done.
    pub fn is_free(&self) -> bool {
        self.waiting.others == 0 && self.waiting.appends == 0
    }

    /// What is known before registration is complete.
    pub fn registering(&self) -> Option<&Registering> {
        match &self.phase {
            Phase::Registering(registering) => Some(registering),
            Phase::Registered(_) => None,
        }
    }

    /// What is known before registration is complete, to change.
    pub fn registering_mut(&mut self) -> Option<&mut Registering> {
        match &mut self.phase {
            Phase::Registering(registering) => Some(registering),
            Phase::Registered(_) => None,
        }
    }
}
