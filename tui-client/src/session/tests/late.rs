//! What is refused late, too early, or not known to have been sent.
//! It must never be sent twice by itself.

use super::*;

const ECHO: &str = "echo-message labeled-response message-tags batch";

/// Says something to somebody, as message 9.
fn tell(peer: &mut Peer, target: &str, text: &str) {
    let message = Outgoing {
        own_id: OwnId(9),
        target: target.into(),
        kind: Kind::Say,
        text: text.into(),
        reply_to: None,
    };
    peer.session.command(Command::Say(message), peer.now);
}

/// What became of messages.
fn fates(peer: &mut Peer) -> Vec<String> {
    let fates = peer.events().into_iter().filter_map(|event| match event {
        Event::Confirmed { own_id, .. } => Some(format!("{} sent", own_id.0)),
        Event::Refused { own_id, reason } => Some(format!("{} {reason}", own_id.0)),
        Event::ServerNotice { text, .. } => Some(text),
        _ => None,
    });
    fates.collect()
}

/// A peer that talked with ken, whose host has quit, and who is back before ken.
fn back_first(caps: &str) -> Peer {
    let mut peer = Peer::settled(caps);
    peer.hear(&[":ken!k@h PRIVMSG ada :hello"]);
    peer.session.lost("the host quit", 0, peer.now);
    peer.session.opened(Wire::default(), peer.now);
    peer.hear(&[&format!(":srv CAP * LS :{caps}")]);
    if !caps.is_empty() {
        peer.hear(&[&format!(":srv CAP * ACK :{caps}")]);
    }
    peer.hear(&[
        ":srv 001 ada :Welcome",
        ":srv 422 ada :no motd",
        ":ada!ada@host JOIN #lobby",
    ]);
    peer.sent();
    peer.events();
    peer
}

/// The server knows nobody to whom the message that went out last could go; its words.
fn refuse(peer: &mut Peer, nick: &str) -> String {
    let sent = peer.sent().pop().unwrap();
    let label = sent.split_once("label=").unwrap().1;
    let label = label.split([';', ' ']).next().unwrap();
    peer.hear(&[&format!("@label={label} :srv 401 ada {nick} :No such nick")]);
    sent
}

const NOBODY: &str = "9 nobody of that name is here";

#[test]
fn who_is_not_back_yet_gets_the_message_when_they_are() {
    let mut peer = back_first(ECHO);
    tell(&mut peer, "ken", "are you there?");
    let first = refuse(&mut peer, "ken");
    assert!(fates(&mut peer).is_empty(), "they may come");
    peer.wait(2_000);
    assert!(peer.sent().is_empty());
    // What is said next stays behind it.
    let next = Outgoing {
        own_id: OwnId(10),
        target: "ken".into(),
        kind: Kind::Say,
        text: "hello?".into(),
        reply_to: None,
    };
    peer.session.command(Command::Say(next), peer.now);
    assert!(peer.sent().is_empty());
    peer.hear(&[":srv 730 ada :ken!k@h"]);
    let sent = peer.sent();
    assert_eq!(sent.first(), Some(&first), "under the id that it had");
    assert!(sent.len() == 2 && sent[1].ends_with(":hello?"), "{sent:?}");
}

#[test]
fn who_does_not_come_back_is_asked_for_once_more_and_no_more() {
    let mut peer = back_first(ECHO);
    tell(&mut peer, "ken", "are you there?");
    refuse(&mut peer, "ken");
    assert!(fates(&mut peer).is_empty());
    let deadline = peer.session.deadline().unwrap();
    assert!(deadline <= peer.now + 10_000, "{deadline}");
    peer.wait(10_000);
    refuse(&mut peer, "ken");
    assert_eq!(fates(&mut peer), [NOBODY]);
    peer.wait(10_000);
    assert!(!peer.sent().iter().any(|line| line.contains("there?")));
}

#[test]
fn who_was_not_there_before_is_waited_for_by_nobody() {
    let mut peer = back_first(ECHO);
    tell(&mut peer, "eve", "who are you?");
    refuse(&mut peer, "eve");
    assert_eq!(fates(&mut peer), [NOBODY]);
    // Nor anybody, when the link is old.
    peer.wait(10_000);
    tell(&mut peer, "ken", "are you there?");
    refuse(&mut peer, "ken");
    assert_eq!(fates(&mut peer), [NOBODY]);
}

