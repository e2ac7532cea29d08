//! Private messages that came while there was no link: asks who wrote meanwhile, and for what (CHATHISTORY TARGETS).
//! It must never ask for rooms: entering one does that.

use protocol::{Capability, Stamp};

use crate::session::event::Millis;
use crate::session::rooms::Ask;
use crate::session::state::{Line, Missed, State};

/// How many conversations are asked for at once; the rest are there when somebody looks.
const TARGETS_MAX: usize = 20;
/// Messages of each.
const MESSAGES_MAX: usize = 50;
/// The server's clock may be so far ahead of ours.
const SKEW_MS: Millis = 60 * 60 * 1000;

/// The link is good: asks who wrote since the one before.
pub(crate) fn ready(state: &mut State, now: Millis) {
    let Some(since) = state.heard_at else { return };
    if !state.has(Capability::ChatHistory) || !state.has(Capability::Batch) {
        return;
    }
    state.missed = Missed {
        since,
        left: TARGETS_MAX,
    };
    let (from, to) = (Stamp(since), Stamp(now + SKEW_MS));
    state.send(|line| {
        line.command("CHATHISTORY").param("TARGETS");
        line.param(&format!("timestamp={from}"));
        line.param(&format!("timestamp={to}")).number(TARGETS_MAX);
    });
}

/// `CHATHISTORY TARGETS <target> <timestamp>`: one who wrote.
pub(crate) fn target(state: &mut State, line: &Line<'_>) {
    let name = line.param(1);
    let is_person = !state.rules.is_room(name) && !name.is_empty();
    if !line.param(0).eq_ignore_ascii_case("TARGETS") || !is_person || state.missed.left == 0 {
        return;
    }
    state.missed.left -= 1;
    let since = state.missed.since;
    let ask = Ask {
        limit: MESSAGES_MAX,
        since: Some(since),
        ..Ask::default()
    };
    if state.rooms.ask(state.rules.fold(name), ask) {
        state.send(|line| {
            line.command("CHATHISTORY").param("LATEST").param(name);
            line.param(&format!("timestamp={}", Stamp(since)))
                .number(MESSAGES_MAX);
        });
    }
}
