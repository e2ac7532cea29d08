//! What becomes of sessions, and of what people have on their screens, once an account or its words have changed. It
//! never changes either.

use protocol::capability::Capability as C;
use protocol::casemap;

use crate::effect::Effect;
use crate::handler::NOBODY_WAITS;
use crate::ids::{SessionId, UserId};
use crate::input::{News, Now};
use crate::leave;
use crate::notify::{Audience, Origin};
use crate::people;
use crate::state::State;
use crate::storage::{LogKey, Shelf, StorageRequest};

/// Something was done beside the core.
pub fn learnt(state: &mut State, now: Now, news: News, effects: &mut Vec<Effect>) {
    match news {
        News::PasswordChanged { account } => {
            password_changed(state, now, &account, None, effects);
        }
        News::AccountClosed { account } => account_closed(state, now, &account, effects),
        News::Erased { log, ids } => erased(state, now, &log, &ids, effects),
    }
}

/// Sessions that logged in by a password which holds no longer end, but for the one that changed it.
pub fn password_changed(
    state: &mut State,
    now: Now,
    account: &str,
    but: Option<SessionId>,
    effects: &mut Vec<Effect>,
) {
    let reason = "The password of your account was changed: log in again";
    for id in sessions_of(state, account) {
        if state.network.session(id).by_password && Some(id) != but {
            leave::dismiss(state, now, id, reason, effects);
        }
    }
}

/// Nobody is logged in to an account that is closed, nor stays without a client; up to where they read is forgotten.
pub fn account_closed(state: &mut State, now: Now, account: &str, effects: &mut Vec<Effect>) {
    let reason = "Your account was closed";
    let is_theirs = |theirs: Option<&str>| theirs.is_some_and(|one| casemap::same(one, account));
    let people: Vec<UserId> = state
        .network
        .users()
        .filter(|(_, user)| is_theirs(user.account.as_deref()))
        .map(|(id, _)| id)
        .collect();
    for id in people {
        leave::end(state, now, id, reason, effects);
    }
    for id in sessions_of(state, account) {
        leave::dismiss(state, now, id, reason, effects);
    }
    if !state.settings.history.enabled {
        return;
    }
    people::forget(state, account, effects);
    let identity = account.to_ascii_lowercase();
    let markers = state.network.read_markers.remove(&identity);
    for target in markers.unwrap_or_default().into_keys() {
        effects.push(Effect::Store {
            ticket: NOBODY_WAITS,
            request: StorageRequest::Keep {
                shelf: Shelf::ReadMarkers,
                key: format!("{identity} {target}").into_boxed_str(),
                value: None,
            },
        });
    }
}

fn sessions_of(state: &State, account: &str) -> Vec<SessionId> {
    let theirs = state.network.sessions().filter(|session| {
        let theirs = session.account.as_deref();
        theirs.is_some_and(|theirs| casemap::same(theirs, account))
    });
    theirs.map(|session| session.id).collect()
}

/// Clients that may have the messages and know REDACT take them off the screen.
fn erased(state: &mut State, now: Now, log: &LogKey, ids: &[Box<str>], effects: &mut Vec<Effect>) {
    let mut origin = || Origin {
        time: state.stamp(now),
        id: state.mint_msgid(now),
        account: None,
        bot: false,
        source: state.settings.name.clone(),
    };
    let gone: Vec<(Origin, &str)> = ids.iter().map(|id| (origin(), &**id)).collect();
    for (target, audience) in readers(state, log) {
        audience.tell(effects, |caps, out| {
            if caps.has(C::MessageRedaction) {
                for (origin, id) in &gone {
                    let mut line = origin.line(caps, out);
                    line.command("REDACT").param(&target).param(id);
                    line.trailing("erased by its author").end();
                }
            }
        });
    }
}

/// Who is here and may read a log, by the name that it has for them.
fn readers(state: &State, log: &LogKey) -> Vec<(String, Audience)> {
    let network = &state.network;
    let audience = || Audience::new(&[C::MessageRedaction], None);
    match log {
        LogKey::Room(_) => {
            let room = network.channels().find(|(_, room)| room.log() == *log);
            let room = room.map(|(id, room)| {
                let mut members = audience();
                members.add_channel(network, id);
                (room.name.clone(), members)
            });
            room.into_iter().collect()
        }
        LogKey::Pair(a, b) => {
            let known_as = |identity: &str| {
                let here = network
                    .users()
                    .find(|(_, user)| user.identity() == identity);
                here.map_or_else(|| identity.to_owned(), |(_, user)| user.nick.clone())
            };
            let mut readers = Vec::new();
            for (identity, other) in [(a, b), (b, a)] {
                let reader = network
                    .users()
                    .find(|(_, user)| user.identity() == **identity);
                if let Some((_, reader)) = reader {
                    let mut theirs = audience();
                    theirs.add_user(reader);
                    readers.push((known_as(other), theirs));
                }
            }
            readers
        }
    }
}
