//! A room: its members, modes, lists and topic. It never knows who may do what: that is policy.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use protocol::{Folded, Stamp};

use crate::flood::Bucket;
use crate::ids::UserId;
use crate::modes::{CHANNEL_MODES, Flags, Ranks};
use crate::storage::{LogKey, RoomId};

/// A living room.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The name as its first member wrote it.
    pub name: String,
    /// Its id for all times; the log is kept under it.
    pub room: RoomId,
    /// When it began.
    pub created: Stamp,
    /// What it is about.
    pub topic: Option<Topic>,
    /// Its switches.
    pub flags: Flags,
    /// The word to be given to enter.
    pub key: Option<String>,
    /// The most members.
    pub limit: Option<u32>,
    /// Where those go who cannot enter.
    pub forward: Option<String>,
    /// `+b`.
    pub bans: Vec<ListEntry>,
    /// `+e`.
    pub exceptions: Vec<ListEntry>,
    /// `+I`.
    pub invitations: Vec<ListEntry>,
    /// Whether anything was ever said or set here: a room in which nothing was is not kept.
    pub used: bool,
    /// The account of whoever began it; with one it is kept even if closed and empty.
    pub founder: Option<Box<str>>,
    /// The ranks that members with an account have whenever they come, by folded account.
    pub standing: BTreeMap<Box<str>, Ranks>,
    /// Its members, in the order in which they came.
    pub members: IndexMap<UserId, Member>,
    /// Who was invited, by identity, and until when (steady milliseconds) that holds.
    pub invited: BTreeMap<Folded, u64>,
    /// Who knocked last, and when (steady milliseconds): one knock a minute is enough.
    pub knocked: u64,
    /// How fast people without voice may speak here together.
    pub tempo: Option<Bucket>,
    /// Keys and values (draft/metadata).
    pub metadata: BTreeMap<String, String>,
}

/// What a room is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The words.
    pub text: String,
    /// Who set it, as `nick!user@host`.
    pub setter: String,
    /// When.
    pub time: Stamp,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// The mask.
    pub mask: String,
    /// Who set it.
    pub setter: String,
    /// When.
    pub time: Stamp,
}

/// What a member is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its ranks.
    pub ranks: Ranks,
    /// Since when it is in; it reads nothing older where the history is not for newcomers.
    pub joined: Stamp,
}

impl Channel {
    /// An empty room.
    pub fn new(name: &str, room: RoomId, created: Stamp, flags: Flags) -> Self {
        Self {
            name: name.to_owned(),
            room,
            created,
            topic: None,
            flags,
            key: None,
            limit: None,
            forward: None,
            bans: Vec::new(),
            exceptions: Vec::new(),
            invitations: Vec::new(),
            used: false,
            founder: None,
            standing: BTreeMap::new(),
            members: IndexMap::new(),
            invited: BTreeMap::new(),
            knocked: 0,
            tempo: None,
            metadata: BTreeMap::new(),
        }
    }

    /// The log of this room.
    pub fn log(&self) -> LogKey {
        LogKey::Room(self.room)
    }

    /// The ranks of a person here; none for a stranger.
    pub fn ranks(&self, user: UserId) -> Ranks {
        self.members
            .get(&user)
            .map_or(Ranks::default(), |member| member.ranks)
    }

    /// Whether somebody is in.
    pub fn has(&self, user: UserId) -> bool {
        self.members.contains_key(&user)
    }

    /// What a member of this account is here; whoever began it is an operator.
    pub fn standing_of(&self, account: Option<&str>) -> Ranks {
        let known = account.and_then(|account| self.standing.get(&*account.to_ascii_lowercase()));
        known.copied().unwrap_or_default()
    }

    /// The list of a letter.
    pub fn list(&self, letter: char) -> Option<&Vec<ListEntry>> {
        match letter {
            'b' => Some(&self.bans),
            'e' => Some(&self.exceptions),
            'I' => Some(&self.invitations),
            _ => None,
        }
    }

    /// The list of a letter, to change.
    pub fn list_mut(&mut self, letter: char) -> Option<&mut Vec<ListEntry>> {
        match letter {
            'b' => Some(&mut self.bans),
            'e' => Some(&mut self.exceptions),
            'I' => Some(&mut self.invitations),
            _ => None,
        }
    }

    /// The modes as letters and parameters; the key is shown to members only.
    pub fn mode_text(&self, with_key: bool) -> (String, Vec<String>) {
        let mut letters = String::from("+");
        let mut params = Vec::new();
        let on = CHANNEL_MODES
            .iter()
            .filter(|mode| mode.flag.is_some_and(|f| self.flags.has(f)));
        letters.extend(on.map(|mode| mode.letter));
        if let Some(key) = &self.key {
            letters.push('k');
            params.push(if with_key {
                key.clone()
            } else {
                "*".to_owned()
            });
        }
        if let Some(limit) = self.limit {
            letters.push('l');
            params.push(limit.to_string());
        }
        if let Some(forward) = &self.forward {
            letters.push('f');
            params.push(forward.clone());
        }
        (letters, params)
    }
}
