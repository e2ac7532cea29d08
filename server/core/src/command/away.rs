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
    let audience = acquainted(ctx, &relevant);
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

/// Those who hear of changes of the own person: who shares a room, and who watches the nick with extended-monitor.
pub fn acquainted(ctx: &Ctx<'_>, relevant: &[C]) -> notify::Audience {
    let network = &ctx.state.network;
    let mut audience = notify::Audience::new(relevant, Some(ctx.session));
    let neighbours = notify::neighbours(network, ctx.user);
    for neighbour in &neighbours {
        audience.add_user(network.user(*neighbour));
    }
    let nick = protocol::Folded::new(&ctx.me().nick);
    for watcher in network.watchers.get(&nick).into_iter().flatten() {
        let session = network.session(*watcher);
        let known = session
            .user()
            .is_some_and(|user| neighbours.contains(&user));
        if session.caps.has(C::ExtendedMonitor) && !known {
            audience.add(crate::user::Voice {
                session: *watcher,
                caps: session.caps,
            });
        }
    }
    audience
}
