//! `SEARCH <attributes>`: full-text search of what one may read (soju.im/search): `in`, `from`, `after`, `before`,
//! `text`, `limit`, as `key=value` pairs like message tags.

use protocol::tags::Tags;
use protocol::{Message, Stamp};

use crate::handler::Ctx;
use crate::pending::Purpose;
use crate::policy;
use crate::reading;
use crate::refusal::{self, Refusal};
use crate::storage::{LogKey, StorageReply, StorageRequest};

/// How many messages are told where no limit was given.
const LIMIT_DEFAULT: usize = 100;

fn fail(code: &'static str, context: &[&str], text: &'static str) -> Refusal {
    refusal::fail("SEARCH", code, context, text)
}

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let attributes = Tags::new(message.param(0).unwrap_or_default());
    let text = attributes.value_of("text").unwrap_or_default();
    let moment = |key: &'static str| match attributes.value_of(key) {
        None => Ok(None),
        Some(value) => match Stamp::parse(&value) {
            Some(time) => Ok(Some(time)),
            None => Err(fail("INVALID_PARAMS", &[key], "Not a timestamp")),
        },
    };
    let (after, before) = (moment("after")?, moment("before")?);
    let most = ctx.state.settings.history.request_max;
    let limit = attributes
        .value_of("limit")
        .and_then(|limit| limit.parse().ok());
    let limit = limit.unwrap_or(LIMIT_DEFAULT).min(most);
    let logs = match attributes.value_of("in") {
        Some(target) => vec![
            reading::readable_log(ctx, &target)
                .ok_or_else(|| fail("INVALID_TARGET", &[], "Messages could not be retrieved"))?,
        ],
        None => all_logs(ctx),
    };
    let from = attributes
        .value_of("from")
        .map(|nick| nick.into_owned().into_boxed_str());
    let text = text.into_owned().into_boxed_str();
    let request = StorageRequest::Search {
        logs,
        text,
        from,
        after,
        before,
        limit,
    };
    ctx.store(request, Purpose::Search);
    Ok(())
}

/// Every room one is in.
fn all_logs(ctx: &Ctx<'_>) -> Vec<LogKey> {
    let network = &ctx.state.network;
    let channels = ctx
        .me()
        .channels
        .iter()
        .filter_map(|id| network.channel(*id));
    let me = ctx.me();
    channels
        .filter(|channel| !policy::is_banned(channel, me))
        .map(crate::channel::Channel::log)
        .collect()
}

/// The entries are there.
pub fn answer(ctx: &mut Ctx<'_>, reply: StorageReply) -> Result<(), Refusal> {
    match reply {
        StorageReply::Entries(mut entries) => {
            entries.sort_by_key(|entry| entry.time);
            reading::tell(ctx, "soju.im/search", &[], &entries);
        }
        StorageReply::Failed(why) => {
            return Err(refusal::fail("SEARCH", "INTERNAL_ERROR", &[], why));
        }
        _ => {}
    }
    Ok(())
}
