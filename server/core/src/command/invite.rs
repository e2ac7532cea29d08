//! `INVITE <nick> <room>` asks somebody in; without parameters it lists the rooms one is invited to.

use protocol::capability::Capability as C;
use protocol::numeric as n;
use protocol::{Folded, Message};

use crate::handler::Ctx;
use crate::ids::{ChannelId, UserId};
use crate::modes::{Flag, Rank};
use crate::policy;
use crate::refusal::{self, Refusal};

/// Most invitations a room remembers; the oldest to expire go first.
const INVITED_MAX: usize = 200;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let (nick, name) = match message.params() {
        [] => {
            list(ctx);
            return Ok(());
        }
        [nick, name, ..] if !nick.is_empty() => (*nick, *name),
        _ => return Err(refusal::need_more_params("INVITE")),
    };
    let target = ctx
        .state
        .network
        .find_user(nick)
        .ok_or_else(|| refusal::no_such_nick(nick))?;
    let (id, channel) = ctx.visible_channel(name)?;
    policy::must_be_in(channel, ctx.user)?;
    if channel.flags.has(Flag::InviteOnly) {
        policy::must_be(channel, ctx.user, Rank::HalfOperator)?;
    }
    let nick = ctx.state.network.user(target).nick.clone();
    if channel.has(target) {
        return Err(refusal::already_on_channel(&nick, &channel.name));
    }
    let room = channel.name.clone();
    let until = ctx.now.steady + ctx.state.settings.limits.invite_ttl_ms;
    let now = ctx.now.steady;
    // A nick may be somebody else's tomorrow; and only an operator's word opens a door.
    let identity = Folded::new(&ctx.state.network.user(target).identity());
    if let Some(channel) = ctx.state.network.channel_mut(id)
        && channel.ranks(ctx.user).at_least(Rank::HalfOperator)
    {
        channel.invited.retain(|_, until| *until > now);
        if channel.invited.len() < INVITED_MAX {
            channel.invited.insert(identity, until);
        }
    }
    tell(ctx, id, target, &nick, &room);
    Ok(())
}

/// Tells the inviter, the invited, and the operators who want to know.
fn tell(ctx: &mut Ctx<'_>, id: ChannelId, target: UserId, nick: &str, room: &str) {
    let mut line = ctx.numeric(n::RPL_INVITING);
    line.param(nick).param(room).end();
    let origin = ctx.origin();
    let mut audience = crate::notify::Audience::new(&[], None);
    audience.add_user(ctx.state.network.user(target));
    audience.tell(ctx.effects, |caps, out| {
        origin
            .line(caps, out)
            .command("INVITE")
            .param(nick)
            .param(room)
            .end();
    });
    if let Some(away) = ctx.state.network.user(target).away.clone() {
        ctx.reply(n::RPL_AWAY, &[nick], &away);
    }
    let mut audience = crate::notify::Audience::new(&[C::InviteNotify], Some(ctx.session));
    if let Some(channel) = ctx.state.network.channel(id) {
        for member in channel.members.keys() {
            if channel.ranks(*member).at_least(Rank::HalfOperator) {
                audience.add_user(ctx.state.network.user(*member));
            }
        }
    }
    audience.tell(ctx.effects, |caps, out| {
        if caps.has(C::InviteNotify) {
            origin
                .line(caps, out)
                .command("INVITE")
                .param(nick)
                .param(room)
                .end();
        }
    });
}

fn list(ctx: &mut Ctx<'_>) {
    let me = Folded::new(&ctx.me().identity());
    let now = ctx.now.steady;
    let rooms: Vec<String> = ctx
        .state
        .network
        .channels()
        .filter(|(_, channel)| channel.invited.get(&me).is_some_and(|until| *until > now))
        .map(|(_, channel)| channel.name.clone())
        .collect();
    for room in rooms {
        ctx.numeric(n::RPL_INVITELIST_PENDING).param(&room).end();
    }
    ctx.reply(n::RPL_ENDOFINVITELIST_PENDING, &[], "End of INVITE list");
}
