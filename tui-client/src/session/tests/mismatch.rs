//! What is said where one end speaks encrypted and the other not.
//! It must never say so of a link that is encrypted, or on which anything was said.

use super::*;

const HINT: &str = "tls = \"on\"";

fn told(peer: &mut Peer) -> Vec<String> {
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::ServerNotice { text, .. } => Some(text),
        Event::Link(Link::Lost { reason, .. }) => Some(reason),
        _ => None,
    });
    told.collect()
}

#[test]
fn a_server_that_says_nothing_may_want_an_encrypted_link() {
    let mut peer = Peer::new();
    assert_eq!(peer.session.deadline(), Some(NOW + 5_000));
    peer.wait(5_000);
    let [hint] = &told(&mut peer)[..] else {
        panic!("one hint");
    };
    assert!(hint.contains(HINT), "{hint}");
    assert_eq!(peer.session.deadline(), Some(NOW + 30_000), "once");
    peer.session.lost("the server closed the link", 0, peer.now);
    let [reason] = &told(&mut peer)[..] else {
        panic!("one reason");
    };
    assert!(reason.starts_with("the server closed the link; ") && reason.contains(HINT));
}

#[test]
fn a_server_that_says_so_is_quoted_with_what_to_do() {
    let mut peer = Peer::new();
    peer.hear(&["ERROR :This port is encrypted: connect to it with TLS"]);
    told(&mut peer);
    peer.session.lost("the server closed the link", 0, peer.now);
    let [reason] = &told(&mut peer)[..] else {
        panic!("one reason");
    };
    assert!(
        reason.starts_with("This port is encrypted") && reason.contains(HINT),
        "{reason}"
    );
}

#[test]
fn who_is_encrypted_or_spoken_to_gets_no_hint() {
    let encrypted = Wire {
        is_encrypted: true,
        ..Wire::default()
    };
    let mut peer = Peer::with(Login::default(), encrypted);
    assert_eq!(peer.session.deadline(), Some(NOW + 30_000));
    peer.session.lost("the server closed the link", 0, peer.now);
    assert_eq!(told(&mut peer), ["the server closed the link"]);

    // Who was welcome before knows how.
    let mut peer = Peer::settled("");
    peer.session.lost("cut", 0, peer.now);
    peer.session.opened(Wire::default(), peer.now);
    told(&mut peer);
    peer.wait(5_000);
    peer.session.lost("the server closed the link", 0, peer.now);
    assert_eq!(told(&mut peer), ["the server closed the link"]);

    let mut peer = Peer::new();
    peer.hear(&[":srv NOTICE * :*** Looking up your hostname"]);
    assert_eq!(peer.session.deadline(), Some(NOW + 30_000));
    told(&mut peer);
    peer.session.lost("the server closed the link", 0, peer.now);
    assert_eq!(told(&mut peer), ["the server closed the link"]);
}
