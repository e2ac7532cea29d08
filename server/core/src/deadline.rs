//! When a session must be looked at next: silence, registration, a slowed line, an open batch. It never does
//! anything when the time has come.

use crate::ids::SessionId;
use crate::input::Now;
use crate::session::Phase;
use crate::state::State;

/// Sets when a session must be looked at next.
pub fn rearm(state: &mut State, now: Now, id: SessionId) {
    let limits = &state.settings.limits;
    let session = state.network.session(id);
    let mut next = match session.phase {
        Phase::Registering(_) => session.opened + limits.registration_timeout_ms,
        Phase::Registered(_) if session.pinged => session.heard + limits.ping_timeout_ms,
        Phase::Registered(_) => session.heard + limits.ping_timeout_ms / 2,
    };
    if !session.backlog.is_empty() && session.is_free() {
        let mut bucket = session.bucket;
        let wait = bucket.take(limits.command_burst, limits.commands_per_second, now.steady);
        next = next.min(now.steady + wait.err().unwrap_or(1));
    }
    if let Some(batch) = &session.multiline {
        next = next.min(batch.deadline);
    }
    state.network.set_deadline(id, next.max(now.steady + 1));
}
