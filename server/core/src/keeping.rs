//! Rooms that outlast their members and the process: what is kept of a room, and when it is taken up again. It never
//! decides who may enter.
//!
//! A room is kept under its id, so that its log is found again. One that everybody could enter may be taken up by
//! everybody: they could have read it then. One that was closed (a key, by invitation, by account, secret) is
//! forgotten when its last member leaves, unless it has a founder: its past must not be for whoever takes the name.

use protocol::{Folded, Stamp};

use crate::channel::{Channel, ListEntry, Topic};
use crate::effect::Effect;
use crate::handler::NOBODY_WAITS;
use crate::ids::ChannelId;
use crate::modes::{CHANNEL_MODES, Flag, Flags, Rank, Ranks};
use crate::record::{self, Record};
use crate::state::State;
use crate::storage::{RoomId, Shelf, StorageRequest};

/// Most rooms that are kept without a member; the one that rests longest is forgotten first.
const RESTING_MAX: usize = 10_000;

/// Keeps a living room as it is now.
pub fn save(state: &State, id: ChannelId, effects: &mut Vec<Effect>) {
    if let Some(channel) = state.network.channel(id) {
        put(state, &channel.name, Some(&write(channel)), effects);
    }
}

/// A room has lost its last member: it rests, or is forgotten.
pub fn rest(state: &mut State, channel: Channel, effects: &mut Vec<Effect>) {
    if !state.settings.history.enabled {
        return;
    }
    let closed = is_closed(&channel);
    let name = Folded::new(&channel.name);
    if channel.founder.is_none() && (closed || !channel.used) {
        return forget(state, &channel, effects);
    }
    let resting = &mut state.network.resting;
    resting.shift_remove(&name);
    resting.insert(name, Box::new(channel));
    if resting.len() > RESTING_MAX {
        // Rooms of guests give way first, whatever their age.
        let guests = resting
            .values()
            .position(|channel| channel.founder.is_none());
        if let Some((_, oldest)) = resting.shift_remove_index(guests.unwrap_or(0)) {
            forget(state, &oldest, effects);
        }
    }
}

/// Nobody comes back to this room: its log goes, too. Nobody could read it any more, and whoever leaves a closed room
/// last may count on it.
fn forget(state: &State, channel: &Channel, effects: &mut Vec<Effect>) {
    put(state, &channel.name, None, effects);
    effects.push(Effect::Store {
        ticket: NOBODY_WAITS,
        request: StorageRequest::Drop { log: channel.log() },
    });
}

/// Whether a room that rests must be forgotten: it is closed, and nobody with an account began it.
fn is_lost(channel: &Channel) -> bool {
    is_closed(channel) && channel.founder.is_none()
}

fn is_closed(channel: &Channel) -> bool {
    channel.key.is_some()
        || [Flag::InviteOnly, Flag::RegisteredOnly, Flag::Secret]
            .into_iter()
            .any(|flag| channel.flags.has(flag))
}

/// After a crash rooms rest that would have been forgotten, had their members left one by one.
pub fn forget_lost(state: &mut State, effects: &mut Vec<Effect>) {
    let lost: Vec<Folded> = state
        .network
        .resting
        .iter()
        .filter(|(_, channel)| is_lost(channel))
        .map(|(name, _)| name.clone())
        .collect();
    for name in lost {
        if let Some(channel) = state.network.resting.shift_remove(&name) {
            forget(state, &channel, effects);
        }
    }
}

/// A room's record goes from one name to another.
pub fn renamed(state: &State, old: &str, id: ChannelId, effects: &mut Vec<Effect>) {
    put(state, old, None, effects);
    save(state, id, effects);
}

fn put(state: &State, name: &str, value: Option<&str>, effects: &mut Vec<Effect>) {
    if state.settings.history.enabled {
        let key = name.to_ascii_lowercase().into_boxed_str();
        let request = StorageRequest::Keep {
            shelf: Shelf::Rooms,
            key,
            value: value.map(Into::into),
        };
        effects.push(Effect::Store {
            ticket: NOBODY_WAITS,
            request,
        });
    }
}

/// Takes over what storage has kept of rooms. Rooms made since are newer.
pub fn recall(state: &mut State, records: Vec<(Box<str>, Box<str>)>) {
    for (_, record) in records {
        if let Some(channel) = read(&record)
            && state.network.find_channel(&channel.name).is_none()
        {
            state
                .network
                .resting
                .insert(Folded::new(&channel.name), Box::new(channel));
        }
    }
}

/// Takes over what storage has kept of read markers.
pub fn recall_markers(state: &mut State, records: Vec<(Box<str>, Box<str>)>) {
    for (key, value) in records {
        if let Some((person, target)) = key.split_once(' ')
            && let Some(time) = Stamp::parse(&value)
        {
            let markers = state
                .network
                .read_markers
                .entry(person.to_owned())
                .or_default();
            markers.insert(Folded::new(target), time);
        }
    }
}

