//! Links that break, fall silent, or are closed.

use super::*;

#[test]
fn a_broken_link_fails_what_waits_and_enters_the_rooms_again() {
    let mut peer = Peer::settled(MODERN);
    peer.say(1, "hi");
    peer.events();
    let pause = peer.session.lost("reset", 0, NOW);
    assert_eq!(pause, Some(1000));
    let events = peer.events();
    assert!(matches!(
        &events[0],
        Event::Refused {
            own_id: OwnId(1),
            ..
        }
    ));
    assert!(matches!(
        &events[1],
        Event::Link(Link::Lost { attempt: 2, .. })
    ));
    peer.session.opened(Wire::default(), NOW);
    peer.hear(&[":srv CAP * LS :", ":srv 001 ada :hi", ":srv 422 ada :"]);
    assert!(peer.sent().contains(&"JOIN #lobby".to_owned()));
}

#[test]
fn a_silent_server_is_asked_and_then_given_up() {
    let mut peer = Peer::settled(MODERN);
    assert_eq!(peer.session.deadline(), None);
    peer.say(1, "hi");
    peer.sent();
    assert_eq!(peer.session.deadline(), Some(NOW + 5_000));
    peer.wait(5_000);
    assert_eq!(peer.session.deadline(), Some(NOW + 10_000));
    peer.wait(5_000);
    assert_eq!(peer.sent(), ["PING parlor-1010000"]);
    peer.wait(20_000);
    assert_eq!(
        peer.session.take_close().as_deref(),
        Some("the server no longer answers")
    );
}

#[test]
fn goodbye_closes_for_good() {
    let mut peer = Peer::settled("");
    let reason = "bye all".to_owned();
    peer.session.command(Command::Quit { reason }, NOW);
    assert_eq!(peer.sent(), ["QUIT :bye all"]);
    assert_eq!(peer.session.lost("eof", 0, NOW), None);
    assert_eq!(peer.events(), [Event::Link(Link::Closed)]);
}
