//! The signals that a program with a screen must answer.
//! It must never do anything in a signal handler: it only says, in its turn, what came.

use std::future::pending;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// End: SIGTERM, SIGHUP.
    End,
    /// End: SIGINT, which another program may have been meant by.
    Interrupted,
    /// We were asleep and run again: SIGCONT.
    Woken,
}

/// The signals, watched.
#[derive(Debug, Default)]
pub struct Signals {
    ends: Vec<(Call, Signal)>,
    woken: Option<Signal>,
}

impl Signals {
    /// Watches for the signals of this process.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn watch() -> io::Result<Self> {
        let ends = [
            (Call::End, SignalKind::terminate()),
            (Call::Interrupted, SignalKind::interrupt()),
            (Call::End, SignalKind::hangup()),
        ];
        Ok(Self {
            ends: ends
                .map(|(call, kind)| Ok((call, signal(kind)?)))
                .into_iter()
                .collect::<io::Result<_>>()?,
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
            let mut called = ends.iter_mut();
            let called = called.find_map(|(call, signal)| {
                let is_called = signal.poll_recv(cx).is_ready();
                is_called.then_some(*call)
            });
            called.map_or(std::task::Poll::Pending, std::task::Poll::Ready)
        });
        tokio::select! {
            call = ended => call,
            _ = woken.recv() => Call::Woken,
        }
    }
}

/// Tokio has no name for it.
const SIGCONT: i32 = rustix::process::Signal::CONT.as_raw();
