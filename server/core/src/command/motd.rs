//! `MOTD [<server>]`: the message of the day.

use protocol::{Message, numeric as n};

use crate::command::info::here;
use crate::handler::Ctx;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    here(ctx, message)?;
    tell(ctx);
    Ok(())
}

/// 375, 372, 376; or 422.
pub fn tell(ctx: &mut Ctx<'_>) {
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
