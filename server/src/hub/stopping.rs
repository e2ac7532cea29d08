//! The end of a server: everybody is told, what was accepted is stored, the last words go out. It never takes anything
//! new.

use std::time::Duration;

use server_core::Input;

use super::{BATCH_MAX, Hub};
use crate::inbox::{Happening, Inbox};

/// How long the last words may take when the server stops.
const FAREWELL: Duration = Duration::from_secs(2);

impl Hub {
    /// Tells everybody that the server stops, waits until what was accepted is stored, and sends the last words.
    pub(crate) async fn stop(&mut self, inbox: &mut Inbox, reason: &str) {
        self.renewal.close_doors();
        self.read_clock();
        self.tell(Input::Stopping { reason });
        self.finish_batch();
        let (storage, accounts) = (self.hands.storage.take(), self.hands.accounts.take());
        let mut finished = tokio::task::spawn_blocking(move || {
            if let Some(storage) = storage {
                storage.finish();
            }
            if let Some(accounts) = accounts {
                accounts.finish();
            }
        });
        let mut answered = Vec::new();
        loop {
            tokio::select! {
                biased;
                _ = inbox.answers.recv_many(&mut answered, BATCH_MAX) => {
                    answered.drain(..).for_each(|answer| self.answered(answer));
                    self.finish_batch();
                }
                _ = &mut finished => break,
            }
        }
        while let Ok(answer) = inbox.answers.try_recv() {
            self.answered(answer);
        }
        self.finish_batch();
        for id in self.delivery.sessions.ids() {
            self.delivery.close(id, &mut self.hands.later);
        }
        let _ = tokio::time::timeout(FAREWELL, self.last_words(inbox)).await;
    }

    async fn last_words(&mut self, inbox: &mut Inbox) {
        while !self.delivery.sessions.is_empty() {
            match inbox.happenings.recv().await {
                Some(Happening::Drained { session }) => {
                    self.delivery.drained(session, &mut self.hands.later);
                    self.hands.later.clear();
                }
                Some(Happening::Stuck { session }) => self.delivery.remove(session),
                Some(_) => {}
                None => return,
            }
        }
    }
}
