//! `TOPIC <room> [:<words>]` reads or sets what a room is about.

use protocol::Message;
use protocol::numeric as n;
use protocol::write::clip;

use crate::channel::Topic;
use crate::handler::Ctx;
use crate::ids::ChannelId;
use crate::keeping;
use crate::modes::{Flag, Rank};
use crate::policy;
use crate::refusal::Refusal;
use crate::roomview;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let name = message.param(0).unwrap_or_default();
    let (id, channel) = ctx.visible_channel(name)?;
    match message.param(1) {
        None => {
            if channel.topic.is_none() {
                let title = channel.name.clone();
                ctx.reply(n::RPL_NOTOPIC, &[&title], "No topic is set");
            }
            roomview::topic(ctx, id);
            Ok(())
        }
        Some(words) => set(ctx, id, words),
    }
}

fn set(ctx: &mut Ctx<'_>, id: ChannelId, words: &str) -> Result<(), Refusal> {
    let words = clip(words, ctx.state.settings.limits.topic_bytes_max).to_owned();
    let channel = ctx.state.network.channel(id).ok_or(Refusal::Silent)?;
    policy::must_be_in(channel, ctx.user)?;
    if channel.flags.has(Flag::TopicLocked) {
        policy::must_be(channel, ctx.user, Rank::HalfOperator)?;
    }
    let (name, log) = (channel.name.clone(), channel.log());
    let origin = ctx.origin();
    let topic = Topic {
        text: words.clone(),
        setter: origin.source.clone(),
        time: origin.time,
    };
    if let Some(channel) = ctx.state.network.channel_mut(id) {
        channel.used = true;
        channel.topic = (!words.is_empty()).then_some(topic);
    }
    keeping::save(ctx.state, id, ctx.effects);
    ctx.tell_channel(id, &[], |caps, batch, out| {
        origin
            .line_in(caps, batch, out)
            .command("TOPIC")
            .param(&name)
            .trailing(&words)
            .end();
    });
    ctx.keep_event(log, &origin, &name, &format!("TOPIC {name} :{words}"));
    Ok(())
}
