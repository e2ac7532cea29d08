//! `SAMODE`, `SAJOIN` and `SANICK`: what operators may do over everybody's head, each noted in the log.

use protocol::{Message, name};

use crate::effect::Record;
use crate::handler::Ctx;
use crate::membership;
use crate::modes::Ranks;
use crate::refusal::{self, Refusal};
use crate::renaming;
use crate::room_modes;

/// `SAMODE <room> <letters> [<parameters>]`.
pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    note(ctx, message);
    let room = message.param(0).unwrap_or_default();
    let (id, _) = ctx.channel_named(room)?;
    match message.params() {
        [_, letters, params @ ..] => room_modes::change(ctx, id, letters, params, true),
        _ => Err(refusal::need_more_params("SAMODE")),
    }
}

/// `SAJOIN [<nick>] <room>`.
pub fn sajoin(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    note(ctx, message);
    let (target, room) = match message.params() {
        [room] => (ctx.user, *room),
        [nick, room, ..] => (
            ctx.state
                .network
                .find_user(nick)
                .ok_or_else(|| refusal::no_such_nick(nick))?,
            *room,
        ),
        [] => return Err(refusal::need_more_params("SAJOIN")),
    };
    let (id, channel) = ctx.channel_named(room)?;
    if !channel.has(target) {
        membership::enter(ctx, target, id, Ranks::default());
    }
    Ok(())
}

/// `SANICK <nick> <new nick>`.
pub fn sanick(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    note(ctx, message);
    let old = message.param(0).unwrap_or_default();
    let new = message.param(1).unwrap_or_default();
    let target = ctx
        .state
        .network
        .find_user(old)
        .ok_or_else(|| refusal::no_such_nick(old))?;
    name::check_nick(new, ctx.state.settings.limits.nick_bytes_max)
        .map_err(|_| refusal::bad_nick(new))?;
    if ctx.state.network.holder(new).is_some() {
        return Err(refusal::nick_in_use(new));
    }
    renaming::change(ctx, target, new);
    Ok(())
}

fn note(ctx: &mut Ctx<'_>, message: &Message<'_>) {
    let text = format!(
        "{} used {} {}",
        ctx.me().mask,
        message.command,
        message.params().join(" ")
    );
    ctx.log(Record::Notice(text));
}
