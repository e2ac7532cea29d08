//! Private messages that came while there was no link, or parlor did not run: asks who wrote meanwhile, and for what (CHATHISTORY TARGETS).
//! It must never ask for rooms: entering one does that.

use protocol::{Capability, Stamp};

use crate::session::event::Millis;
use crate::session::page;
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
    state.missed = Missed::default();
    if let Some(since) = state.heard_at {
        ask(state, since, now);
    }
}

/// An earlier run of the program heard the server until then.
pub(crate) fn heard_until(state: &mut State, at: Millis, now: Millis) {
    if !state.is_ready() {
        state.heard_at = Some(state.heard_at.map_or(at, |heard| heard.min(at)));
    } else if state.missed.since.is_none_or(|since| since > at) {
        // The link was faster than the disk.
        ask(state, at, now);
    }
}

fn ask(state: &mut State, since: Millis, now: Millis) {
    if !state.has(Capability::ChatHistory) || !state.has(Capability::Batch) {
        return;
    }
    state.missed = Missed {
        since: Some(since),
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
    let Some(since) = state.missed.since else {
        return;
    };
    state.missed.left -= 1;
    let ask = Ask {
        limit: MESSAGES_MAX,
        since: Some(since),
        ..Ask::default()
    };
    if state.has(Capability::ReadMarker) {
        // What was read on another device is not new.
        state.send(|line| {
            line.command("MARKREAD").param(name);
        });
    }
    // Others of that millisecond may not have been heard.
    page::ask(state, "LATEST", name, &[&page::before(since)], ask);
}
