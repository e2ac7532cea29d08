//! What the screen asks of a network's task, and what that tells: two closed lists.
//! It must never hold what only one of the two ends needs.

use std::net::SocketAddr;

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
    /// It has a door for encrypted links from other machines now, there.
    DoorOpened(SocketAddr),
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
    /// Open a door for encrypted links from other machines, where the server runs in this process, and make a link into
    /// this room.
    OpenDoor {
        /// The room.
        room: String,
    },
}
