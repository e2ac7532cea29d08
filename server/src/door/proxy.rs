//! PROXY protocol, versions 1 and 2: a trusted proxy says whom it speaks for before anything else. It never believes
//! anybody else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// How version 2 begins.
const SIGNATURE: &[u8; 12] = b"\r\n\r\n\0\r\nQUIT\n";

/// Bytes of a header of version 1, at most (the specification's own figure).
const TEXT_BYTES_MAX: usize = 107;

/// Bytes of a header of version 2 that we wait for: addresses and a few extras.
const BINARY_BYTES_MAX: usize = 16 + 1024;

/// What the bytes so far hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// More are needed.
    Partial,
    /// All of it: whom the proxy speaks for (nobody: itself), and how many bytes it had.
    Whole(Option<SocketAddr>, usize),
    /// It is none.
    Bad,
}

/// Reads a header at the start of `bytes`.
pub(crate) fn read(bytes: &[u8]) -> Header {
    let begins_like = |start: &[u8]| bytes.iter().zip(start).all(|(a, b)| a == b);
    if begins_like(SIGNATURE) {
        binary(bytes)
    } else if begins_like(b"PROXY ") {
        text(bytes)
    } else {
        Header::Bad
    }
}

fn text(bytes: &[u8]) -> Header {
    let Some(end) = memchr::memchr(b'\n', bytes) else {
        return if bytes.len() < TEXT_BYTES_MAX {
            Header::Partial
        } else {
            Header::Bad
        };
    };
    let line = bytes.get(..end).and_then(|line| line.strip_suffix(b"\r"));
    let Some(line) = line.and_then(|line| std::str::from_utf8(line).ok()) else {
        return Header::Bad;
    };
    let mut words = line.split(' ').skip(1);
    match words.next() {
        Some("UNKNOWN") => return Header::Whole(None, end + 1),
        Some("TCP4" | "TCP6") => {}
        _ => return Header::Bad,
    }
    let source = words.next().and_then(|word| word.parse::<IpAddr>().ok());
    let port = words.nth(1).and_then(|word| word.parse::<u16>().ok());
    match source.zip(port) {
        Some((ip, port)) => Header::Whole(Some(SocketAddr::new(ip, port)), end + 1),
        None => Header::Bad,
    }
}

fn binary(bytes: &[u8]) -> Header {
    let Some((head, rest)) = bytes.split_at_checked(16) else {
        return Header::Partial;
    };
    let (Some(command), Some(family)) = (head.get(12), head.get(13)) else {
        return Header::Bad;
    };
    let length = head.get(14..16).and_then(|length| length.try_into().ok());
    let length = usize::from(length.map_or(0, u16::from_be_bytes));
    if command >> 4 != 2 || 16 + length > BINARY_BYTES_MAX {
        return Header::Bad;
    }
    let Some(body) = rest.get(..length) else {
        return Header::Partial;
    };
    let whole = |source| Header::Whole(source, 16 + length);
    match (command & 0xf, family >> 4) {
        // LOCAL: the proxy itself, to see whether we live; or a family that has no addresses.
        (0, _) | (1, 0) => whole(None),
        (1, 1) => body
            .first_chunk::<4>()
            .zip(port_at(body, 8))
            .map_or(Header::Bad, |(ip, port)| {
                whole(Some((Ipv4Addr::from(*ip), port).into()))
            }),
        (1, 2) => body
            .first_chunk::<16>()
            .zip(port_at(body, 32))
            .map_or(Header::Bad, |(ip, port)| {
                whole(Some((Ipv6Addr::from(*ip), port).into()))
            }),
        _ => Header::Bad,
    }
}

fn port_at(body: &[u8], place: usize) -> Option<u16> {
    let bytes = body.get(place..place + 2)?.try_into().ok()?;
    Some(u16::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests;
