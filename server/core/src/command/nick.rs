//! `NICK <nick>`: takes a nick, before or after registration.

use protocol::{Message, casemap, name};

use crate::accounts::{AccountsReply, AccountsRequest};
use crate::handler::Ctx;
use crate::ids::UserId;
use crate::login;
use crate::network::Holder;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};
use crate::renaming;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick = message
        .param(0)
        .filter(|nick| !nick.is_empty())
        .ok_or_else(refusal::no_nick_given)?;
    name::check_nick(nick, ctx.state.settings.limits.nick_bytes_max)
        .map_err(|_| refusal::bad_nick(nick))?;
    if ctx.my_session().user().is_some() {
        rename(ctx, nick)
    } else {
        reserve(ctx, nick)
    }
}

/// Before registration the nick is held for the session, so that two cannot complete with the same.
fn reserve(ctx: &mut Ctx<'_>, nick: &str) -> Result<(), Refusal> {
    let mut attach = None;
    match ctx.state.network.holder(nick) {
        Some(Holder::Registering(session)) if session == ctx.session => {}
        Some(Holder::User(user)) if may_be_own(ctx, user) => attach = Some(nick.to_owned()),
        Some(_) => {
            let session = ctx.state.network.session_mut(ctx.session);
            if let Some(registering) = session.and_then(|session| session.registering_mut()) {
                registering.refused = Some(nick.to_owned());
            }
            return Err(refusal::nick_in_use(nick));
        }
        None => {}
    }
    let id = ctx.session;
    let Some(registering) = ctx
        .state
        .network
        .session_mut(id)
        .and_then(|session| session.registering_mut())
    else {
        return Ok(());
    };
    let held = if attach.is_some() {
        None
    } else {
        Some(nick.to_owned())
    };
    let before = std::mem::replace(&mut registering.nick, held.clone());
    registering.attach = attach;
    registering.is_free = false;
    if let Some(before) = before {
        ctx.state.network.free_nick(&before);
    }
    if let Some(nick) = held {
        ctx.state.network.hold_nick(&nick, Holder::Registering(id));
    }
    Ok(())
}

/// Whether the person is of the account that this session is logged in to, or may yet log in to: most clients say
/// NICK first. When the registration is complete it must be so.
fn may_be_own(ctx: &Ctx<'_>, user: UserId) -> bool {
    let session = ctx.my_session();
    let theirs = &ctx.state.network.user(user).account;
    let negotiating = session
        .registering()
        .is_some_and(|registering| registering.negotiating);
    match &session.account {
        Some(mine) => theirs.as_ref() == Some(mine),
        None => theirs.is_some() && negotiating,
    }
}

fn rename(ctx: &mut Ctx<'_>, nick: &str) -> Result<(), Refusal> {
    let old = ctx.me().nick.clone();
    if old == nick {
        return Ok(());
    }
    let is_cleared = is_cleared(ctx, nick);
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.cleared_nick = None;
    }
    must_be_free(ctx, nick)?;
    if is_cleared {
        renaming::change(ctx, ctx.user, nick);
        return Ok(());
    }
    let account = nick.into();
    let nick = nick.to_owned();
    ctx.ask_accounts(AccountsRequest::Look { account }, Purpose::Rename { nick });
    Ok(())
}

/// Whether no account of somebody else's can keep the nick.
fn is_cleared(ctx: &Ctx<'_>, nick: &str) -> bool {
    casemap::same(&ctx.me().nick, nick)
        || login::is_own_nick(ctx, nick)
        || ctx.my_session().cleared_nick.as_deref() == Some(nick)
}

/// Whom it is about: oneself, once it is known that the nick can be had.
pub fn touched(ctx: &Ctx<'_>, message: &Message<'_>) -> Vec<UserId> {
    let nick = message.param(0).unwrap_or_default();
    let is_change = ctx.my_session().user().is_some() && is_cleared(ctx, nick);
    is_change.then_some(ctx.user).into_iter().collect()
}

/// The keeper of accounts has said whether an account keeps the nick; the line with which to go on if none does.
pub fn looked(ctx: &mut Ctx<'_>, nick: &str, reply: &AccountsReply) -> Result<String, Refusal> {
    if let Some(refusal) = login::kept_nick(nick, reply) {
        return Err(refusal);
    }
    if let Some(session) = ctx.state.network.session_mut(ctx.session) {
        session.cleared_nick = Some(nick.to_owned());
    }
    Ok(format!("NICK {nick}"))
}

fn must_be_free(ctx: &Ctx<'_>, nick: &str) -> Result<(), Refusal> {
    match ctx.state.network.holder(nick) {
        Some(Holder::User(user)) if user == ctx.user => Ok(()),
        Some(_) => Err(refusal::nick_in_use(nick)),
        None => Ok(()),
    }
}
