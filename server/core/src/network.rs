//! All people, rooms and sessions, and the indexes between them. It never decides who may do what.

mod check;
mod sessions;
mod staying;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use indexmap::{IndexMap, IndexSet};
use protocol::{Folded, Stamp};

use crate::channel::{Channel, Member};
use crate::flood::Bucket;
use crate::ids::{ChannelId, SessionId, Slots, UserId};
use crate::input::{Door, Peer};
use crate::modes::UserMode;
use crate::session::Session;
use crate::user::User;

/// Everybody and everything on this server.
#[derive(Debug)]
pub struct Network {
    users: Slots<User>,
    nicks: IndexMap<Folded, Holder>,
    channels: Slots<Channel>,
    channel_names: IndexMap<Folded, ChannelId>,
    sessions: Vec<Option<Box<Session>>>,
    /// Sessions that have closed and whose last words are on their way to the log, when the doors have given their
    /// place to somebody else meanwhile.
    outgoing: BTreeMap<SessionId, Box<Session>>,
    /// Sessions that wait for a deadline, soonest first.
    pub deadlines: BTreeSet<(u64, SessionId)>,
    /// Sessions by address (IPv6: by /64).
    pub addresses: IndexMap<IpAddr, usize>,
    /// Who has left, newest first.
    pub departed: VecDeque<Departed>,
    /// Who watches a nick (MONITOR).
    pub watchers: BTreeMap<Folded, IndexSet<SessionId>>,
    /// Who may not come in (KLINE, DLINE).
    pub expelled: Vec<Expulsion>,
    /// Up to where who has read what, by identity and folded target.
    pub read_markers: BTreeMap<String, BTreeMap<Folded, Stamp>>,
    /// Who has said whether to stay without a client, by folded account.
    pub preferences: BTreeMap<String, bool>,
    /// Rooms without a member that are kept, the longest rest first. Taking one out moves all that rest since, so each
    /// is a pointer here.
    pub resting: IndexMap<Folded, Box<Channel>>,
    /// Sessions that are not registered.
    pub strangers: usize,
    /// The most people there were at once.
    pub users_max: usize,
    /// How many people are invisible: LUSERS says so to everybody who comes, so nobody is counted again.
    pub invisible: usize,
    /// How many people are operators, likewise.
    pub operators: usize,
    /// People who stay without a client, by folded account.
    staying: BTreeMap<String, BTreeSet<UserId>>,
    nobody: User,
    no_session: Session,
}

/// Who has a nick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A session that is not registered yet.
    Registering(SessionId),
    /// A person.
    User(UserId),
}

/// Somebody who has left, for WHOWAS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departed {
    /// The nick.
    pub nick: String,
    /// The user name.
    pub ident: String,
    /// The host others saw.
    pub host: String,
    /// The real name.
    pub realname: String,
    /// The address, for operators.
    pub address: IpAddr,
    /// The account.
    pub account: Option<Box<str>>,
    /// When it left.
    pub time: Stamp,
}

/// Somebody who may not come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expulsion {
    /// Matched with `user@host` and `user@address` (KLINE), or the address alone (DLINE).
    pub mask: String,
    /// Whether it is about addresses alone.
    pub address_only: bool,
    /// Until when (wall); none: for ever.
    pub until: Option<Stamp>,
    /// Who set it.
    pub setter: String,
    /// Why.
    pub reason: String,
}

impl Default for Network {
    fn default() -> Self {
        let peer = Peer {
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: 0,
            door: Door::Tcp,
            secure: false,
            certificate: None,
        };
        let nowhere = SessionId {
            index: u32::MAX,
            generation: 0,
        };
        Self {
            users: Slots::default(),
            nicks: IndexMap::new(),
            channels: Slots::default(),
            channel_names: IndexMap::new(),
            sessions: Vec::new(),
            outgoing: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            addresses: IndexMap::new(),
            departed: VecDeque::new(),
            watchers: BTreeMap::new(),
            expelled: Vec::new(),
            read_markers: BTreeMap::new(),
            preferences: BTreeMap::new(),
            resting: IndexMap::new(),
            strangers: 0,
            users_max: 0,
            invisible: 0,
            operators: 0,
            staying: BTreeMap::new(),
            nobody: User::nobody(),
            no_session: Session::new(nowhere, peer, "*".to_owned(), 0, Bucket::full(0, 0)),
        }
    }
}

/// What connections are counted by: an IPv4 address, or the /64 that one household has of IPv6.
pub fn address_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

impl Network {
    /// A person. A stale id gives somebody called `*` who is nowhere, so that no caller can trip over it.
    pub fn user(&self, id: UserId) -> &User {
        self.users.get(id.0).unwrap_or(&self.nobody)
    }

    /// A person to change, unless the id is stale.
    pub fn user_mut(&mut self, id: UserId) -> Option<&mut User> {
        self.users.get_mut(id.0)
    }

    /// Whether this person is still here.
    pub fn has_user(&self, id: UserId) -> bool {
        self.users.get(id.0).is_some()
    }

    /// All people.
    pub fn users(&self) -> impl Iterator<Item = (UserId, &User)> {
        self.users.iter().map(|(slot, user)| (UserId(slot), user))
    }

    /// How many people there are.
    pub fn user_count(&self) -> usize {
        self.users.count()
    }

    /// Who has a nick.
    pub fn holder(&self, nick: &str) -> Option<Holder> {
        Folded::look_up(nick, |folded| self.nicks.get(folded).copied())
    }

