//! A person (or a bot) on the server. It never knows what others may see of it: that is policy.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use indexmap::IndexSet;
use protocol::{Caps, Folded, Stamp};

use crate::ids::{ChannelId, SessionId};
use crate::input::Door;
use crate::modes::UserModes;

/// Nicks from which somebody reads private messages in spite of `+R`, at most.
pub const ACCEPTED_MAX: usize = 100;

/// A registered person, with one session or more, or none (a persistent one whose clients are away).
#[derive(Clone, Debug)]
pub struct User {
    /// What people see and type.
    pub nick: String,
    /// The user name.
    pub ident: String,
    /// The host others see; cloaked unless it is this machine.
    pub host: String,
    /// `nick!ident@host`, kept ready because every message carries it.
    pub mask: String,
    /// The real name.
    pub realname: String,
    /// Where it comes from.
    pub address: IpAddr,
    /// The way it came in.
    pub door: Door,
    /// What its private messages are kept under while it has no account: nobody else ever gets the same.
    pub guest_id: Box<str>,
    /// The account it is logged in to.
    pub account: Option<Box<str>>,
    /// Why it is away, if it is.
    pub away: Option<String>,
    /// Its modes.
    pub modes: UserModes,
    /// Whom it reads private messages from in spite of `+R` (ACCEPT).
    pub accepted: IndexSet<Folded>,
    /// The rooms it is in.
    pub channels: IndexSet<ChannelId>,
    /// Its sessions with what each understands: what a delivery needs to know.
    pub voices: Vec<Voice>,
    /// When it came.
    pub signed_on: Stamp,
    /// When it last spoke.
    pub active: Stamp,
    /// SHA-256 of its TLS certificate.
    pub certificate: Option<String>,
    /// Keys and values (draft/metadata).
    pub metadata: BTreeMap<String, String>,
    /// Commands of others about it that wait until its words have been heard; what it says next waits for them.
    pub awaited: u32,
    /// Whether it stays while no client of it is connected.
    pub persistent: bool,
    /// Whether it wants to, if it has said so.
    pub preference: Option<bool>,
}

/// One session of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// Which one.
    pub session: SessionId,
    /// What it has negotiated.
    pub caps: Caps,
}

impl User {
    /// From now on private messages of this nick are read, too; of too many, the one that was accepted first goes.
    pub fn await_answer(&mut self, nick: Folded) {
        if self.accepted.insert(nick) && self.accepted.len() > ACCEPTED_MAX {
            self.accepted.shift_remove_index(0);
        }
    }

    /// Nobody: what a stale id stands for.
    pub fn nobody() -> Self {
        Self {
            nick: "*".to_owned(),
            ident: "*".to_owned(),
            host: "*".to_owned(),
            mask: "*!*@*".to_owned(),
            realname: String::new(),
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            door: Door::Tcp,
            guest_id: "~".into(),
            account: None,
            away: None,
            modes: UserModes::default(),
            accepted: IndexSet::new(),
            channels: IndexSet::new(),
            voices: Vec::new(),
            signed_on: Stamp(0),
            active: Stamp(0),
            certificate: None,
            metadata: BTreeMap::new(),
            awaited: 0,
            persistent: false,
            preference: None,
        }
    }

    /// Puts nick, user name and host together anew.
    pub fn remask(&mut self) {
        self.mask = format!("{}!{}@{}", self.nick, self.ident, self.host);
    }

    /// What its private messages are kept under: its account, or an id of this visit alone. A nick would not do:
    /// the next to take it would read them.
    pub fn identity(&self) -> String {
        match &self.account {
            Some(account) => account.to_ascii_lowercase(),
            None => self.guest_id.to_string(),
        }
    }

    /// Every mask it can be matched by: with the host others see, and with its address.
    pub fn masks(&self) -> [String; 2] {
        [
            self.mask.clone(),
            format!("{}!{}@{}", self.nick, self.ident, self.address),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_writes_to_many_hears_from_the_newest() {
        let mut user = User::nobody();
        let nick = |number: usize| Folded::new(&format!("n{number}"));
        for number in 0..=ACCEPTED_MAX {
            user.await_answer(nick(number));
        }
        user.await_answer(nick(1));
        assert_eq!(user.accepted.len(), ACCEPTED_MAX);
        assert!(!user.accepted.contains(&nick(0)) && user.accepted.contains(&nick(1)));
    }
}
