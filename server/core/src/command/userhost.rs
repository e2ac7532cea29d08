//! `USERHOST <nick>…` and `ISON <nick>…`: who of these is here.

use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::refusal::Refusal;

/// Most nicks of one USERHOST (RFC 1459, 5.7).
const NICKS_MAX: usize = 5;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let network = &ctx.state.network;
    let parts: Vec<String> = message
        .params()
        .iter()
        .take(NICKS_MAX)
        .filter_map(|nick| network.find_user(nick))
        .map(|id| {
            let user = network.user(id);
            let operator = if user.modes.has(UserMode::Operator) {
                "*"
            } else {
                ""
            };
            let sign = if user.away.is_some() { '-' } else { '+' };
            format!("{}{operator}={sign}{}@{}", user.nick, user.ident, user.host)
        })
        .collect();
    ctx.reply(n::RPL_USERHOST, &[], &parts.join(" "));
    Ok(())
}

/// ISON.
pub fn ison(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let network = &ctx.state.network;
    let here: Vec<&str> = message
        .params()
        .iter()
        .flat_map(|param| param.split_ascii_whitespace())
        .filter_map(|nick| network.find_user(nick))
        .map(|id| network.user(id).nick.as_str())
        .collect();
    let text = here.join(" ");
    ctx.reply(n::RPL_ISON, &[], &text);
    Ok(())
}
