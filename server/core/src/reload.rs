//! Takes new settings over without dropping anybody, and tells what changed. It never reads a file.

use bytes::Bytes;
use protocol::capability::Capability as C;
use protocol::{Caps, LineWriter, numeric as n};

use crate::advertise;
use crate::effect::{Effect, Record};
use crate::ids::SessionId;
use crate::retention;
use crate::session::Session;
use crate::settings::Settings;
use crate::state::State;

/// Puts new settings in force, and tells operators what was read.
pub fn apply(state: &mut State, mut settings: Settings, told: &str, effects: &mut Vec<Effect>) {
    // What people already see of each other must not change under them.
    settings.name.clone_from(&state.settings.name);
    settings.cloak_key = state.settings.cloak_key;
    settings.created = state.settings.created;
    let change = Change::between(&state.settings, &settings);
    if settings.history != state.settings.history {
        retention::begin(&settings.history, effects);
    }
    state.settings = settings;
    for session in state.network.sessions() {
        let lines = change.told_to(state, session);
        if !lines.is_empty() {
            effects.push(Effect::Deliver {
                to: vec![session.id],
                lines: Bytes::from(lines),
            });
        }
    }
    take_away(state, change.gone);
    tell_operators(state, told, effects);
    effects.push(Effect::Log(Record::Notice(told.to_owned())));
}

/// The configuration could not be read again; everything stays as it was.
pub fn failed(state: &mut State, why: &str, effects: &mut Vec<Effect>) {
    let text = format!("the configuration could not be read again: {why}");
    tell_operators(state, &text, effects);
    effects.push(Effect::Log(Record::Trouble(text)));
}

fn tell_operators(state: &State, text: &str, effects: &mut Vec<Effect>) {
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
        line.trailing(text).end();
        let to = user.voices.iter().map(|voice| voice.session).collect();
        effects.push(Effect::Deliver {
            to,
            lines: Bytes::from(lines),
        });
    }
}

/// What is different for clients.
struct Change {
    /// Capabilities that are new, or have another value.
    new: Caps,
    /// Capabilities that are gone.
    gone: Caps,
    /// Tokens of ISUPPORT.
    tokens: Vec<String>,
}

impl Change {
    fn between(before: &Settings, after: &Settings) -> Self {
        let (caps_before, caps) = (advertise::caps(before), advertise::caps(after));
        let mut new = caps.without(caps_before);
        for cap in caps.iter() {
            let differs = |secure| {
                advertise::cap_with_value(before, cap, secure)
                    != advertise::cap_with_value(after, cap, secure)
            };
            if differs(true) || differs(false) {
                new.insert(cap);
            }
        }
        Self {
            new,
            gone: caps_before.without(caps),
            tokens: changed_tokens(&advertise::isupport(before), &advertise::isupport(after)),
        }
    }

    /// What one session reads of it.
    fn told_to(&self, state: &State, session: &Session) -> Vec<u8> {
        let name = &state.settings.name;
        let addressee = session
            .user()
            .map_or("*", |user| &state.network.user(user).nick);
        let mut lines = Vec::new();
        if session.caps.has(C::CapNotify) {
            let named = |cap: C| {
                if session.cap_version >= 302 {
                    advertise::cap_with_value(&state.settings, cap, session.peer.secure)
                } else {
                    cap.name().to_owned()
                }
            };
            let new: Vec<String> = self.new.iter().map(named).collect();
            let gone: Vec<String> = self.gone.iter().map(|cap| cap.name().to_owned()).collect();
            for (verb, caps) in [("NEW", new), ("DEL", gone)] {
                if !caps.is_empty() {
                    let mut line = LineWriter::new(&mut lines);
                    line.source(name).command("CAP").param(addressee);
                    line.param(verb).trailing(&caps.join(" ")).end();
                }
            }
        }
        if session.user().is_some() && !session.plain {
            for tokens in self.tokens.chunks(advertise::TOKENS_PER_LINE) {
                let mut line = LineWriter::new(&mut lines);
                line.source(name).numeric(n::RPL_ISUPPORT).param(addressee);
                for token in tokens {
                    line.param(token);
                }
                line.trailing("are supported by this server").end();
            }
        }
        lines
    }
}

/// Nobody has these capabilities any more.
fn take_away(state: &mut State, gone: Caps) {
    let sessions: Vec<SessionId> = state.network.sessions().map(|session| session.id).collect();
    for id in sessions {
        let Some(session) = state.network.session_mut(id) else {
            continue;
        };
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
