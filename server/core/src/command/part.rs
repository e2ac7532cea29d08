//! `PART <room>{,<room>} [:<reason>]` leaves rooms.

use protocol::Message;

use crate::handler::Ctx;
use crate::membership;
use crate::policy;
use crate::refusal::{self, Refusal};

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
    let id = ctx
        .state
        .network
        .find_channel(name)
        .ok_or_else(|| refusal::no_such_channel(name))?;
    let channel = ctx
        .state
        .network
        .channel(id)
        .ok_or_else(|| refusal::no_such_channel(name))?;
    policy::must_be_in(channel, ctx.user)?;
    membership::leave(ctx, ctx.user, id, reason);
    Ok(())
}
