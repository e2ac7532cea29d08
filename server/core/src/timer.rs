//! What happens when time has passed: silent sessions are asked, then dropped; slowed ones go on. It never reads
//! a clock.

use bytes::Bytes;
use protocol::LineWriter;

use crate::deadline;
use crate::dispatch;
use crate::effect::Effect;
use crate::ids::SessionId;
use crate::input::Now;
use crate::leave;
use crate::session::Phase;
use crate::state::State;

/// Looks at every session whose deadline has come.
pub fn woke(state: &mut State, now: Now, effects: &mut Vec<Effect>) {
    while let Some((at, id)) = state.network.deadlines.first().copied() {
        if at > now.steady {
            break;
        }
        state.network.deadlines.remove(&(at, id));
        if let Some(session) = state.network.session_mut(id) {
            session.deadline = u64::MAX;
        }
        look_at(state, now, id, effects);
    }
    let next = state
        .network
        .deadlines
        .first()
        .map_or(u64::MAX, |(at, _)| *at);
    debug_assert!(
        next > now.steady,
        "a deadline that has come is put off or gone"
    );
}

fn look_at(state: &mut State, now: Now, id: SessionId, effects: &mut Vec<Effect>) {
    dispatch::drain(state, now, id, effects);
    if !state.network.has_session(id) {
        return;
    }
    end_batch(state, now, id, effects);
    let limits = &state.settings.limits;
    let (registration, silence) = (limits.registration_timeout_ms, limits.ping_timeout_ms);
    let session = state.network.session(id);
    let quiet = now.steady.saturating_sub(session.heard);
    match &session.phase {
        Phase::Registering(_) => {
            if now.steady >= session.opened + registration {
                return leave::dismiss(state, now, id, "Registration timed out", effects);
            }
        }
        Phase::Registered(_) if quiet >= silence => {
            let reason = format!("Ping timeout: {} seconds", quiet / 1000);
            return leave::dismiss(state, now, id, &reason, effects);
        }
        Phase::Registered(_) => {
            if quiet >= silence / 2 && !session.pinged {
                let mut lines = Vec::new();
                LineWriter::new(&mut lines)
                    .command("PING")
                    .last(&state.settings.name)
                    .end();
                effects.push(Effect::Send {
                    session: id,
                    lines: Bytes::from(lines),
                });
                if let Some(session) = state.network.session_mut(id) {
                    session.pinged = true;
                }
            }
        }
    }
    deadline::rearm(state, now, id);
}

/// A multiline message that was not finished in time is refused.
fn end_batch(state: &mut State, now: Now, id: SessionId, effects: &mut Vec<Effect>) {
    let late = state.network.session_mut(id).and_then(|session| {
        session
            .multiline
            .take_if(|batch| batch.deadline <= now.steady)
    });
    let Some(batch) = late else { return };
    let mut response = state.respond(id, now);
    response.set_label(batch.label);
    let mut line = response.line();
    line.source(&state.settings.name)
        .command("FAIL")
        .param("BATCH")
        .param("MULTILINE_INVALID");
    line.trailing("The message was not finished in time").end();
    let lines = response.finish(&state.settings.name);
    effects.push(Effect::Send { session: id, lines });
}
