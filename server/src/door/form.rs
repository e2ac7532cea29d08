//! The forms in which lines come and go, whatever lies below them. It never does I/O.

use std::net::SocketAddr;

use server_core::Door;

use super::arrival::Setup;
use super::heard::{Hear, Heard};
use super::plain::Plain;
use super::tcp::Tcp;
use super::websocket::WebSocket;

/// The form in which a door's lines come and go.
#[derive(Debug)]
pub(crate) enum Form {
    /// IRC as it is.
    Tcp(Tcp),
    /// Lines of text.
    Plain(Box<Plain>),
    /// Frames.
    WebSocket(Box<WebSocket>),
}

impl Form {
    /// The form of somebody new.
    pub(crate) fn new(setup: &Setup, address: SocketAddr) -> Self {
        match setup.door {
            Door::Plain => Self::Plain(Box::new(Plain::new(setup, address.port()))),
            Door::WebSocket => Self::WebSocket(Box::new(WebSocket::new(setup))),
            Door::Tcp | Door::Tls => Self::Tcp(Tcp::default()),
        }
    }

    /// The connection is there.
    pub(crate) fn opened(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(_) => hear(Heard::Opened),
            Self::Plain(plain) => plain.opened(reply, hear),
            // Opened once the request is answered.
            Self::WebSocket(_) => {}
        }
    }

    /// Bytes came.
    pub(crate) fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(tcp) => tcp.came(bytes, reply, hear),
            Self::Plain(plain) => plain.came(bytes, reply, hear),
            Self::WebSocket(websocket) => websocket.came(bytes, reply, hear),
        }
    }

    /// Nothing came for a while after bytes without a line end, or nothing more will.
    pub(crate) fn paused(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Plain(plain) => plain.paused(reply, hear),
            Self::Tcp(_) | Self::WebSocket(_) => {}
        }
    }

    /// Puts lines of the core into this form.
    pub(crate) fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(_) => out.extend_from_slice(lines),
            Self::Plain(plain) => plain.wrap(lines, out, hear),
            Self::WebSocket(websocket) => websocket.wrap(lines, out),
        }
    }
}
