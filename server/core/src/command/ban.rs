//! `KLINE|DLINE [<minutes>] <mask> [:<reason>]`, `UNKLINE|UNDLINE <mask>`: who may not come to this server.

use protocol::{Message, Stamp};

use crate::effect::{Effect, Record};
use crate::expel;
use crate::handler::{Ctx, NOBODY_WAITS};
use crate::leave;
use crate::network::Expulsion;
use crate::refusal::{self, Refusal};
use crate::storage::{Shelf, StorageRequest};
use protocol::mask;

/// Most bans at once: each is matched against everybody who comes.
const EXPELLED_MAX: usize = 1000;

/// KLINE: by `user@host`.
pub fn kline(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    add(ctx, message, false)
}

/// DLINE: by address.
pub fn dline(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    add(ctx, message, true)
}

/// UNKLINE.
pub fn unkline(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    remove(ctx, message, false)
}

/// UNDLINE.
pub fn undline(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    remove(ctx, message, true)
}

fn add(ctx: &mut Ctx<'_>, message: &Message<'_>, address_only: bool) -> Result<(), Refusal> {
    let command = if address_only { "DLINE" } else { "KLINE" };
    let (minutes, rest) = match message.params() {
        [first, rest @ ..] if !rest.is_empty() && first.parse::<u64>().is_ok() => {
            (first.parse::<u64>().ok(), rest)
        }
        rest => (None, rest),
    };
    let given = *rest
        .first()
        .ok_or_else(|| refusal::need_more_params(command))?;
    let reason = rest.get(1).copied().unwrap_or("No reason given").to_owned();
    let wanted = if address_only || given.contains('@') {
        given.to_owned()
    } else {
        format!("*@{given}")
    };
    if ctx.state.network.expelled.len() >= EXPELLED_MAX {
        return Err(refusal::list_limit(command, "bans"));
    }
    // A mask that everybody matches would end the server's use for all, its setter included.
    if mask::matches(&wanted, "x@y.z") && mask::matches(&wanted, "q@1") {
        return Err(refusal::fail(
            command,
            "INVALID_MASK",
            &[given],
            "This would ban everybody",
        ));
    }
    let until = minutes.filter(|minutes| *minutes > 0).map(|minutes| {
        Stamp(
            ctx.now
                .wall
                .0
                .saturating_add(minutes.saturating_mul(60_000)),
        )
    });
    let setter = ctx.me().nick.clone();
    ctx.log(Record::Notice(format!(
        "{setter} set {command} {wanted}: {reason}"
    )));
    let entry = Expulsion {
        mask: wanted.clone(),
        address_only,
        until,
        setter: setter.clone(),
        reason,
    };
    let (key, value) = expel::record(&entry);
    keep(ctx, key, Some(value));
    ctx.state.network.expelled.push(entry);
    let text = format!("Added {command} for {wanted}");
    ctx.line()
        .command("NOTICE")
        .param(&setter)
        .trailing(&text)
        .end();
    ctx.flush();
    enforce(ctx);
    Ok(())
}

/// Ends the sessions of those who may not be here any more.
fn enforce(ctx: &mut Ctx<'_>) {
    let (state, now) = (&*ctx.state, ctx.now);
    let gone: Vec<_> = state
        .network
        .users()
        .filter_map(|(id, user)| {
            let reason = expel::expelled(state, now, user)
                .or_else(|| expel::expelled_address(state, now, user.address))?;
            Some((id, reason))
        })
        .collect();
    for (id, reason) in gone {
        leave::end(ctx.state, ctx.now, id, &reason, ctx.effects);
    }
}

fn remove(ctx: &mut Ctx<'_>, message: &Message<'_>, address_only: bool) -> Result<(), Refusal> {
    let given = message.param(0).unwrap_or_default();
    let full = format!("*@{given}");
    let (gone, left): (Vec<Expulsion>, Vec<Expulsion>) =
        std::mem::take(&mut ctx.state.network.expelled)
            .into_iter()
            .partition(|entry| {
                entry.address_only == address_only && (entry.mask == given || entry.mask == full)
            });
    ctx.state.network.expelled = left;
    for entry in &gone {
        keep(ctx, expel::key(entry), None);
    }
    let removed = gone.len();
    let nick = ctx.me().nick.clone();
    let text = format!("Removed {removed} bans for {given}");
    ctx.line()
        .command("NOTICE")
        .param(&nick)
        .trailing(&text)
        .end();
    Ok(())
}

/// Bans last longer than the process.
fn keep(ctx: &mut Ctx<'_>, key: Box<str>, value: Option<Box<str>>) {
    if ctx.state.settings.history.enabled {
        let request = StorageRequest::Keep {
            shelf: Shelf::Bans,
            key,
            value,
        };
        ctx.effects.push(Effect::Store {
            ticket: NOBODY_WAITS,
            request,
        });
    }
}
