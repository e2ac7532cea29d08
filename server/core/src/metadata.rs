//! Keys and values of people and rooms (draft/metadata): who may read and write them, and who is told of a change.
//! It never parses a command.

use std::collections::BTreeMap;

use bytes::Bytes;
use protocol::capability::Capability as C;
use protocol::{Caps, LineWriter, numeric as n};

use crate::effect::Effect;
use crate::handler::Ctx;
use crate::ids::{ChannelId, SessionId, UserId};
use crate::modes::{Flag, Rank, UserMode};
use crate::notify;
use crate::policy;
use crate::session::Session;

/// Whose keys and values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A person's.
    User(UserId),
    /// A room's.
    Channel(ChannelId),
    /// One's own, before there is a person.
    Stranger,
}

/// Either edition of the capability.
pub const METADATA_CAPS: Caps = Caps::of(&[C::Metadata2, C::Metadata3]);

impl Owner {
    /// What it is called on the wire.
    pub fn name(self, ctx: &Ctx<'_>) -> String {
        match self {
            Self::User(user) => ctx.state.network.user(user).nick.clone(),
            Self::Channel(id) => ctx
                .state
                .network
                .channel(id)
                .map_or_else(String::new, |c| c.name.clone()),
            Self::Stranger => ctx.addressee(),
        }
    }

    /// All its keys and values.
    pub fn values(self, ctx: &Ctx<'_>) -> BTreeMap<String, String> {
        let network = &ctx.state.network;
        match self {
            Self::User(user) => network.user(user).metadata.clone(),
            Self::Channel(id) => network
                .channel(id)
                .map(|channel| channel.metadata.clone())
                .unwrap_or_default(),
            Self::Stranger => ctx
                .my_session()
                .registering()
                .map(|registering| registering.metadata.clone())
                .unwrap_or_default(),
        }
    }

    /// Its keys and values, to change.
    pub fn values_mut<'c>(self, ctx: &'c mut Ctx<'_>) -> Option<&'c mut BTreeMap<String, String>> {
        let network = &mut ctx.state.network;
        match self {
            Self::User(user) => network.user_mut(user).map(|user| &mut user.metadata),
            Self::Channel(id) => network.channel_mut(id).map(|channel| &mut channel.metadata),
            Self::Stranger => network
                .session_mut(ctx.session)
                .and_then(Session::registering_mut)
                .map(|registering| &mut registering.metadata),
        }
    }

    /// Whether the asker may read it: closed rooms are read by members only.
    pub fn is_readable(self, ctx: &Ctx<'_>) -> bool {
        match self {
            Self::Channel(id) => ctx.state.network.channel(id).is_some_and(|channel| {
                let closed = channel.flags.has(Flag::InviteOnly)
                    || channel.flags.has(Flag::Secret)
                    || channel.key.is_some();
                channel.has(ctx.user) || (!closed && !policy::is_banned(channel, ctx.me()))
            }),
            Self::User(_) | Self::Stranger => true,
        }
    }

    /// Whether the asker may change it: one's own, and rooms as their operator.
    pub fn is_writable(self, ctx: &Ctx<'_>) -> bool {
        match self {
            Self::Stranger => true,
            Self::User(user) => user == ctx.user || ctx.me().modes.has(UserMode::Operator),
            Self::Channel(id) => ctx
                .state
                .network
                .channel(id)
                .is_some_and(|channel| channel.ranks(ctx.user).at_least(Rank::Operator)),
        }
    }
}

/// 761, or 766 where the key is not set, to the asker.
pub fn tell(ctx: &mut Ctx<'_>, target: &str, key: &str, value: Option<&str>) {
    match value {
        Some(value) => {
            let mut line = ctx.numeric(n::RPL_KEYVALUE);
            line.param(target)
                .param(key)
                .param("*")
                .trailing(value)
                .end();
        }
        None => ctx.reply(n::ERR_KEYNOTSET, &[target, key], "key not set"),
    }
}

