//! What was said while we were not there is asked for: once, and of those who wrote.

use super::*;

const BOUNCER: &str =
    "batch server-time message-tags echo-message draft/chathistory draft/event-playback";

#[test]
fn who_wrote_while_the_link_was_down_is_asked_for() {
    let mut peer = Peer::settled(BOUNCER);
    peer.hear(&["@time=2026-01-01T12:00:00.000Z :bob!b@h PRIVMSG ada :hi"]);
    peer.relink();
    peer.sent();
    peer.greet(BOUNCER, "ada", "CHANTYPES=#");
    let sent = peer.sent();
    let targets = sent.last().unwrap();
    assert!(
        targets.starts_with("CHATHISTORY TARGETS timestamp=2026-01-01T12:00:00.000Z timestamp="),
        "{sent:?}"
    );
    peer.hear(&[
        ":srv BATCH +1 draft/chathistory-targets",
        "@batch=1 :srv CHATHISTORY TARGETS #lobby 2026-01-01T12:05:00.000Z",
        "@batch=1 :srv CHATHISTORY TARGETS bob 2026-01-01T12:06:00.000Z",
        ":srv BATCH -1",
    ]);
    let since = "timestamp=2026-01-01T11:59:59.999Z";
    assert_eq!(
        peer.sent(),
        [format!("CHATHISTORY LATEST bob {since} 50")],
        "a room is asked when it is entered"
    );
    peer.hear(&[
        ":srv BATCH +2 chathistory bob",
        "@batch=2;time=2026-01-01T12:06:00.000Z;msgid=m1 :bob!b@h PRIVMSG ada :are you there?",
        ":srv BATCH -2",
    ]);
    let missed = peer.events().into_iter().find_map(|event| match event {
        Event::History {
            target, messages, ..
        } => Some((target, messages.len())),
        _ => None,
    });
    assert_eq!(missed, Some(("bob".to_owned(), 1)));
}

#[test]
fn who_wrote_while_parlor_did_not_run_is_asked_for_once() {
    let at = Stamp::parse("2026-01-01T12:00:00.000Z").unwrap().0;
    let targets = "CHATHISTORY TARGETS timestamp=2026-01-01T12:00:00.000Z timestamp=";
    let mut peer = Peer::new();
    peer.session.command(Command::HeardUntil { at }, NOW);
    peer.greet(
        &format!("{BOUNCER} draft/read-marker"),
        "ada",
        "CHANTYPES=#",
    );
    assert!(peer.sent().last().unwrap().starts_with(targets));
    peer.hear(&[":srv CHATHISTORY TARGETS bob 2026-01-01T12:06:00.000Z"]);
    assert_eq!(
        peer.sent(),
        [
            "MARKREAD bob".to_owned(),
            "CHATHISTORY LATEST bob timestamp=2026-01-01T11:59:59.999Z 50".to_owned()
        ],
        "what was read on another device comes first"
    );
    peer.session.command(Command::HeardUntil { at }, NOW);
    assert!(peer.sent().is_empty(), "it was asked already");

    // The link may be faster than the disk.
    let mut peer = Peer::settled(BOUNCER);
    peer.hear(&["@time=2026-01-01T12:30:00.000Z :bob!b@h PRIVMSG ada :hi"]);
    peer.session.command(Command::HeardUntil { at }, NOW);
    assert!(peer.sent().last().unwrap().starts_with(targets));
}

#[test]
fn nobody_is_asked_for_who_was_not_missed() {
    let mut peer = Peer::settled(BOUNCER);
    assert!(peer.sent().is_empty());
    // A server that tells what was not asked makes us ask nothing.
    peer.hear(&[":srv CHATHISTORY TARGETS eve 2026-01-01T12:06:00.000Z"]);
    assert!(peer.sent().is_empty());
}

#[test]
fn pages_in_which_nobody_spoke_are_passed_over() {
    let mut peer = Peer::settled(BOUNCER);
    let latest = Command::HistoryLatest {
        target: "bob".into(),
        limit: 2,
    };
    peer.session.command(latest, peer.now);
    assert_eq!(peer.sent(), ["CHATHISTORY LATEST bob * 2"]);
    peer.hear(&[
        ":srv BATCH +1 chathistory bob",
        "@batch=1;time=2026-01-01T12:01:00.000Z :bob!b@h QUIT :bye",
        "@batch=1;time=2026-01-01T12:02:00.000Z :bob!b@h JOIN #x",
        ":srv BATCH -1",
    ]);
    assert!(peer.events().is_empty(), "nothing is known yet");
    assert_eq!(
        peer.sent(),
        ["CHATHISTORY BEFORE bob timestamp=2026-01-01T12:01:00.001Z 2"]
    );
    peer.hear(&[
        ":srv BATCH +2 chathistory bob",
        "@batch=2;time=2026-01-01T11:00:00.000Z;msgid=m :bob!b@h PRIVMSG ada :hi",
        "@batch=2;time=2026-01-01T11:01:00.000Z;+draft/reply=m;+draft/react=x :ada!a@h TAGMSG bob",
        ":srv BATCH -2",
    ]);
    let events = peer.events();
    assert!(matches!(&events[0], Event::History { messages, .. } if messages.len() == 1));
    assert!(matches!(&events[1], Event::Reacted { msgid, .. } if msgid == "m"));
}
