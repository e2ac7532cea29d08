//! `REDACT <target> <msgid> [:<reason>]`: withdraws a message: its author may, and a room's operators
//! (draft/message-redaction).

use protocol::capability::Capability as C;
use protocol::{Message, casemap, name};

use crate::handler::Ctx;
use crate::modes::Rank;
use crate::notify::Audience;
use crate::pending::{Purpose, Target};
use crate::reading;
use crate::refusal::{self, Refusal};
use crate::storage::{Entry, EntryKind, LogKey, StorageReply, StorageRequest};

fn fail(code: &'static str, context: &[&str], text: &'static str) -> Refusal {
    refusal::fail("REDACT", code, context, text)
}

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let target = message.param(0).unwrap_or_default();
    let id = message.param(1).unwrap_or_default();
    let reason = message.param(2).map(str::to_owned);
    let no_target = || {
        fail(
            "INVALID_TARGET",
            &[target],
            "You cannot redact messages there",
        )
    };
    let log = reading::readable_log(ctx, target).ok_or_else(no_target)?;
    let heard = if name::is_channel(target) {
        Target::Channel(
            ctx.state
                .network
                .find_channel(target)
                .ok_or_else(no_target)?,
        )
    } else {
        Target::User(ctx.state.network.find_user(target).ok_or_else(no_target)?)
    };
    let purpose = Purpose::RedactFind {
        log: log.clone(),
        target: target.to_owned(),
        id: id.to_owned(),
        reason,
        heard,
    };
    ctx.store(StorageRequest::Find { log, id: id.into() }, purpose);
    Ok(())
}

/// The message was looked for.
pub fn found(
    ctx: &mut Ctx<'_>,
    log: LogKey,
    target: String,
    id: String,
    reason: Option<String>,
    heard: Target,
    reply: StorageReply,
) -> Result<(), Refusal> {
    let StorageReply::Found(found) = reply else {
        return Err(fail(
            "UNKNOWN_ERROR",
            &[&target, &id],
            "The message could not be looked up",
        ));
    };
    let spoken = |entry: &Entry| matches!(entry.kind, EntryKind::Privmsg | EntryKind::Notice);
    let Some(entry) = found.filter(|entry| spoken(entry)) else {
        return Err(fail(
            "UNKNOWN_MSGID",
            &[&target, &id],
            "There is no such message",
        ));
    };
    let operator = match heard {
        Target::Channel(channel) | Target::Operators(channel) => ctx
            .state
            .network
            .channel(channel)
            .is_some_and(|channel| channel.ranks(ctx.user).at_least(Rank::HalfOperator)),
        Target::User(_) => false,
    };
    if !operator && !is_author(ctx, &entry) {
        let text = "You are neither its author nor an operator";
        return Err(fail("REDACT_FORBIDDEN", &[&target, &id], text));
    }
    let request = StorageRequest::Remove {
        log,
        id: id.as_str().into(),
    };
    ctx.store(
        request,
        Purpose::RedactRemove {
            target,
            id,
            reason,
            heard,
        },
    );
    Ok(())
}

/// By the account; of guests by the whole mask, and only while the same visit lasts.
fn is_author(ctx: &Ctx<'_>, entry: &Entry) -> bool {
    let me = ctx.me();
    match (&entry.account, &me.account) {
        (Some(author), Some(mine)) => casemap::same(author, mine),
        (None, None) => *entry.source == me.mask && entry.time >= me.signed_on,
        _ => false,
    }
}

/// The message is gone.
pub fn removed(
    ctx: &mut Ctx<'_>,
    target: &str,
    id: &str,
    reason: Option<&str>,
    heard: Target,
    reply: &StorageReply,
) -> Result<(), Refusal> {
    if *reply != StorageReply::Removed {
        return Err(fail(
            "UNKNOWN_ERROR",
            &[target, id],
            "The message could not be removed",
        ));
    }
    let origin = ctx.origin();
    let mut audience = ctx.audience(&[C::MessageRedaction]);
    match heard {
        Target::Channel(channel) | Target::Operators(channel) => {
            audience.add_channel(&ctx.state.network, channel);
        }
        Target::User(user) => {
            audience.add_user(ctx.state.network.user(user));
            if user != ctx.user {
                audience.add_user(ctx.me());
            }
        }
    }
    tell(ctx, audience, &|caps, batch, out| {
        if caps.has(C::MessageRedaction) {
            let mut line = origin.line_in(caps, batch, out);
            line.command("REDACT").param(target).param(id);
            if let Some(reason) = reason {
                line.trailing(reason);
            }
            line.end();
        }
    });
    Ok(())
}

type Write<'w> = &'w dyn Fn(protocol::Caps, Option<&str>, &mut Vec<u8>);

/// Only those who know REDACT hear of it, this session included.
fn tell(ctx: &mut Ctx<'_>, audience: Audience, write: Write<'_>) {
    if ctx.has(C::MessageRedaction) {
        ctx.tell(audience, write);
    } else {
        audience.tell(ctx.effects, |caps, out| write(caps, None, out));
    }
}
