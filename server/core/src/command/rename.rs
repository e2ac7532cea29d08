//! `RENAME <room> <new name> [:<reason>]`: gives a room another name (draft/channel-rename); its log goes with it.

use protocol::capability::Capability as C;
use protocol::{Message, casemap, name};

use crate::handler::Ctx;
use crate::ids::ChannelId;
use crate::keeping;
use crate::membership;
use crate::modes::Rank;
use crate::notify::{Audience, Origin};
use crate::people;
use crate::policy;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let old = message.param(0).unwrap_or_default();
    let new = message.param(1).unwrap_or_default();
    let reason = message.param(2).unwrap_or_default().to_owned();
    let (id, channel) = ctx.visible_channel(old)?;
    policy::must_be_in(channel, ctx.user)?;
    policy::must_be(channel, ctx.user, Rank::Operator)?;
    let old = channel.name.clone();
    let no = |code, text: &'static str| Err(refusal::fail("RENAME", code, &[&old, new], text));
    if name::check_channel(new, ctx.state.settings.limits.channel_bytes_max).is_err() {
        return no("CANNOT_RENAME", "That cannot be a channel's name");
    }
    let resting = ctx
        .state
        .network
        .resting
        .contains_key(&protocol::Folded::new(new));
    let is_taken = resting || ctx.state.network.find_channel(new).is_some();
    if is_taken && !casemap::same(new, &old) {
        return no("CHANNEL_NAME_IN_USE", "That name is taken");
    }
    let origin = ctx.origin();
    ctx.state.network.rename_channel(id, new);
    keeping::renamed(ctx.state, &old, id, ctx.effects);
    save_people(ctx, id);
    tell(ctx, id, &origin, &old, new, &reason);
    Ok(())
}

/// Tells the members: who knows of renaming by RENAME, the others by leaving one room and entering another.
fn tell(ctx: &mut Ctx<'_>, id: ChannelId, origin: &Origin, old: &str, new: &str, reason: &str) {
    let mut audience = ctx.audience(&[C::ChannelRename]);
    let mut others = Vec::new();
    if let Some(channel) = ctx.state.network.channel(id) {
        for member in channel.members.keys() {
            for voice in &ctx.state.network.user(*member).voices {
                if voice.caps.has(C::ChannelRename) {
                    audience.add(*voice);
                } else {
                    others.push((*member, *voice));
                }
            }
        }
    }
    ctx.tell(audience, |caps, batch, out| {
        let mut line = origin.line_in(caps, batch, out);
        line.command("RENAME")
            .param(old)
            .param(new)
            .trailing(reason)
            .end();
    });
    // Who does not know of renaming leaves one room and enters another.
    for (member, voice) in others {
        let mask = ctx.state.network.user(member).mask.clone();
        let text = if reason.is_empty() {
            "Channel renamed"
        } else {
            reason
        };
        let mut audience = Audience::new(&[], None);
        audience.add(voice);
        audience.tell(ctx.effects, |_, out| {
            let mut line = protocol::LineWriter::new(out);
            line.source(&mask)
                .command("PART")
                .param(old)
                .trailing(text)
                .end();
        });
        ctx.on_behalf_of(voice.session, member, |other| membership::show(other, id));
    }
}

/// People who stay are kept with the names of their rooms.
fn save_people(ctx: &mut Ctx<'_>, id: ChannelId) {
    let members: Vec<_> = ctx
        .state
        .network
        .channel(id)
        .map(|channel| channel.members.keys().copied().collect())
        .unwrap_or_default();
    for member in members {
        if ctx.state.network.user(member).persistent {
            people::save(ctx.state, member, ctx.effects);
        }
    }
}
