//! The HTTP request that becomes a WebSocket, and those that do not.

use super::*;

fn request(extra: &str) -> Vec<u8> {
    format!(
        "GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{extra}\r\n"
    )
    .into_bytes()
}

#[track_caller]
fn accepted(extra: &str, origins: &[&str]) -> (String, bool) {
    let origins: Vec<String> = origins.iter().map(|one| (*one).to_owned()).collect();
    match answer(&request(extra), &origins) {
        Upgrade::Accepted(answer, text) => (answer, text),
        Upgrade::Refused(answer) => panic!("{answer}"),
    }
}

#[track_caller]
fn status(request: &[u8], origins: &[&str]) -> String {
    let origins: Vec<String> = origins.iter().map(|one| (*one).to_owned()).collect();
    match answer(request, &origins) {
        Upgrade::Refused(answer) => answer.split(' ').nth(1).unwrap().to_owned(),
        Upgrade::Accepted(answer, _) => panic!("{answer}"),
    }
}

#[test]
fn the_example_of_the_rfc() {
    let (answer, text) = accepted("", &[]);
    assert!(answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    assert!(!answer.contains("Sec-WebSocket-Protocol"));
    assert!(text);
}

#[test]
fn the_first_known_subprotocol_is_taken() {
    let (answer, text) = accepted(
        "Sec-WebSocket-Protocol: x, binary.ircv3.net, text.ircv3.net\r\n",
        &[],
    );
    assert!(answer.contains("Sec-WebSocket-Protocol: binary.ircv3.net\r\n"));
    assert!(!text);
    let two =
        "Sec-WebSocket-Protocol: text.ircv3.net\r\nSec-WebSocket-Protocol: binary.ircv3.net\r\n";
    assert!(accepted(two, &[]).1);
}

#[test]
fn pages_may_connect_only_from_listed_origins() {
    let from = "Origin: https://chat.example.org\r\n";
    assert_eq!(status(&request(from), &[]), "403");
    assert_eq!(status(&request(from), &["https://example.org"]), "403");
    accepted(from, &["https://example.org", "https://Chat.example.org"]);
    accepted(from, &["*"]);
}

#[test]
fn anything_else_is_refused() {
    assert_eq!(status(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", &[]), "426");
    assert_eq!(status(b"POST / HTTP/1.1\r\n\r\n", &[]), "400");
    assert_eq!(status(b"NICK a\r\n\r\n", &[]), "400");
    assert_eq!(status(b"\xff\xfe", &[]), "400");
    let old = String::from_utf8(request(""))
        .unwrap()
        .replace("Version: 13", "Version: 8");
    assert_eq!(status(old.as_bytes(), &[]), "426");
}
