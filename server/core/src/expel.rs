//! Who may not come in at all (KLINE, DLINE). It never decides who is put on the list.

use std::net::IpAddr;

use crate::input::Now;
use crate::mask;
use crate::state::State;
use crate::user::User;

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
