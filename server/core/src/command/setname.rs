//! `SETNAME :<real name>`: changes the own real name (IRCv3 setname).

use protocol::Message;
use protocol::capability::Capability as C;

use crate::handler::Ctx;
use crate::notify;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let realname = message.param(0).unwrap_or_default().to_owned();
    let most = ctx.state.settings.limits.realname_bytes_max;
    if realname.is_empty() || realname.len() > most {
        let text = format!("A real name has 1 to {most} bytes");
        return Err(refusal::fail("SETNAME", "INVALID_REALNAME", &[], text));
    }
    if let Some(user) = ctx.state.network.user_mut(ctx.user) {
        user.realname.clone_from(&realname);
    }
    let origin = ctx.origin();
    let audience = notify::acquainted(
        &ctx.state.network,
        ctx.user,
        Some(ctx.session),
        &[C::SetName, C::ExtendedMonitor],
    );
    let write = |caps: protocol::Caps, batch: Option<&str>, out: &mut Vec<u8>| {
        origin
            .line_in(caps, batch, out)
            .command("SETNAME")
            .trailing(&realname)
            .end();
    };
    audience.tell(ctx.effects, |caps, out| {
        if caps.has(C::SetName) {
            write(caps, None, out);
        }
    });
    if ctx.has(C::SetName) {
        let caps = ctx.my_session().caps;
        ctx.response.unit(|out, batch, _| write(caps, batch, out));
    }
    Ok(())
}
