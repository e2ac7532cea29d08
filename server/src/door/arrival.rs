//! Somebody who comes, and the door they come through. It never does anything with them.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use server_core::Door;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::certs::Certs;
use crate::config::PlainStyle;

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
