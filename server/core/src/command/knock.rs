//! `KNOCK <room> [:<text>]`: asks the operators of a closed room to be let in.

use protocol::{Message, numeric as n};

use crate::handler::Ctx;
use crate::modes::{Flag, Rank};
use crate::notify::Audience;
use crate::policy;
use crate::refusal::{self, Refusal};

/// Milliseconds between two knocks at the same room.
const KNOCK_MS_MIN: u64 = 60_000;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let name = message.param(0).unwrap_or_default();
    let (id, channel) = ctx.visible_channel(name)?;
    let room = channel.name.clone();
    if channel.has(ctx.user) {
        return Err(refusal::knock_on_own(&room));
    }
    if !channel.flags.has(Flag::InviteOnly) && channel.key.is_none() {
        return Err(refusal::channel_open(&room));
    }
    if policy::is_banned(channel, ctx.me()) {
        return Err(refusal::cannot_speak(&room));
    }
    let now = ctx.now.steady;
    if channel.knocked > 0 && now < channel.knocked + KNOCK_MS_MIN {
        let text = "Too many knocks; wait a minute".into();
        return Err(Refusal::Numeric {
            code: n::ERR_TOOMANYKNOCK,
            params: vec![room],
            text,
        });
    }
    let mut audience = Audience::new(&[], None);
    for (member, about) in &channel.members {
        if about.ranks.at_least(Rank::HalfOperator) {
            audience.add_user(ctx.state.network.user(*member));
        }
    }
    if let Some(channel) = ctx.state.network.channel_mut(id) {
        channel.knocked = now.max(1);
    }
    let server = ctx.server_name();
    let mask = ctx.me().mask.clone();
    audience.tell(ctx.effects, |_, out| {
        let mut line = protocol::LineWriter::new(out);
        line.source(&server)
            .numeric(n::RPL_KNOCK)
            .param(&room)
            .param(&room)
            .param(&mask);
        line.trailing("has asked for an invite").end();
    });
    ctx.reply(n::RPL_KNOCKDLVR, &[&room], "Your KNOCK has been delivered");
    Ok(())
}
