//! What the screen asks of a network's task, and what that tells: two closed lists.
//! It must never hold what only one of the two ends needs.

use crate::session::command::Command;
use crate::session::event::Event;

/// What the wire tells the screen.
#[derive(Debug)]
pub enum Report {
    /// The session found something out.
    Events(Vec<Event>),
    /// A server was started in this process.
    Hosting {
        /// Its address.
        address: String,
        /// The link to give to a friend.
        invite: Option<String>,
    },
    /// So many others are connected to it.
    Guests(usize),
    /// That server ended; why.
    HostStopped(String),
}

/// What the screen asks of the wire.
#[derive(Debug)]
pub enum Request {
    /// Something for the session.
    Command(Command),
    /// Dial now, without waiting for the end of the pause.
    Connect,
    /// Say goodbye, and dial again only when asked to.
    HangUp,
    /// The certificate that was refused last is the right one; dial again.
    Trust,
}
