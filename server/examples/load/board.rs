//! What all members together have done and heard. It never sends anything.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::Failure;

/// How long nothing may happen before a scene is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Counts, for one thread.
#[derive(Debug)]
pub struct Board {
    /// When the clock of messages started.
    pub start: Instant,
    /// Members that are registered.
    pub registered: Cell<usize>,
    /// Rooms that members have entered.
    pub entered: Cell<usize>,
    /// Lines heard that count.
    pub heard: Cell<u64>,
    /// Connections lost.
    pub lost: Cell<usize>,
    /// From sending to hearing.
    pub waits: RefCell<Vec<Duration>>,
    /// For each sender, how much of what it said was heard by the last of its group.
    pub seen: Vec<Seen>,
    /// Whether entering counts as heard.
    pub counts_entering: bool,
    changed: Notify,
}

/// What the last of a group has heard of a sender.
#[derive(Debug, Default)]
pub struct Seen {
    /// How much.
    pub count: Cell<usize>,
    /// Whenever it is more.
    pub more: Notify,
}

impl Board {
    /// Nothing has happened.
    pub fn new(senders: usize, counts_entering: bool) -> Self {
        Self {
            start: Instant::now(),
            registered: Cell::new(0),
            entered: Cell::new(0),
            heard: Cell::new(0),
            lost: Cell::new(0),
            waits: RefCell::default(),
            seen: (0..senders).map(|_| Seen::default()).collect(),
            counts_entering,
            changed: Notify::new(),
        }
    }

    /// A count has changed.
    pub fn notify(&self) {
        self.changed.notify_one();
    }

    /// Waits until something is so; gives up when nothing changes any more.
    pub async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) -> Result<(), Failure> {
        while !is_so(self) {
            if tokio::time::timeout(PATIENCE, self.changed.notified())
                .await
                .is_err()
            {
                let (registered, entered) = (self.registered.get(), self.entered.get());
                let (heard, lost) = (self.heard.get(), self.lost.get());
                return Err(format!(
                    "nothing happens any more before {what}: {registered} registered, \
                     {entered} entered, {heard} heard, {lost} lost"
                )
                .into());
            }
        }
        Ok(())
    }
}
