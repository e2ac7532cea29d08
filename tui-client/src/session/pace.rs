//! Holds back what is said and asked too fast, so that no server throws us out for flooding.
//! It must never hold back answers to the server, nor grow without end.

use std::collections::VecDeque;

use crate::session::event::{Millis, OwnId};

/// Lines that go out at once after a rest.
const BURST: u64 = 8;
/// After the burst, one line in this time: what the usual servers allow for ever.
const STEP_MS: Millis = 1_000;
/// Lines on the way to a server that keeps the pace itself: enough that it never waits for us, few enough that the last
/// of them is answered before anybody doubts that it lives, and with one long batch far from what it takes at all.
const WINDOW: usize = 16;
/// Bytes that may wait: a long paste.
const HELD_BYTES_MAX: usize = 256 * 1024;
/// Bytes of other lines that may wait: more than anybody types while they go.
const LINES_BYTES_MAX: usize = 32 * 1024;

/// Whose a line is that is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A person's, who waits for what comes of it.
    Person,
    /// The program's own, which has time.
    Program,
}

/// What goes out next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A line that is no message, as it goes onto the wire.
    Line(Vec<u8>),
    /// A piece of a message.
    Piece(Held),
}

/// One line that waits, or several that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// As it goes onto the wire.
    pub(crate) bytes: Vec<u8>,
    /// The message that it is a piece of.
    pub(crate) own_id: OwnId,
    /// Which piece, from 0.
    pub(crate) piece: usize,
    /// Whether the message is complete with it.
    pub(crate) is_last: bool,
}

/// A bucket that a line takes one of `BURST` drops from, and that fills by one in `STEP_MS`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    held: VecDeque<Held>,
    held_bytes: usize,
    /// Lines that a person wants sent, and those that the program asks by itself.
    wanted: VecDeque<Vec<u8>>,
    asked: VecDeque<Vec<u8>>,
    lines_bytes: usize,
    /// When the bucket will be full again.
    full_at: Millis,
    /// Whether the server slows down whoever is too fast, in order, and puts nobody out for it: then its answers are
    /// the pace.
    pub(crate) is_theirs: bool,
}

impl Pace {
    /// Whether this many more bytes may wait.
    pub(crate) fn has_space(&self, bytes: usize) -> bool {
        self.held_bytes + bytes <= HELD_BYTES_MAX
    }

    /// Takes a drop for a line that goes out at once or never; whether there was one.
    pub(crate) fn spend(&mut self, now: Millis) -> bool {
        let is_free = self.is_at_rest() && self.may_send(now);
        if is_free {
            self.charge(now);
        }
        is_free
    }

    /// Takes a drop for a line that went out, whether there was one or not.
    pub(crate) fn charge(&mut self, now: Millis) {
        if !self.is_theirs {
            self.full_at = self.full_at.max(now) + STEP_MS;
        }
    }

    /// Takes in a line that is no message; whether there is space for it.
    pub(crate) fn queue(&mut self, whose: Whose, line: Vec<u8>) -> bool {
        let has_space = self.lines_bytes + line.len() <= LINES_BYTES_MAX;
        if has_space {
            self.lines_bytes += line.len();
            match whose {
                Whose::Person => self.wanted.push_back(line),
                Whose::Program => self.asked.push_back(line),
            }
        }
        has_space
    }

    /// Takes a piece of a message in.
    pub(crate) fn push(&mut self, held: Held) {
        self.held_bytes += held.bytes.len();
        self.held.push_back(held);
    }

    /// What goes out next, if its time has come, with so many messages on their way: first what a person does, then what
    /// they say, which may be long, then what the program asks.
    pub(crate) fn pop(&mut self, wired: usize, now: Millis) -> Option<Due> {
        if !self.is_theirs && !self.may_send(now) {
            return None;
        }
        let due = if let Some(line) = self.wanted.pop_front() {
            Due::Line(line)
        } else if let Some(held) = self.pop_piece(wired) {
            Due::Piece(held)
        } else {
            Due::Line(self.asked.pop_front()?)
        };
        match &due {
            Due::Line(line) => self.lines_bytes -= line.len(),
            Due::Piece(held) => self.held_bytes -= held.bytes.len(),
        }
        self.charge(now);
        Some(due)
    }

    fn pop_piece(&mut self, wired: usize) -> Option<Held> {
        if self.is_theirs && wired >= WINDOW {
            return None;
        }
        self.held.pop_front()
    }

    /// Whether anything waits.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.held.is_empty() && self.wanted.is_empty() && self.asked.is_empty()
    }

    /// Takes out the lines that a person wanted, and throws those away that the program asks.
    pub(crate) fn take_wanted(&mut self) -> Vec<Vec<u8>> {
        self.asked.clear();
        self.lines_bytes = 0;
        self.wanted.drain(..).collect()
    }

    /// Throws away what waits, because the link is gone; whose the messages are.
    pub(crate) fn drain(&mut self) -> Vec<OwnId> {
        self.held_bytes = 0;
        self.held
            .drain(..)
            .filter_map(|held| held.is_last.then_some(held.own_id))
            .collect()
    }

    /// When the next line may go, if one waits.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let when = self.full_at.saturating_sub((BURST - 1) * STEP_MS);
        // An answer wakes us, where answers are the pace.
        (!self.is_at_rest() && !self.is_theirs).then_some(when)
    }

    fn may_send(&self, now: Millis) -> bool {
        self.full_at <= now + (BURST - 1) * STEP_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(number: u64) -> Held {
        Held {
            bytes: vec![0; 10],
            own_id: OwnId(number),
            piece: 0,
            is_last: true,
        }
    }

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_steps() {
        let mut pace = Pace::default();
        for number in 0..10 {
            pace.push(held(number));
        }
        let burst = std::iter::from_fn(|| pace.pop(0, 50_000)).count();
        assert_eq!(burst, 8);
        assert_eq!(pace.deadline(), Some(51_000));
        assert_eq!(pace.pop(0, 50_999), None);
        assert_eq!(pace.pop(0, 51_000), Some(Due::Piece(held(8))));
        assert_eq!(pace.pop(0, 51_000), None);
        assert_eq!(pace.drain(), [OwnId(9)]);
        assert_eq!(pace.deadline(), None);
    }

    #[test]
    fn a_person_goes_first_and_the_program_last_and_neither_without_end() {
        let mut pace = Pace::default();
        assert!(pace.queue(Whose::Program, b"WHO".to_vec()));
        pace.push(held(1));
        assert!(pace.queue(Whose::Person, b"PART".to_vec()));
        assert_eq!(pace.pop(0, 0), Some(Due::Line(b"PART".to_vec())));
        assert_eq!(pace.pop(0, 0), Some(Due::Piece(held(1))));
        assert_eq!(pace.pop(0, 0), Some(Due::Line(b"WHO".to_vec())));
        assert_eq!(pace.pop(0, 0), None);
        let line = vec![b'x'; 512];
        let taken = std::iter::from_fn(|| pace.queue(Whose::Person, line.clone()).then_some(()));
        assert_eq!(taken.count(), 64);
        assert_eq!(pace.take_wanted().len(), 64);
        assert!(pace.is_at_rest());
    }
}
