//! `CHGHOST <nick> <user> <host>`: gives somebody another user name and host, told to everybody who knows them
//! (IRCv3 chghost). Who does not understand that sees it in the next message.

use protocol::Message;
use protocol::capability::Capability as C;

use crate::effect::Record;
use crate::handler::Ctx;
use crate::notify;
use crate::refusal::{self, Refusal};

/// Longest user name and host, in bytes: what leaves room for a text in a line.
const IDENT_BYTES_MAX: usize = 20;
const HOST_BYTES_MAX: usize = 63;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick = message.param(0).unwrap_or_default();
    let ident = message.param(1).unwrap_or_default();
    let host = message.param(2).unwrap_or_default();
    let target = ctx
        .state
        .network
        .find_user(nick)
        .ok_or_else(|| refusal::no_such_nick(nick))?;
    let fits = |text: &str, most: usize, marks: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
        (1..=most).contains(&text.len()) && text.chars().all(allowed)
    };
    if !fits(ident, IDENT_BYTES_MAX, "~._-") {
        let text = format!("A user name has 1 to {IDENT_BYTES_MAX} letters, digits, '.', '_', '-'");
        return Err(refusal::fail("CHGHOST", "INVALID_USER", &[ident], text));
    }
    // A host that starts with a colon would be another parameter.
    if !fits(host, HOST_BYTES_MAX, ".:-/_") || host.starts_with(':') {
        let text = format!("A host has 1 to {HOST_BYTES_MAX} letters, digits, '.', ':', '-', '/'");
        return Err(refusal::fail("CHGHOST", "INVALID_HOST", &[host], text));
    }
    let origin = ctx.origin_of(target);
    let mut audience = notify::acquainted(
        &ctx.state.network,
        target,
        None,
        &[C::ChgHost, C::ExtendedMonitor],
    );
    audience.add_user(ctx.state.network.user(target));
    if let Some(user) = ctx.state.network.user_mut(target) {
        ident.clone_into(&mut user.ident);
        host.clone_into(&mut user.host);
        user.remask();
    }
    ctx.tell(audience, |caps, batch, out| {
        if caps.has(C::ChgHost) {
            origin
                .line_in(caps, batch, out)
                .command("CHGHOST")
                .param(ident)
                .param(host)
                .end();
        }
    });
    let text = format!("{} gave {} the mask {ident}@{host}", ctx.me().mask, nick);
    ctx.log(Record::Notice(text));
    Ok(())
}
