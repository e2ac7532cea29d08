//! `MODE <room> [<letters> [<parameters>]]` reads or changes a room's modes; with a nick, the own ones.

use protocol::{Message, name, numeric as n};

use crate::handler::Ctx;
use crate::ids::ChannelId;
use crate::own_modes;
use crate::refusal::Refusal;
use crate::room_modes;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let target = message.param(0).unwrap_or_default();
    if !name::is_channel(target) {
        return own_modes::run(ctx, message);
    }
    let (id, _) = ctx.visible_channel(target)?;
    match message.params() {
        [_] => tell(ctx, id),
        [_, letters, params @ ..] => room_modes::change(ctx, id, letters, params, false)?,
        [] => {}
    }
    Ok(())
}

/// 324 and 329.
fn tell(ctx: &mut Ctx<'_>, id: ChannelId) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let (letters, params) = channel.mode_text(channel.has(ctx.user));
    let (name, created) = (channel.name.clone(), channel.created);
    let mut line = ctx.numeric(n::RPL_CHANNELMODEIS);
    line.param(&name).param(&letters);
    for param in &params {
        line.param(param);
    }
    line.end();
    let mut line = ctx.numeric(n::RPL_CREATIONTIME);
    line.param(&name)
        .param(&created.seconds().to_string())
        .end();
}
