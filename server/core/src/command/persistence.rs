//! `PERSISTENCE GET` and `PERSISTENCE SET ON|OFF|DEFAULT`: whether one stays a member while no client is connected
//! (draft/persistence).

use protocol::Message;

use crate::handler::Ctx;
use crate::people;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let fail = |code, context: &[&str], text: &'static str| {
        Err(refusal::fail("PERSISTENCE", code, context, text))
    };
    if ctx.me().account.is_none() {
        return fail(
            "ACCOUNT_REQUIRED",
            &[],
            "Only people with an account can stay",
        );
    }
    match (
        message
            .param(0)
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str(),
        message.param(1),
    ) {
        ("GET", _) => {}
        ("SET", Some(wanted)) => {
            let preference = match wanted.to_ascii_uppercase().as_str() {
                "ON" => Some(true),
                "OFF" => Some(false),
                "DEFAULT" => None,
                _ => return fail("INVALID_PARAMS", &[wanted], "It is ON, OFF or DEFAULT"),
            };
            set(ctx, preference);
        }
        (other, _) => return fail("INVALID_PARAMS", &[other], "It is GET or SET"),
    }
    let wanted = match ctx.me().preference {
        Some(true) => "ON",
        Some(false) => "OFF",
        None => "DEFAULT",
    };
    let stays = if ctx.me().persistent { "ON" } else { "OFF" };
    ctx.line()
        .command("PERSISTENCE")
        .param("STATUS")
        .param(wanted)
        .param(stays)
        .end();
    Ok(())
}

fn set(ctx: &mut Ctx<'_>, preference: Option<bool>) {
    let rule = ctx.state.settings.accounts.persistent;
    let account = ctx.me().account.clone().unwrap_or_default();
    let other = ctx
        .state
        .network
        .persistent_of(&account)
        .filter(|other| *other != ctx.user);
    let Some(user) = ctx.state.network.user_mut(ctx.user) else {
        return;
    };
    user.preference = preference;
    let Some(account) = user.account.clone() else {
        return;
    };
    let stays = people::stays(rule, preference) && other.is_none();
    ctx.state.network.put_staying(ctx.user, stays);
    let key = account.to_ascii_lowercase();
    match preference {
        Some(preference) => {
            ctx.state.network.preferences.insert(key, preference);
        }
        None => {
            ctx.state.network.preferences.remove(&key);
        }
    }
    if stays || preference.is_some() {
        people::save(ctx.state, ctx.user, ctx.effects);
    } else {
        people::forget(ctx.state, &account, ctx.effects);
    }
}
