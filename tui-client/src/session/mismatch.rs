//! A wire on which one end may speak encrypted and the other not: what it looks like, and what to do about it.
//! It must never change how the link is made; only the user decides that it may be less safe, or that it is safer.

use crate::session::event::{Millis, Severity};
use crate::session::state::{Phase, State};

/// Servers say something at once; one that says nothing for so long waits for something else than we said.
const WORDLESS_MS: Millis = 5_000;

const HINT: &str =
    "perhaps it wants an encrypted link at this port, which is tls = \"on\" in the config";

/// Whether our words were not encrypted, and nothing came back yet.
fn is_unheard(state: &State) -> bool {
    state.phase == Phase::Greeting && !state.wire.is_encrypted && !state.pulse.has_heard()
}

/// When to look again.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    let is_due = is_unheard(state) && !state.greeting.is_hinted;
    is_due.then_some(state.since + WORDLESS_MS)
}

/// Time has passed.
pub(crate) fn tick(state: &mut State, now: Millis) {
    if deadline(state).is_some_and(|due| now >= due) {
        state.greeting.is_hinted = true;
        let text = format!("Nothing comes from the server yet; {HINT}");
        state.notice(Severity::Error, None, text, now);
    }
}

/// Why a link broke, with what to do about it where it looks like this.
pub(crate) fn explained(state: &State, reason: String) -> String {
    let is_told = || reason.contains("TLS") || reason.contains("SSL");
    let is_greeting = state.phase == Phase::Greeting && !state.wire.is_encrypted;
    if is_unheard(state) || is_greeting && is_told() {
        return format!("{reason}; {HINT}");
    }
    reason
}
