//! How sessions and people go: told to those who must hear, taken out of everything. It never decides that they go.

use bytes::Bytes;
use protocol::LineWriter;
use protocol::write::clip;

use crate::effect::{Effect, Record};
use crate::handler::store_event;
use crate::ids::{SessionId, UserId};
use crate::input::Now;
use crate::keeping;
use crate::modes::UserMode;
use crate::notify::{Audience, Origin};
use crate::people;
use crate::policy;
use crate::state::State;

/// Ends a session from this side: it reads why, then the door closes.
pub fn dismiss(
    state: &mut State,
    now: Now,
    id: SessionId,
    reason: &str,
    effects: &mut Vec<Effect>,
) {
    if !state.network.has_session(id) {
        return;
    }
    let mut lines = Vec::new();
    LineWriter::new(&mut lines)
        .command("ERROR")
        .trailing(reason)
        .end();
    effects.push(Effect::Send {
        session: id,
        lines: Bytes::from(lines),
    });
    effects.push(Effect::Close { session: id });
    if let Some(session) = state.network.session_mut(id)
        && session.waiting.appends > 0
    {
        // What it said is on its way to the log, and must be heard before its going.
        session.closing.get_or_insert_with(|| reason.to_owned());
        session.backlog.clear();
        return;
    }
    forget(state, now, id, reason, effects);
}

/// Takes a session out; its person goes, too, unless another session or persistence keeps it.
pub fn forget(state: &mut State, now: Now, id: SessionId, reason: &str, effects: &mut Vec<Effect>) {
    let Some(session) = state.network.remove_session(id) else {
        return;
    };
    if let Some(exchange) = &session.sasl {
        let request = crate::accounts::AccountsRequest::GiveUp {
            exchange: exchange.number,
        };
        effects.push(Effect::Accounts {
            ticket: crate::handler::NOBODY_WAITS,
            request,
        });
    }
    let Some(user) = session.user() else { return };
    let person = state.network.user(user);
    if !person.voices.is_empty() {
        return;
    }
    if person.persistent {
        if let Some(person) = state.network.user_mut(user) {
            person
                .away
                .get_or_insert_with(|| people::AWAY_TEXT.to_owned());
        }
        // An operator is one by a password, for one visit.
        for mode in [UserMode::Operator, UserMode::ServerNotices] {
            state.network.put_mode(user, mode, false);
        }
        return people::save(state, user, effects);
    }
    depart(state, now, user, reason, effects);
}

/// Ends all sessions of somebody, and a persistent one that has none.
pub fn end(state: &mut State, now: Now, id: UserId, reason: &str, effects: &mut Vec<Effect>) {
    if state.network.has_user(id) {
        state.network.put_staying(id, false);
        let user = state.network.user(id);
        let account = user.account.clone().filter(|_| user.preference.is_none());
        if let Some(account) = account {
            people::forget(state, &account, effects);
        } else {
            people::save(state, id, effects);
        }
    }
    let sessions: Vec<SessionId> = state
        .network
        .user(id)
        .voices
        .iter()
        .map(|voice| voice.session)
        .collect();
    for session in sessions {
        dismiss(state, now, session, reason, effects);
    }
    depart(state, now, id, reason, effects);
}

/// Takes a person out of every room and everything else, and tells those who shared a room.
pub fn depart(state: &mut State, now: Now, id: UserId, reason: &str, effects: &mut Vec<Effect>) {
    if !state.network.has_user(id) {
        return;
    }
    let time = state.stamp(now);
    let msgid = state.mint_msgid(now);
    let user = state.network.user(id);
    let origin = Origin {
        time,
        id: msgid,
        account: user.account.clone(),
        bot: user.modes.has(UserMode::Bot),
        source: user.mask.clone(),
    };
    let mut audience = Audience::new(&[], None);
    for neighbour in crate::notify::neighbours(&state.network, id) {
        if policy::shares_room(&state.network, neighbour, id) {
            audience.add_user(state.network.user(neighbour));
        }
    }
    audience.tell(effects, |caps, out| {
        origin
            .line(caps, out)
            .command("QUIT")
            .trailing(reason)
            .end();
    });
    if state.settings.history.enabled {
        for channel in user_rooms(state, id) {
            let event = format!("QUIT :{reason}");
            effects.push(store_event(channel.0, &origin, &channel.1, &event));
        }
    }
    let Some((user, ended)) = state.network.remove_user(id) else {
        return;
    };
    for channel in ended {
        keeping::rest(state, channel, effects);
    }
    // What it read before it logged in, if it did.
    state.network.read_markers.remove(&*user.guest_id);
    state
        .network
        .remember(&user, time, state.settings.limits.whowas_max);
    tell_watchers(state, &user.nick, None, effects);
    let reason = clip(reason, 400).to_owned();
    effects.push(Effect::Log(Record::Left {
        nick: user.nick,
        reason,
    }));
}

fn user_rooms(state: &State, id: UserId) -> Vec<(crate::storage::LogKey, String)> {
    let channels = state.network.user(id).channels.iter();
    channels
        .filter_map(|channel| state.network.channel(*channel))
        .map(|channel| (channel.log(), channel.name.clone()))
        .collect()
}

/// Tells those who watch a nick (MONITOR) that it came, with its mask, or went.
pub fn tell_watchers(state: &State, nick: &str, mask: Option<&str>, effects: &mut Vec<Effect>) {
    let Some(watchers) = state.network.watchers.get(&protocol::Folded::new(nick)) else {
        return;
    };
    let code = if mask.is_some() {
        protocol::numeric::RPL_MONONLINE
    } else {
        protocol::numeric::RPL_MONOFFLINE
    };
    for watcher in watchers {
        let session = state.network.session(*watcher);
        let addressee = session
            .user()
            .map_or("*", |user| &state.network.user(user).nick);
        let mut lines = Vec::new();
        LineWriter::new(&mut lines)
            .source(&state.settings.name)
            .numeric(code)
            .param(addressee)
            .trailing(mask.unwrap_or(nick))
            .end();
        effects.push(Effect::Deliver {
            to: vec![*watcher],
            lines: Bytes::from(lines),
        });
    }
}
