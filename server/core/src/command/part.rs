//! `PART <room>{,<room>} [:<reason>]` leaves rooms.

use protocol::Message;
use protocol::write::clip;

use crate::command::join;
use crate::effect::Record;
use crate::handler::Ctx;
use crate::ids::{ChannelId, UserId};
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let reason = message.param(1).unwrap_or_default();
    for name in message.param(0).unwrap_or_default().split(',') {
        if let Err(refusal) = one(ctx, name, reason) {
            ctx.refuse(refusal);
        }
    }
    Ok(())
}

fn one(ctx: &mut Ctx<'_>, name: &str, reason: &str) -> Result<(), Refusal> {
    let id = ctx
        .state
        .network
        .find_channel(name)
        .ok_or(refusal::no_such_channel(name))?;
    let channel = ctx
        .state
        .network
        .channel(id)
        .ok_or(refusal::no_such_channel(name))?;
    crate::policy::must_be_in(channel, ctx.user)?;
    leave(ctx, ctx.user, id, reason);
    Ok(())
}

/// Leaves every room (`JOIN 0`).
pub fn all(ctx: &mut Ctx<'_>) {
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
    let audience = join::seen_by(ctx, user, id, &[]);
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
    ctx.state.network.leave(user, id);
    ctx.log(Record::Parted {
        nick,
        channel: name,
    });
}
