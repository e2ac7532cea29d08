//! Reading the log: which part of it somebody may read, and how it is told. It never asks storage.

use std::sync::Arc;

use protocol::name;

use crate::handler::Ctx;
use crate::network::Holder;
use crate::policy;
use crate::render;
use crate::storage::{Entry, LogKey};

/// The log of a target that this person may read: a room it is in, or its own conversation with somebody.
pub fn readable_log(ctx: &Ctx<'_>, target: &str) -> Option<LogKey> {
    let network = &ctx.state.network;
    if name::is_channel(target) {
        let channel = network.channel(network.find_channel(target)?)?;
        let may = channel.has(ctx.user) && !policy::is_banned(channel, ctx.me());
        return may.then(|| channel.log());
    }
    name::check_nick(target, ctx.state.settings.limits.nick_bytes_max).ok()?;
    let other = match network.holder(target) {
        Some(Holder::User(user)) => network.user(user).identity(),
        // Who is not here is known by the account: a guest's past went with the guest.
        Some(Holder::Registering(_)) | None => target.to_ascii_lowercase(),
    };
    Some(LogKey::pair(&ctx.me().identity(), &other))
}

/// Tells entries as one batch.
pub fn tell(ctx: &mut Ctx<'_>, kind: &str, params: &[&str], entries: &[Arc<Entry>]) {
    let name = ctx.server_name();
    let caps = ctx.my_session().caps;
    ctx.response.open_batch(kind, params, "", &name);
    for entry in entries.iter().filter(|entry| render::tellable(entry, caps)) {
        ctx.response
            .unit(|out, outer, reference| render::entry(out, entry, caps, outer, reference));
    }
    ctx.response.close_batch(&name);
}
