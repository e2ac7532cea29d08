//! `PING <token>` and `PONG`: whether the other end is still there. A PONG also says that everything which was said
//! before its PING has been told.

use protocol::Message;

use crate::handler::Ctx;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let token = message
        .param(0)
        .filter(|token| !token.is_empty())
        .ok_or_else(refusal::no_origin)?;
    if !ctx.await_messages(Purpose::Pong {
        token: token.to_owned(),
    }) {
        answer(ctx, token);
    }
    Ok(())
}

/// PONG, to the asker.
pub fn answer(ctx: &mut Ctx<'_>, token: &str) {
    let name = ctx.server_name();
    ctx.line()
        .command("PONG")
        .param(&name)
        .trailing(token)
        .end();
}

/// PONG: that a line came is all there is to it.
pub fn pong(_ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    Ok(())
}
