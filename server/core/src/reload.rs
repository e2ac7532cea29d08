//! Takes new settings over without dropping anybody, and tells what changed. It never reads a file.

use bytes::Bytes;
use protocol::LineWriter;
use protocol::capability::Capability as C;

use crate::advertise;
use crate::effect::{Effect, Record};
use crate::input::Now;
use crate::state::State;

/// Puts new settings in force.
pub fn apply(
    state: &mut State,
    _now: Now,
    mut settings: crate::settings::Settings,
    effects: &mut Vec<Effect>,
) {
    let tokens_before = advertise::isupport(&state.settings);
    let caps_before = advertise::caps(&state.settings);
    // What people already see of each other must not change under them.
    settings.name.clone_from(&state.settings.name);
    settings.cloak_key = state.settings.cloak_key;
    settings.created = state.settings.created;
    state.settings = settings;
    let caps = advertise::caps(&state.settings);
    let gone = caps_before.without(caps);
    let new = caps.without(caps_before);
    let changed = changed_tokens(&tokens_before, &advertise::isupport(&state.settings));
    let name = &state.settings.name;
    for session in state.network.sessions() {
        let addressee = session
            .user()
            .map_or("*", |user| &state.network.user(user).nick);
        let mut lines = Vec::new();
        if session.caps.has(C::CapNotify) {
            for (verb, set) in [("NEW", new), ("DEL", gone)] {
                if !set.is_empty() {
                    let list: Vec<&str> = set.iter().map(C::name).collect();
                    let mut line = LineWriter::new(&mut lines);
                    line.source(name)
                        .command("CAP")
                        .param(addressee)
                        .param(verb);
                    line.trailing(&list.join(" ")).end();
                }
            }
        }
        if session.user().is_some() && !session.plain && !changed.is_empty() {
            let mut line = LineWriter::new(&mut lines);
            line.source(name)
                .numeric(protocol::numeric::RPL_ISUPPORT)
                .param(addressee);
            for token in changed.iter().take(12) {
                line.param(token);
            }
            line.trailing("are supported by this server").end();
        }
        if !lines.is_empty() {
            effects.push(Effect::Deliver {
                to: vec![session.id],
                lines: Bytes::from(lines),
            });
        }
    }
    for id in state
        .network
        .sessions()
        .map(|session| session.id)
        .collect::<Vec<_>>()
    {
        if let Some(session) = state.network.session_mut(id) {
            session.caps = session.caps.without(gone);
            let caps = session.caps;
            if let Some(user) = session.user()
                && let Some(user) = state.network.user_mut(user)
                && let Some(voice) = user.voices.iter_mut().find(|voice| voice.session == id)
            {
                voice.caps = caps;
            }
        }
    }
    effects.push(Effect::Log(Record::Notice(
        "the configuration was read again".to_owned(),
    )));
}

/// The configuration could not be read again; everything stays as it was.
pub fn failed(state: &mut State, why: &str, effects: &mut Vec<Effect>) {
    let text = format!("the configuration could not be read again: {why}");
    let operators = state
        .network
        .users()
        .filter(|(_, user)| user.modes.has(crate::modes::UserMode::Operator));
    for (_, user) in operators {
        let mut lines = Vec::new();
        let mut line = LineWriter::new(&mut lines);
        line.source(&state.settings.name)
            .command("NOTICE")
            .param(&user.nick);
        line.trailing(&text).end();
        let to = user.voices.iter().map(|voice| voice.session).collect();
        effects.push(Effect::Deliver {
            to,
            lines: Bytes::from(lines),
        });
    }
    effects.push(Effect::Log(Record::Notice(text)));
}

/// Tokens that are new or have another value, and those that are gone with a minus.
fn changed_tokens(before: &[String], after: &[String]) -> Vec<String> {
    let name = |token: &str| token.split('=').next().unwrap_or("").to_owned();
    let mut changed: Vec<String> = after
        .iter()
        .filter(|token| !before.contains(token))
        .cloned()
        .collect();
    for token in before {
        if !after.iter().any(|now| name(now) == name(token)) {
            changed.push(format!("-{}", name(token)));
        }
    }
    changed
}
