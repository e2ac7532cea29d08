//! `WALLOPS :<text>`: to everybody who reads such (+w).

use protocol::Message;

use crate::handler::Ctx;
use crate::modes::UserMode;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let text = message.param(0).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| refusal::need_more_params("WALLOPS"))?;
    let origin = ctx.origin();
    let mut audience = ctx.audience(&[]);
    for (_, user) in ctx.state.network.users() {
        if user.modes.has(UserMode::Wallops) {
            audience.add_user(user);
        }
    }
    ctx.tell(audience, |caps, batch, out| {
        origin
            .line_in(caps, batch, out)
            .command("WALLOPS")
            .trailing(text)
            .end();
    });
    Ok(())
}
