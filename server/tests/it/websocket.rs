//! The WebSocket door, by frames put together here.

use server_core::Door;

use crate::world::{Person, world};

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

fn say(person: &mut Person, line: &str) {
    let mask = [7, 7, 7, 7];
    let length = 0x80 | u8::try_from(line.len()).unwrap();
    let body = line.bytes().map(|byte| byte ^ 7);
    let frame: Vec<u8> = [0x81, length].into_iter().chain(mask).chain(body).collect();
    person.send(&frame);
}

fn frame(person: &mut Person) -> (u8, String) {
    let head = person.bytes(2);
    let length = match head[1] {
        126 => {
            let long = person.bytes(2);
            usize::from(u16::from_be_bytes([long[0], long[1]]))
        }
        short => usize::from(short),
    };
    (head[0], String::from_utf8(person.bytes(length)).unwrap())
}

#[track_caller]
fn reads(person: &mut Person, words: &str) -> String {
    loop {
        let (kind, line) = frame(person);
        assert_eq!(kind, 0x81);
        assert!(!line.ends_with('\n'));
        if line.contains(words) {
            return line;
        }
    }
}

#[test]
fn a_page_talks_with_everybody_else() {
    let world = world(
        "[server.websocket]\nlisten = [\"127.0.0.1:0\"]\norigins = [\"https://chat.example.org\"]\n",
    );
    let mut ada = world.member("ada", "#lobby");
    let mut page = world.connect(Door::WebSocket);
    page.send(REQUEST.as_bytes());
    page.send(
        b"Origin: https://chat.example.org\r\nSec-WebSocket-Protocol: text.ircv3.net\r\n\r\n",
    );
    assert_eq!(page.line().unwrap(), "HTTP/1.1 101 Switching Protocols");
    page.reads("text.ircv3.net");
    assert_eq!(page.line().unwrap(), "");
    for line in ["NICK page", "USER page 0 * :Page", "JOIN #lobby"] {
        say(&mut page, line);
    }
    reads(&mut page, " 366 ");
    ada.say("PRIVMSG #lobby :hello");
    assert!(reads(&mut page, "PRIVMSG").ends_with("PRIVMSG #lobby :hello"));
    say(&mut page, "PRIVMSG #lobby :and back");
    ada.reads("PRIVMSG #lobby :and back");
    let mut elsewhere = world.connect(Door::WebSocket);
    elsewhere.send(REQUEST.as_bytes());
    elsewhere.send(b"Origin: https://evil.example\r\n\r\n");
    assert_eq!(elsewhere.reads_to_the_end()[0], "HTTP/1.1 403 Forbidden");
}
