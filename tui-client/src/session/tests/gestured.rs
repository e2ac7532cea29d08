//! What is done to messages when the link breaks: once more, not twice, and not without a word.

use super::*;
use crate::session::gestured::UNTOLD_MS;

const CAPS: &str = "batch echo-message message-tags server-time draft/message-redaction";
const REACT: &str = "@+draft/reply=m1;+draft/react=👍 TAGMSG #lobby";
const REDACT: &str = "REDACT #lobby m2";

fn lobby(peer: &mut Peer) {
    let target = || "#lobby".to_owned();
    let react = Command::React {
        target: target(),
        msgid: "m1".into(),
        reaction: "👍".into(),
        is_given: true,
    };
    peer.session.command(react, peer.now);
    let taken = Command::Redact {
        target: target(),
        msgid: "m2".into(),
    };
    peer.session.command(taken, peer.now);
}

/// The link breaks and is made again; what is sent once the room is entered.
fn again(peer: &mut Peer) -> Vec<String> {
    peer.relink();
    peer.greet(CAPS, "ada", RULES);
    peer.sent();
    peer.hear(&[":ada!ada@host JOIN #lobby"]);
    let is_done = |line: &String| line.contains("TAGMSG") || line.contains("REDACT");
    peer.sent().into_iter().filter(is_done).collect()
}

#[test]
fn what_the_server_has_not_told_is_done_once_more() {
    let mut peer = Peer::settled(CAPS);
    lobby(&mut peer);
    assert_eq!(peer.sent(), [REACT, REDACT]);
    assert_eq!(again(&mut peer), [REACT, REDACT]);
    peer.hear(&[
        ":ada!ada@host REDACT #lobby m2",
        "@+draft/reply=m1;+draft/react=👍 :ada!a@h TAGMSG #lobby",
    ]);
    assert_eq!(again(&mut peer), [""; 0]);
}

#[test]
fn twice_lost_is_said() {
    let mut peer = Peer::settled(CAPS);
    lobby(&mut peer);
    again(&mut peer);
    peer.events();
    assert_eq!(again(&mut peer), [""; 0]);
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::ServerNotice { text, window, .. } => Some((text, window)),
        _ => None,
    });
    let told: Vec<_> = told
        .filter(|(text, _)| text.contains("broke twice"))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn what_the_first_time_did_is_no_trouble_the_second_time() {
    let mut peer = Peer::settled(CAPS);
    lobby(&mut peer);
    again(&mut peer);
    peer.events();
    let fail = "FAIL REDACT UNKNOWN_MSGID #lobby m2 :There is no such message";
    peer.hear(&[fail]);
    assert_eq!(peer.events(), []);
    peer.hear(&[fail]);
    assert_eq!(peer.events().len(), 1, "another one is told");
}

#[test]
fn what_no_link_was_there_for_is_said() {
    let mut peer = Peer::settled(CAPS);
    lobby(&mut peer);
    peer.session.lost("gone", 0, peer.now);
    peer.events();
    peer.now += UNTOLD_MS + 1;
    // The next attempt fails, too.
    peer.session.opened(Wire::default(), peer.now);
    peer.session.lost("gone", 0, peer.now);
    let told = rows(&mut peer);
    assert_eq!(
        told,
        [
            "The link was away too long to learn whether a reaction was heard; look, and do it again.",
            "The link was away too long to learn whether a message was taken back; look, and do it again.",
        ]
    );
    assert_eq!(again(&mut peer), [""; 0]);
}

#[test]
fn a_server_that_tells_no_such_things_is_not_complained_of() {
    let mut peer = Peer::settled(CAPS);
    lobby(&mut peer);
    peer.now += UNTOLD_MS + 1;
    peer.session.lost("gone", 0, peer.now);
    assert_eq!(rows(&mut peer), [""; 0]);
    assert_eq!(again(&mut peer), [""; 0]);
}
