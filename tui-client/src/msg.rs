//! What happened, as the screen is told: one closed list, in the past tense.
//! It must never ask for anything; that is what effects do.

use std::net::SocketAddr;

use crossterm::event::{KeyEvent, MouseEvent};

use crate::ids::NetworkId;
use crate::preferences::Answer;
use crate::session::event::Event;
use crate::store::Reply;

/// Everything that can happen to the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Msg {
    /// A key was pressed, repeated or released.
    Pressed(KeyEvent),
    /// Text was pasted.
    Pasted(String),
    /// A whole line was written, where there is neither a screen nor keys.
    Wrote(String),
    /// The mouse did something.
    Pointed(MouseEvent),
    /// The terminal has other columns and rows.
    Resized(u16, u16),
    /// The terminal came to the front.
    Focused,
    /// The terminal went behind others.
    Unfocused,
    /// The program was asleep and runs again; the screen may be anything.
    Woken,
    /// The time that was asked for has come.
    Ticked,
    /// The user's own editor has ended: the text, or why there is none.
    Edited(Result<String, String>),
    /// The settings were shown, or changed.
    SettingsTold(Box<Answer>),
    /// Nothing here could open a link, and it was copied instead.
    NotOpened,
    /// The session of a network reported something.
    Network(NetworkId, Event),
    /// The local store answered.
    Stored(Reply),
    /// This process serves the room now.
    HostStarted {
        /// Its address.
        address: String,
        /// The link to give to a friend, if others can come in from other machines.
        invite: Option<String>,
    },
    /// The server in this process has a door for encrypted links from other machines now.
    DoorOpened {
        /// Where.
        door: SocketAddr,
    },
    /// Others came to the server in this process, or went.
    HostGuestsChanged {
        /// How many there are.
        count: usize,
    },
    /// The server in this process ended.
    HostStopped {
        /// Why.
        reason: String,
    },
}
