//! `MARKREAD <target> [timestamp=…]`: up to where one has read, shared by all of one's sessions (draft/read-marker).

use protocol::capability::Capability as C;
use protocol::{Folded, Message, Stamp};

use crate::handler::{Ctx, NOBODY_WAITS};
use crate::refusal::{self, Refusal};
use crate::roomview;
use crate::storage::{Shelf, StorageRequest};

/// Most targets one person has a marker for; the oldest gives way.
const MARKERS_MAX: usize = 512;

pub fn run(ctx: &mut Ctx<'_>, message: &Message<'_>) -> Result<(), Refusal> {
    let fail = |code, context: &[&str], text: &'static str| {
        Err(refusal::fail("MARKREAD", code, context, text))
    };
    let Some(target) = message.param(0).filter(|target| !target.is_empty()) else {
        return fail("NEED_MORE_PARAMS", &[], "Not enough parameters");
    };
    let Some(given) = message.param(1) else {
        roomview::marker(ctx, target);
        return Ok(());
    };
    let Some(time) = given.strip_prefix("timestamp=").and_then(Stamp::parse) else {
        return fail("INVALID_PARAMS", &[target, given], "Not a timestamp");
    };
    set(ctx, target, time);
    Ok(())
}

/// Moves a marker on, keeps it, and tells all sessions of this person.
fn set(ctx: &mut Ctx<'_>, target: &str, time: Stamp) {
    let me = ctx.me().identity();
    let folded = Folded::new(target);
    let mut evicted = None;
    let markers = ctx
        .state
        .network
        .read_markers
        .entry(me.clone())
        .or_default();
    if markers.get(&folded).is_some_and(|known| *known >= time) {
        // It never goes back; whoever tries is told where it is.
        roomview::marker(ctx, target);
        return;
    }
    if markers.len() >= MARKERS_MAX
        && !markers.contains_key(&folded)
        && let Some(oldest) = markers
            .iter()
            .min_by_key(|(_, time)| **time)
            .map(|(key, _)| key.clone())
    {
        markers.remove(&oldest);
        evicted = Some(oldest);
    }
    markers.insert(folded, time);
    keep(ctx, &me, target, time, evicted);
    let mut audience = ctx.audience(&[C::ReadMarker]);
    audience.add_user(ctx.me());
    let (server, value) = (ctx.server_name(), format!("timestamp={time}"));
    ctx.tell(audience, |caps, batch, out| {
        if caps.has(C::ReadMarker) {
            let mut line = protocol::LineWriter::new(out);
            if let Some(batch) = batch {
                line.tag("batch", batch);
            }
            line.source(&server)
                .command("MARKREAD")
                .param(target)
                .param(&value)
                .end();
        }
    });
}

/// Markers of people with an account last; the one that gave way is forgotten.
fn keep(ctx: &mut Ctx<'_>, me: &str, target: &str, time: Stamp, evicted: Option<Folded>) {
    if ctx.me().account.is_some() {
        if let Some(evicted) = evicted {
            let key = format!("{me} {evicted}").into_boxed_str();
            let request = StorageRequest::Keep {
                shelf: Shelf::ReadMarkers,
                key,
                value: None,
            };
            ctx.effects.push(crate::effect::Effect::Store {
                ticket: NOBODY_WAITS,
                request,
            });
        }
        let key = format!("{me} {}", target.to_ascii_lowercase()).into_boxed_str();
        let value = Some(time.to_string().into_boxed_str());
        let request = StorageRequest::Keep {
            shelf: Shelf::ReadMarkers,
            key,
            value,
        };
        ctx.effects.push(crate::effect::Effect::Store {
            ticket: NOBODY_WAITS,
            request,
        });
    }
}
