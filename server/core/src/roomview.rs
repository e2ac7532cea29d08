//! What a room looks like to whoever enters it or asks: topic, read marker, names. It never changes anything.

use protocol::capability::Capability as C;
use protocol::{Folded, numeric as n};

use crate::handler::Ctx;
use crate::ids::ChannelId;
use crate::modes::Flag;
use crate::policy;

/// Bytes of names in one line.
const NAMES_BYTES_MAX: usize = 380;

/// Topic and names, as whoever enters reads them.
pub fn describe(ctx: &mut Ctx<'_>, id: ChannelId) {
    topic(ctx, id);
    channel_marker(ctx, id);
    if !ctx.has(C::NoImplicitNames) && !ctx.has(C::NoImplicitNamesDraft) && !ctx.my_session().plain
    {
        names(ctx, id);
    }
}

/// 332 and 333, where there is a topic.
pub fn topic(ctx: &mut Ctx<'_>, id: ChannelId) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let Some(topic) = channel.topic.clone() else {
        return;
    };
    let name = channel.name.clone();
    ctx.reply(n::RPL_TOPIC, &[&name], &topic.text);
    let mut line = ctx.numeric(n::RPL_TOPICWHOTIME);
    line.param(&name)
        .param(&topic.setter)
        .param(&topic.time.seconds().to_string())
        .end();
}

/// 353 and 366 of a room.
pub fn names(ctx: &mut Ctx<'_>, id: ChannelId) {
    members(ctx, id);
    if let Some(channel) = ctx.state.network.channel(id) {
        let name = channel.name.clone();
        ctx.reply(n::RPL_ENDOFNAMES, &[&name], "End of NAMES list");
    }
}

/// 353 of a room.
pub fn members(ctx: &mut Ctx<'_>, id: ChannelId) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    let name = channel.name.clone();
    let symbol = if channel.flags.has(Flag::Secret) {
        "@"
    } else {
        "="
    };
    let (all, hosts) = (ctx.has(C::MultiPrefix), ctx.has(C::UserhostInNames));
    let mut lines: Vec<String> = Vec::new();
    for (member, about) in &channel.members {
        let user = ctx.state.network.user(*member);
        let seen = policy::sees_member(channel, ctx.user, *member)
            && (channel.has(ctx.user) || policy::sees_user(&ctx.state.network, ctx.user, *member));
        if !seen {
            continue;
        }
        let shown = if hosts { &user.mask } else { &user.nick };
        let prefixes = about.ranks.prefixes(all);
        match lines.last_mut() {
            Some(line) if line.len() + shown.len() + 7 <= NAMES_BYTES_MAX => {
                line.push(' ');
                line.push_str(&prefixes);
                line.push_str(shown);
            }
            _ => lines.push(format!("{prefixes}{shown}")),
        }
    }
    for line in lines {
        ctx.reply(n::RPL_NAMREPLY, &[symbol, &name], &line);
    }
}

/// Where the marker is; `*` where there is none.
pub fn marker(ctx: &mut Ctx<'_>, target: &str) {
    let me = ctx.me().identity();
    let known = ctx
        .state
        .network
        .read_markers
        .get(&me)
        .and_then(|markers| markers.get(&Folded::new(target)))
        .map_or_else(|| "*".to_owned(), |time| format!("timestamp={time}"));
    ctx.line()
        .command("MARKREAD")
        .param(target)
        .param(&known)
        .end();
}

/// The marker of a room, as whoever enters it reads it (before 366).
fn channel_marker(ctx: &mut Ctx<'_>, id: ChannelId) {
    if ctx.has(C::ReadMarker)
        && let Some(channel) = ctx.state.network.channel(id)
    {
        let name = channel.name.clone();
        marker(ctx, &name);
    }
}
