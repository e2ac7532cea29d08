//! `PART <room>{,<room>} [:<reason>]` leaves rooms.

use protocol::Message;

use crate::handler::Ctx;
use crate::membership;
use crate::policy;
use crate::refusal::Refusal;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let reason = message.param(1).unwrap_or_default();
    let names = message.param(0).unwrap_or_default();
    ctx.pay_for(names);
    for name in names.split(',') {
        if let Err(refusal) = one(ctx, name, reason) {
            ctx.refuse(refusal);
        }
    }
    Ok(())
}

fn one(ctx: &mut Ctx<'_>, name: &str, reason: &str) -> Result<(), Refusal> {
    let (id, channel) = ctx.channel_named(name)?;
    policy::must_be_in(channel, ctx.user)?;
    membership::leave(ctx, ctx.user, id, reason);
    Ok(())
}
