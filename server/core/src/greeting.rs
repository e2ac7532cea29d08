//! What everybody reads on coming and may ask for again: what the server supports, how many are here, the message of
//! the day. It never decides who reads it.

use protocol::{LineWriter, numeric as n};

use crate::advertise;
use crate::handler::Ctx;
use crate::refusal;

/// The tokens of RPL_ISUPPORT, a dozen a line.
pub fn isupport(ctx: &mut Ctx<'_>) {
    let tokens = advertise::isupport(&ctx.state.settings);
    for some in tokens.chunks(advertise::TOKENS_PER_LINE) {
        let mut line: LineWriter<'_> = ctx.numeric(n::RPL_ISUPPORT);
        for token in some {
            line.param(token);
        }
        line.trailing("are supported by this server").end();
    }
}

/// 251 to 266.
pub fn lusers(ctx: &mut Ctx<'_>) {
    let network = &ctx.state.network;
    let (total, most) = (network.user_count(), network.users_max);
    let (invisible, operators) = (network.invisible, network.operators);
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

/// 375, 372, 376; or 422.
pub fn motd(ctx: &mut Ctx<'_>) {
    let lines = ctx.state.settings.motd.clone();
    if lines.is_empty() {
        return ctx.refuse(refusal::no_motd());
    }
    let title = format!("- {} Message of the day -", ctx.state.settings.name);
    ctx.reply(n::RPL_MOTDSTART, &[], &title);
    for line in lines {
        ctx.reply(n::RPL_MOTD, &[], &format!("- {line}"));
    }
    ctx.reply(n::RPL_ENDOFMOTD, &[], "End of MOTD command");
}
