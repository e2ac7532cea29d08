//! All that the server knows, and the numbers it gives out. It never decides what a command does.

use protocol::Stamp;

use crate::ids::SessionId;
use crate::input::Now;
use crate::network::Network;
use crate::passed::Passed;
use crate::pending::Pending;
use crate::response::Response;
use crate::settings::Settings;
use crate::storage::RoomId;

/// All that the server knows.
#[derive(Debug)]
pub struct State {
    /// What the operator chose.
    pub settings: Settings,
    /// Everybody and everything.
    pub network: Network,
    /// What is being waited for.
    pub pending: Pending,
    /// What was passed on and is in no log.
    pub passed: Passed,
    /// How many times each verb was used, by its place in the table (STATS m).
    pub uses: Vec<u64>,
    last_id: u64,
    last_stamp: Stamp,
    seeds: u64,
}

impl State {
    /// Nobody is here yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            network: Network::default(),
            pending: Pending::default(),
            passed: Passed::default(),
            uses: Vec::new(),
            last_id: 0,
            last_stamp: Stamp(0),
            seeds: 0,
        }
    }

    /// The moment that entries made now carry: the wall clock, but never earlier than the entry before.
    pub fn stamp(&mut self, now: Now) -> Stamp {
        self.last_stamp = self.last_stamp.max(now.wall);
        self.last_stamp
    }

    /// A number that is never given again, not even after a restart: the time and a count within it, or the number after
    /// the one before.
    pub fn mint(&mut self, now: Now) -> u64 {
        self.last_id = (self.last_id + 1).max(now.wall.0 << 12);
        self.last_id
    }

    /// Ids go on after that of an earlier process; what is no id of ours changes nothing.
    pub fn go_on_after(&mut self, id: &str) {
        if let Ok(number) = u64::from_str_radix(id, 36) {
            self.last_id = self.last_id.max(number);
        }
    }

    /// A `msgid`.
    pub fn mint_msgid(&mut self, now: Now) -> Box<str> {
        let mut number = self.mint(now);
        let mut digits = [b'0'; 13];
        for place in digits.iter_mut().rev() {
            *place = b"0123456789abcdefghijklmnopqrstuvwxyz"
                .get((number % 36) as usize)
                .copied()
                .unwrap_or(b'0');
            number /= 36;
        }
        // Digits and letters are always UTF-8.
        std::str::from_utf8(&digits).unwrap_or_default().into()
    }

    /// An id for a new room.
    pub fn mint_room(&mut self, now: Now) -> RoomId {
        RoomId(self.mint(now))
    }

    /// A number for what lives no longer than the process: batches, exchanges.
    pub fn seed(&mut self) -> u64 {
        self.seeds += 1;
        self.seeds
    }

    /// An empty answer for a session.
    pub fn respond(&mut self, session: SessionId, now: Now) -> Response {
        let seed = self.seed();
        let stamp = self.stamp(now);
        Response::new(session, self.network.session(session).caps, stamp, seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_is_given_twice_also_where_the_calendar_was_set_back_between_two_processes() {
        let at = |wall| Now {
            wall: Stamp(wall),
            steady: 0,
        };
        let mut first = State::new(Settings::default());
        let last = (0..5000).map(|_| first.mint_msgid(at(9_000_000))).last();
        let last = last.unwrap();
        let mut second = State::new(Settings::default());
        second.go_on_after("no id");
        assert!(second.mint_msgid(at(5_400_000)) < last);
        second.go_on_after(&last);
        assert!(second.mint_msgid(at(5_400_000)) > last);
        assert!(second.mint_room(at(5_400_000)) > first.mint_room(at(5_400_000)));
    }
}
