//! Parlor's server as a pure state machine: `(Server, now, Input) -> Effects`.
//!
//! **Contract:** hand over one input, carry out every effect in order, then the next input. An effect that asks
//! something (`Store`, `Accounts`) is answered by an input with its ticket, at once or much later. The core never
//! waits, never reads a clock, a file or a socket, and what it does depends on its inputs alone.

pub mod accounts;
pub mod effect;
pub mod ids;
pub mod input;
pub mod settings;
pub mod storage;

pub use effect::{Effect, Record};
pub use ids::{SessionId, Ticket};
pub use input::{Door, Input, Now, Peer};
pub use settings::Settings;

/// The whole server.
#[derive(Debug)]
pub struct Server {
    settings: Settings,
}

impl Server {
    /// A server with nobody in it.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Takes one input and says what is to be done.
    pub fn handle(&mut self, _now: Now, _input: Input<'_>, _effects: &mut Vec<Effect>) {
        let _ = &self.settings;
    }
}
