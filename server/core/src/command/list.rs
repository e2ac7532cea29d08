//! `LIST [<filter>{,<filter>}]`: which rooms there are. Filters as ELIST says: masks and their opposite, members
//! (`>3`, `<3`), age in minutes (`C>5`), age of the topic (`T<60`).

use protocol::{Message, Stamp, casemap, numeric as n};

use crate::channel::Channel;
use crate::handler::Ctx;
use crate::policy;
use crate::refusal::Refusal;
use protocol::mask;

enum Filter {
    Name(String),
    Mask(String),
    NotMask(String),
    MoreMembers(usize),
    FewerMembers(usize),
    CreatedBefore(Stamp),
    CreatedAfter(Stamp),
    TopicBefore(Stamp),
    TopicAfter(Stamp),
}

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let text = message.param(0).unwrap_or_default();
    let now = ctx.now.wall;
    let filters: Vec<Filter> = text
        .split(',')
        .filter(|part| !part.is_empty())
        .map(|part| filter(part, now))
        .collect();
    let rows: Vec<(String, String, String)> = ctx
        .state
        .network
        .channels()
        .map(|(_, channel)| channel)
        .filter(|channel| policy::sees_channel(&ctx.state.network, channel, ctx.user))
        .filter(|channel| passes(&filters, channel))
        .map(|channel| {
            let topic = channel
                .topic
                .as_ref()
                .map_or(String::new(), |topic| topic.text.clone());
            (
                channel.name.clone(),
                channel.members.len().to_string(),
                topic,
            )
        })
        .collect();
    ctx.reply(n::RPL_LISTSTART, &["Channel"], "Users  Name");
    for (name, members, topic) in rows {
        ctx.reply(n::RPL_LIST, &[&name, &members], &topic);
    }
    ctx.reply(n::RPL_LISTEND, &[], "End of LIST");
    Ok(())
}

fn filter(text: &str, now: Stamp) -> Filter {
    let number = |text: &str| text.parse::<usize>().ok();
    let minutes_ago = |text: &str| {
        let minutes = text.parse::<u64>().ok()?;
        Some(Stamp(now.0.saturating_sub(minutes.saturating_mul(60_000))))
    };
    let known = if let Some(rest) = text.strip_prefix('!') {
        Some(Filter::NotMask(rest.to_owned()))
    } else if let Some(rest) = text.strip_prefix('>') {
        number(rest).map(Filter::MoreMembers)
    } else if let Some(rest) = text.strip_prefix('<') {
        number(rest).map(Filter::FewerMembers)
    } else if let Some(rest) = text.strip_prefix("C>") {
        minutes_ago(rest).map(Filter::CreatedBefore)
    } else if let Some(rest) = text.strip_prefix("C<") {
        minutes_ago(rest).map(Filter::CreatedAfter)
    } else if let Some(rest) = text.strip_prefix("T>") {
        minutes_ago(rest).map(Filter::TopicBefore)
    } else if let Some(rest) = text.strip_prefix("T<") {
        minutes_ago(rest).map(Filter::TopicAfter)
    } else {
        None
    };
    known.unwrap_or_else(|| {
        if text.contains(['*', '?']) {
            Filter::Mask(text.to_owned())
        } else {
            Filter::Name(text.to_owned())
        }
    })
}

/// Names are alternatives; everything else must hold.
fn passes(filters: &[Filter], channel: &Channel) -> bool {
    let mut named = None;
    for filter in filters {
        let topic = channel.topic.as_ref().map(|topic| topic.time);
        let holds = match filter {
            Filter::Name(name) => {
                named = Some(named.unwrap_or(false) || casemap::same(name, &channel.name));
                true
            }
            Filter::Mask(wanted) => mask::matches(wanted, &channel.name),
            Filter::NotMask(unwanted) => !mask::matches(unwanted, &channel.name),
            Filter::MoreMembers(than) => channel.members.len() > *than,
            Filter::FewerMembers(than) => channel.members.len() < *than,
            Filter::CreatedBefore(moment) => channel.created < *moment,
            Filter::CreatedAfter(moment) => channel.created > *moment,
            Filter::TopicBefore(moment) => topic.is_some_and(|time| time < *moment),
            Filter::TopicAfter(moment) => topic.is_some_and(|time| time > *moment),
        };
        if !holds {
            return false;
        }
    }
    named.unwrap_or(true)
}
