//! What a door is: bytes of a socket to lines of IRC and back, without the socket. It never does I/O.
//!
//! Each transport is a value that is fed what came and says what was heard; so the hub can write to any of them at
//! once, and each is tested without a network.

pub(crate) mod dialect;
pub(crate) mod plain;
pub(crate) mod socket;
pub(crate) mod tcp;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use server_core::Door;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::config::PlainStyle;

/// Bytes read from a socket at once, at most.
pub(crate) const READ_BYTES_MAX: usize = 16 * 1024;

/// Somebody who came through a door and is not in the core yet.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// The connection.
    pub(crate) stream: TcpStream,
    /// Its other end.
    pub(crate) address: SocketAddr,
    /// How this door works.
    pub(crate) setup: Arc<Setup>,
    /// One of the connections this server may have; given back when dropped.
    pub(crate) permit: OwnedSemaphorePermit,
}

/// How one listener's door works.
#[derive(Debug)]
pub(crate) struct Setup {
    /// What it is called.
    pub(crate) door: Door,
    /// For the plain door: the room that people come into.
    pub(crate) room: String,
    /// For the plain door: its manners.
    pub(crate) style: PlainStyle,
    /// Longest nick.
    pub(crate) nick_bytes_max: usize,
}

/// What a door makes of the bytes that came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Heard<'a> {
    /// The other end is known, and the core may be told.
    Opened,
    /// A line for the core, without its end.
    Line(&'a [u8]),
    /// A line that is too long, and how it began.
    LongLine(&'a [u8]),
    /// The door has had enough of this connection; why, in words for people.
    Ended(&'static str),
}

/// Takes what was heard, and the bytes to be sent back at once.
pub(crate) type Hear<'h> = dyn FnMut(Heard<'_>) + 'h;

/// The state of one connection's transport.
#[derive(Debug)]
pub(crate) enum Wire {
    /// IRC as it is.
    Tcp(tcp::Tcp),
    /// Lines of text.
    Plain(Box<plain::Plain>),
    /// Taken out while it is fed, or done with.
    Absent,
}

impl Wire {
    /// The transport of somebody new.
    pub(crate) fn new(setup: &Setup, address: SocketAddr) -> Self {
        match setup.door {
            Door::Plain => Self::Plain(Box::new(plain::Plain::new(setup, address.port()))),
            Door::Tcp | Door::Tls | Door::WebSocket => Self::Tcp(tcp::Tcp::default()),
        }
    }

    /// The connection is there; `reply` are bytes for it.
    pub(crate) fn opened(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(_) => hear(Heard::Opened),
            Self::Plain(plain) => plain.opened(reply, hear),
            Self::Absent => {}
        }
    }

    /// Bytes came.
    pub(crate) fn came(&mut self, bytes: &Bytes, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(tcp) => tcp.came(bytes, reply, hear),
            Self::Plain(plain) => plain.came(bytes, reply, hear),
            Self::Absent => {}
        }
    }

    /// Nothing came for a while after bytes without a line end, or nothing more will.
    pub(crate) fn paused(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Plain(plain) => plain.paused(reply, hear),
            Self::Tcp(_) | Self::Absent => {}
        }
    }

    /// Whether lines go out just as the core wrote them.
    pub(crate) fn is_transparent(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }

    /// Puts lines of the core into the form of this transport.
    pub(crate) fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(_) => out.extend_from_slice(lines),
            Self::Plain(plain) => plain.wrap(lines, out, hear),
            Self::Absent => {}
        }
    }
}
