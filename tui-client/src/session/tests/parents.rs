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
fn that_it_was_taken_back_is_told_where_the_server_knows() {
    let mut peer =
        Peer::settled("draft/chathistory batch server-time message-tags draft/message-redaction");
    peer.hear(&[":srv BATCH +0 chathistory #lobby", ":srv BATCH -0"]);
    peer.events();
    ask(&mut peer, "one");
    peer.hear(&[
        ":srv BATCH +1 chathistory #lobby",
        "@batch=1;msgid=zero;time=2026-01-01T12:00:00.000Z :ken!k@k PRIVMSG #lobby :before",
        "@batch=1;time=2026-01-01T12:00:01.000Z :ken!k@k REDACT #lobby one",
        "@batch=1;time=2026-01-01T12:00:02.000Z :ken!k@k REDACT #lobby zero",
        ":srv BATCH -1",
    ]);
    let events = peer.events();
    let [
        Event::Redacted { msgid, .. },
        Event::ParentTold { message: None, .. },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(msgid, "one");
}

#[test]
fn where_there_is_no_history_nothing_waits() {
    let mut peer = Peer::settled("server-time");
    ask(&mut peer, "one");
    assert_eq!(peer.sent(), [""; 0]);
    assert_eq!(told(&mut peer), [("one".to_owned(), None)]);
}

/// The link breaks and is made again, up to where the rooms are asked for.
fn back(peer: &mut Peer, lines: &[&str]) {
    peer.relink();
    let rules = format!("{RULES} MSGREFTYPES=msgid,timestamp");
    peer.greet(CAPS, "ada", &rules);
    peer.hear(lines);
    peer.sent();
    peer.events();
}

fn between(peer: &mut Peer, since: Millis, until: Millis) {
    let command = Command::HistoryBetween {
        target: "#lobby".into(),
        gap: gap::Gap::between(since, until),
        limit: 10,
        is_oldest: false,
    };
    peer.session.command(command, peer.now);
}

#[test]
fn a_gap_is_read_from_its_beginning_and_what_is_left_comes_after() {
    let mut peer = Peer::settled(CAPS);
    peer.hear(&[":srv BATCH +0 chathistory #lobby", ":srv BATCH -0"]);
    peer.sent();
    peer.events();
    let gap = gap::Gap {
        before: Some("z".into()),
        ..gap::Gap::between(5, 90)
    };
    let oldest = |gap: &gap::Gap| Command::HistoryBetween {
        target: "#lobby".into(),
        gap: gap.clone(),
        limit: 2,
        is_oldest: true,
    };
    let page = |peer: &mut Peer, lines: &[(&str, &str)]| {
        peer.hear(&[":srv BATCH +1 chathistory #lobby"]);
        for (time, id) in lines {
            let tags = format!("@batch=1;msgid={id};time=1970-01-01T00:00:00.{time}Z");
            peer.hear(&[&format!("{tags} :ken!k@k PRIVMSG #lobby :{id}")]);
        }
        peer.hear(&[":srv BATCH -1"]);
    };
    peer.session.command(oldest(&gap), peer.now);
    let asked = "CHATHISTORY BETWEEN #lobby timestamp=1970-01-01T00:00:00.004Z timestamp=1970-01-01T00:00:00.091Z 2";
    assert_eq!(peer.sent(), [asked]);
    page(&mut peer, &[("006", "a"), ("007", "b")]);
    let rest = gap::Gap {
        since: 7,
        ..gap.clone()
    };
    let events = peer.events();
    let found: Vec<&gap::Gap> = events
        .iter()
        .filter_map(|event| match event {
            Event::GapFound { gap, .. } => Some(gap),
            _ => None,
        })
        .collect();
    assert_eq!(found, [&rest]);
    assert!(
        matches!(&events[0], Event::History { gap: Some(gap), is_complete: false, .. }
            if gap.before.is_none() && gap.span() == (5, 90)),
        "the page does not reach the message that ends the gap: {events:?}"
    );

    // What shares the moment of the message that ends the gap is left to its other end.
    peer.session.command(oldest(&rest), peer.now);
    peer.sent();
    page(&mut peer, &[("080", "x"), ("090", "y")]);
    let events = peer.events();
    let [
        Event::History { messages, .. },
        Event::GapFound { gap: end, .. },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((messages.len(), end.span()), (1, (90, 90)));

    // A page of one moment gets nowhere from this end.
    peer.session.command(oldest(&rest), peer.now);
    peer.sent();
    page(&mut peer, &[("007", "b"), ("007", "c")]);
    let asked = "CHATHISTORY BETWEEN #lobby msgid=z timestamp=1970-01-01T00:00:00.006Z 2";
    assert_eq!((peer.sent(), peer.events()), (vec![asked.into()], vec![]));
    page(&mut peer, &[("007", "c")]);
    peer.events();

    // The end is met: nothing is left.
    peer.session.command(oldest(&rest), peer.now);
    page(&mut peer, &[("080", "y"), ("090", "z")]);
    let events = peer.events();
    let [Event::History { messages, gap, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!((messages.len(), gap.as_ref()), (1, Some(&rest)));
}

#[test]
fn what_was_missed_is_asked_for_though_an_answer_is_in_sight() {
    let mut peer = Peer::settled(CAPS);
    peer.hear(&[
        ":srv BATCH +0 chathistory #lobby",
        ":srv BATCH -0",
        "@time=2026-01-01T12:00:00.000Z;msgid=m :ken!k@k PRIVMSG #lobby :heard",
    ]);
    // The screen knows of the link before the room is entered.
    back(&mut peer, &[]);
    ask(&mut peer, "one");
    ask(&mut peer, "two");
    between(&mut peer, 5, 9);
    assert_eq!(peer.sent(), ["CHATHISTORY AROUND #lobby msgid=one 3"]);
    let latest = "CHATHISTORY LATEST #lobby timestamp=2026-01-01T11:59:59.999Z 50";
    peer.hear(&[
        "@time=2026-01-01T13:00:00.000Z :ada!ada@host JOIN #lobby",
        "@time=2026-01-01T13:00:01.000Z;msgid=n :ken!k@k PRIVMSG #lobby :again",
    ]);
    assert_eq!(peer.sent(), [""; 0]);
    peer.hear(&[":srv BATCH +1 chathistory #lobby", ":srv BATCH -1"]);
    assert_eq!(peer.sent(), [latest], "before all that can be asked again");
    // Nothing of it has come: on the next link it is asked for from the same time on.
    back(
        &mut peer,
        &["@time=2026-01-01T14:00:00.000Z :ada!ada@host JOIN #lobby"],
    );
    ask(&mut peer, "three");
    peer.hear(&[":srv BATCH +2 chathistory #lobby", ":srv BATCH -2"]);
    assert_eq!(
        peer.sent(),
        ["CHATHISTORY AROUND #lobby msgid=three 3"],
        "what the link before was to tell is forgotten"
    );
    peer.hear(&[":srv BATCH +3 chathistory #lobby", ":srv BATCH -3"]);
    back(&mut peer, &[]);
    ask(&mut peer, "one");
    peer.hear(&[
        ":ada!ada@host JOIN #lobby",
        "FAIL CHATHISTORY INVALID_TARGET AROUND #lobby :no",
    ]);
    let later = "CHATHISTORY LATEST #lobby timestamp=2026-01-01T13:59:59.999Z 50";
    assert_eq!(peer.sent().last().unwrap(), later);
}

#[test]
fn a_page_waits_for_a_message_and_a_message_for_a_page() {
    let mut peer = Peer::settled(CAPS);
    peer.hear(&[":srv BATCH +0 chathistory #lobby", ":srv BATCH -0"]);
    ask(&mut peer, "one");
    ask(&mut peer, "two");
    peer.sent();
    let before = |at| Command::HistoryBefore {
        target: "#lobby".into(),
        at,
        msgid: None,
        limit: 4,
    };
    peer.session.command(before(5), peer.now);
    // The same asked for again takes its place.
    peer.session.command(before(7), peer.now);
    between(&mut peer, 5, 9);
    let answers = [
        "CHATHISTORY BEFORE #lobby timestamp=1970-01-01T00:00:00.008Z 4",
        "CHATHISTORY BETWEEN #lobby timestamp=1970-01-01T00:00:00.010Z timestamp=1970-01-01T00:00:00.004Z 10",
        "CHATHISTORY AROUND #lobby msgid=two 3",
    ];
    for next in answers {
        peer.hear(&[":srv BATCH +1 chathistory #lobby", ":srv BATCH -1"]);
        assert_eq!(peer.sent(), [next]);
    }
}

#[test]
fn what_is_refused_outside_is_not_lost() {
    let mut peer = Peer::settled(CAPS);
    back(&mut peer, &[]);
    between(&mut peer, 5, 9);
    peer.hear(&["FAIL CHATHISTORY INVALID_TARGET BETWEEN #lobby :you are not there"]);
    let events = peer.events();
    let lost = |event: &Event| matches!(event, Event::GapFound { gap, .. } if gap.is_lost);
    let found = |event: &Event| matches!(event, Event::GapFound { .. });
    assert!(
        events.iter().any(found) && !events.iter().any(lost),
        "{events:?}"
    );
}
