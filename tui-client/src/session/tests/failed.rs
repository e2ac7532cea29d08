//! What failed: kept for the next run, tried again, or let go.
//! It must never be sent without being asked for.

use super::*;

const CAPS: &str = "echo-message labeled-response message-tags batch";

/// A peer whose message was refused.
fn refused() -> Peer {
    let mut peer = Peer::settled(CAPS);
    peer.say(1, "may I?");
    let sent = peer.sent().pop().unwrap();
    let label = sent.split_once("label=").unwrap().1;
    let label = label.split([';', ' ']).next().unwrap().to_owned();
    peer.hear(&[&format!(
        "@label={label} :srv 404 ada #lobby :Cannot send to channel"
    )]);
    let events = peer.events();
    assert!(
        events.iter().any(|event| matches!(
            event,
            Event::Refused {
                own_id: OwnId(1),
                ..
            }
        )),
        "{events:?}"
    );
    peer
}

/// What the next run tells of what the last one left.
fn next_run(kept: &str) -> (Peer, Vec<Event>) {
    let mut peer = Peer::new();
    peer.events();
    peer.session.restore(kept, NOW);
    let events = peer.events();
    (peer, events)
}

#[test]
fn what_failed_has_failed_in_the_next_run_too() {
    let kept = refused().session.take_unsent().unwrap();
    let (mut peer, events) = next_run(&kept);
    let [Event::Waiting(message), Event::Refused { own_id, reason }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(
        (message.text.as_str(), message.own_id),
        ("may I?", Some(*own_id))
    );
    assert!(!reason.is_empty());
    // And in the one after that.
    let again = peer.session.take_unsent().unwrap();
    let (_, events) = next_run(&again);
    assert_eq!(events.len(), 2, "{events:?}");
}

#[test]
fn it_is_not_sent_by_itself_but_when_it_is_tried_again() {
    let kept = refused().session.take_unsent().unwrap();
    let mut peer = Peer::settled(CAPS);
    peer.session.restore(&kept, NOW);
    let events = peer.events();
    let Some(Event::Waiting(message)) = events.first() else {
        panic!("{events:?}");
    };
    peer.wait(200_000);
    let sent = peer.sent();
    assert!(!sent.iter().any(|line| line.contains("may I?")), "{sent:?}");
    peer.say(message.own_id.unwrap().0, "may I?");
    let sent = peer.sent();
    assert!(sent.iter().any(|line| line.contains("may I?")), "{sent:?}");
}

#[test]
fn what_is_let_go_is_gone() {
    let mut peer = refused();
    let own_id = OwnId(1);
    peer.session.command(Command::LetGo { own_id }, NOW);
    assert_eq!(peer.session.take_unsent().as_deref(), Some(""));
}

#[test]
fn what_arrived_is_kept_no_longer() {
    let mut peer = refused();
    peer.say(1, "may I?");
    let sent = peer.sent().pop().unwrap();
    let tags = sent.split_once(' ').unwrap().0;
    peer.hear(&[&format!(
        "{tags};msgid=m1 :ada!ada@host PRIVMSG #lobby :may I?"
    )]);
    assert_eq!(peer.session.take_unsent().as_deref(), Some(""));
}

#[test]
fn what_was_asked_for_while_we_write_is_refused_aloud() {
    let mut peer = Peer::settled("batch echo-message labeled-response message-tags");
    let typing = Command::Typing {
        target: "#lobby".into(),
        state: event::Typing::Active,
    };
    peer.session.command(typing, peer.now);
    peer.hear(&[":srv 482 ada #lobby :You're not a channel operator"]);
    let told = |event: &Event| matches!(event, Event::ServerNotice { .. });
    assert!(peer.events().iter().any(told));
}

#[test]
fn that_we_write_is_refused_in_silence() {
    let mut peer = Peer::settled(CAPS);
    let target = "#lobby".to_owned();
    let state = event::Typing::Active;
    peer.session.command(Command::Typing { target, state }, NOW);
    assert!(peer.sent().pop().unwrap().contains("TAGMSG #lobby"));
    let refusal = ":srv 404 ada #lobby :Cannot send to channel";
    peer.hear(&[refusal]);
    assert_eq!(peer.events(), []);
    // Much later it is about something else.
    peer.wait(60_000);
    peer.hear(&[refusal]);
    assert!(!peer.events().is_empty());
}

const HISTORY: &str = "echo-message labeled-response message-tags batch server-time draft/chathistory draft/multiline=max-bytes=4000,max-lines=10";

/// A peer that said this and lost its link, back under another nick because the old link still has ours; and the id
/// under which it said so.
fn back_as_another(text: &str) -> (Peer, String) {
    let mut peer = Peer::settled(HISTORY);
    peer.hear(&[":srv 005 ada PARLOR=once :are supported"]);
    peer.say(1, text);
    let sent = peer.sent();
    let id = sent[0].split_once("+parlor.chat/id=").unwrap().1;
    let id = id.split([';', ' ']).next().unwrap().to_owned();
    peer.relink();
    peer.hear(&[&format!(":srv CAP * LS :{HISTORY}")]);
    peer.hear(&[&format!(":srv CAP * ACK :{HISTORY}")]);
    peer.hear(&[
        ":srv 001 ada_ :Welcome",
        ":srv 005 ada_ CHANTYPES=# PARLOR=once :are supported",
        ":srv 422 ada_ :no motd",
        ":ada_!ada@host JOIN #lobby",
    ]);
    peer.events();
    (peer, id)
}

/// The only message of the page of history that comes.
fn page(peer: &mut Peer, lines: &[String]) -> Said {
    peer.hear(&[":srv BATCH +h chathistory #lobby"]);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    peer.hear(&lines);
    peer.hear(&[":srv BATCH -h"]);
    let events = peer.events();
    let [Event::History { messages, .. }, ..] = events.as_slice() else {
        panic!("{events:?}");
    };
    messages.first().unwrap().clone()
}

#[test]
fn what_waited_is_ours_also_under_the_nick_that_we_had() {
    let (mut peer, id) = back_as_another("hi");
    let line = format!("@batch=h;msgid=m1;+parlor.chat/id={id} :ada!ada@host PRIVMSG #lobby :hi");
    let said = page(&mut peer, &[line]);
    assert_eq!((said.is_own, said.own_id), (true, Some(OwnId(1))));
    assert_eq!(peer.session.take_unsent().as_deref(), Some(""));
}

#[test]
fn several_lines_that_waited_are_ours_too() {
    let (mut peer, id) = back_as_another("one\n\ntwo");
    let line = |text| format!("@batch=m :ada!ada@host PRIVMSG #lobby :{text}");
    let lines = [
        format!(
            "@batch=h;msgid=m1;+parlor.chat/id={id} :ada!ada@host BATCH +m draft/multiline #lobby"
        ),
        line("one"),
        line("two"),
        "@batch=h :ada!ada@host BATCH -m".into(),
    ];
    let said = page(&mut peer, &lines);
    assert_eq!((said.is_own, said.own_id), (true, Some(OwnId(1))));
}

#[test]
fn whoever_repeats_our_id_is_not_us() {
    let (mut peer, id) = back_as_another("hi");
    for line in [
        ":eve!e@h PRIVMSG #lobby :hi",
        ":ada!e@h PRIVMSG #lobby :I am a fool",
    ] {
        let line = format!("@batch=h;msgid=m1;+parlor.chat/id={id} {line}");
        let said = page(&mut peer, &[line]);
        assert_eq!((said.is_own, said.own_id), (false, None));
    }
}

/// What was written last before this run ended, on a server that takes short lines only, and how many it took.
fn a_long_one_on_the_way(rules: &str) -> (String, String, usize) {
    let text = "word ".repeat(200).trim_end().to_owned();
    let mut peer = Peer::settled("echo-message message-tags");
    peer.hear(&[&format!(":srv 005 ada {rules} :are supported")]);
    peer.say(1, &text);
    let count = peer.sent().len();
    assert!(count > 2);
    peer.session.lost("cut", 0, peer.now);
    (text, peer.session.take_unsent().unwrap(), count)
}

#[test]
fn a_long_message_that_failed_comes_back_whole_and_is_tried_again_whole() {
    let (text, mut kept, count) = a_long_one_on_the_way("NETWORK=Other");
    for _ in 0..2 {
        let (mut peer, events) = next_run(&kept);
        let [Event::Waiting(message), Event::Refused { .. }] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(message.text, text);
        kept = peer.session.take_unsent().unwrap();
    }
    let mut peer = Peer::settled("echo-message");
    peer.session.restore(&kept, NOW);
    let events = peer.events();
    let Some(Event::Waiting(message)) = events.first() else {
        panic!("{events:?}");
    };
    peer.say(message.own_id.unwrap().0, &text);
    assert_eq!(peer.sent().len(), count);
}

#[test]
fn a_long_message_that_waits_comes_back_whole() {
    let (text, kept, count) = a_long_one_on_the_way("PARLOR=once");
    let (peer, events) = next_run(&kept);
    let [Event::Waiting(message)] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(message.text, text);
    assert_eq!(peer.session.state.pending.pieces().count(), count);
    // After a day it is the user's again, as a whole.
    let mut peer = Peer::new();
    peer.events();
    peer.session.restore(&kept, NOW + 25 * 60 * 60 * 1_000);
    let events = peer.events();
    assert!(
        matches!(&events[..], [Event::Waiting(whole), Event::Refused { .. }] if whole.text == text),
        "{events:?}"
    );
}
