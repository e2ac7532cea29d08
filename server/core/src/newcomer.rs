//! Whether somebody has shown what the door wants, may have an account made, and under which name. It never makes one.

use crate::handler::Ctx;
use crate::network::Holder;
use crate::refusal::{self, Refusal};
use crate::secret;
use crate::session::Shown;

/// The name that is meant: as given, or for `*` the nick, or the one that was asked for and is somebody else's.
pub fn name(ctx: &Ctx<'_>, given: &str) -> String {
    if given != "*" {
        return given.to_owned();
    }
    let registering = ctx.my_session().registering();
    let refused =
        registering.and_then(|known| known.refused.as_ref().or(known.attach.as_ref()).cloned());
    match ctx.addressee() {
        none if none == "*" => refused.unwrap_or(none),
        nick => nick,
    }
}

/// Whether the server's password, if it has one, was given; an invite counts once it was found to be good.
pub fn is_let_in(ctx: &Ctx<'_>) -> bool {
    let wanted = &ctx.state.settings.password;
    let shown = ctx.my_session().registering().map(|known| &known.shown);
    match shown {
        _ if wanted.is_empty() => true,
        Some(Shown::Password(given)) => secret::is_same(given.as_bytes(), wanted.as_bytes()),
        Some(Shown::Invite(_) | Shown::Nothing) => false,
        Some(Shown::Admitted) | None => true,
    }
}

/// Whether the server's password was given, or an invite that may be good: whether it is, is known only when the
/// connection is complete, and by then whoever has an account must be logged in.
pub fn may_log_in(ctx: &Ctx<'_>) -> bool {
    let known = ctx.my_session().registering();
    is_let_in(ctx) || known.is_some_and(|known| matches!(known.shown, Shown::Invite(_)))
}

/// Strangers get nothing of an account made or changed.
pub fn must_be_let_in(ctx: &Ctx<'_>, verb: &str, account: &str) -> Result<(), Refusal> {
    if is_let_in(ctx) {
        return Ok(());
    }
    let text = "This server wants its password first (PASS)";
    Err(refusal::fail(
        verb,
        "COMPLETE_CONNECTION_REQUIRED",
        &[account],
        text,
    ))
}

/// A password is taken only where nobody between can read along.
pub fn must_be_unheard(ctx: &Ctx<'_>, verb: &str, account: &str) -> Result<(), Refusal> {
    if ctx.my_session().peer.is_unheard() {
        return Ok(());
    }
    let text = "That would send your password unencrypted; connect with TLS";
    Err(refusal::fail(verb, "INSECURE_CONNECTION", &[account], text))
}

/// Whether this session may have an account of that name made; nobody else uses the name right now.
pub fn may_register(ctx: &Ctx<'_>, verb: &str, account: &str) -> Result<(), Refusal> {
    let settings = &ctx.state.settings.accounts;
    let fail = |code, text: &'static str| Err(refusal::fail(verb, code, &[account], text));
    if !settings.enabled || !settings.registration {
        return fail("DISALLOWED", "Accounts cannot be registered here");
    }
    let connected = ctx.my_session().user().is_some();
    if !connected && !settings.registration_before_connect {
        return fail(
            "COMPLETE_CONNECTION_REQUIRED",
            "Complete the connection first",
        );
    }
    must_be_let_in(ctx, verb, account)?;
    if account == "*" {
        return fail("NEED_NICK", "Say your NICK first");
    }
    let taken = match ctx.state.network.holder(account) {
        Some(Holder::User(user)) => user != ctx.user,
        Some(Holder::Registering(session)) => session != ctx.session,
        None => false,
    };
    if taken {
        return fail("ACCOUNT_EXISTS", "Somebody else uses that name right now");
    }
    Ok(())
}
