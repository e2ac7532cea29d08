//! `LUSERS`: how many people and rooms there are.

use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::refusal::Refusal;

pub fn run(ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    tell(ctx);
    Ok(())
}

/// 251 to 266.
pub fn tell(ctx: &mut Ctx<'_>) {
    let network = &ctx.state.network;
    let (total, most) = (network.user_count(), network.users_max);
    let invisible = network.invisible;
    let operators = network
        .users()
        .filter(|(_, user)| user.modes.has(UserMode::Operator))
        .count();
    let (strangers, rooms) = (network.strangers, network.channel_count());
    let visible = total.saturating_sub(invisible);
    let text = format!("There are {visible} users and {invisible} invisible on 1 server");
    ctx.reply(n::RPL_LUSERCLIENT, &[], &text);
    ctx.reply(
        n::RPL_LUSEROP,
        &[&operators.to_string()],
        "operators online",
    );
    ctx.reply(
        n::RPL_LUSERUNKNOWN,
        &[&strangers.to_string()],
        "unregistered connections",
    );
    ctx.reply(
        n::RPL_LUSERCHANNELS,
        &[&rooms.to_string()],
        "channels formed",
    );
    ctx.reply(
        n::RPL_LUSERME,
        &[],
        &format!("I have {total} clients and 0 servers"),
    );
    let (total, most) = (total.to_string(), most.to_string());
    let text = format!("Current local users {total}, max {most}");
    ctx.reply(n::RPL_LOCALUSERS, &[&total, &most], &text);
    let text = format!("Current global users {total}, max {most}");
    ctx.reply(n::RPL_GLOBALUSERS, &[&total, &most], &text);
}
