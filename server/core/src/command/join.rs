//! `JOIN <room>{,<room>} [<key>{,<key>}]` enters rooms; the first one in is a room's operator.

use protocol::capability::Capability as C;
use protocol::{Message, name};

use crate::channel::Member;
use crate::command::{markread, names, part, topic};
use crate::effect::Record;
use crate::handler::Ctx;
use crate::ids::{ChannelId, UserId};
use crate::modes::{Flag, Flags, Rank, Ranks};
use crate::notify::Audience;
use crate::policy;
use crate::refusal::{self, Refusal};

/// How many rooms may send somebody on (+f) one after the other.
const FORWARDS_MAX: usize = 3;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let names = message.param(0).unwrap_or_default();
    if names == "0" {
        part::all(ctx);
        return Ok(());
    }
    let mut keys = message.param(1).unwrap_or_default().split(',');
    for name in names.split(',') {
        let key = keys.next().filter(|key| !key.is_empty());
        if let Err(refusal) = one(ctx, name, key, FORWARDS_MAX) {
            ctx.refuse(refusal);
        }
    }
    Ok(())
}

fn one(ctx: &mut Ctx<'_>, name: &str, key: Option<&str>, forwards: usize) -> Result<(), Refusal> {
    let limits = &ctx.state.settings.limits;
    let (name_max, channels_max) = (limits.channel_bytes_max, limits.channels_max);
    name::check_channel(name, name_max).map_err(|_| refusal::no_such_channel(name))?;
    if let Some(id) = ctx.state.network.find_channel(name) {
        let Some(channel) = ctx.state.network.channel(id) else {
            return Ok(());
        };
        if channel.has(ctx.user) {
            return Ok(());
        }
        room_left(ctx, name, channels_max)?;
        let may = policy::may_join(&ctx.state.network, channel, ctx.user, key, ctx.now.steady);
        if let Err(refusal) = may {
            let Some(forward) = channel.forward.clone().filter(|_| forwards > 0) else {
                return Err(refusal);
            };
            let room = channel.name.clone();
            let text = "Forwarding to another channel";
            ctx.reply(470, &[&room, &forward], text);
            return one(ctx, &forward, None, forwards - 1);
        }
        enter(ctx, ctx.user, id, Ranks::default());
        return Ok(());
    }
    room_left(ctx, name, channels_max)?;
    let room = ctx.state.mint_room(ctx.now);
    let now = ctx.state.stamp(ctx.now);
    let mut flags = Flags::default();
    flags.put(Flag::NoExternal, true);
    flags.put(Flag::TopicLocked, true);
    let id = ctx.state.network.add_channel(name, room, now, flags);
    enter(ctx, ctx.user, id, Ranks::only(Rank::Operator));
    Ok(())
}

fn room_left(ctx: &Ctx<'_>, name: &str, most: usize) -> Result<(), Refusal> {
    if ctx.me().channels.len() >= most {
        Err(refusal::too_many_channels(name))
    } else {
        Ok(())
    }
}

/// Makes somebody a member and tells everybody. It does not ask whether it may.
pub fn enter(ctx: &mut Ctx<'_>, user: UserId, id: ChannelId, ranks: Ranks) {
    let origin = ctx.origin_of(user);
    ctx.state.network.enter(
        user,
        id,
        Member {
            ranks,
            joined: origin.time,
        },
    );
    let person = ctx.state.network.user(user);
    let (nick, account) = (person.nick.clone(), person.account.clone());
    let (realname, away) = (person.realname.clone(), person.away.clone());
    let folded = protocol::Folded::new(&nick);
    let Some(channel) = ctx.state.network.channel_mut(id) else {
        return;
    };
    channel.invited.remove(&folded);
    let (name, log) = (channel.name.clone(), channel.log());
    let mut audience = seen_by(ctx, user, id, &[C::ExtendedJoin]);
    if user != ctx.user {
        audience.add_user(ctx.state.network.user(user));
    }
    ctx.tell(audience, |caps, batch, out| {
        let mut line = origin.line_in(caps, batch, out);
        line.command("JOIN").param(&name);
        if caps.has(C::ExtendedJoin) {
            line.param(account.as_deref().unwrap_or("*"))
                .trailing(&realname);
        }
        line.end();
    });
    ctx.keep_event(log, &origin, &name, &format!("JOIN {name}"));
    if let Some(away) = away {
        let mut audience = Audience::new(&[C::AwayNotify], Some(ctx.session));
        audience.add_channel(&ctx.state.network, id);
        audience.tell(ctx.effects, |caps, out| {
            if caps.has(C::AwayNotify) {
                origin.line(caps, out).command("AWAY").trailing(&away).end();
            }
        });
    }
    ctx.log(Record::Joined {
        nick,
        channel: name,
    });
    if user == ctx.user {
        describe(ctx, id);
    }
}

/// The members who see that somebody is in the room, that one included.
pub fn seen_by(ctx: &Ctx<'_>, user: UserId, id: ChannelId, relevant: &[C]) -> Audience {
    let mut audience = ctx.audience(relevant);
    let Some(channel) = ctx.state.network.channel(id) else {
        return audience;
    };
    for member in channel.members.keys() {
        if policy::sees_member(channel, *member, user) {
            audience.add_user(ctx.state.network.user(*member));
        }
    }
    audience
}

/// Topic and names, as whoever enters reads them.
fn describe(ctx: &mut Ctx<'_>, id: ChannelId) {
    topic::tell_if_set(ctx, id);
    markread::tell_channel(ctx, id);
    if !ctx.has(C::NoImplicitNames) && !ctx.has(C::NoImplicitNamesDraft) && !ctx.my_session().plain
    {
        names::tell(ctx, id);
    }
}

/// Shows a further session of a member a room that the member is in.
pub fn show(ctx: &mut Ctx<'_>, id: ChannelId) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let name = channel.name.clone();
    let user = ctx.me();
    let account = user.account.clone();
    let (mask, realname) = (user.mask.clone(), user.realname.clone());
    let extended = ctx.has(C::ExtendedJoin);
    let mut line = ctx.response.line();
    line.source(&mask).command("JOIN").param(&name);
    if extended {
        line.param(account.as_deref().unwrap_or("*"))
            .trailing(&realname);
    }
    line.end();
    describe(ctx, id);
}
