//! `KICK <room> <nick>{,<nick>} [:<reason>]` puts somebody out of a room.

use protocol::Message;
use protocol::write::clip;

use crate::effect::Record;
use crate::handler::Ctx;
use crate::ids::ChannelId;
use crate::keeping;
use crate::modes::Rank;
use crate::people;
use crate::policy;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let reason = message.param(2).unwrap_or_default();
    let mut rooms = message.param(0).unwrap_or_default().split(',');
    let mut room = rooms.next().unwrap_or_default();
    let nicks = message.param(1).unwrap_or_default();
    ctx.pay_for(nicks);
    for nick in nicks.split(',') {
        if let Err(refusal) = one(ctx, room, nick, reason) {
            ctx.refuse(refusal);
        }
        room = rooms.next().unwrap_or(room);
    }
    Ok(())
}

fn one(ctx: &mut Ctx<'_>, room: &str, nick: &str, reason: &str) -> Result<(), Refusal> {
    let (id, channel) = ctx.visible_channel(room)?;
    policy::must_be_in(channel, ctx.user)?;
    policy::must_be(channel, ctx.user, Rank::HalfOperator)?;
    let target = ctx
        .state
        .network
        .find_user(nick)
        .ok_or_else(|| refusal::no_such_nick(nick))?;
    if !channel.has(target) {
        return Err(refusal::they_not_on_channel(nick, &channel.name));
    }
    if channel.ranks(target).highest() > channel.ranks(ctx.user).highest() {
        return Err(refusal::not_operator(&channel.name));
    }
    kick(ctx, id, target, reason);
    Ok(())
}

fn kick(ctx: &mut Ctx<'_>, id: ChannelId, target: crate::ids::UserId, reason: &str) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let (name, log) = (channel.name.clone(), channel.log());
    let nick = ctx.state.network.user(target).nick.clone();
    let own = ctx.me().nick.clone();
    let reason = if reason.is_empty() { &own } else { reason };
    let reason = clip(reason, ctx.state.settings.limits.kick_bytes_max).to_owned();
    let origin = ctx.origin();
    ctx.tell_channel(id, &[], |caps, batch, out| {
        let mut line = origin.line_in(caps, batch, out);
        line.command("KICK")
            .param(&name)
            .param(&nick)
            .trailing(&reason)
            .end();
    });
    ctx.keep_event(
        log,
        &origin,
        &name,
        &format!("KICK {name} {nick} :{reason}"),
    );
    if let Some(ended) = ctx.state.network.leave(target, id) {
        keeping::rest(ctx.state, ended, ctx.effects);
    }
    if ctx.state.network.user(target).persistent {
        people::save(ctx.state, target, ctx.effects);
    }
    ctx.log(Record::Parted {
        nick,
        channel: name,
    });
}
