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

    /// A number that is never given again, not even after a restart: the time and a count within it.
    pub fn mint(&mut self, now: Now) -> u64 {
        self.last_id = (self.last_id + 1).max(now.wall.0 << 12);
        self.last_id
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
