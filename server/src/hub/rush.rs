//! In a rush a small batch waits a moment for more, so that more of what a member hears goes out in one write. It never
//! delays anybody while people speak at the pace of people.

use std::time::{Duration, Instant};

use super::Hub;
use crate::inbox::{Happening, Inbox};

/// How long a small batch waits in a rush: far less than anybody notices, and than everything takes in a rush anyway.
const GATHERING: Duration = Duration::from_micros(300);

/// Happenings from which on a batch does not wait: half of what the inbox holds.
const GATHERED: usize = 512;

/// How far the measure of a rush looks back.
const MEMORY: Duration = Duration::from_millis(8);

/// Happenings within that time that make a rush: 16,000 a second. With fewer too little comes of waiting.
const RUSH_MIN: u64 = 128;

/// How much happened lately.
#[derive(Debug)]
pub(super) struct Rush {
    /// Happenings, weighed less the longer ago they were.
    level: u64,
    at: Instant,
}

impl Rush {
    /// Nothing has happened.
    pub(super) fn new(now: Instant) -> Self {
        Self { level: 0, at: now }
    }

    /// So much has happened.
    fn note(&mut self, now: Instant, happenings: usize) {
        self.level = self.level(now) + happenings as u64;
        self.at = now;
    }

    /// Whether there is a rush.
    fn is_on(&self, now: Instant) -> bool {
        self.level(now) >= RUSH_MIN
    }

    fn level(&self, now: Instant) -> u64 {
        let whole = MEMORY.as_micros();
        let passed = now.duration_since(self.at).as_micros().min(whole);
        u64::try_from(u128::from(self.level) * (whole - passed) / whole).unwrap_or(u64::MAX)
    }
}

impl Hub {
    /// Lets a batch grow, if there is a rush and it is small.
    pub(super) async fn gather(&mut self, inbox: &mut Inbox, happened: &mut Vec<Happening>) {
        if happened.len() < GATHERED && self.rush.is_on(Instant::now()) {
            // The thread sleeps, not only this task: the runtime's timers know whole milliseconds, and what nobody
            // reads meanwhile is read in fewer and larger pieces.
            std::thread::sleep(GATHERING);
            // Twice: before the first turn the sockets are looked at, before the second their readers have had theirs.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
            while happened.len() < super::BATCH_MAX
                && let Ok(more) = inbox.happenings.try_recv()
            {
                happened.push(more);
            }
        }
        self.rush.note(Instant::now(), happened.len());
    }
}

#[cfg(test)]
mod tests;
