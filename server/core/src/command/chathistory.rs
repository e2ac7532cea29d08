//! `CHATHISTORY <subcommand> <target> <marks…> <limit>`: reads the log (draft/chathistory).

use std::collections::{BTreeMap, BTreeSet};

use protocol::capability::Capability as C;
use protocol::{Message, Stamp, name};

use crate::handler::Ctx;
use crate::pending::Purpose;
use crate::reading;
use crate::refusal::{self, Refusal};
use crate::storage::{Mark, Span, StorageReply, StorageRequest};

fn fail(code: &'static str, context: &[&str], text: &'static str) -> Refusal {
    refusal::fail("CHATHISTORY", code, context, text)
}

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let sub = message.param(0).unwrap_or_default().to_ascii_uppercase();
    let params = message.params().get(1..).unwrap_or(&[]);
    if sub == "TARGETS" {
        return targets(ctx, params);
    }
    let needed = match sub.as_str() {
        "LATEST" | "BEFORE" | "AFTER" | "AROUND" => 3,
        "BETWEEN" => 4,
        _ => return Err(fail("INVALID_PARAMS", &[&sub], "Unknown subcommand")),
    };
    if params.len() < needed {
        return Err(fail("INVALID_PARAMS", &[&sub], "Not enough parameters"));
    }
    let target = *params.first().unwrap_or(&"");
    let one = *params.get(1).unwrap_or(&"");
    let two = *params.get(2).unwrap_or(&"");
    let bad_mark = || {
        fail(
            "INVALID_MSGREFTYPE",
            &[&sub, target],
            "Neither msgid nor timestamp",
        )
    };
    let mark = |text: &str| mark(text).ok_or_else(bad_mark);
    let span = match sub.as_str() {
        "LATEST" if one == "*" => Span::Latest,
        "LATEST" => Span::LatestAfter(mark(one)?),
        "BEFORE" => Span::Before(mark(one)?),
        "AFTER" => Span::After(mark(one)?),
        "AROUND" => Span::Around(mark(one)?),
        _ => Span::Between(mark(one)?, mark(two)?),
    };
    let limit = limit(ctx, &sub, params.last().copied().unwrap_or_default())?;
    let log = reading::readable_log(ctx, target).ok_or_else(|| {
        fail(
            "INVALID_TARGET",
            &[&sub, target],
            "Messages could not be retrieved",
        )
    })?;
    let events = ctx.has(C::EventPlayback);
    let request = StorageRequest::Read {
        log,
        span,
        limit,
        events,
        not_before: Stamp(0),
    };
    ctx.store(
        request,
        Purpose::History {
            target: target.to_owned(),
            events,
        },
    );
    Ok(())
}

fn mark(text: &str) -> Option<Mark> {
    let (kind, value) = text.split_once('=')?;
    match kind {
        "msgid" if !value.is_empty() => Some(Mark::Id(value.into())),
        "timestamp" => Stamp::parse(value).map(Mark::Time),
        _ => None,
    }
}

/// 0 asks for as many as there may be.
fn limit(ctx: &Ctx<'_>, sub: &str, text: &str) -> Result<usize, Refusal> {
    let most = ctx.state.settings.history.request_max;
    let limit: usize = text
        .parse()
        .map_err(|_| fail("INVALID_PARAMS", &[sub, text], "The limit is not a number"))?;
    Ok(if limit == 0 { most } else { limit.min(most) })
}

/// The entries are there.
pub fn answer(
    ctx: &mut Ctx<'_>,
    target: &str,
    _events: bool,
    reply: StorageReply,
) -> Result<(), Refusal> {
    match reply {
        StorageReply::Entries(entries) => reading::tell(ctx, "chathistory", &[target], &entries),
        StorageReply::Failed(why) => {
            return Err(refusal::fail(
                "CHATHISTORY",
                "MESSAGE_ERROR",
                &[target],
                why,
            ));
        }
        _ => {}
    }
    Ok(())
}

fn targets(ctx: &mut Ctx<'_>, params: &[&str]) -> Result<(), Refusal> {
    let [from, to, limit_text, ..] = params else {
        return Err(fail(
            "INVALID_PARAMS",
            &["TARGETS"],
            "Not enough parameters",
        ));
    };
    let moment = |text: &str| match mark(text) {
        Some(Mark::Time(time)) => Ok(time),
        _ => Err(fail(
            "INVALID_PARAMS",
            &["TARGETS", text],
            "Not a timestamp",
        )),
    };
    let (from, to) = (moment(from)?, moment(to)?);
    let limit = limit(ctx, "TARGETS", limit_text)?;
    let network = &ctx.state.network;
    let rooms = ctx
        .me()
        .channels
        .iter()
        .filter_map(|id| network.channel(*id))
        .map(|channel| (channel.room, channel.name.as_str().into()))
        .collect();
    let person = ctx.me().identity().into_boxed_str();
    let request = StorageRequest::Targets {
        rooms,
        person,
        from,
        to,
        limit,
    };
    ctx.store(request, Purpose::HistoryTargets);
    Ok(())
}

/// The targets are there.
pub fn answer_targets(ctx: &mut Ctx<'_>, reply: StorageReply) -> Result<(), Refusal> {
    let found = match reply {
        StorageReply::Targets(found) => found,
        StorageReply::Failed(why) => {
            return Err(refusal::fail(
                "CHATHISTORY",
                "MESSAGE_ERROR",
                &["TARGETS"],
                why,
            ));
        }
        _ => return Ok(()),
    };
    let here = nicks(ctx, found.iter().map(|(known_by, _)| known_by.as_ref()));
    let rows = found.into_iter().filter_map(|(known_by, time)| {
        let is_guest = known_by.starts_with('~');
        let shown = match here.get::<str>(&known_by) {
            Some(nick) => nick.clone(),
            // Guests mean nothing when they are gone.
            None if is_guest => return None,
            None => known_by.into(),
        };
        Some((shown, time))
    });
    let name = ctx.server_name();
    ctx.response
        .open_batch("draft/chathistory-targets", &[], "", &name);
    for (target, time) in rows {
        let mut line = ctx.line();
        line.command("CHATHISTORY")
            .param("TARGETS")
            .param(&target)
            .param(&time.to_string())
            .end();
    }
    ctx.response.close_batch(&name);
    Ok(())
}

/// The nicks of those of these who are here, by what they are known by. Everybody is looked at once, not once for each:
/// there may be very many, and who comes back asks first of all.
fn nicks<'a>(ctx: &Ctx<'_>, known: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let wanted: BTreeSet<&str> = known.filter(|name| !name::is_channel(name)).collect();
    let mut found = BTreeMap::new();
    if wanted.is_empty() {
        return found;
    }
    for (_, user) in ctx.state.network.users() {
        let identity = user.identity();
        if wanted.contains(&*identity) {
            found.entry(identity).or_insert_with(|| user.nick.clone());
        }
    }
    found
}
