//! `KILL <nick> :<reason>`: ends somebody's sessions.

use protocol::Message;
use protocol::write::clip;

use crate::effect::Record;
use crate::handler::Ctx;
use crate::leave;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick = message.param(0).unwrap_or_default();
    let reason = message
        .param(1)
        .filter(|text| !text.is_empty())
        .unwrap_or("No reason given");
    let target = ctx
        .state
        .network
        .find_user(nick)
        .ok_or_else(|| refusal::no_such_nick(nick))?;
    let operator = ctx.me().nick.clone();
    let text = format!("Killed ({operator} ({}))", clip(reason, 300));
    ctx.log(Record::Notice(format!(
        "{operator} killed {nick}: {reason}"
    )));
    let origin = ctx.origin();
    let nick = ctx.state.network.user(target).nick.clone();
    let mut audience = crate::notify::Audience::new(&[], None);
    audience.add_user(ctx.state.network.user(target));
    let reason = reason.to_owned();
    audience.tell(ctx.effects, |caps, out| {
        origin
            .line(caps, out)
            .command("KILL")
            .param(&nick)
            .trailing(&reason)
            .end();
    });
    ctx.flush();
    leave::end(ctx.state, ctx.now, target, &text, ctx.effects);
    Ok(())
}
