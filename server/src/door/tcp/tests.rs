//! The door for IRC over TCP, with real sockets.

use super::*;

fn fed(pieces: &[&[u8]]) -> (Vec<String>, String) {
    let (mut tcp, mut reply, mut heard) = (Tcp::default(), Vec::new(), Vec::new());
    for piece in pieces {
        tcp.came(piece, &mut reply, &mut |h| {
            heard.push(match h {
                Heard::Line(line) => String::from_utf8_lossy(line).into_owned(),
                other => format!("{other:?}").chars().take(40).collect(),
            });
        });
    }
    (heard, String::from_utf8_lossy(&reply).into_owned())
}

#[test]
fn lines_come_whole_however_the_bytes_come() {
    let bytes = b"NICK a\r\nUSER a\n\r\nPING x\rEND";
    let (whole, _) = fed(&[bytes]);
    assert_eq!(whole, ["NICK a", "USER a", "PING x"]);
    let single: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(fed(&single).0, whole);
}

#[test]
fn a_browser_is_answered_and_not_obeyed() {
    let (heard, reply) = fed(&[b"POST / HTTP/1.1\r\nHost: x\r\n\r\nNICK evil\r\n"]);
    assert_eq!(heard, ["Ended(\"HTTP request on an IRC port\")"]);
    assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
    let body = reply.split("\r\n\r\n").nth(1).unwrap();
    assert!(reply.contains(&format!("Content-Length: {}\r\n", body.len())));
    // Later in a session it is a command like any other: unknown.
    assert_eq!(fed(&[b"NICK a\r\nGET / HTTP/1.1\r\n"]).0.len(), 2);
}

#[test]
fn a_line_without_an_end_ends_the_connection() {
    let megabyte = vec![b'x'; 1 << 20];
    let pieces: Vec<&[u8]> = megabyte.chunks(16 * 1024).take(5).collect();
    let (heard, reply) = fed(&pieces);
    assert_eq!(heard.last().unwrap(), "Ended(\"A line without an end\")");
    assert!(reply.starts_with("ERROR :"), "{reply}");
}
