//! The screen's end of the store: takes requests at any pace, and hands them over in groups.
//! It must never wait for the disk, nor grow without end: what is too much is told to the store as a gap.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::session::event::{Message, Millis};
use crate::session::gap::Gap;
use crate::store::block::Block;
use crate::store::thread::{Ends, Order};
use crate::store::{Place, Reply, Request};

/// Requests handed over at a time.
const GROUP: usize = 512;
/// Requests that wait here for a store that is busy.
const WAITING_MAX: usize = 1024;
/// Bytes of messages that wait here meanwhile: what a flood brings while the disk takes a breath.
const WAITING_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of messages that are handed over without waiting for more: each time wakes the store's thread.
const PRESSING_BYTES: usize = 64 * 1024;
/// Blocks of other places that may stand between a message and its block, where several places are flooded at once.
const OPEN_MAX: usize = 16;

/// The way to the store, if there is one.
#[derive(Debug, Default)]
pub struct Queue {
    requests: Option<mpsc::Sender<Vec<Order>>>,
    replies: Option<mpsc::Receiver<Reply>>,
    waiting: Vec<Order>,
    /// Bytes of the messages among them.
    heard_bytes: usize,
    /// Whether what waits is to be handed over as soon as there is space.
    is_refused: bool,
    /// What could not be taken, from when until when.
    lost: BTreeMap<Place, (Millis, Millis)>,
}

impl Queue {
    /// The way to a store that runs.
    pub fn new((requests, replies): Ends) -> Self {
        Self {
            requests: Some(requests),
            replies: Some(replies),
            ..Self::default()
        }
    }

    /// Takes a request, to be handed over with the next group.
    pub fn push(&mut self, request: Request) {
        if self.requests.is_none() {
            return;
        }
        let is_full = self.waiting.len() >= WAITING_MAX;
        match request {
            Request::Heard { network, message } => self.hear(&network, &message, is_full),
            Request::Said {
                place, messages, ..
            } if is_full => {
                let times = || messages.iter().map(|message| message.at);
                let span = times().min().zip(times().max());
                if let Some(span) = span {
                    self.lose(place, span);
                }
            }
            // A gap that stays is filled again on sight; a reaction is the least that can be lost.
            Request::Fill(..) | Request::NoGap(..) | Request::Reacted { .. } if is_full => {}
            request => self.waiting.push(Order::Do(request)),
        }
    }

    /// Adds a message to the block of its place, unless something else was asked for since.
    fn hear(&mut self, network: &str, message: &Message, is_full: bool) {
        let is_here = |block: &&mut Block| {
            block.place.name == message.target && block.place.network == network && !block.is_full()
        };
        let open = self.waiting.iter_mut().rev().take(OPEN_MAX);
        let mut open = open.map_while(|order| match order {
            Order::Take(block) => Some(block),
            Order::Do(_) => None,
        });
        let block = open.find(is_here);
        let is_too_much = self.heard_bytes >= WAITING_BYTES_MAX || (is_full && block.is_none());
        let place = || Place {
            network: network.to_owned(),
            name: message.target.clone(),
        };
        if is_too_much {
            return self.lose(place(), (message.at, message.at));
        }
        let before = block.as_ref().map_or(0, |block| block.bytes.len());
        let after = if let Some(block) = block {
            block.push(message);
            block.bytes.len()
        } else {
            let mut block = Block::new(place());
            block.push(message);
            let bytes = block.bytes.len();
            self.waiting.push(Order::Take(block));
            bytes
        };
        self.heard_bytes += after - before;
    }

    /// What could not be taken will be told as a gap.
    fn lose(&mut self, place: Place, (first, last): (Millis, Millis)) {
        let span = self.lost.entry(place).or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
    }

    /// Hands over what waits, unless it is a few messages and a frame is on its way, after which this is called again.
    pub fn flush_before(&mut self, is_framed: bool) {
        let is_other = |order: &Order| matches!(order, Order::Do(_));
        let is_much = self.heard_bytes >= PRESSING_BYTES;
        if !is_framed || is_much || self.waiting.iter().any(is_other) {
            self.flush();
        }
    }

    /// Hands over what waits, as far as the store takes it.
    pub fn flush(&mut self) {
        self.is_refused = false;
        while !self.waiting.is_empty() {
            let Some(requests) = &self.requests else {
                return self.waiting.clear();
            };
            let is_over = match requests.try_reserve() {
                Ok(space) => {
                    space.send(group(&mut self.waiting, &mut self.heard_bytes));
                    false
                }
                Err(mpsc::error::TrySendError::Full(())) => {
                    self.is_refused = true;
                    return;
                }
                Err(mpsc::error::TrySendError::Closed(())) => true,
            };
            if is_over {
                self.requests = None;
            }
        }
        let lost = std::mem::take(&mut self.lost);
        let gaps = lost.into_iter();
        self.waiting.extend(gaps.map(|(place, (since, until))| {
            Order::Do(Request::Gap(place, Gap::between(since, until)))
        }));
    }

    /// Waits for the store's next answer, and hands over what was refused as soon as there is space. `None`: it has ended.
    pub async fn next(&mut self) -> Option<Reply> {
        let Some(replies) = &mut self.replies else {
            return std::future::pending().await;
        };
        while self.is_refused && !self.waiting.is_empty() {
            let Some(requests) = &self.requests else {
                break;
            };
            let is_over = tokio::select! {
                reply = replies.recv() => return reply,
                space = requests.reserve() => space.map(|space| {
                    space.send(group(&mut self.waiting, &mut self.heard_bytes));
                }).is_err(),
            };
            if is_over {
                self.requests = None;
            }
        }
        replies.recv().await
    }

    /// The store has ended: nothing more is taken.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// Hands over everything, and waits until it is written, but no longer than this.
    pub async fn close(mut self, limit: Duration) {
        let rest = async {
            if let Some(requests) = self.requests.take() {
                // A store that has ended takes nothing.
                let _ = requests.send(std::mem::take(&mut self.waiting)).await;
            }
            if let Some(mut replies) = self.replies.take() {
                while replies.recv().await.is_some() {}
            }
        };
        // A disk that hangs must not keep the user.
        let _ = timeout(limit, rest).await;
    }
}

/// The next group to be handed over.
fn group(waiting: &mut Vec<Order>, heard_bytes: &mut usize) -> Vec<Order> {
    let count = waiting.len().min(GROUP);
    let group: Vec<Order> = waiting.drain(..count).collect();
    let bytes = |order: &Order| match order {
        Order::Take(block) => block.bytes.len(),
        Order::Do(_) => 0,
    };
    *heard_bytes -= group.iter().map(bytes).sum::<usize>();
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_do_does_not_pile_up_before_a_store_that_hangs() {
        let (requests, mut asked) = mpsc::channel(1);
        let (_told, replies) = mpsc::channel(1);
        let mut queue = Queue::new((requests, replies));
        let place = Place {
            network: "net".to_owned(),
            name: "#lobby".to_owned(),
        };
        for number in 0..2 * WAITING_MAX {
            queue.push(Request::Reacted {
                place: place.clone(),
                msgid: number.to_string(),
                nick: "ken".to_owned(),
                reaction: "+".to_owned(),
                is_given: true,
            });
        }
        let mut count = 0;
        queue.flush();
        while let Ok(group) = asked.try_recv() {
            count += group.len();
            queue.flush();
        }
        assert_eq!(count, WAITING_MAX);
    }
}
