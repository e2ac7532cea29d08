//! `REHASH`: has the configuration read again.

use protocol::{Message, numeric as n};

use crate::effect::{Effect, Record};
use crate::handler::Ctx;
use crate::refusal::Refusal;

pub fn run(ctx: &mut Ctx<'_>, _message: &Message<'_>) -> Result<(), Refusal> {
    ctx.reply(n::RPL_REHASHING, &["config.toml"], "Rehashing");
    let text = format!(
        "{} asked for the configuration to be read again",
        ctx.me().mask
    );
    ctx.log(Record::Notice(text));
    ctx.effects.push(Effect::Reload);
    Ok(())
}
