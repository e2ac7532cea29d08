//! What doors make of bytes. It never says what to do about it.

use std::net::SocketAddr;

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
