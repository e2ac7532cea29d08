//! `LUSERS`: how many people and rooms there are.

use protocol::Message;

use crate::greeting;
use crate::handler::Ctx;
use crate::refusal::Refusal;

pub fn run(ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    greeting::lusers(ctx);
    Ok(())
}
