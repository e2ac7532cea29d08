//! `QUIT [:<reason>]`: leaves the server. It is acknowledged with an ERROR (Modern IRC, "QUIT message").

use protocol::Message;
use protocol::write::clip;

use crate::handler::Ctx;
use crate::leave;
use crate::refusal::Refusal;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let given = message.param(0).unwrap_or_default();
    let reason = if given.is_empty() {
        "Quit".to_owned()
    } else {
        format!(
            "Quit: {}",
            clip(given, ctx.state.settings.limits.kick_bytes_max)
        )
    };
    ctx.flush();
    leave::dismiss(ctx.state, ctx.now, ctx.session, &reason, ctx.effects);
    Ok(())
}
