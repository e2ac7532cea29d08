//! The end of a welcome: what the user wants sent first, logging in at NickServ where that is the way, and the rooms,
//! which wait for it.
//! It must never send the account's password where anybody could listen, nor lines with one unsaid, nor wait for services
//! without end.

use crate::discreet;
use crate::login::{Mechanism, Secret};
use crate::session::admission;
use crate::session::event::{Millis, Severity};
use crate::session::parents;
use crate::session::state::State;

/// Who keeps the accounts.
const SERVICES: &str = "NickServ";
/// So long the rooms wait for an answer; services that are away give none.
const PATIENCE_MS: Millis = 5_000;

/// Rooms in one JOIN; more than any server refuses.
const JOINED_MAX: usize = 10;
/// Bytes of their names.
const JOIN_BYTES_MAX: usize = 400;

/// The server has let us in: what comes first, and the rooms as soon as they may be entered.
pub(crate) fn welcomed(state: &mut State, now: Millis) {
    let lines = state.settings.login.on_connect.clone();
    let is_secret = |line: &Secret| discreet::is_secret_line(&line.0);
    if !state.wire.is_private() && lines.iter().any(is_secret) {
        // The user wrote them for this network; that others can read them must be known.
        let text = "The link is not encrypted: a password in on_connect was sent as anybody on the way can read it.";
        state.notice(Severity::Error, None, text.to_owned(), now);
    }
    for line in lines {
        if !line.0.is_empty() {
            state.out.extend_from_slice(line.0.as_bytes());
            state.out.extend_from_slice(b"\r\n");
        }
    }
    if !identify(state, now) {
        enter(state);
    }
}

/// Logs in at NickServ, if that is the way; whether an answer is awaited.
fn identify(state: &mut State, now: Millis) -> bool {
    let login = &state.settings.login;
    if login.mechanism != Mechanism::NickServ || login.password.0.is_empty() {
        return false;
    }
    if !state.wire.is_private() {
        let text = "The link is not encrypted: your password was not sent to NickServ.";
        state.notice(Severity::Error, None, text.to_owned(), now);
        return false;
    }
    let is_own = login.account.is_empty() || state.is_self(&login.account);
    let password = &login.password.0;
    let account = if login.account.is_empty() {
        &state.settings.nickname
    } else {
        &login.account
    };
    // Services of old know the nick's password only.
    let text = if is_own && state.is_self(account) {
        format!("IDENTIFY {password}")
    } else {
        format!("IDENTIFY {account} {password}")
    };
    state.send(|line| {
        line.command("PRIVMSG").param(SERVICES).trailing(&text);
    });
    state.login.is_awaited_until = Some(now + PATIENCE_MS);
    true
}

/// When to wait no longer.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    state.login.is_awaited_until
}

/// Time has passed, or something was heard.
pub(crate) fn tick(state: &mut State, now: Millis) {
    if deadline(state).is_some_and(|at| now >= at) {
        state.login.is_awaited_until = None;
        enter(state);
        parents::next(state);
    }
}

/// Enters every room that is wanted.
fn enter(state: &mut State) {
    let rooms: Vec<_> = state
        .rooms
        .wanted()
        .map(|room| {
            let key = room.key.clone();
            let key = key.or_else(|| admission::of_room(state, &room.name));
            (room.name.clone(), key)
        })
        .collect();
    go_in(state, &rooms);
}

/// Enters rooms: those without a key many at a time, because servers end a link on which too many lines come at once.
fn go_in(state: &mut State, rooms: &[(String, Option<String>)]) {
    let (locked, open): (Vec<_>, Vec<_>) = rooms.iter().partition(|(_, key)| key.is_some());
    for some in open.chunks(JOINED_MAX) {
        let names: Vec<&str> = some.iter().map(|(name, _)| name.as_str()).collect();
        let mut line = String::new();
        for name in names {
            if line.len() + name.len() > JOIN_BYTES_MAX {
                join(state, &std::mem::take(&mut line), None);
            }
            if !line.is_empty() {
                line.push(',');
            }
            line.push_str(name);
        }
        join(state, &line, None);
    }
    for (name, key) in locked {
        join(state, name, key.as_deref());
    }
}

fn join(state: &mut State, names: &str, key: Option<&str>) {
    if names.is_empty() {
        return;
    }
    state.send(|line| {
        line.command("JOIN").param(names);
        if let Some(key) = key {
            line.param(key);
        }
    });
}
