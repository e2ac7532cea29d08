//! Frames of WebSocket, whole and broken, in and out.

use super::*;

const REQUEST: &[u8] =
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

fn closed() -> WebSocket {
    WebSocket {
        origins: Vec::new(),
        is_open: false,
        is_text: true,
        is_over: false,
        held: Vec::new(),
        message: Vec::new(),
        is_continued: false,
    }
}

/// A client's frame.
fn frame(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match body.len() {
        short @ ..126 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        long => {
            bytes.push(0x80 | 0x7e);
            bytes.extend_from_slice(&u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    let mask = [1, 2, 3, 4];
    bytes.extend_from_slice(&mask);
    bytes.extend(
        body.iter()
            .zip(mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// What was heard of some pieces, and what went back after the opening.
fn fed(pieces: &[&[u8]]) -> (Vec<String>, Vec<u8>) {
    let (mut socket, mut reply, mut heard) = (closed(), Vec::new(), Vec::new());
    socket.came(REQUEST, &mut reply, &mut |_| {});
    assert!(reply.starts_with(b"HTTP/1.1 101 "));
    reply.clear();
    for piece in pieces {
        socket.came(piece, &mut reply, &mut |h| {
            heard.push(match h {
                Heard::Line(line) => String::from_utf8_lossy(line).into_owned(),
                Heard::LongLine(_) => "(long)".to_owned(),
                other => format!("{other:?}"),
            });
        });
    }
    (heard, reply)
}

#[test]
fn a_frame_is_a_line_however_the_bytes_come() {
    let bytes = [frame(0x81, b"NICK a"), frame(0x82, b"USER a 0 * :a\r\n")].concat();
    let (whole, reply) = fed(&[&bytes]);
    assert_eq!(whole, ["NICK a", "USER a 0 * :a"]);
    assert!(reply.is_empty());
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(fed(&single).0, whole);
}

#[test]
fn the_opening_may_come_with_the_first_frame_and_in_pieces() {
    let bytes = [REQUEST, &frame(0x81, b"NICK a")].concat();
    let (mut socket, mut reply, mut heard) = (closed(), Vec::new(), 0);
    for byte in &bytes {
        socket.came(&[*byte], &mut reply, &mut |h| {
            heard += usize::from(matches!(h, Heard::Opened | Heard::Line(b"NICK a")));
        });
    }
    assert_eq!(heard, 2);
}

#[test]
fn a_message_may_come_in_frames_with_a_ping_between() {
    let pieces = [
        frame(0x01, b"PRIVMSG #a"),
        frame(0x89, b"you?"),
        frame(0x00, b" :hel"),
        frame(0x80, b"lo"),
    ];
    let (heard, reply) = fed(&[&pieces.concat()]);
    assert_eq!(heard, ["PRIVMSG #a :hello"]);
    assert_eq!(reply, b"\x8a\x04you?");
}

#[test]
fn what_breaks_the_rules_ends_it() {
    let unmasked = b"\x81\x02hi".as_slice();
    let reserved = &frame(0xc1, b"x");
    let stray = &frame(0x80, b"x");
    let long_ping = &frame(0x89, &[b'x'; 126]);
    let unknown = &frame(0x83, b"x");
    for bad in [unmasked, reserved, stray, long_ping, unknown] {
        let (heard, reply) = fed(&[bad, &frame(0x81, b"NICK a")]);
        assert_eq!(heard, ["Ended(\"WebSocket protocol error\")"], "{bad:?}");
        assert_eq!(reply, b"\x88\x02\x03\xea");
    }
    let huge = b"\x81\xff\0\0\0\0\x7f\xff\xff\xff\0\0\0\0".as_slice();
    assert_eq!(fed(&[huge]).1, b"\x88\x02\x03\xf1");
    assert_eq!(fed(&[&frame(0x88, b"")]).1, b"\x88\x02\x03\xe8");
}

#[test]
fn a_line_too_long_is_told_and_ends_nothing() {
    let long = [b"PRIVMSG a :".as_slice(), &[b'x'; 600]].concat();
    let (heard, _) = fed(&[&frame(0x81, &long), &frame(0x81, b"PING a")]);
    assert_eq!(heard, ["(long)", "PING a"]);
}

#[test]
fn lines_go_out_as_frames_of_the_agreed_kind() {
    let mut socket = closed();
    let mut out = Vec::new();
    socket.wrap(b"PING a\r\n:x PRIVMSG b :\xff\r\n", &mut out);
    assert_eq!(out, b"\x81\x06PING a\x81\x11:x PRIVMSG b :\xef\xbf\xbd");
    socket.is_text = false;
    out.clear();
    let long = [&[b'x'; 300], b"\r\n".as_slice()].concat();
    socket.wrap(&long, &mut out);
    assert_eq!(out[..4], [0x82, 126, 1, 44]);
    assert_eq!(out.len(), 304);
}
