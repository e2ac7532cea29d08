//! `METADATA <target> GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC …`: keys and values of people and rooms
//! (draft/metadata).

use protocol::{Message, name, numeric as n};

use crate::handler::Ctx;
use crate::keeping;
use crate::metadata::{self, Owner};
use crate::refusal::{self, Refusal};
use crate::retention;

/// Longest key, in bytes.
const KEY_BYTES_MAX: usize = 64;
/// Bytes of keys in one line.
const KEYS_BYTES_MAX: usize = 380;

fn fail(code: &'static str, context: &[&str], text: &'static str) -> Refusal {
    refusal::fail("METADATA", code, context, text)
}

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let target = message.param(0).unwrap_or_default();
    let sub = message.param(1).unwrap_or_default().to_ascii_uppercase();
    let rest = message.params().get(2..).unwrap_or(&[]);
    match sub.as_str() {
        "SUB" | "UNSUB" | "SUBS" => {
            subscriptions(ctx, &sub, rest);
            return Ok(());
        }
        "GET" | "LIST" | "SET" | "CLEAR" | "SYNC" => {}
        _ => return Err(fail("SUBCOMMAND_INVALID", &[&sub], "Unknown subcommand")),
    }
    let owner = owner(ctx, target).ok_or_else(|| {
        fail(
            "INVALID_TARGET",
            &[target],
            "There is no such user or channel",
        )
    })?;
    let shown = owner.name(ctx);
    match sub.as_str() {
        "SET" => set(ctx, owner, &shown, rest),
        "CLEAR" => clear(ctx, owner, &shown),
        _ if !owner.is_readable(ctx) => Err(fail(
            "KEY_NO_PERMISSION",
            &[&shown, "*"],
            "Only members may read that",
        )),
        "GET" => get(ctx, owner, &shown, rest),
        "LIST" => {
            let values = owner.values(ctx);
            metadata::batch(ctx, &shown, &values);
            Ok(())
        }
        _ => {
            metadata::sync(ctx, owner);
            Ok(())
        }
    }
}

fn owner(ctx: &Ctx<'_>, target: &str) -> Option<Owner> {
    let registered = ctx.my_session().user().is_some();
    if target == "*" || (!registered && target == ctx.addressee()) {
        return Some(if registered {
            Owner::User(ctx.user)
        } else {
            Owner::Stranger
        });
    }
    if !registered {
        return None;
    }
    if name::is_channel(target) {
        return ctx
            .visible_channel(target)
            .ok()
            .map(|(id, _)| Owner::Channel(id));
    }
    ctx.state.network.find_user(target).map(Owner::User)
}

fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= KEY_BYTES_MAX
        && key
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_./-".contains(&b))
}

fn get(ctx: &mut Ctx<'_>, owner: Owner, shown: &str, keys: &[&str]) -> Result<(), Refusal> {
    let values = owner.values(ctx);
    let server = ctx.server_name();
    ctx.response.open_batch("metadata", &[shown], "", &server);
    for key in keys {
        if is_key(key) {
            metadata::tell(ctx, shown, key, values.get(*key).map(String::as_str));
        } else {
            ctx.refuse(fail("KEY_INVALID", &[key], "That is no key"));
        }
    }
    ctx.response.close_batch(&server);
    Ok(())
}

fn set(ctx: &mut Ctx<'_>, owner: Owner, shown: &str, rest: &[&str]) -> Result<(), Refusal> {
    let limits = &ctx.state.settings.limits;
    let (keys_max, value_max) = (limits.metadata_keys_max, limits.metadata_value_bytes_max);
    let key = *rest
        .first()
        .ok_or_else(|| refusal::need_more_params("METADATA"))?;
    let value = rest.get(1).copied();
    if !is_key(key) {
        return Err(fail("KEY_INVALID", &[key], "That is no key"));
    }
    if !may_set(ctx, owner, key) {
        return Err(fail(
            "KEY_NO_PERMISSION",
            &[shown, key],
            "You may not change that",
        ));
    }
    if value.is_some_and(|value| value.len() > value_max) {
        return Err(fail("INVALID_VALUE", &[key], "The value is too long"));
    }
    if retention::is_key(key) && value.is_some_and(|value| !retention::is_value(key, value)) {
        let text = "It takes a whole number from 1";
        return Err(fail("INVALID_VALUE", &[key], text));
    }
    let Some(values) = owner.values_mut(ctx) else {
        return Ok(());
    };
    match value {
        Some(value) => {
            if values.len() >= keys_max && !values.contains_key(key) {
                return Err(fail("LIMIT_REACHED", &[shown], "There are too many keys"));
            }
            values.insert(key.to_owned(), value.to_owned());
        }
        None => {
            values.remove(key);
        }
    }
    metadata::tell(ctx, shown, key, value);
    metadata::announce(ctx, owner, key, value);
    keep(ctx, owner, retention::is_key(key));
    Ok(())
}

