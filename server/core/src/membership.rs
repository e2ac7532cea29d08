//! Entering and leaving rooms, told to everybody who sees it. It never asks whether somebody may.

use protocol::capability::Capability as C;
use protocol::mode::ModeString;
use protocol::write::clip;

use crate::channel::Member;
use crate::effect::Record;
use crate::handler::Ctx;
use crate::ids::{ChannelId, UserId};
use crate::keeping;
use crate::metadata;
use crate::modes::{Rank, Ranks};
use crate::notify::Audience;
use crate::people;
use crate::policy;
use crate::roomview;

/// Makes somebody a member and tells everybody. It does not ask whether it may.
pub fn enter(ctx: &mut Ctx<'_>, user: UserId, id: ChannelId, ranks: Ranks) {
    let origin = ctx.origin_of(user);
    let mut ranks = ranks;
    if let Some(channel) = ctx.state.network.channel(id) {
        let account = ctx.state.network.user(user).account.as_deref();
        ranks = ranks.and(channel.standing_of(account));
    }
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
    let folded = protocol::Folded::new(&person.identity());
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
        let audience = seen_by(ctx, user, id, &[C::AwayNotify]);
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
    announce_standing(ctx, user, id);
    if user == ctx.user {
        roomview::describe(ctx, id);
    }
    metadata::entered(ctx, user, id);
    if ctx.state.network.user(user).persistent {
        people::save(ctx.state, user, ctx.effects);
    }
}

/// Tells the others what somebody is who comes back with a rank; whoever enters reads it in the names.
fn announce_standing(ctx: &mut Ctx<'_>, user: UserId, id: ChannelId) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let ranks = channel.ranks(user);
    if ranks == Ranks::default() || channel.members.len() < 2 {
        return;
    }
    let (name, nick) = (
        channel.name.clone(),
        ctx.state.network.user(user).nick.clone(),
    );
    let mut modes = ModeString::default();
    for rank in Rank::ALL.into_iter().filter(|rank| ranks.has(*rank)) {
        modes.push(true, rank.letter(), Some(&nick));
    }
    let origin = ctx.origin_server();
    let mut audience = Audience::new(&[], Some(ctx.session));
    audience.add_channel(&ctx.state.network, id);
    audience.tell(ctx.effects, |caps, out| {
        let mut line = origin.line(caps, out);
        line.command("MODE").param(&name).param(modes.letters());
        for param in modes.params() {
            line.param(param);
        }
        line.end();
    });
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
    roomview::describe(ctx, id);
}

/// Leaves every room (`JOIN 0`).
pub fn leave_all(ctx: &mut Ctx<'_>) {
    let channels: Vec<ChannelId> = ctx.me().channels.iter().copied().collect();
    for channel in channels {
        leave(ctx, ctx.user, channel, "");
    }
}

/// Ends a membership and tells everybody who saw it.
pub fn leave(ctx: &mut Ctx<'_>, user: UserId, id: ChannelId, reason: &str) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let (name, log) = (channel.name.clone(), channel.log());
    let reason = clip(reason, ctx.state.settings.limits.kick_bytes_max).to_owned();
    let origin = ctx.origin_of(user);
    let audience = seen_by(ctx, user, id, &[]);
    ctx.tell(audience, |caps, batch, out| {
        let mut line = origin.line_in(caps, batch, out);
        line.command("PART").param(&name);
        if !reason.is_empty() {
            line.trailing(&reason);
        }
        line.end();
    });
    let event = if reason.is_empty() {
        format!("PART {name}")
    } else {
        format!("PART {name} :{reason}")
    };
    ctx.keep_event(log, &origin, &name, &event);
    let nick = ctx.state.network.user(user).nick.clone();
    if let Some(ended) = ctx.state.network.leave(user, id) {
        keeping::rest(ctx.state, ended, ctx.effects);
    }
    if ctx.state.network.user(user).persistent {
        people::save(ctx.state, user, ctx.effects);
    }
    ctx.log(Record::Parted {
        nick,
        channel: name,
    });
}
