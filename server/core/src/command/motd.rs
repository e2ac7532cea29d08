//! `MOTD [<server>]`: the message of the day.

use protocol::Message;

use crate::greeting;
use crate::handler::Ctx;
use crate::refusal::Refusal;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    ctx.must_be_here(message.param(0))?;
    greeting::motd(ctx);
    Ok(())
}
