//! What the core is waiting for, by ticket. It never holds a closure: what comes next is data.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::ids::{ChannelId, Slot, Slots, Ticket, UserId};
use crate::invites::Place;
use crate::refusal::Refusal;
use crate::response::Response;
use crate::storage::{Entry, LogKey};

/// Everything that waits.
#[derive(Debug, Default)]
pub struct Pending {
    tickets: BTreeMap<Ticket, Waiter>,
    groups: Slots<Group>,
    last: u64,
    /// Answers that wait until all messages up to a ticket are with their readers.
    barriers: VecDeque<(Ticket, Ticket)>,
    /// Shelves whose records are on their way; nobody is served before they are here.
    pub recalls: BTreeMap<Ticket, crate::storage::Shelf>,
}

/// What waits for one ticket.
#[derive(Debug)]
pub struct Waiter {
    /// The answer it is part of.
    pub group: Slot,
    /// What comes next.
    pub purpose: Purpose,
}

/// An answer that is complete when all its tickets have come back.
#[derive(Debug)]
pub struct Group {
    /// What has been said so far; moved in when the command returns.
    pub response: Option<Response>,
    /// Who asked, if it was registered.
    pub user: Option<UserId>,
    /// How many tickets are still out.
    pub remaining: u32,
    /// Whether all of them are messages on their way to the log.
    pub messages_only: bool,
}

/// What comes next when a ticket's answer is there.
#[derive(Clone, Debug)]
pub enum Purpose {
    /// Deliver a message, and echo it.
    Message {
        /// The message.
        entry: Arc<Entry>,
        /// Who hears it.
        target: Target,
    },
    /// Echo a message that its sender may no longer send, if it is in the log; refuse it if it is not.
    Recognise {
        /// Why it may not be sent.
        refusal: Refusal,
    },
    /// Do a command once what was said before it has been heard.
    Act {
        /// The command, as it came.
        line: Vec<u8>,
        /// Whose words it waits for; what they say next waits for it.
        touched: Vec<UserId>,
    },
    /// Answer CHATHISTORY with entries.
    History {
        /// The target as it was asked for.
        target: String,
        /// Whether events are to be told.
        events: bool,
    },
    /// Answer CHATHISTORY TARGETS.
    HistoryTargets,
    /// Answer SEARCH.
    Search,
    /// Judge a redaction, then remove.
    RedactFind {
        /// Where.
        log: LogKey,
        /// The target as it was asked for.
        target: String,
        /// The message's id.
        id: String,
        /// Why.
        reason: Option<String>,
        /// Who hears it.
        heard: Target,
    },
    /// Tell the redaction.
    RedactRemove {
        /// The target as it was asked for.
        target: String,
        /// The message's id.
        id: String,
        /// Why.
        reason: Option<String>,
        /// Who hears it.
        heard: Target,
    },
    /// Go on with SASL.
    Authenticate,
    /// Let somebody into the server by an invite, or not.
    Admit,
    /// Let somebody into a room by an invite, or not.
    AdmitToRoom {
        /// The room as it was asked for.
        room: String,
        /// Which room that was.
        place: Place,
    },
    /// Answer INVITELINK.
    InviteLink {
        /// The room.
        room: String,
        /// What was asked.
        about: AboutInvites,
    },
    /// Answer PING: everything said before it has been heard.
    Pong {
        /// What PING carried.
        token: String,
    },
    /// Tell how REGISTER went.
    Register {
        /// Whether the keeper was given a code (VERIFY).
        verify: bool,
        /// The account it is about.
        account: String,
    },
    /// Complete a registration with this nick, unless an account keeps it.
    Arrive {
        /// The nick.
        nick: String,
    },
    /// Give somebody this nick, unless an account keeps it.
    Rename {
        /// The nick.
        nick: String,
    },
    /// Tell how DEVICE went.
    Device,
    /// Tell how PASSWD went.
    Passwd,
    /// Tell how ERASE went.
    Erase,
}

/// What INVITELINK asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AboutInvites {
    /// To make one.
    Create {
        /// How many people it lets in.
        uses: u32,
        /// Until when, in seconds since 1970.
        until: u64,
    },
    /// For all of the room.
    List,
    /// To take one back.
    Revoke {
        /// Its number.
        id: u64,
    },
}

/// Who hears a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The members of a room.
    Channel(ChannelId),
    /// The operators of a room: somebody silenced spoke (+U).
    Operators(ChannelId),
    /// One person.
    User(UserId),
}

impl Pending {
    /// Starts an answer that will wait.
    pub fn open(&mut self, user: Option<UserId>) -> Slot {
        let group = Group {
            response: None,
            user,
            remaining: 0,
            messages_only: true,
        };
        self.groups.insert(group)
    }

    /// Hands out a ticket for one more question of an answer.
    pub fn ticket(&mut self, group: Slot, purpose: Purpose) -> Ticket {
        self.last += 1;
        if let Some(group) = self.groups.get_mut(group) {
            group.remaining += 1;
            group.messages_only &= matches!(purpose, Purpose::Message { .. });
        }
        let ticket = Ticket(self.last);
        self.tickets.insert(ticket, Waiter { group, purpose });
        ticket
    }

    /// Hands out a ticket for the records of a shelf.
    pub fn recall(&mut self, what: crate::storage::Shelf) -> Ticket {
        self.last += 1;
        self.recalls.insert(Ticket(self.last), what);
        Ticket(self.last)
    }

    /// The newest message that is on its way to the log.
    pub fn newest_message(&self) -> Option<Ticket> {
        let is_message = |waiter: &Waiter| matches!(waiter.purpose, Purpose::Message { .. });
        self.tickets
            .iter()
            .rev()
            .find(|(_, waiter)| is_message(waiter))
            .map(|(ticket, _)| *ticket)
    }

    /// Has `waiting` redeemed once all messages up to `last` have been.
    pub fn set_barrier(&mut self, last: Ticket, waiting: Ticket) {
        self.barriers.push_back((last, waiting));
    }

    /// The next ticket whose barrier is gone, if there is one.
    pub fn passed_barrier(&mut self) -> Option<Ticket> {
        let (last, waiting) = *self.barriers.front()?;
        let mut before = self.tickets.range(..=last);
        if before.any(|(_, waiter)| matches!(waiter.purpose, Purpose::Message { .. })) {
            return None;
        }
        self.barriers.pop_front();
        Some(waiting)
    }

    /// Puts aside what has been said before the tickets came back.
    pub fn park(&mut self, group: Slot, response: Response) {
        if let Some(group) = self.groups.get_mut(group) {
            group.response = Some(response);
        }
    }

    /// What waited for this ticket. Each is given once.
    pub fn redeem(&mut self, ticket: Ticket) -> Option<Waiter> {
        self.tickets.remove(&ticket)
    }

    /// The answer of a group, to go on with; it is whole when `remaining` is 0.
    pub fn resume(&mut self, slot: Slot) -> Option<(Response, Option<UserId>)> {
        let group = self.groups.get_mut(slot)?;
        group.remaining = group.remaining.saturating_sub(1);
        Some((group.response.take()?, group.user))
    }

    /// The group, while it waits.
    pub fn group(&self, slot: Slot) -> Option<&Group> {
        self.groups.get(slot)
    }

    /// Forgets a group that is whole.
    pub fn close(&mut self, slot: Slot) {
        self.groups.remove(slot);
    }

    /// How many tickets are out.
    pub fn count(&self) -> usize {
        self.tickets.len()
    }
}