/// What is kept of a room's log is for those who answer for it.
fn may_set(ctx: &Ctx<'_>, owner: Owner, key: &str) -> bool {
    match owner {
        Owner::Channel(id) if retention::is_key(key) => retention::may_set(ctx, id),
        Owner::Channel(_) | Owner::User(_) | Owner::Stranger => owner.is_writable(ctx),
    }
}

/// A room is kept with its metadata.
fn keep(ctx: &mut Ctx<'_>, owner: Owner, is_about_keeping: bool) {
    if let Owner::Channel(id) = owner {
        keeping::save(ctx.state, id, ctx.effects);
        if is_about_keeping {
            retention::changed(ctx, id);
        }
    }
}

fn clear(ctx: &mut Ctx<'_>, owner: Owner, shown: &str) -> Result<(), Refusal> {
    if !owner.is_writable(ctx) {
        return Err(fail(
            "KEY_NO_PERMISSION",
            &[shown, "*"],
            "You may not change that",
        ));
    }
    let mut gone = owner.values(ctx);
    gone.retain(|key, _| may_set(ctx, owner, key));
    if let Some(values) = owner.values_mut(ctx) {
        values.retain(|key, _| !gone.contains_key(key));
    }
    let server = ctx.server_name();
    ctx.response.open_batch("metadata", &[shown], "", &server);
    for key in gone.keys() {
        metadata::tell(ctx, shown, key, None);
    }
    ctx.response.close_batch(&server);
    for key in gone.keys() {
        metadata::announce(ctx, owner, key, None);
    }
    keep(ctx, owner, gone.keys().any(|key| retention::is_key(key)));
    Ok(())
}

fn subscriptions(ctx: &mut Ctx<'_>, sub: &str, keys: &[&str]) {
    let most = ctx.state.settings.limits.metadata_subs_max;
    let mut done: Vec<String> = Vec::new();
    let mut refused: Vec<Refusal> = Vec::new();
    let id = ctx.session;
    let Some(session) = ctx.state.network.session_mut(id) else {
        return;
    };
    let subs = &mut session.metadata_subs;
    for key in keys {
        if !is_key(key) {
            refused.push(fail("KEY_INVALID", &[key], "That is no key"));
        } else if sub == "UNSUB" {
            subs.remove(*key);
            done.push((*key).to_owned());
        } else if subs.len() >= most && !subs.contains(*key) {
            refused.push(fail(
                "TOO_MANY_SUBS",
                &[key],
                "There are too many subscriptions",
            ));
            break;
        } else {
            subs.insert((*key).to_owned());
            done.push((*key).to_owned());
        }
    }
    let code = match sub {
        "SUB" => n::RPL_METADATASUBOK,
        "UNSUB" => n::RPL_METADATAUNSUBOK,
        _ => {
            done = subs.iter().cloned().collect();
            n::RPL_METADATASUBS
        }
    };
    let mut rest = done.as_slice();
    while !rest.is_empty() {
        let mut bytes = 0;
        let fitting = rest.iter().take_while(|key| {
            bytes += key.len() + 1;
            bytes < KEYS_BYTES_MAX
        });
        let (now, later) = rest.split_at(fitting.count().clamp(1, 12));
        let mut line = ctx.numeric(code);
        for key in now {
            line.param(key);
        }
        line.end();
        rest = later;
    }
    for refusal in refused {
        ctx.refuse(refusal);
    }
    // What is known already is asked for by SYNC; it is not poured out here.
    if sub == "SUB" && !done.is_empty() && ctx.my_session().user().is_some() {
        ctx.numeric(n::RPL_METADATASYNCLATER).param("*").end();
    }
}
