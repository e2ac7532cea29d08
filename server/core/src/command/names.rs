//! `NAMES [<room>{,<room>}]`: who is in a room.

use protocol::Message;
use protocol::numeric as n;

use crate::handler::Ctx;
use crate::refusal::Refusal;
use crate::roomview;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    match message.param(0).filter(|names| !names.is_empty()) {
        None => {
            // Without a room it would be everybody on the server; WHO asks for that.
            ctx.reply(n::RPL_ENDOFNAMES, &["*"], "End of NAMES list");
        }
        Some(names) => {
            ctx.pay_for(names);
            for name in names.split(',') {
                if let Ok((id, _)) = ctx.visible_channel(name) {
                    roomview::members(ctx, id);
                }
            }
            ctx.reply(n::RPL_ENDOFNAMES, &[names], "End of NAMES list");
        }
    }
    Ok(())
}
