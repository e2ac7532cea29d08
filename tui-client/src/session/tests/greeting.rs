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

#[test]
fn the_rules_are_asked_for_in_the_greeting_where_that_may_be() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[":srv CAP * LS :batch draft/extended-isupport"]);
    assert_eq!(peer.sent(), ["CAP REQ :batch draft/extended-isupport"]);
    peer.hear(&[":srv CAP * ACK :batch draft/extended-isupport"]);
    assert_eq!(peer.sent(), ["ISUPPORT", "CAP END"]);
    peer.hear(&[
        ":srv BATCH +i draft/isupport",
        "@batch=i :srv 005 * NETWORK=Example CHANTYPES=# NICKLEN=20 :are supported",
        ":srv BATCH -i",
        ":srv 001 ada :Welcome ada!ada@host",
        ":srv 422 ada :no motd",
    ]);
    let network = peer.events().into_iter().find_map(|event| match event {
        Event::Link(Link::Connected(connected)) => Some(connected.network),
        _ => None,
    });
    assert_eq!(network.as_deref(), Some("Example"));
    assert_eq!(peer.sent(), ["JOIN #lobby"]);
}
