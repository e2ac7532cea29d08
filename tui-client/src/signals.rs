//! The signals that a program with a screen must answer.
//! It must never do anything in a signal handler: it only says, in its turn, what came.

use std::future::pending;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// End: SIGTERM, SIGINT, SIGHUP.
    End,
    /// We were asleep and run again: SIGCONT.
    Woken,
}

/// The signals, watched.
#[derive(Debug, Default)]
pub struct Signals {
    ends: Vec<Signal>,
    woken: Option<Signal>,
}

impl Signals {
    /// Watches for the signals of this process.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn watch() -> io::Result<Self> {
        let ends = [
            SignalKind::terminate(),
            SignalKind::interrupt(),
            SignalKind::hangup(),
        ];
        Ok(Self {
            ends: ends.into_iter().map(signal).collect::<io::Result<_>>()?,
            woken: Some(signal(SignalKind::from_raw(SIGCONT))?),
        })
    }

    /// No signals at all, for tests.
    pub fn none() -> Self {
        Self::default()
    }

    /// The next one.
    pub async fn next(&mut self) -> Call {
        let Some(woken) = &mut self.woken else {
            return pending().await;
        };
        let ends = &mut self.ends;
        let ended = std::future::poll_fn(|cx| {
            let is_ended = ends
                .iter_mut()
                .any(|signal| signal.poll_recv(cx).is_ready());
            if is_ended {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        });
        tokio::select! {
            () = ended => Call::End,
            _ = woken.recv() => Call::Woken,
        }
    }
}

/// Tokio has no name for it.
const SIGCONT: i32 = rustix::process::Signal::CONT.as_raw();
