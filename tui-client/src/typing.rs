//! What the terminal reads, taken in turns: all that is there at once, as what it was meant.
//! It must never hold a key back for longer than a paste takes to come.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crossterm::event::{self, Event as Input, EventStream};
use futures_core::Stream;
use tokio::time::{Instant, timeout};

use crate::bursts::{self, Bursts};
use crate::escapes;
use crate::session::event::Millis;

/// Keys that are taken in before the screen is drawn again, so that a flood of them does not draw each letter.
const INPUTS_MAX: usize = 256;
/// Keys of a paste that are taken in at once; what is more is the next turn's.
const PASTED_MAX: usize = 64 * 1024;
/// A paste that pauses for so long is over.
const PAUSE: Duration = Duration::from_millis(10);
/// And so is, for this turn, one that goes on for so long: the screen waits.
const PASTE: Duration = Duration::from_millis(200);
/// Who looked away for so long may find what fingers typed meanwhile.
const AWAY: Duration = Duration::from_millis(200);
/// What was there already when somebody looked came before.
const AT_ONCE: Duration = Duration::from_millis(1);

/// How long it is looked for more behind a key: long enough to find what was read with it, too short to be felt.
const GLANCE: Duration = Duration::from_micros(100);
/// And how often: a busy machine may let the first glance be over before it began.
const GLANCES: usize = 2;

/// What comes from the terminal. The stream below hands out one event and then has to ask a thread for the next one,
/// which is there already: so what came together would seem to come apart.
#[derive(Debug, Default)]
pub struct Keys {
    stream: EventStream,
    there: VecDeque<Input>,
}

impl Stream for Keys {
    type Item = io::Result<Input>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(event) = self.there.pop_front() {
            return Poll::Ready(Some(Ok(event)));
        }
        let first = Pin::new(&mut self.stream).poll_next(cx);
        if let Poll::Ready(Some(Ok(_))) = &first {
            // Nobody else reads now: the thread waits to be asked.
            while self.there.len() < PASTED_MAX && is_more() {
                match event::read() {
                    Ok(event) => self.there.push_back(event),
                    // It shows again when somebody asks.
                    Err(_) => break,
                }
            }
        }
        first
    }
}

fn is_more() -> bool {
    (0..GLANCES).any(|_| event::poll(GLANCE).unwrap_or(false))
}

/// The turns.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turns {
    bursts: Bursts,
    /// When somebody looked last, if ever.
    looked: Option<Instant>,
    /// When they began to wait this time, and whether they had been away.
    waits: Option<(Instant, bool)>,
    is_sudden: bool,
}

impl Turns {
    /// Somebody begins to wait for keys.
    pub fn wait(&mut self) {
        let now = Instant::now();
        let was_away = self.looked.is_none_or(|looked| now > looked + AWAY);
        self.waits = Some((now, was_away));
    }

    /// They wait no longer, because keys or something else came.
    pub fn woke(&mut self) {
        let now = Instant::now();
        self.is_sudden = self
            .waits
            .is_some_and(|(since, was_away)| !was_away || now > since + AT_ONCE);
        self.looked = Some(now);
    }

    /// All that came with the first, as what it was meant.
    pub fn read(&mut self, events: Vec<Input>, now: Millis) -> Vec<Input> {
        let events = escapes::mended(events);
        self.bursts.read(events, self.is_sudden, now)
    }
}

/// The first event, and all that are there with it; of a paste also those that come right behind.
pub async fn gather<I>(first: Input, input: &mut I) -> Vec<Input>
where
    I: Stream<Item = io::Result<Input>> + Unpin,
{
    let mut events = vec![first];
    let until = Instant::now() + PASTE;
    loop {
        let is_going_on = bursts::may_go_on(&events);
        let most = if is_going_on { PASTED_MAX } else { INPUTS_MAX };
        if events.len() > most {
            return events;
        }
        let there = poll_fn(|cx| Poll::Ready(Pin::new(&mut *input).poll_next(cx))).await;
        let next = match there {
            Poll::Ready(next) => next,
            Poll::Pending if is_going_on && Instant::now() < until => {
                let next = poll_fn(|cx| Pin::new(&mut *input).poll_next(cx));
                match timeout(PAUSE, next).await {
                    Ok(next) => next,
                    Err(_) => return events,
                }
            }
            Poll::Pending => return events,
        };
        match next {
            Some(Ok(event)) => events.push(event),
            // What is wrong with the stream shows at the next wait.
            Some(Err(_)) | None => return events,
        }
    }
}
