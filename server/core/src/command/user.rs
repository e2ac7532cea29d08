//! `USER <name> 0 * :<real name>` and `PASS <password>`: who is coming, before registration.

use protocol::Message;
use protocol::invite::Credential;
use protocol::write::clip;

use crate::handler::Ctx;
use crate::refusal::{self, Refusal};
use crate::session::Shown;

/// Longest user name, with the tilde that says nobody has vouched for it, in bytes.
const IDENT_BYTES_MAX: usize = 20;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let ident: String = message
        .param(0)
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    let realname = message.param(3).unwrap_or_default();
    if realname.is_empty() || message.param(0) == Some("") {
        return Err(refusal::need_more_params("USER"));
    }
    let ident = if ident.is_empty() { "user" } else { &ident };
    let ident = clip(&format!("~{ident}"), IDENT_BYTES_MAX).to_owned();
    let realname = clip(realname, ctx.state.settings.limits.realname_bytes_max).to_owned();
    if let Some(registering) = ctx
        .state
        .network
        .session_mut(ctx.session)
        .and_then(|s| s.registering_mut())
    {
        registering.user = Some((ident, realname));
    }
    Ok(())
}

/// PASS: what the server's password is compared with when registration is complete; or an invite in place of it.
pub fn pass(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let wanted = ctx.state.settings.password.clone();
    if let Some(registering) = ctx
        .state
        .network
        .session_mut(ctx.session)
        .and_then(|s| s.registering_mut())
        && registering.user.is_none()
    {
        let given = message.param(0).unwrap_or_default();
        registering.shown = match Credential::parse(given) {
            // Whatever a password looks like, it is one.
            Some(credential) if given != wanted => Shown::Invite(Box::new(credential)),
            _ => Shown::Password(given.to_owned()),
        };
    }
    Ok(())
}
