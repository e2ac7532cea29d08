//! Letters that wait for the relay: how many there may be, and when each is tried again. It never reads a clock, and
//! never sends anything.

use std::collections::VecDeque;

/// Letters that may wait at once; a server that makes more accounts than that in a day has other troubles.
const LETTERS_MAX: usize = 256;
/// Milliseconds for which a letter is tried: as long as the code in it holds.
const LETTER_TTL_MS: u64 = 24 * 3_600_000;
/// Milliseconds after the first failure before it is tried again, and by how much longer after each further one.
const REST_FIRST_MS: u64 = 60_000;
const REST_FACTOR: u64 = 3;
/// At most.
const REST_MOST_MS: u64 = 2 * 3_600_000;
/// Accounts that are remembered because their letter could not be sent.
const GIVEN_UP_MAX: usize = 1024;

/// A code on its way.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Letter {
    /// The e-mail address.
    pub(super) address: String,
    /// The account.
    pub(super) account: String,
    /// The code.
    pub(super) code: String,
}

struct Waiting {
    letter: Letter,
    failures: u32,
    due: u64,
    until: u64,
}

/// What is to be done.
#[derive(PartialEq, Eq)]
pub(super) enum Next {
    /// This is sent; then [`Queue::sent`] or [`Queue::failed`] is called.
    Send(Letter),
    /// Nothing for so many milliseconds.
    Wait(u64),
    /// Nothing until a letter comes.
    Rest,
}

/// The letters, the one that is due first in front.
#[derive(Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    given_up: VecDeque<String>,
    taken: Vec<String>,
}

impl Queue {
    /// Takes a letter, unless there are too many.
    pub(super) fn add(&mut self, letter: Letter, now: u64) -> Result<(), String> {
        if self.waiting.len() >= LETTERS_MAX {
            return Err("too many letters wait for the relay".to_owned());
        }
        self.given_up.retain(|account| *account != letter.account);
        self.put(Waiting {
            letter,
            failures: 0,
            due: now,
            until: now + LETTER_TTL_MS,
        });
        Ok(())
    }

    /// What is to be done at this moment, in steady milliseconds.
    pub(super) fn next(&self, now: u64) -> Next {
        match self.waiting.front() {
            None => Next::Rest,
            Some(first) if first.due > now => Next::Wait(first.due - now),
            Some(first) => Next::Send(first.letter.clone()),
        }
    }

    /// A letter is with the relay.
    pub(super) fn sent(&mut self, letter: &Letter) {
        self.waiting.retain(|waiting| waiting.letter != *letter);
        // Whoever asks does so every few seconds; what is forgotten is sent once more after a restart.
        if self.taken.len() < LETTERS_MAX {
            self.taken.push(letter.account.clone());
        }
    }

    /// The accounts whose letters are with the relay since this was asked last.
    pub(super) fn taken(&mut self) -> Vec<String> {
        std::mem::take(&mut self.taken)
    }

    /// A letter could not be given to the relay. Says in how many milliseconds it is tried again; `None`: it is not.
    pub(super) fn failed(&mut self, letter: &Letter, is_final: bool, now: u64) -> Option<u64> {
        let place = self
            .waiting
            .iter()
            .position(|waiting| waiting.letter == *letter)?;
        let mut waiting = self.waiting.remove(place)?;
        let rest = REST_FIRST_MS
            .saturating_mul(REST_FACTOR.saturating_pow(waiting.failures))
            .min(REST_MOST_MS);
        if is_final || now + rest >= waiting.until {
            if self.given_up.len() >= GIVEN_UP_MAX {
                self.given_up.pop_front();
            }
            self.given_up.push_back(waiting.letter.account);
            return None;
        }
        waiting.failures += 1;
        waiting.due = now + rest;
        self.put(waiting);
        Some(rest)
    }

    /// Whether the letter to the owner of an account will never be sent.
    pub(super) fn has_given_up(&self, account: &str) -> bool {
        let mut given_up = self.given_up.iter();
        given_up.any(|one| one.eq_ignore_ascii_case(account))
    }

    fn put(&mut self, fresh: Waiting) {
        let after = self.waiting.partition_point(|one| one.due <= fresh.due);
        self.waiting.insert(after, fresh);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3_600_000;

    fn letter(account: &str) -> Letter {
        Letter {
            address: format!("{account}@example.org"),
            account: account.to_owned(),
            code: "code".to_owned(),
        }
    }

    #[test]
    fn a_letter_is_tried_ever_less_often_until_its_code_no_longer_holds() {
        let mut queue = Queue::default();
        queue.add(letter("ann"), 5).unwrap();
        let mut now = 5;
        let mut rests = Vec::new();
        while let Some(rest) = queue.failed(&letter("ann"), false, now) {
            assert!(queue.next(now) == Next::Wait(rest));
            now += rest;
            assert!(queue.next(now) == Next::Send(letter("ann")));
            rests.push(rest / 60_000);
        }
        assert_eq!(rests.get(..7), Some(&[1, 3, 9, 27, 81, 120, 120][..]));
        assert!((20 * HOUR..24 * HOUR).contains(&now), "{now}");
        assert!(queue.next(now) == Next::Rest && queue.has_given_up("Ann"));
        queue.add(letter("ann"), now).unwrap();
        assert!(!queue.has_given_up("ann"));
    }

    #[test]
    fn one_that_waits_holds_up_no_other_and_one_that_is_refused_is_not_tried_again() {
        let mut queue = Queue::default();
        queue.add(letter("ann"), 0).unwrap();
        queue.failed(&letter("ann"), false, 0);
        queue.add(letter("bob"), 1).unwrap();
        assert!(queue.next(1) == Next::Send(letter("bob")));
        assert_eq!(queue.failed(&letter("bob"), true, 1), None);
        assert!(queue.has_given_up("bob") && queue.next(1) == Next::Wait(59_999));
        queue.sent(&letter("ann"));
        assert!(queue.next(1) == Next::Rest && !queue.has_given_up("ann"));
    }

    #[test]
    fn there_is_an_end_to_what_waits() {
        let mut queue = Queue::default();
        for count in 0..LETTERS_MAX {
            queue.add(letter(&format!("a{count}")), 0).unwrap();
        }
        assert!(queue.add(letter("late"), 0).is_err());
        for count in 0..GIVEN_UP_MAX + 5 {
            let one = letter(&format!("b{count}"));
            queue.sent(&letter(&format!("a{count}")));
            queue.waiting.clear();
            queue.add(one.clone(), 0).unwrap();
            queue.failed(&one, true, 0);
        }
        assert_eq!(queue.given_up.len(), GIVEN_UP_MAX);
    }
}
