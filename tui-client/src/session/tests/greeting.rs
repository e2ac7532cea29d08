//! The greeting: what is offered and asked for, the nick, the rooms.

use super::*;

#[test]
fn the_greeting_asks_for_what_is_offered_and_enters_the_rooms() {
    let mut peer = Peer::new();
    assert_eq!(peer.sent(), ["CAP LS 302", "NICK ada", "USER ada 0 * :Ada"]);
    peer.hear(&[
        ":srv CAP * LS * :echo-message",
        ":srv CAP * LS :server-time x/y",
    ]);
    assert_eq!(peer.sent(), ["CAP REQ :echo-message server-time"]);
    peer.hear(&[":srv CAP * ACK :echo-message server-time"]);
    assert_eq!(peer.sent(), ["CAP END"]);
    peer.events();
    peer.hear(&[":srv 001 ada :hi", ":srv 376 ada :end"]);
    assert_eq!(peer.sent(), ["JOIN #lobby"]);
    let events = peer.events();
    assert!(matches!(
        &events[1],
        Event::Link(Link::Connected(link)) if link.nick == "ada" && link.has_echo
    ));
}

#[test]
fn a_refused_list_of_capabilities_is_asked_for_one_by_one() {
    let mut peer = Peer::new();
    peer.hear(&[":srv CAP * LS :echo-message server-time"]);
    peer.sent();
    peer.hear(&[":srv CAP * NAK :echo-message server-time"]);
    assert_eq!(
        peer.sent(),
        ["CAP REQ :echo-message", "CAP REQ :server-time"]
    );
    peer.hear(&[
        ":srv CAP * ACK :echo-message",
        ":srv CAP * NAK :server-time",
    ]);
    assert_eq!(peer.sent(), ["CAP END"]);
}

#[test]
fn a_taken_nick_gets_an_underscore() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[":srv 433 * ada :taken"]);
    assert_eq!(peer.sent(), ["NICK ada_"]);
    peer.hear(&[":srv 433 * ada_ :taken"]);
    assert_eq!(peer.sent(), ["NICK ada__"]);
    peer.events();
    peer.hear(&[":srv 001 ada__ :hi"]);
    let taken = Event::NickTaken {
        wanted: "ada".into(),
        now: "ada__".into(),
    };
    assert_eq!(peer.events(), [taken]);
    for _ in 0..40 {
        peer.hear(&[":srv 433 * x :taken"]);
    }
}

#[test]
fn an_old_server_without_cap_is_fine() {
    let mut peer = Peer::new();
    peer.hear(&[
        ":srv 421 * CAP :Unknown command",
        ":srv 001 ada :Welcome",
        ":srv 422 ada :no motd",
    ]);
    let connected = |event: &Event| matches!(event, Event::Link(Link::Connected(_)));
    assert!(peer.events().iter().any(connected));
}
