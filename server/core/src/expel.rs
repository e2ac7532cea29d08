//! Who may not come in at all (KLINE, DLINE). It never decides who is put on the list.

use std::net::IpAddr;

use protocol::Stamp;

use crate::input::Now;
use crate::network::Expulsion;
use crate::state::State;
use crate::user::User;
use protocol::mask;

/// Why connections from this address are refused, if they are.
pub fn expelled_address(state: &State, now: Now, address: IpAddr) -> Option<String> {
    let text = address.to_string();
    state
        .network
        .expelled
        .iter()
        .filter(|entry| entry.until.is_none_or(|until| until > now.wall))
        .find(|entry| entry.address_only && mask::matches(&entry.mask, &text))
        .map(|entry| format!("You are banned from this server: {}", entry.reason))
}

/// Why this person is refused, if it is.
pub fn expelled(state: &State, now: Now, user: &User) -> Option<String> {
    let shown = format!("{}@{}", user.ident, user.host);
    let real = format!("{}@{}", user.ident, user.address);
    state
        .network
        .expelled
        .iter()
        .filter(|entry| entry.until.is_none_or(|until| until > now.wall))
        .find(|entry| {
            !entry.address_only
                && (mask::matches(&entry.mask, &shown) || mask::matches(&entry.mask, &real))
        })
        .map(|entry| format!("You are banned from this server: {}", entry.reason))
}

/// What is kept of a ban: its key and its record.
pub fn record(entry: &Expulsion) -> (Box<str>, Box<str>) {
    let until = entry.until.map_or(0, |until| until.0);
    (
        key(entry),
        format!("{until} {} {}", entry.setter, entry.reason).into(),
    )
}

/// Under what a ban is kept.
pub fn key(entry: &Expulsion) -> Box<str> {
    let kind = if entry.address_only { "D" } else { "K" };
    format!("{kind} {}", entry.mask).into()
}

/// The bans that were kept.
pub fn recall(records: &[(Box<str>, Box<str>)]) -> Vec<Expulsion> {
    let read = |(key, value): &(Box<str>, Box<str>)| {
        let (kind, mask) = key.split_once(' ')?;
        let (until, rest) = value.split_once(' ')?;
        let (setter, reason) = rest.split_once(' ')?;
        let until = until.parse().ok().filter(|until| *until > 0).map(Stamp);
        Some(Expulsion {
            mask: mask.to_owned(),
            address_only: kind == "D",
            until,
            setter: setter.to_owned(),
            reason: reason.to_owned(),
        })
    };
    records.iter().filter_map(read).collect()
}
