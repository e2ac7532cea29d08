//! A wire on which one end may speak encrypted and the other not: what it looks like, and what to do about it.
//! It must never change how the link is made; only the user decides that it may be less safe, or that it is safer.

use crate::session::event::{Millis, Severity};
use crate::session::state::{Phase, State};

/// Servers say something at once; one that says nothing for so long waits for something else than we said.
const WORDLESS_MS: Millis = 5_000;

const HINT: &str = "if this port wants TLS, set tls = \"on\"";

/// Whether our words are not encrypted, and the server has never welcomed us so.
fn is_unsure(state: &State) -> bool {
    state.phase == Phase::Greeting && !state.wire.is_encrypted && state.server.is_empty()
}

/// Whether nothing came back yet either.
fn is_unheard(state: &State) -> bool {
    is_unsure(state) && !state.pulse.has_heard()
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
        let text = format!("No answer yet; {HINT}");
        state.notice(Severity::Error, None, text, now);
    }
}

/// Why a link broke, with what to do about it where it looks like this.
pub(crate) fn explained(state: &State, reason: String) -> String {
    let is_told = reason.contains("TLS") || reason.contains("SSL");
    if is_unheard(state) {
        format!("{reason}; {HINT}")
    } else if is_unsure(state) && is_told {
        format!("{reason} (tls = \"on\")")
    } else {
        reason
    }
}