/// A room as text: pairs of key and value, escaped as message tags are.
fn write(channel: &Channel) -> String {
    let mut record = Record::default();
    record.pair("name", &channel.name);
    record.pair("room", &channel.room.0.to_string());
    record.pair("created", &channel.created.0.to_string());
    let flags = CHANNEL_MODES
        .iter()
        .filter(|mode| mode.flag.is_some_and(|f| channel.flags.has(f)));
    record.pair("flags", &flags.map(|mode| mode.letter).collect::<String>());
    if let Some(topic) = &channel.topic {
        record.pair(
            "topic",
            &format!("{} {} {}", topic.time.0, topic.setter, topic.text),
        );
    }
    for (key, value) in [
        ("key", channel.key.clone()),
        ("limit", channel.limit.map(|limit| limit.to_string())),
        ("forward", channel.forward.clone()),
        ("founder", channel.founder.as_deref().map(str::to_owned)),
    ] {
        if let Some(value) = value {
            record.pair(key, &value);
        }
    }
    for (list, entries) in [
        ("b", &channel.bans),
        ("e", &channel.exceptions),
        ("I", &channel.invitations),
    ] {
        for entry in entries {
            record.pair(
                list,
                &format!("{} {} {}", entry.time.0, entry.setter, entry.mask),
            );
        }
    }
    for (account, ranks) in &channel.standing {
        let letters: String = Rank::ALL
            .into_iter()
            .filter(|rank| ranks.has(*rank))
            .map(Rank::letter)
            .collect();
        record.pair("rank", &format!("{letters} {account}"));
    }
    for (key, value) in &channel.metadata {
        record.pair("meta", &format!("{key} {value}"));
    }
    record.text()
}

fn read(record: &str) -> Option<Channel> {
    let value = |key: &str| record::value(record, key);
    let number = |key: &str| value(key)?.parse::<u64>().ok();
    let mut flags = Flags::default();
    for letter in value("flags")?.chars() {
        if let Some(flag) = crate::modes::channel_mode(letter).and_then(|mode| mode.flag) {
            flags.put(flag, true);
        }
    }
    let created = Stamp(number("created")?);
    let mut channel = Channel::new(&value("name")?, RoomId(number("room")?), created, flags);
    channel.topic = value("topic").and_then(|text| {
        let (time, setter, text) = three(&text)?;
        Some(Topic { text, setter, time })
    });
    channel.used = true;
    channel.key = value("key");
    channel.limit = number("limit").and_then(|limit| u32::try_from(limit).ok());
    channel.forward = value("forward");
    channel.founder = value("founder").map(String::into_boxed_str);
    for (key, text) in record::pairs(record) {
        match key {
            "b" | "e" | "I" => {
                let letter = key.chars().next().unwrap_or('b');
                if let (Some((time, setter, mask)), Some(list)) =
                    (three(&text), channel.list_mut(letter))
                {
                    list.push(ListEntry { mask, setter, time });
                }
            }
            "rank" => {
                if let Some((letters, account)) = text.split_once(' ') {
                    let mut ranks = Ranks::default();
                    for rank in letters.chars().filter_map(Rank::from_letter) {
                        ranks.put(rank, true);
                    }
                    channel.standing.insert(account.into(), ranks);
                }
            }
            "meta" => {
                if let Some((key, value)) = text.split_once(' ') {
                    channel.metadata.insert(key.to_owned(), value.to_owned());
                }
            }
            _ => {}
        }
    }
    Some(channel)
}

/// A time, a word, and the rest.
fn three(text: &str) -> Option<(Stamp, String, String)> {
    let (time, rest) = text.split_once(' ')?;
    let (word, rest) = rest.split_once(' ')?;
    Some((Stamp(time.parse().ok()?), word.to_owned(), rest.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_read_as_it_was_written() {
        let mut flags = Flags::default();
        flags.put(Flag::TopicLocked, true);
        flags.put(Flag::Secret, true);
        let mut channel = Channel::new("#世界", RoomId(7), Stamp(5), flags);
        channel.topic = Some(Topic {
            text: "be kind; rewind = ok".to_owned(),
            setter: "a!b@c".to_owned(),
            time: Stamp(9),
        });
        channel.key = Some("se;same".to_owned());
        channel.used = true;
        channel.limit = Some(12);
        channel.founder = Some("ada".into());
        let entry = ListEntry {
            mask: "*!*@x".to_owned(),
            setter: "a!b@c".to_owned(),
            time: Stamp(3),
        };
        channel.bans.push(entry);
        channel
            .standing
            .insert("ken".into(), Ranks::only(Rank::Voice));
        channel
            .metadata
            .insert("display-name".to_owned(), "The World".to_owned());
        let again = read(&write(&channel)).unwrap();
        assert_eq!(format!("{again:?}"), format!("{channel:?}"));
        assert!(read("nonsense").is_none());
    }
}