    /// The person of a nick.
    pub fn find_user(&self, nick: &str) -> Option<UserId> {
        match self.holder(nick)? {
            Holder::User(user) => Some(user),
            Holder::Registering(_) => None,
        }
    }

    /// Gives a nick to a holder. It must be free, or the same holder's.
    pub fn hold_nick(&mut self, nick: &str, holder: Holder) {
        self.nicks.insert(Folded::new(nick), holder);
    }

    /// Frees a nick.
    pub fn free_nick(&mut self, nick: &str) {
        self.nicks.swap_remove(&Folded::new(nick));
    }

    /// Adds a person and gives it its nick.
    pub fn add_user(&mut self, user: User) -> UserId {
        let nick = user.nick.clone();
        self.invisible += usize::from(user.modes.has(UserMode::Invisible));
        self.operators += usize::from(user.modes.has(UserMode::Operator));
        let account = staying::found_by(&user);
        let id = UserId(self.users.insert(user));
        self.find_by(id, account);
        self.hold_nick(&nick, Holder::User(id));
        self.users_max = self.users_max.max(self.users.count());
        id
    }

    /// Takes a person out of everything; empty rooms end, and are returned.
    pub fn remove_user(&mut self, id: UserId) -> Option<(User, Vec<Channel>)> {
        let channels: Vec<ChannelId> = self.user(id).channels.iter().copied().collect();
        let mut ended = Vec::new();
        for channel in channels {
            ended.extend(self.leave(id, channel));
        }
        let user = self.users.remove(id.0)?;
        self.lose(id, staying::found_by(&user));
        self.invisible -= usize::from(user.modes.has(UserMode::Invisible));
        self.operators -= usize::from(user.modes.has(UserMode::Operator));
        self.free_nick(&user.nick);
        Some((user, ended))
    }

    /// Turns a mode of a person on or off, and says whether that changed anything. Nobody else may: modes are counted.
    pub fn put_mode(&mut self, id: UserId, mode: UserMode, on: bool) -> bool {
        let user = self.users.get_mut(id.0);
        let changed = user.is_some_and(|user| user.modes.put(mode, on));
        let count = match mode {
            UserMode::Invisible => &mut self.invisible,
            UserMode::Operator => &mut self.operators,
            _ => return changed,
        };
        match (changed, on) {
            (true, true) => *count += 1,
            (true, false) => *count -= 1,
            (false, _) => {}
        }
        changed
    }

    /// A room, unless the id is stale.
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.channels.get(id.0)
    }

    /// A room to change, unless the id is stale.
    pub fn channel_mut(&mut self, id: ChannelId) -> Option<&mut Channel> {
        self.channels.get_mut(id.0)
    }

    /// The channel of a name.
    pub fn channel_named(&self, name: &str) -> Option<(ChannelId, &Channel)> {
        let id = self.find_channel(name)?;
        Some((id, self.channel(id)?))
    }

    /// The room of a name.
    pub fn find_channel(&self, name: &str) -> Option<ChannelId> {
        Folded::look_up(name, |folded| self.channel_names.get(folded).copied())
    }

    /// The room of a name, whether somebody is in it or it rests.
    pub fn room(&self, name: &str) -> Option<&Channel> {
        let living = self.find_channel(name).and_then(|id| self.channel(id));
        living.or_else(|| self.resting.get(&Folded::new(name)).map(AsRef::as_ref))
    }

    /// All rooms, in the order in which they began.
    pub fn channels(&self) -> impl Iterator<Item = (ChannelId, &Channel)> {
        self.channels
            .iter()
            .map(|(slot, channel)| (ChannelId(slot), channel))
    }

    /// How many rooms there are.
    pub fn channel_count(&self) -> usize {
        self.channels.count()
    }

    /// Begins a room, or takes one up again.
    pub fn add_channel(&mut self, channel: Channel) -> ChannelId {
        let name = Folded::new(&channel.name);
        let id = ChannelId(self.channels.insert(channel));
        self.channel_names.insert(name, id);
        id
    }

    /// Gives a room another name.
    pub fn rename_channel(&mut self, id: ChannelId, name: &str) {
        let Some(channel) = self.channels.get_mut(id.0) else {
            return;
        };
        let old = std::mem::replace(&mut channel.name, name.to_owned());
        self.channel_names.swap_remove(&Folded::new(&old));
        self.channel_names.insert(Folded::new(name), id);
    }

    /// Makes somebody a member.
    pub fn enter(&mut self, user: UserId, channel: ChannelId, member: Member) {
        if let (Some(person), Some(room)) =
            (self.users.get_mut(user.0), self.channels.get_mut(channel.0))
        {
            person.channels.insert(channel);
            room.members.insert(user, member);
        }
    }

    /// Ends a membership; a room without members ends, and is returned.
    pub fn leave(&mut self, user: UserId, channel: ChannelId) -> Option<Channel> {
        if let Some(person) = self.users.get_mut(user.0) {
            person.channels.shift_remove(&channel);
        }
        let room = self.channels.get_mut(channel.0)?;
        room.members.swap_remove(&user);
        if !room.members.is_empty() {
            return None;
        }
        let room = self.channels.remove(channel.0)?;
        self.channel_names.swap_remove(&Folded::new(&room.name));
        Some(room)
    }

    /// Remembers somebody who has left or changed the nick.
    pub fn remember(&mut self, user: &User, time: Stamp, most: usize) {
        self.departed.push_front(Departed {
            nick: user.nick.clone(),
            ident: user.ident.clone(),
            host: user.host.clone(),
            realname: user.realname.clone(),
            address: user.address,
            account: user.account.clone(),
            time,
        });
        self.departed.truncate(most);
    }
}
