//! What the screen wants done: one closed list, in the imperative.
//! It must never be done here, nor hold a closure.

use std::net::SocketAddr;

use crate::ids::NetworkId;
use crate::model::network::Settings;
use crate::session::command::Command;
use crate::session::event::Millis;
use crate::store;

/// Everything the screen can ask of the shell, to be done in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Draw: something changed.
    Draw,
    /// Draw every cell anew: the terminal may show anything.
    Redraw,
    /// Tell the session of a network.
    Send(NetworkId, Command),
    /// Connect at once, without waiting for the next attempt.
    Connect(NetworkId),
    /// Say goodbye to a network, and connect again only when asked to.
    HangUp(NetworkId),
    /// Begin to keep a link to a new network.
    Dial(NetworkId, Settings),
    /// Let a network go after its goodbye.
    Forget(NetworkId),
    /// Take the certificate that was refused for the right one.
    Trust(NetworkId),
    /// Open a door for friends on other machines, where this process hosts, and make a link into a room.
    OpenDoor {
        /// The network.
        on: NetworkId,
        /// The room.
        room: String,
    },
    /// Have the config file open this door for encrypted links at the next start, too.
    KeepDoor(SocketAddr),
    /// Show or change a setting.
    Set {
        /// Its name; empty: show all.
        name: String,
        /// The new value; empty: show it.
        value: String,
    },
    /// Write a network into the config file.
    KeepNetwork(Settings),
    /// Take the network of this name out of it, if it is there.
    DropNetwork(String),
    /// A room has another name: the config file's `rooms` follow, if they name it.
    RenameRoom {
        /// The network's name there; empty: the one at the top.
        network: String,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Put text onto the clipboard.
    Copy(String),
    /// Open a link; where nothing can, put it onto the clipboard and say so.
    Open(String),
    /// Call for attention.
    Ring,
    /// Show this where the desktop shows what programs want, while the terminal is behind others.
    Notify(String),
    /// Name the terminal's window.
    SetTitle(String),
    /// Tick at this time, and at no other; `None`: not at all.
    WakeAt(Option<Millis>),
    /// Let the user write this in an editor of their own.
    Edit(String),
    /// Take the mouse, or leave it to the terminal.
    Point(bool),
    /// Tell or ask the local store.
    Keep(store::Request),
    /// Put the program to sleep.
    Suspend,
    /// End the program.
    Quit,
}
