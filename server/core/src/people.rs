//! People who stay members while none of their clients is connected, across restarts too. It never decides who may.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use protocol::Stamp;

use crate::cloak;
use crate::effect::Effect;
use crate::handler::NOBODY_WAITS;
use crate::ids::UserId;
use crate::input::{Door, Now};
use crate::modes::{Ranks, UserMode, UserModes};
use crate::record::{self, Record};
use crate::settings::Persistence;
use crate::state::State;
use crate::storage::{Shelf, StorageRequest};
use crate::user::User;

/// Whether somebody with that preference stays (`None`: no preference). Without an account nobody does.
pub fn stays(rule: Persistence, preference: Option<bool>) -> bool {
    match rule {
        Persistence::Disabled => false,
        Persistence::OptIn => preference == Some(true),
        Persistence::OptOut => preference != Some(false),
        Persistence::Mandatory => true,
    }
}

/// Keeps somebody who stays as they are now; whoever does not stay is no longer kept.
pub fn save(state: &State, id: UserId, effects: &mut Vec<Effect>) {
    let user = state.network.user(id);
    let Some(account) = &user.account else { return };
    if user.persistent || user.preference.is_some() {
        put(state, account, Some(write(state, user)), effects);
    }
}

/// Somebody stays no longer.
pub fn forget(state: &State, account: &str, effects: &mut Vec<Effect>) {
    put(state, account, None, effects);
}

fn put(state: &State, account: &str, value: Option<String>, effects: &mut Vec<Effect>) {
    if state.settings.history.enabled {
        let key = account.to_ascii_lowercase().into_boxed_str();
        let value = value.map(String::into_boxed_str);
        let request = StorageRequest::Keep {
            shelf: Shelf::People,
            key,
            value,
        };
        effects.push(Effect::Store {
            ticket: NOBODY_WAITS,
            request,
        });
    }
}

fn write(state: &State, user: &User) -> String {
    let mut record = Record::default();
    record.pair("account", user.account.as_deref().unwrap_or_default());
    record.pair("nick", &user.nick);
    record.pair("ident", &user.ident);
    record.pair("realname", &user.realname);
    record.pair("address", &user.address.to_string());
    record.pair("modes", &user.modes.text());
    record.pair("since", &user.signed_on.0.to_string());
    record.pair("stays", if user.persistent { "1" } else { "0" });
    match user.preference {
        Some(true) => record.pair("prefers", "on"),
        Some(false) => record.pair("prefers", "off"),
        None => {}
    }
    for channel in user
        .channels
        .iter()
        .filter_map(|id| state.network.channel(*id))
    {
        record.pair("in", &channel.name);
    }
    for (key, value) in &user.metadata {
        record.pair("meta", &format!("{key} {value}"));
    }
    record.text()
}

/// Takes over what storage has kept of people: they are in their rooms again, away until a client of theirs comes.
pub fn recall(state: &mut State, now: Now, records: Vec<(Box<str>, Box<str>)>) {
    for (_, record) in records {
        revive(state, now, &record);
    }
}

fn revive(state: &mut State, now: Now, record: &str) -> Option<()> {
    let value = |key: &str| record::value(record, key);
    let account = value("account")?.into_boxed_str();
    let preference = value("prefers").map(|text| text == "on");
    if let Some(preference) = preference {
        state
            .network
            .preferences
            .insert(account.to_ascii_lowercase(), preference);
    }
    if !stays(state.settings.accounts.persistent, preference) || value("stays")? != "1" {
        return None;
    }
    let nick = value("nick")?;
    if state.network.holder(&nick).is_some() {
        return None;
    }
    let address = value("address")?.parse().ok()?;
    let mut modes = UserModes::default();
    for mode in value("modes")?.chars().filter_map(UserMode::from_letter) {
        // An operator is one by a password, for one visit.
        modes.put(mode, !matches!(mode, UserMode::Operator | UserMode::Secure));
    }
    let mut user = User {
        nick,
        ident: value("ident")?,
        host: cloak::host_of(address, &state.settings.cloak_key),
        realname: value("realname")?,
        guest_id: format!("~{}", state.mint_msgid(now)).into(),
        address,
        door: Door::Tcp,
        account: Some(account),
        away: Some(AWAY_TEXT.to_owned()),
        modes,
        signed_on: Stamp(value("since")?.parse().ok()?),
        active: Stamp(value("since")?.parse().ok()?),
        awaited: 0,
        persistent: true,
        preference,
        accepted: IndexSet::new(),
        metadata: BTreeMap::new(),
        ..User::nobody()
    };
    for (_, text) in record::pairs(record).filter(|(key, _)| *key == "meta") {
        if let Some((key, value)) = text.split_once(' ') {
            user.metadata.insert(key.to_owned(), value.to_owned());
        }
    }
    user.remask();
    let account = user.account.clone();
    let id = state.network.add_user(user);
    for (_, name) in record::pairs(record).filter(|(key, _)| *key == "in") {
        enter(state, now, id, account.as_deref(), &name);
    }
    Some(())
}

/// The away text of people none of whose clients is connected.
pub const AWAY_TEXT: &str = "No client is connected; the message will be read later";

fn enter(state: &mut State, now: Now, id: UserId, account: Option<&str>, name: &str) {
    let folded = protocol::Folded::new(name);
    let channel = match state.network.find_channel(name) {
        Some(channel) => channel,
        None => match state.network.resting.shift_remove(&folded) {
            Some(resting) => state.network.add_channel(*resting),
            None => return,
        },
    };
    let joined = state.stamp(now);
    let ranks = state
        .network
        .channel(channel)
        .map_or(Ranks::default(), |channel| channel.standing_of(account));
    state
        .network
        .enter(id, channel, crate::channel::Member { ranks, joined });
}
