//! `PING <token>` and `PONG`: whether the other end is still there.

use protocol::Message;

use crate::handler::Ctx;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let token = message
        .param(0)
        .filter(|token| !token.is_empty())
        .ok_or(refusal::no_origin())?;
    let name = ctx.server_name();
    ctx.line()
        .command("PONG")
        .param(&name)
        .trailing(token)
        .end();
    Ok(())
}

/// PONG: that a line came is all there is to it.
pub fn pong(_ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    Ok(())
}
