//! The one task that owns the core: takes what happened in batches, has every effect carried out, and then writes to
//! each session once. It never waits for anybody but the inbox, and in a rush a moment for more of it.

mod feeding;
mod rush;
mod stopping;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use server_core::{Effect, Input, Now, Server, SessionId};

use crate::delivery::Delivery;
use crate::inbox::{Answer, Happening, Inbox};
use crate::interpret::{Hands, Later, carry_out};
use crate::journal;
use crate::renewal::{Fresh, Renewal};
use crate::sessions::Phase;

/// Happenings handled before everybody is written to: all that the inbox holds. The more reads one batch has, the more
/// of what a member hears goes out in one write, and writes are what small rooms cost.
const BATCH_MAX: usize = 1024;

/// Bytes of lines gathered before everybody is written to.
const BATCH_BYTES_MAX: usize = 4 << 20;

/// The core and everything around it.
pub(crate) struct Hub {
    /// The core.
    pub(crate) server: Server,
    /// What effects are carried out on.
    pub(crate) hands: Hands,
    /// The sessions.
    pub(crate) delivery: Delivery,
    /// The configuration, and how to take over a new one.
    pub(crate) renewal: Renewal,
    effects: Vec<Effect>,
    replying: Vec<SessionId>,
    rush: rush::Rush,
    started: Instant,
    now: Now,
}

impl Hub {
    /// A hub around a core.
    pub(crate) fn new(server: Server, hands: Hands, delivery: Delivery, renewal: Renewal) -> Self {
        Self {
            server,
            hands,
            delivery,
            renewal,
            effects: Vec::new(),
            replying: Vec::new(),
            rush: rush::Rush::new(Instant::now()),
            started: Instant::now(),
            now: Now::default(),
        }
    }

    /// Runs until it is told to stop; says why.
    pub(crate) async fn run(&mut self, inbox: &mut Inbox) -> String {
        let mut happened = Vec::with_capacity(BATCH_MAX);
        let mut answered = Vec::new();
        let sleep = tokio::time::sleep(Duration::ZERO);
        tokio::pin!(sleep);
        // When the sleep ends, in steady milliseconds. It may end too early, never too late.
        let mut armed = u64::MAX;
        self.read_clock();
        self.tell(Input::Started);
        self.finish_batch();
        loop {
            if let Some(reason) = self.hands.stop.take() {
                return reason;
            }
            if self.hands.wake_at < armed {
                armed = self.hands.wake_at;
                let deadline = self.started + Duration::from_millis(armed);
                sleep.as_mut().reset(deadline.into());
            }
            tokio::select! {
                biased;
                _ = inbox.answers.recv_many(&mut answered, BATCH_MAX) => {
                    self.read_clock();
                    answered.drain(..).for_each(|answer| self.answered(answer));
                }
                count = inbox.happenings.recv_many(&mut happened, BATCH_MAX) => {
                    if count == 0 { return "the doors are gone".to_owned() }
                    self.gather(inbox, &mut happened).await;
                    self.read_clock();
                    happened.drain(..).for_each(|happening| self.happened(happening));
                }
                () = &mut sleep, if armed != u64::MAX => {
                    armed = u64::MAX;
                    self.read_clock();
                    if self.hands.wake_at <= self.now.steady {
                        self.hands.wake_at = u64::MAX;
                        self.tell(Input::Woke);
                    }
                }
            }
            self.hands.metrics.batches.add(1);
            self.finish_batch();
        }
    }

