//! Keeping the link: PING and PONG, and the server's last words.
//! It must never answer anything but a PING.

use crate::session::event::{Event, Millis, Severity};
use crate::session::say;
use crate::session::state::{Line, Phase, State};

/// `PING <token>`
pub(crate) fn ping(state: &mut State, line: &Line<'_>) {
    let token = line.last();
    state.send(|out| {
        out.command("PONG").last(token);
    });
}

/// `:server PONG <server> <token>`
pub(crate) fn pong(state: &mut State, line: &Line<'_>) {
    if say::answered(state, line) {
        return;
    }
    if let Some(millis) = state.pulse.answered(line.last(), line.now) {
        state.emit(Event::LagMeasured(millis));
    }
}

/// Tells that the server is silent though an answer is due, or that it answers again.
pub(crate) fn tell(state: &mut State, now: Millis) {
    let oldest = state.pending.oldest();
    if let Some(news) = state.pulse.news(oldest, now) {
        state.emit(news);
    }
}

/// `ERROR :<reason>`: the server is about to close the link.
pub(crate) fn error(state: &mut State, line: &Line<'_>) {
    let reason = line.last().to_owned();
    state.farewell = Some(reason.clone());
    let is_told = state.refusal.is_some();
    let is_news = !is_told && !state.is_ready() && state.phase != Phase::Leaving;
    if is_news {
        state.notice(Severity::Error, None, reason, line.at);
    }
}

/// `WALLOPS :<text>`, and others that only say something.
pub(crate) fn wallops(state: &mut State, line: &Line<'_>) {
    let text = format!("{} to all: {}", line.nick(), line.last());
    state.notice(Severity::Info, None, text, line.at);
}
