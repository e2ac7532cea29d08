//! Parlor's server as a pure state machine: `(Server, now, Input) -> Effects`.
//!
//! **Contract:** hand over one input, carry out every effect in order, then the next input. An effect that asks
//! something (`Store`, `Accounts`) is answered by an input with its ticket, at once or much later. The core never
//! waits, never reads a clock, a file or a socket, and what it does depends on its inputs alone.
//!
//! In reading order: [`input`] and [`effect`] are the edges, [`storage`] and [`accounts`] the ports;
//! `server` routes, `dispatch` finds the handler, `command` is the table, one verb a file.

pub mod accounts;
pub mod effect;
pub mod ids;
pub mod input;
pub mod invites;
pub mod modes;
pub mod network;
mod newcomer;
pub mod reference;
pub mod secret;
pub mod settings;
pub mod storage;

mod admission;
mod advertise;
mod aftermath;
mod channel;
mod cloak;
mod command;
mod deadline;
mod dispatch;
mod expel;
mod flood;
mod greeting;
mod handler;
mod hearers;
mod keeping;
mod leave;
mod login;
mod membership;
mod metadata;
mod multiline;
mod notify;
mod own_modes;
mod passed;
mod pending;
mod people;
mod policy;
mod reading;
mod record;
mod refusal;
mod reload;
mod renaming;
mod render;
mod response;
mod resume;
mod retention;
mod room_modes;
mod roomview;
mod server;
mod session;
mod speech;
mod state;
mod timer;
mod touched;
mod user;
mod welcome;

pub use effect::{Effect, Record};
pub use ids::{SessionId, Ticket};
pub use input::{Door, Input, News, Now, Peer};
pub use server::Server;
pub use settings::Settings;
