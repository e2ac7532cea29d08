//! What of people's metadata is subscribed to, what a person asked for, and what the server wants to be asked later.
//! It must never let a server make us ask without a pause.

use std::collections::VecDeque;

use crate::session::event::Millis;

/// Rooms and people that wait to be asked about later, as the server wishes.
const LATER_MAX: usize = 100;
/// Between two questions of that sort, whatever the server says.
const STEP_MS: Millis = 2_000;
/// Later than this is never.
const RETRY_MAX_MS: Millis = 3_600_000;
/// Keys that a server lets one subscribe to if it does not say how many.
const SUBSCRIPTIONS: usize = 10;
/// How long an answer to what a person asked may take.
const PATIENCE_MS: Millis = 30_000;

/// What the server takes and what is asked of it on this link.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    /// Keys that one may subscribe to.
    pub(crate) most: usize,
    /// Whether that may be done during the greeting, so that nothing has to be asked for afterwards.
    pub(crate) is_early: bool,
    /// Whether it was done.
    pub(crate) is_made: bool,
    /// Whether the answer to WHOIS that is coming told of it.
    pub(crate) is_told: bool,
    /// About whom a person asked, folded, and until when the answer may come.
    asked: Option<(String, Millis)>,
    /// What is asked about later, and not before when.
    later: VecDeque<(String, Millis)>,
    next_at: Millis,
}

impl Default for Subscription {
    fn default() -> Self {
        Self {
            most: SUBSCRIPTIONS,
            is_early: false,
            is_made: false,
            is_told: false,
            asked: None,
            later: VecDeque::new(),
            next_at: 0,
        }
    }
}

impl Subscription {
    /// What the capability says: `before-connect`, `max-subs=<count>` (or `maxsub`, as an earlier draft has it).
    pub(crate) fn learn(&mut self, value: &str) {
        for word in value.split(',') {
            match word.split_once('=') {
                Some(("max-subs" | "maxsub", count)) => {
                    self.most = count.parse().unwrap_or(SUBSCRIPTIONS);
                }
                None if word == "before-connect" => self.is_early = true,
                _ => {}
            }
        }
    }

    /// A person asks about somebody.
    pub(crate) fn ask(&mut self, folded: String, now: Millis) {
        self.asked = Some((folded, now + PATIENCE_MS));
    }

    /// Whether a person asked, about this one or about anybody.
    pub(crate) fn is_asked(&self, folded: Option<&str>, now: Millis) -> bool {
        let asked = self.asked.as_ref().filter(|(_, until)| now < *until);
        asked.is_some_and(|(whom, _)| folded.is_none_or(|folded| whom == folded))
    }

    /// An answer is complete, about this one or, if it does not say, about whom a person asked.
    pub(crate) fn answered(&mut self, folded: &str) {
        let is_it = |(whom, _): &mut (String, Millis)| folded.is_empty() || whom == folded;
        drop(self.asked.take_if(is_it));
    }

    /// The server wants to be asked about this later, after so many milliseconds.
    pub(crate) fn put_off(&mut self, target: &str, pause: Millis, now: Millis) {
        let at = now + pause.min(RETRY_MAX_MS);
        self.later.retain(|(waiting, _)| waiting != target);
        if self.later.len() < LATER_MAX {
            self.later.push_back((target.to_owned(), at));
        }
    }

    /// What is asked about now.
    pub(crate) fn next(&mut self, now: Millis) -> Option<String> {
        if now < self.next_at {
            return None;
        }
        let place = self.later.iter().position(|(_, at)| *at <= now)?;
        self.next_at = now + STEP_MS;
        self.later.remove(place).map(|(target, _)| target)
    }

    /// When to look again.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        let first = self.later.iter().map(|(_, at)| *at).min();
        first.map(|at| at.max(self.next_at))
    }
}
