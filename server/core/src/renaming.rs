//! Giving somebody another nick, told to everybody who shares a room or watches. It never asks whether it is free.

use protocol::casemap;

use crate::effect::Record;
use crate::handler::Ctx;
use crate::ids::UserId;
use crate::leave;
use crate::network::Holder;
use crate::notify;
use crate::people;

/// Gives somebody another nick, and tells everybody who shares a room.
pub fn change(ctx: &mut Ctx<'_>, user: UserId, nick: &str) {
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
    if ctx.state.network.user(user).persistent {
        people::save(ctx.state, user, ctx.effects);
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
