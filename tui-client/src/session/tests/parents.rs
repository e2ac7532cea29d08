//! Messages that are asked for alone: one after the other, told apart from pages.

use super::*;

const CAPS: &str = "draft/chathistory batch server-time message-tags";

fn ask(peer: &mut Peer, msgid: &str) {
    let command = Command::Parent {
        target: "#lobby".into(),
        msgid: msgid.into(),
    };
    peer.session.command(command, peer.now);
}

fn told(peer: &mut Peer) -> Vec<(String, Option<String>)> {
    let told = peer.events().into_iter().filter_map(|event| match event {
        Event::ParentTold { msgid, message, .. } => Some((msgid, message.map(|one| one.text))),
        Event::History { .. } => panic!("that is no page"),
        _ => None,
    });
    told.collect()
}

#[test]
fn one_after_the_other_and_no_page() {
    let mut peer = Peer::settled(CAPS);
    ask(&mut peer, "one");
    ask(&mut peer, "two");
    assert_eq!(peer.sent(), [""; 0], "the room's own page is on its way");
    peer.hear(&[":srv BATCH +0 chathistory #lobby", ":srv BATCH -0"]);
    peer.events();
    assert_eq!(peer.sent(), ["CHATHISTORY AROUND #lobby msgid=one 3"]);
    peer.hear(&[
        ":srv BATCH +1 chathistory #lobby",
        "@batch=1;msgid=zero;time=2026-01-01T12:00:00.000Z :ken!k@k PRIVMSG #lobby :before",
        "@batch=1;msgid=one;time=2026-01-01T12:00:01.000Z :ken!k@k PRIVMSG #lobby :this",
        ":srv BATCH -1",
    ]);
    assert_eq!(
        told(&mut peer),
        [("one".to_owned(), Some("this".to_owned()))]
    );
    assert_eq!(peer.sent(), ["CHATHISTORY AROUND #lobby msgid=two 3"]);
    peer.hear(&["FAIL CHATHISTORY INVALID_TARGET AROUND #lobby :no"]);
    assert_eq!(told(&mut peer), [("two".to_owned(), None)]);
}

#[test]
fn where_there_is_no_history_nothing_waits() {
    let mut peer = Peer::settled("server-time");
    ask(&mut peer, "one");
    assert_eq!(peer.sent(), [""; 0]);
    assert_eq!(told(&mut peer), [("one".to_owned(), None)]);
}
