//! The screen's end of the store: takes requests at any pace, and hands them over in groups.
//! It must never wait for the disk, nor grow without end: what is too much is told to the store as a gap.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::session::event::Millis;
use crate::store::thread::Ends;
use crate::store::{Place, Reply, Request};

/// Requests handed over at a time.
const GROUP: usize = 512;
/// Requests that wait here for a store that is busy.
const WAITING_MAX: usize = 1024;

/// The way to the store, if there is one.
#[derive(Debug, Default)]
pub struct Queue {
    requests: Option<mpsc::Sender<Vec<Request>>>,
    replies: Option<mpsc::Receiver<Reply>>,
    waiting: Vec<Request>,
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
        match &request {
            Request::Said {
                place, messages, ..
            } if is_full => {
                let times = || messages.iter().map(|message| message.at);
                if let Some((first, last)) = times().min().zip(times().max()) {
                    let span = self.lost.entry(place.clone()).or_insert((first, last));
                    *span = (span.0.min(first), span.1.max(last));
                }
            }
            // A gap that stays is filled again on sight; a reaction is the least that can be lost.
            Request::Fill(..) | Request::Reacted { .. } if is_full => {}
            _ => self.waiting.push(request),
        }
    }

    /// Hands over what waits, as far as the store takes it.
    pub fn flush(&mut self) {
        while !self.waiting.is_empty() {
            let Some(requests) = &self.requests else {
                return self.waiting.clear();
            };
            let is_over = match requests.try_reserve() {
                Ok(space) => {
                    let count = self.waiting.len().min(GROUP);
                    space.send(self.waiting.drain(..count).collect());
                    false
                }
                Err(mpsc::error::TrySendError::Full(())) => return,
                Err(mpsc::error::TrySendError::Closed(())) => true,
            };
            if is_over {
                self.requests = None;
            }
        }
        let lost = std::mem::take(&mut self.lost);
        let gaps = lost.into_iter();
        self.waiting.extend(gaps.map(|(place, (since, until))| {
            Request::Gap(place, since.saturating_sub(1), until + 1)
        }));
    }

    /// Waits for the store's next answer, and hands over what waits as soon as there is space. `None`: it has ended.
    pub async fn next(&mut self) -> Option<Reply> {
        let Some(replies) = &mut self.replies else {
            return std::future::pending().await;
        };
        while let (Some(requests), false) = (&self.requests, self.waiting.is_empty()) {
            let is_over = tokio::select! {
                reply = replies.recv() => return reply,
                space = requests.reserve() => space.map(|space| {
                    let count = self.waiting.len().min(GROUP);
                    space.send(self.waiting.drain(..count).collect());
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
