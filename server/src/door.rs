//! What a door is: bytes of a socket to lines of IRC and back, without the socket. It never does I/O.
//!
//! Each transport is a value that is fed what came and says what was heard; so the hub can write to any of them at
//! once, and each is tested without a network.

pub(crate) mod dialect;
pub(crate) mod layered;
pub(crate) mod plain;
pub(crate) mod proxy;
pub(crate) mod socket;
pub(crate) mod tcp;
pub(crate) mod tls;
pub(crate) mod upgrade;
pub(crate) mod websocket;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use server_core::Door;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::certs::Certs;
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
    /// For the WebSocket door: pages that may connect.
    pub(crate) origins: Vec<String>,
    /// Proxies that are believed.
    pub(crate) trusted: Vec<IpAddr>,
    /// For an encrypted door: its certificate.
    pub(crate) certs: Option<Arc<Certs>>,
}

/// What a door makes of the bytes that came.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Heard<'a> {
    /// A proxy said whom it speaks for.
    Address(SocketAddr),
    /// Nobody between can read along; SHA-256 of the other end's certificate.
    Secured(Option<&'a str>),
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

/// The form in which a door's lines come and go.
#[derive(Debug)]
pub(crate) enum Form {
    /// IRC as it is.
    Tcp(tcp::Tcp),
    /// Lines of text.
    Plain(Box<plain::Plain>),
    /// Frames.
    WebSocket(Box<websocket::WebSocket>),
}

impl Form {
    fn new(setup: &Setup, address: SocketAddr) -> Self {
        match setup.door {
            Door::Plain => Self::Plain(Box::new(plain::Plain::new(setup, address.port()))),
            Door::WebSocket => Self::WebSocket(Box::new(websocket::WebSocket::new(setup))),
            Door::Tcp | Door::Tls => Self::Tcp(tcp::Tcp::default()),
        }
    }

    fn opened(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(_) => hear(Heard::Opened),
            Self::Plain(plain) => plain.opened(reply, hear),
            // Opened once the request is answered.
            Self::WebSocket(_) => {}
        }
    }

    fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(tcp) => tcp.came(bytes, reply, hear),
            Self::Plain(plain) => plain.came(bytes, reply, hear),
            Self::WebSocket(websocket) => websocket.came(bytes, reply, hear),
        }
    }

    fn paused(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Plain(plain) => plain.paused(reply, hear),
            Self::Tcp(_) | Self::WebSocket(_) => {}
        }
    }

    fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Tcp(_) => out.extend_from_slice(lines),
            Self::Plain(plain) => plain.wrap(lines, out, hear),
            Self::WebSocket(websocket) => websocket.wrap(lines, out),
        }
    }
}

/// The state of one connection's transport.
#[derive(Debug)]
pub(crate) enum Wire {
    /// Nothing lies below the form.
    Bare(Form),
    /// A proxy's header, TLS, or both lie below it.
    Layered(Box<layered::Layered>),
    /// Taken out while it is fed, or done with.
    Absent,
}

impl Wire {
    /// The transport of somebody new.
    pub(crate) fn new(setup: &Setup, address: SocketAddr) -> Result<Self, rustls::Error> {
        let form = Form::new(setup, address);
        let is_proxied = setup.trusted.contains(&address.ip().to_canonical());
        if setup.certs.is_none() && !is_proxied {
            return Ok(Self::Bare(form));
        }
        let tls = setup.certs.as_ref().map(|certs| certs.current());
        Ok(Self::Layered(Box::new(layered::Layered::new(
            form, is_proxied, tls,
        )?)))
    }

    /// The connection is there; `reply` are bytes for it.
    pub(crate) fn opened(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Bare(form) => form.opened(reply, hear),
            Self::Layered(layered) => layered.opened(reply, hear),
            Self::Absent => {}
        }
    }

    /// Bytes came.
    pub(crate) fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Bare(form) => form.came(bytes, reply, hear),
            Self::Layered(layered) => layered.came(bytes, reply, hear),
            Self::Absent => {}
        }
    }

    /// Nothing came for a while after bytes without a line end, or nothing more will.
    pub(crate) fn paused(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Bare(form) => form.paused(reply, hear),
            Self::Layered(layered) => layered.paused(reply, hear),
            Self::Absent => {}
        }
    }

    /// Whether lines go out just as the core wrote them.
    pub(crate) fn is_transparent(&self) -> bool {
        matches!(self, Self::Bare(Form::Tcp(_)))
    }

    /// Puts lines of the core into the form of this transport.
    pub(crate) fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>, hear: &mut Hear<'_>) {
        match self {
            Self::Bare(form) => form.wrap(lines, out, hear),
            Self::Layered(layered) => layered.wrap(lines, out, hear),
            Self::Absent => {}
        }
    }
}
