//! What a door is: bytes of a socket to lines of IRC and back, without the socket. It never does I/O.
//!
//! Each transport is a value that is fed what came and says what was heard; so the hub can write to any of them at
//! once, and each is tested without a network.

pub(crate) mod arrival;
mod browser;
pub(crate) mod dialect;
pub(crate) mod form;
pub(crate) mod heard;
pub(crate) mod layered;
pub(crate) mod plain;
pub(crate) mod proxy;
pub(crate) mod socket;
pub(crate) mod tcp;
pub(crate) mod tls;
mod unencrypted;
pub(crate) mod upgrade;
pub(crate) mod websocket;

use std::net::SocketAddr;

use self::arrival::Setup;
use self::form::Form;
use self::heard::Hear;
use self::layered::Layered;

/// The state of one connection's transport.
#[derive(Debug)]
pub(crate) enum Wire {
    /// Nothing lies below the form.
    Bare(Form),
    /// A proxy's header, TLS, or both lie below it.
    Layered(Box<Layered>),
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
        Ok(Self::Layered(Box::new(Layered::new(
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

    /// No line comes after this: what the transport itself says of that.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Layered(layered) => layered.close(out),
            Self::Bare(_) | Self::Absent => {}
        }
    }
}
