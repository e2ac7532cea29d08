//! `WHOWAS <nick>{,<nick>} [<count>]`: who had a nick before.

use protocol::{Message, casemap, numeric as n};

use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::network::Departed;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nicks = message
        .param(0)
        .filter(|text| !text.is_empty())
        .ok_or_else(refusal::no_nick_given)?;
    let count = message
        .param(1)
        .and_then(|text| text.parse::<i64>().ok())
        .unwrap_or(0);
    let most = usize::try_from(count)
        .ok()
        .filter(|most| *most > 0)
        .unwrap_or(usize::MAX);
    let operator = ctx.me().modes.has(UserMode::Operator);
    let server = ctx.server_name();
    for nick in nicks.split(',') {
        let found: Vec<Departed> = ctx
            .state
            .network
            .departed
            .iter()
            .filter(|departed| casemap::same(&departed.nick, nick))
            .take(most)
            .cloned()
            .collect();
        if found.is_empty() {
            ctx.refuse(refusal::was_no_such_nick(nick));
        }
        for who in found {
            let params = [&*who.nick, &who.ident, &who.host, "*"];
            ctx.reply(n::RPL_WHOWASUSER, &params, &who.realname);
            if operator {
                let address = who.address.to_string();
                let text = "was actually using this address";
                ctx.reply(n::RPL_WHOISACTUALLY, &[&who.nick, &address], text);
            }
            ctx.reply(
                n::RPL_WHOISSERVER,
                &[&who.nick, &server],
                &who.time.to_string(),
            );
        }
        ctx.reply(n::RPL_ENDOFWHOWAS, &[nick], "End of WHOWAS");
    }
    Ok(())
}