/// Tells everybody who subscribed to the key, and may know its owner, but the asker's session.
pub fn announce(ctx: &mut Ctx<'_>, owner: Owner, key: &str, value: Option<&str>) {
    let name = owner.name(ctx);
    let network = &ctx.state.network;
    let mut people: Vec<UserId> = match owner {
        Owner::User(user) => notify::neighbours(network, user),
        Owner::Channel(id) => network
            .channel(id)
            .map(|c| c.members.keys().copied().collect())
            .unwrap_or_default(),
        Owner::Stranger => return,
    };
    if let Owner::User(user) = owner {
        people.push(user);
    }
    let mut sessions: Vec<SessionId> = people
        .iter()
        .flat_map(|user| network.user(*user).voices.iter().map(|voice| voice.session))
        .collect();
    if let Owner::User(user) = owner {
        let nick = protocol::Folded::new(&network.user(user).nick);
        sessions.extend(network.watchers.get(&nick).into_iter().flatten().copied());
    }
    sessions.sort_unstable();
    sessions.dedup();
    let lines: Vec<(SessionId, Bytes)> = sessions
        .into_iter()
        .filter(|session| *session != ctx.session)
        .map(|session| network.session(session))
        .filter(|session| subscribes(session, key))
        .map(|session| (session.id, line_for(ctx, session, &name, key, value)))
        .collect();
    for (session, lines) in lines {
        ctx.effects.push(Effect::Deliver {
            to: vec![session],
            lines,
        });
    }
}

fn subscribes(session: &Session, key: &str) -> bool {
    !session.caps.and(METADATA_CAPS).is_empty() && session.metadata_subs.contains(key)
}

fn line_for(ctx: &Ctx<'_>, session: &Session, name: &str, key: &str, value: Option<&str>) -> Bytes {
    let nick = session
        .user()
        .map_or("*", |user| &ctx.state.network.user(user).nick);
    let mut out = Vec::new();
    let mut line = LineWriter::new(&mut out);
    line.source(&ctx.state.settings.name);
    match value {
        Some(value) => {
            line.numeric(n::RPL_KEYVALUE)
                .param(nick)
                .param(name)
                .param(key)
                .param("*");
            line.trailing(value).end();
        }
        None => {
            line.numeric(n::ERR_KEYNOTSET)
                .param(nick)
                .param(name)
                .param(key);
            line.trailing("key not set").end();
        }
    }
    Bytes::from(out)
}

/// Tells the asker all that it subscribed to of one owner, as a batch.
pub fn sync(ctx: &mut Ctx<'_>, owner: Owner) {
    let subs = ctx.my_session().metadata_subs.clone();
    let mut values = owner.values(ctx);
    values.retain(|key, _| subs.contains(key));
    let name = owner.name(ctx);
    batch(ctx, &name, &values);
}

/// Tells keys and values as a batch.
pub fn batch(ctx: &mut Ctx<'_>, target: &str, values: &BTreeMap<String, String>) {
    let server = ctx.server_name();
    ctx.response.open_batch("metadata", &[target], "", &server);
    for (key, value) in values {
        tell(ctx, target, key, Some(value));
    }
    ctx.response.close_batch(&server);
}

/// Somebody has entered a room: it learns of the room and its members, and they learn of it.
pub fn entered(ctx: &mut Ctx<'_>, user: UserId, id: ChannelId) {
    let own = ctx.state.network.user(user).metadata.clone();
    for (key, value) in &own {
        announce_in(ctx, user, id, key, value);
    }
    let asks = user == ctx.user
        && !ctx.my_session().caps.and(METADATA_CAPS).is_empty()
        && !ctx.my_session().metadata_subs.is_empty();
    if !asks {
        return;
    }
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let members: Vec<UserId> = channel
        .members
        .keys()
        .copied()
        .filter(|member| *member != user && policy::sees_member(channel, user, *member))
        .filter(|member| !ctx.state.network.user(*member).metadata.is_empty())
        .collect();
    if !channel.metadata.is_empty() {
        sync(ctx, Owner::Channel(id));
    }
    for member in members {
        sync(ctx, Owner::User(member));
    }
}

/// Tells the members of one room who subscribed to the key.
fn announce_in(ctx: &mut Ctx<'_>, user: UserId, id: ChannelId, key: &str, value: &str) {
    let network = &ctx.state.network;
    let name = network.user(user).nick.clone();
    let Some(channel) = network.channel(id) else {
        return;
    };
    let lines: Vec<(SessionId, Bytes)> = channel
        .members
        .keys()
        .filter(|member| **member != user && policy::sees_member(channel, **member, user))
        .flat_map(|member| &network.user(*member).voices)
        .map(|voice| network.session(voice.session))
        .filter(|session| subscribes(session, key))
        .map(|session| (session.id, line_for(ctx, session, &name, key, Some(value))))
        .collect();
    for (session, lines) in lines {
        ctx.effects.push(Effect::Deliver {
            to: vec![session],
            lines,
        });
    }
}
