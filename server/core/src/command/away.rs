//! `AWAY [:<text>]`: away, or back. Before registration it holds from the start (draft/pre-away).

use protocol::Message;
use protocol::capability::Capability as C;
use protocol::numeric as n;
use protocol::write::clip;

use crate::handler::Ctx;
use crate::notify;
use crate::refusal::{self, Refusal};

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let text = message.param(0).unwrap_or_default();
    let text = clip(text, ctx.state.settings.limits.away_bytes_max);
    let away = (!text.is_empty()).then(|| text.to_owned());
    if ctx.my_session().user().is_none() {
        if !ctx.has(C::PreAway) {
            return Err(refusal::not_registered());
        }
        if let Some(registering) = ctx
            .state
            .network
            .session_mut(ctx.session)
            .and_then(|s| s.registering_mut())
        {
            registering.away.clone_from(&away);
        }
    } else {
        change(ctx, away.clone());
    }
    if away.is_some() {
        ctx.reply(n::RPL_NOWAWAY, &[], "You have been marked as being away");
    } else {
        ctx.reply(n::RPL_UNAWAY, &[], "You are no longer marked as being away");
    }
    Ok(())
}

fn change(ctx: &mut Ctx<'_>, away: Option<String>) {
    let Some(user) = ctx.state.network.user_mut(ctx.user) else {
        return;
    };
    if user.away == away {
        return;
    }
    user.away.clone_from(&away);
    let origin = ctx.origin();
    let relevant = [C::AwayNotify, C::ExtendedMonitor];
    let audience = notify::acquainted(&ctx.state.network, ctx.user, Some(ctx.session), &relevant);
    audience.tell(ctx.effects, |caps, out| {
        if caps.has(C::AwayNotify) {
            let mut line = origin.line(caps, out);
            line.command("AWAY");
            if let Some(text) = &away {
                line.trailing(text);
            }
            line.end();
        }
    });
}
