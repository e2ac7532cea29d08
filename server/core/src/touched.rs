//! Whom a command is about: what they have said and the log does not have yet must be heard before it is done, so that
//! everybody reads both in the order of the log. It never does anything.

use protocol::Message;

use crate::handler::Ctx;
use crate::ids::UserId;

/// Whoever asks, who may speak by another session.
pub fn oneself(ctx: &Ctx<'_>, _message: &Message<'_>) -> Vec<UserId> {
    vec![ctx.user]
}

/// The person whose nick comes first.
pub fn first(ctx: &Ctx<'_>, message: &Message<'_>) -> Vec<UserId> {
    named(ctx, message.param(0))
}

/// Whoever asks, and the people whose nicks come second, as in KICK.
pub fn oneself_and_second(ctx: &Ctx<'_>, message: &Message<'_>) -> Vec<UserId> {
    let mut people = named(ctx, message.param(1));
    if !people.contains(&ctx.user) {
        people.push(ctx.user);
    }
    people
}

/// The members of the room that comes first.
pub fn members(ctx: &Ctx<'_>, message: &Message<'_>) -> Vec<UserId> {
    let network = &ctx.state.network;
    let room = network.find_channel(message.param(0).unwrap_or_default());
    room.and_then(|id| network.channel(id))
        .map(|channel| channel.members.keys().copied().collect())
        .unwrap_or_default()
}

fn named(ctx: &Ctx<'_>, nicks: Option<&str>) -> Vec<UserId> {
    let nicks = nicks.unwrap_or_default().split(',');
    nicks
        .filter_map(|nick| ctx.state.network.find_user(nick))
        .collect()
}
