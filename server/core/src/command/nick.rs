//! `NICK <nick>`: takes a nick, before or after registration.

use protocol::{Message, casemap, name};

use crate::effect::Record;
use crate::handler::Ctx;
use crate::leave;
use crate::network::Holder;
use crate::notify;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let nick = message
        .param(0)
        .filter(|nick| !nick.is_empty())
        .ok_or(refusal::no_nick_given())?;
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
        Some(Holder::User(user)) if is_own(ctx, user) => attach = Some(nick.to_owned()),
        Some(_) => return Err(refusal::nick_in_use(nick)),
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
    if let Some(before) = before {
        ctx.state.network.free_nick(&before);
    }
    if let Some(nick) = held {
        ctx.state.network.hold_nick(&nick, Holder::Registering(id));
    }
    Ok(())
}

/// Whether the person is of the account that this session is logged in to.
fn is_own(ctx: &Ctx<'_>, user: crate::ids::UserId) -> bool {
    let account = &ctx.my_session().account;
    account.is_some() && ctx.state.network.user(user).account == *account
}

fn rename(ctx: &mut Ctx<'_>, nick: &str) -> Result<(), Refusal> {
    let old = ctx.me().nick.clone();
    if old == nick {
        return Ok(());
    }
    match ctx.state.network.holder(nick) {
        Some(Holder::User(user)) if user == ctx.user => {}
        Some(_) => return Err(refusal::nick_in_use(nick)),
        None => {}
    }
    change(ctx, ctx.user, nick);
    Ok(())
}

/// Gives somebody another nick, and tells everybody who shares a room.
pub fn change(ctx: &mut Ctx<'_>, user: crate::ids::UserId, nick: &str) {
    let origin = ctx.origin_of(user);
    let old = ctx.state.network.user(user).nick.clone();
    let mut audience = ctx.audience(&[]);
    audience.add_user(ctx.state.network.user(user));
    for neighbour in notify::neighbours(&ctx.state.network, user) {
        audience.add_user(ctx.state.network.user(neighbour));
    }
    let former = ctx.state.network.user(user).clone();
    let most = ctx.state.settings.limits.whowas_max;
    let is_other = !casemap::same(&old, nick);
    if is_other {
        ctx.state.network.remember(&former, origin.time, most);
    }
    ctx.state.network.free_nick(&old);
    ctx.state.network.hold_nick(nick, Holder::User(user));
    if let Some(user) = ctx.state.network.user_mut(user) {
        nick.clone_into(&mut user.nick);
        user.remask();
    }
    ctx.tell(audience, |caps, batch, out| {
        origin
            .line_in(caps, batch, out)
            .command("NICK")
            .trailing(nick)
            .end();
    });
    let rooms: Vec<_> = former
        .channels
        .iter()
        .filter_map(|id| ctx.state.network.channel(*id))
        .map(|channel| (channel.log(), channel.name.clone()))
        .collect();
    for (log, name) in rooms {
        ctx.keep_event(log, &origin, &name, &format!("NICK :{nick}"));
    }
    if is_other {
        leave::tell_watchers(ctx.state, &old, None, ctx.effects);
        let mask = ctx.state.network.user(user).mask.clone();
        leave::tell_watchers(ctx.state, nick, Some(&mask), ctx.effects);
    }
    ctx.log(Record::Renamed {
        nick: old,
        new: nick.to_owned(),
    });
}