    fn read_clock(&mut self) {
        let steady = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.now = Now {
            wall: journal::now(),
            steady,
        };
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Stored(replies) => {
                for (ticket, reply) in replies {
                    self.tell(Input::Stored { ticket, reply });
                }
            }
            Answer::Accounts(ticket, reply) => {
                self.tell(Input::AccountsAnswered { ticket, reply });
            }
            Answer::Learnt(news) => {
                self.tell(Input::Learnt(news));
            }
        }
    }

    fn happened(&mut self, happening: Happening) {
        match happening {
            Happening::Came { session, bytes } => {
                if let Some(session) = self.delivery.sessions.get_mut(session) {
                    session.gate.heard();
                }
                self.feed(session, |wire, reply, hear| wire.came(&bytes, reply, hear));
            }
            Happening::Paused { session } => {
                self.feed(session, |wire, reply, hear| wire.paused(reply, hear));
            }
            Happening::Arrived(newcomer) => self.arrived(*newcomer),
            Happening::Ended { session, reason } => {
                self.feed(session, |wire, reply, hear| wire.paused(reply, hear));
                // What it asked before it went is still answered.
                self.forget(session, reason);
                self.hands.closing.push(session);
            }
            Happening::Drained { session } => {
                self.delivery.drained(session, &mut self.hands.later);
                self.settle();
            }
            Happening::Stuck { session } => self.give_up(session, "Write timeout"),
            Happening::Overdue { session } => {
                let phase = self
                    .delivery
                    .sessions
                    .get_mut(session)
                    .map(|session| session.phase);
                if phase == Some(Phase::Greeting) {
                    self.remove(session);
                }
            }
            Happening::Reload => self.hands.reload = true,
            Happening::Replace { config, done } => {
                let fresh = self.renewal.put(*config);
                let is_done = fresh.as_ref().map(|_| ()).map_err(String::clone);
                self.take_on(fresh);
                // Whoever wanted it may be gone.
                let _ = done.send(is_done);
            }
            #[cfg(feature = "acme")]
            Happening::Certified => {
                let settings = Box::new(self.renewal.settings());
                self.tell(Input::Reloaded {
                    settings,
                    told: "the certificate was read again and is another",
                });
            }
            Happening::Stop { reason } => self.hands.stop = Some(reason),
        }
        if self.hands.batch.bytes() > BATCH_BYTES_MAX {
            self.finish_batch();
        }
    }

    /// Ends a connection that is of no use any more.
    fn give_up(&mut self, id: SessionId, reason: &str) {
        self.forget(id, reason);
        self.remove(id);
    }

    fn remove(&mut self, id: SessionId) {
        self.hands.batch.closed(id);
        self.delivery.remove(id);
    }

    /// Tells the core one thing, and has all that follows carried out. Says whether the core panicked.
    fn tell(&mut self, input: Input<'_>) -> bool {
        let panicked = self.tell_once(input);
        self.settle();
        panicked
    }

    fn tell_once(&mut self, input: Input<'_>) -> bool {
        let (server, effects, now) = (&mut self.server, &mut self.effects, self.now);
        // The core holds no lock and no half-open file; what an input that failed half-way left is for its own
        // invariants to survive, and better than ending everybody's session.
        let result = catch_unwind(AssertUnwindSafe(|| server.handle(now, input, effects)));
        for effect in self.effects.drain(..) {
            carry_out(effect, &mut self.hands);
        }
        if result.is_err() {
            self.hands.metrics.panics.add(1);
            tracing::error!("a bug: the core panicked; the session at fault is ended");
        }
        result.is_err()
    }

    /// Tells the core what came of its own effects.
    fn settle(&mut self) {
        while let Some(later) = self.hands.later.pop_front() {
            match later {
                Later::Stored(ticket, reply) => {
                    self.tell_once(Input::Stored { ticket, reply });
                }
                Later::Accounts(ticket, reply) => {
                    self.tell_once(Input::AccountsAnswered { ticket, reply });
                }
                Later::Line(session, line) => {
                    self.tell_once(Input::LineCame {
                        session,
                        line: &line,
                    });
                }
                Later::Closed(session, reason) => {
                    tracing::info!("connection dropped: {reason}");
                    self.tell_once(Input::Closed { session, reason });
                    self.delivery.abandon(session, &mut self.hands.later);
                }
            }
        }
    }

    /// Writes to everybody what the batch has for them, until nothing follows from it.
    fn finish_batch(&mut self) {
        loop {
            // First: what was said goes on its way to the disk while others are written to.
            if let Some(storage) = &mut self.hands.storage {
                let failed = storage.flush().into_iter();
                let failed = failed.map(|(ticket, reply)| Later::Stored(ticket, reply));
                self.hands.later.extend(failed);
            }
            self.delivery
                .flush(&mut self.hands.batch, &mut self.hands.later);
            while let Some(id) = self.replying.pop() {
                self.delivery.send_reply(id, &mut self.hands.later);
            }
            let is_settled = self.hands.later.is_empty();
            self.settle();
            if is_settled && self.hands.batch.is_empty() && self.replying.is_empty() {
                break;
            }
        }
        self.hands.journal.end_batch();
        for id in std::mem::take(&mut self.hands.closing) {
            self.hands.batch.closed(id);
            self.delivery.close(id, &mut self.hands.later);
        }
        if std::mem::take(&mut self.hands.reload) {
            self.read_again();
        }
    }

    fn read_again(&mut self) {
        let fresh = self.renewal.again();
        self.take_on(fresh);
        self.finish_batch();
    }

    /// Another configuration is in force, or why it is not.
    fn take_on(&mut self, fresh: Result<Fresh, String>) {
        match fresh {
            Ok(fresh) => {
                self.hands.reply_bytes_max = fresh.queues.limits.bytes_max;
                self.delivery.limits = fresh.queues.limits;
                self.delivery.patience = fresh.queues.patience;
                self.tell(Input::Reloaded {
                    settings: Box::new(fresh.settings),
                    told: &fresh.told,
                });
            }
            Err(why) => {
                self.tell(Input::ReloadFailed(&why));
            }
        }
    }
}