#[test]
fn what_is_refused_after_it_counts_as_sent_has_failed() {
    let mut peer = Peer::settled("");
    tell(&mut peer, "ken", "may I?");
    peer.hear(&[":srv PONG srv behind-9"]);
    assert_eq!(fates(&mut peer), ["9 sent"]);
    // The server where ken is has the last word.
    peer.hear(&[":irc2 716 ada ken :is in +g mode"]);
    let reason = "they take no messages from strangers";
    assert_eq!(fates(&mut peer), [format!("9 {reason}")]);
    let kept = peer.session.take_unsent().unwrap();
    assert!(kept.contains("text=may\\sI?"), "{kept}");
    // Once, and not the message before it.
    peer.hear(&[":irc2 716 ada ken :is in +g mode"]);
    assert_eq!(fates(&mut peer), [format!("ken: {reason}")]);
}

#[test]
fn the_answer_to_a_question_is_no_refusal_of_what_was_said() {
    let mut peer = Peer::settled("");
    let absent = ":srv 401 ada ken :No such nick";
    tell(&mut peer, "ken", "good-bye");
    peer.hear(&[":srv PONG srv behind-9"]);
    let nick = "ken".to_owned();
    peer.session.command(Command::Whois { nick }, peer.now);
    peer.hear(&[absent]);
    let told = ["9 sent", "ken: nobody of that name is here"];
    assert_eq!(fates(&mut peer), told);
    // Long after it was sent, it is of something else.
    peer.wait(40_000);
    peer.hear(&[absent]);
    assert_eq!(fates(&mut peer), [told[1]]);
}

#[test]
fn what_a_crash_leaves_open_comes_back_and_is_not_sent_by_itself() {
    let mut peer = Peer::settled("");
    peer.say(1, "was it sent?");
    assert_eq!(
        peer.sent(),
        ["PRIVMSG #lobby :was it sent?", "PING behind-1"]
    );
    let kept = peer.session.take_unsent().unwrap();
    let mut peer = Peer::settled("");
    peer.session.restore(&kept, NOW);
    let events = peer.events();
    let [Event::Waiting(message), Event::Refused { reason, .. }] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(message.text, "was it sent?");
    assert!(reason.contains("before it was known"), "{reason}");
    peer.wait(200_000);
    assert!(!peer.sent().iter().any(|line| line.contains("was it sent?")));
    peer.say(message.own_id.unwrap().0, "was it sent?");
    let own_id = message.own_id.unwrap().0;
    let again = [
        "PRIVMSG #lobby :was it sent?".to_owned(),
        format!("PING behind-{own_id}"),
    ];
    assert_eq!(peer.sent(), again);
    peer.hear(&[&format!(":srv PONG srv behind-{own_id}")]);
    assert_eq!(peer.session.take_unsent().as_deref(), Some(""));
}

#[test]
fn what_only_some_of_a_room_hear_has_a_fate_too() {
    let mut peer = Peer::settled("echo-message");
    tell(&mut peer, "@#lobby", "shall we?");
    assert_eq!(peer.sent(), ["PRIVMSG @#lobby :shall we?"]);
    peer.events();
    peer.hear(&[":ada!ada@host PRIVMSG @#lobby :shall we?"]);
    let said = peer.messages().pop().unwrap();
    assert_eq!(said.own_id, Some(OwnId(9)));
    assert_eq!(
        (said.target.as_str(), said.text.as_str()),
        ("#lobby", "[@] shall we?")
    );

    tell(&mut peer, "@#lobby", "and now?");
    peer.events();
    peer.hear(&[":srv 482 ada #lobby :You're not a channel operator"]);
    assert_eq!(
        fates(&mut peer),
        ["#lobby: only an operator of the room may do that"]
    );
    peer.hear(&[":srv 404 ada #lobby :Cannot send to channel"]);
    assert_eq!(fates(&mut peer), ["9 you may not write there"]);
}
