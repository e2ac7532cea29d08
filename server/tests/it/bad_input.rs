//! What strangers send, and its defined answer; and that nobody else notices.

use server_core::Door;

use crate::world::{Person, world};

/// Sends bytes as somebody registered, says that the answer has `words`, and that both they and a bystander are still
/// served.
#[track_caller]
fn survives(bytes: &[u8], words: &str) {
    let world = world("");
    let mut bystander = world.member("bystander", "#lobby");
    let mut ada = world.person("ada");
    ada.send(bytes);
    let answer = ada.reads(words);
    assert!(answer.len() < 1000, "{answer}");
    ada.is_served();
    bystander.is_served();
}

#[test]
fn a_line_too_long_gets_417_and_is_not_cut() {
    survives(
        &[b"PRIVMSG ada :".as_slice(), &[b'x'; 600], b"\r\n"].concat(),
        " 417 ",
    );
}

#[test]
fn thousands_of_tags_get_417() {
    let tags = "@".to_owned() + &"+a=b;".repeat(4000) + " PRIVMSG ada :x\r\n";
    survives(tags.as_bytes(), " 417 ");
}

#[test]
fn invalid_utf_8_is_answered_and_not_passed_on() {
    survives(b"PRIVMSG ada :\xff\xfe\r\n", "INVALID_UTF8");
}

#[test]
fn a_nul_byte_ends_no_session() {
    survives(b"PRIVMSG ada :a\0b\r\nPRIVMSG ada :c\r\n", "PRIVMSG ada :c");
}

#[test]
fn a_bare_cr_and_a_lone_lf_end_lines() {
    survives(b"PING one\rPING two\nPING three\r\n", "three");
}

#[test]
fn bytes_may_come_one_by_one() {
    let world = world("");
    let mut ada = world.connect(Door::Tcp);
    for byte in b"NICK ada\r\nUSER ada 0 * :Ada\r\n" {
        ada.send(&[*byte]);
    }
    ada.reads(" 001 ada ");
}

#[test]
fn bad_nicks_and_rooms_are_refused() {
    survives(b"NICK :a b\r\n", " 432 ");
    survives(b"JOIN #a\x07b\r\n", " 403 ");
    survives(b"NOSUCHVERB\r\n", " 421 ");
}

#[test]
fn a_megabyte_without_a_line_end_ends_the_connection() {
    let world = world("");
    let mut bystander = world.member("bystander", "#lobby");
    let mut ada = world.person("ada");
    // The server may end it while it is still being sent.
    let _ = std::io::Write::write_all(&mut ada.stream, &vec![b'x'; 1 << 20]);
    assert!(ada.reads("ERROR").contains("without an end"));
    bystander.is_served();
}

#[test]
fn an_http_request_is_answered_and_ended() {
    let world = world("");
    let mut browser = world.connect(Door::Tcp);
    browser.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let answer = browser.reads_to_the_end();
    assert_eq!(answer[0], "HTTP/1.1 400 Bad Request");
}

#[test]
fn a_flood_ends_the_one_who_floods() {
    let world = world("");
    let mut bystander = world.member("bystander", "#lobby");
    let mut ada = world.person("ada");
    let flood = "PRIVMSG bystander :x\r\n".repeat(2000);
    let _ = std::io::Write::write_all(&mut ada.stream, flood.as_bytes());
    ada.reads("ERROR");
    bystander.is_served();
}

#[test]
fn whoever_never_registers_is_ended() {
    let world = world("[server.limits]\nregistration_timeout_s = 1\n");
    let mut silent = world.connect(Door::Tcp);
    let last = silent.reads_to_the_end().pop().unwrap();
    assert!(last.starts_with("ERROR "), "{last}");
}

#[test]
fn whoever_is_one_too_many_is_told_so() {
    let world = world("[server.limits]\nconnections = 1\n");
    let mut ada = world.person("ada");
    let mut second: Person = world.connect(Door::Tcp);
    assert!(second.reads("ERROR").contains("full"));
    ada.is_served();
}

#[test]
fn random_bytes_end_no_one_else() {
    let world = world(
        "[server.limits]\nflood_control = false\n[server.plain]\nlisten = [\"127.0.0.1:0\"]\n",
    );
    let mut bystander = world.member("bystander", "#lobby");
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..50 {
        let bytes: Vec<u8> = std::iter::from_fn(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            Some(state.to_le_bytes()[0])
        })
        .take(4096)
        .collect();
        let door = if round % 2 == 0 {
            Door::Tcp
        } else {
            Door::Plain
        };
        let mut stranger = world.connect(door);
        let _ = std::io::Write::write_all(&mut stranger.stream, &bytes);
    }
    bystander.is_served();
}
