//! Who hears a message, and the echo by which its sender knows that it is sent. It never asks whether it may be said.

use std::sync::Arc;

use protocol::capability::Capability as C;

use crate::effect::{Effect, Record};
use crate::handler::Ctx;
use crate::ids::{ChannelId, Reference, UserId};
use crate::modes::Rank;
use crate::notify::Audience;
use crate::pending::Target;
use crate::render;
use crate::storage::{Entry, EntryKind};

/// Bytes that most lines fit into, tags and all.
const LINE_BYTES: usize = 512;

/// Tells a message to all who hear it, those of a room perhaps from a rank on, and its sender that it is sent.
pub fn tell(ctx: &mut Ctx<'_>, entry: &Arc<Entry>, target: Target, rank: Option<Rank>) {
    let mut audience = Audience::new(render::FORM_CAPS, Some(ctx.session));
    match target {
        Target::Channel(id) => match rank {
            None => audience.add_channel(&ctx.state.network, id),
            Some(rank) => add_ranked(ctx, &mut audience, id, rank),
        },
        Target::Operators(id) => add_ranked(ctx, &mut audience, id, Rank::HalfOperator),
        Target::User(id) => add_pair(ctx, &mut audience, id),
    }
    let mut reference = None;
    // Each form is copied to its own length; the room to write in is shared.
    let mut lines = Vec::with_capacity(LINE_BYTES);
    for (caps, to) in audience.into_groups() {
        if render::tellable(entry, caps) {
            let reference = *reference.get_or_insert_with(|| Reference {
                seed: ctx.state.seed(),
                kind: 'm',
                count: 0,
            });
            lines.clear();
            render::entry(&mut lines, entry, caps, None, reference);
            let lines = bytes::Bytes::copy_from_slice(&lines);
            ctx.effects.push(Effect::Deliver { to, lines });
        }
    }
    echo(ctx, entry);
    if entry.kind != EntryKind::Tagmsg {
        ctx.log(Record::Spoke(Arc::clone(entry)));
    }
}

fn add_ranked(ctx: &Ctx<'_>, audience: &mut Audience, id: ChannelId, rank: Rank) {
    let Some(channel) = ctx.state.network.channel(id) else {
        return;
    };
    for (member, about) in &channel.members {
        if about.ranks.at_least(rank) || *member == ctx.user {
            audience.add_user(ctx.state.network.user(*member));
        }
    }
}

/// Both people of a private message: the one it is for, and the sender's other sessions.
fn add_pair(ctx: &Ctx<'_>, audience: &mut Audience, id: UserId) {
    if id == ctx.user {
        // A message to oneself is read as a message, besides the echo.
        audience.include_except();
    }
    audience.add_user(ctx.state.network.user(id));
    if id != ctx.user {
        audience.add_user(ctx.state.network.user(ctx.user));
    }
}

/// The sender's own session reads its message back, if it asked for that: now it is sent.
pub fn echo(ctx: &mut Ctx<'_>, entry: &Entry) {
    let caps = ctx.my_session().caps;
    if caps.has(C::EchoMessage) && render::tellable(entry, caps) {
        ctx.response
            .unit(|out, outer, reference| render::entry(out, entry, caps, outer, reference));
    }
}
