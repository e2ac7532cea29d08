//! Our nick, where somebody else has it: asked for again while it may be our own old link, and when it becomes free.
//! It must never ask without end, nor tell the user of each refusal.

use crate::session::event::Millis;
use crate::session::state::State;

/// How often our nick is asked for.
const REGAIN_MS: Millis = 20_000;
/// For how long after the greeting: longer than it takes a server to find out that our old link is dead.
const ASKED_MS: Millis = 180_000;

/// Whether we have another nick than the one we want.
fn is_missing(state: &State) -> bool {
    state.is_ready() && !state.is_self(&state.settings.nickname)
}

/// The link is good.
pub(crate) fn ready(state: &mut State, now: Millis) {
    state.is_regaining = false;
    state.regain_at = now + REGAIN_MS;
    if is_missing(state) && state.rules.watched_max > 0 {
        watch(state, "+");
    }
}

/// Asks the server to tell when somebody with our nick goes, or no longer to.
fn watch(state: &mut State, sign: &str) {
    let wanted = state.settings.nickname.clone();
    state.send(|line| {
        line.command("MONITOR").param(sign).param(&wanted);
    });
}

/// Somebody has this nick no longer.
pub(crate) fn freed(state: &mut State, nick: &str) {
    if is_missing(state) && state.rules.same(nick, &state.settings.nickname) {
        ask(state);
    }
}

/// We have another nick.
pub(crate) fn renamed(state: &mut State) {
    if state.is_ready() && !is_missing(state) && state.rules.watched_max > 0 {
        watch(state, "-");
    }
}

fn ask(state: &mut State) {
    state.is_regaining = true;
    let wanted = state.settings.nickname.clone();
    state.send(|line| {
        line.command("NICK").param(&wanted);
    });
}

/// The server will not give it to us, whoever has it.
pub(crate) fn give_up(state: &mut State) {
    state.regain_at = Millis::MAX;
}

/// When to ask again.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    let is_soon = state.regain_at <= state.since + ASKED_MS;
    (is_missing(state) && is_soon).then_some(state.regain_at)
}

/// Time has passed.
pub(crate) fn tick(state: &mut State, now: Millis) {
    if deadline(state).is_some_and(|at| now >= at) {
        state.regain_at = now + REGAIN_MS;
        ask(state);
    }
}
