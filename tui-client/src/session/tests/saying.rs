//! What is said: how it is cut and paced, and how it counts as sent or as failed.

use super::*;

#[test]
fn an_echo_with_its_label_confirms_a_message() {
    let mut peer = Peer::settled(MODERN);
    peer.say(7, "hi");
    assert_eq!(
        peer.sent(),
        ["@label=7.0;+parlor.chat/id=000000f4240n0-7.0 PRIVMSG #lobby :hi"]
    );
    assert_eq!(peer.events(), [Event::Sending { own_id: OwnId(7) }]);
    peer.hear(&[
        "@label=7.0;msgid=m1;time=2026-11-21T14:00:00.000Z :ada!ada@host PRIVMSG #lobby :hi",
    ]);
    let said = peer.messages();
    assert_eq!(said[0].own_id, Some(OwnId(7)));
    assert_eq!(said[0].msgid.as_deref(), Some("m1"));
    assert_eq!(said[0].at, 1_795_269_600_000);
    assert_eq!(peer.session.deadline(), None);
}

#[test]
fn a_refusal_with_its_label_fails_a_message() {
    let mut peer = Peer::settled(MODERN);
    peer.say(1, "hi");
    peer.say(2, "ho");
    peer.events();
    peer.hear(&[
        "@label=2.0 :srv FAIL PRIVMSG SLOW #lobby :Not so fast",
        "@label=1.0 :srv 404 ada #lobby :Cannot send",
    ]);
    let reasons: Vec<_> = peer
        .events()
        .into_iter()
        .map(|event| match event {
            Event::Refused { own_id, reason } => (own_id.0, reason),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        reasons,
        [
            (2, "Not so fast".to_owned()),
            (1, "you may not write there".to_owned())
        ]
    );
}

#[test]
fn a_plain_server_has_a_message_when_it_answers_what_came_behind() {
    let mut peer = Peer::settled("multi-prefix");
    let fates = |peer: &mut Peer| {
        let events = peer.events().into_iter();
        let fates = events.filter_map(|event| match event {
            Event::Confirmed { own_id, .. } => Some(format!("{} sent", own_id.0)),
            Event::Refused { own_id, reason } => Some(format!("{} {reason}", own_id.0)),
            Event::ServerNotice { text, .. } => Some(text),
            _ => None,
        });
        fates.collect::<Vec<_>>()
    };
    let refused = ":srv 404 ada #lobby :Cannot send to channel (+m)";
    peer.say(1, "hi");
    assert_eq!(peer.sent(), ["PRIVMSG #lobby :hi", "PING behind-1"]);
    assert!(fates(&mut peer).is_empty(), "nobody knows yet");
    peer.hear(&[":srv PONG srv behind-1"]);
    assert_eq!(fates(&mut peer), ["1 sent"]);
    // What is refused now is perhaps of something else.
    peer.hear(&[":srv 599 ada #lobby :Not today"]);
    assert_eq!(fates(&mut peer), ["#lobby: Not today"]);
    // A bouncer answers us before its server does.
    peer.hear(&[refused, refused]);
    let told = [
        "1 you may not write there",
        "#lobby: you may not write there",
    ];
    assert_eq!(fates(&mut peer), told);

    // Answers come in the order of the lines.
    peer.say(2, "one");
    peer.say(3, "two");
    peer.hear(&[":srv PONG srv behind-2", refused, ":srv PONG srv behind-3"]);
    assert_eq!(fates(&mut peer), ["2 sent", "3 you may not write there"]);
    peer.say(4, "three");
    peer.hear(&[":srv 412 ada :No text to send", ":srv PONG srv behind-4"]);
    assert_eq!(fates(&mut peer), ["4 there was nothing in it"]);
    // What we did before was refused, and what we said behind it is not.
    peer.say(5, "four");
    peer.hear(&[
        ":srv 599 ada #lobby :Not today",
        ":srv 482 ada #lobby :You're not channel operator",
        ":srv 417 ada :Input line was too long",
        ":srv PONG srv behind-5",
    ]);
    let told = [
        "#lobby: Not today",
        "#lobby: only an operator of the room may do that",
        "The last line was too long for the server and was not sent.",
        "5 sent",
    ];
    assert_eq!(fates(&mut peer), told);
    // What is asked behind a message costs as much as it does.
    peer.now += 10_000;
    peer.say(50, &"x".repeat(300));
    peer.hear(&[":srv 417 ada :Input line was too long"]);
    assert_eq!(fates(&mut peer), ["50 it was too long"]);

    // A link that breaks leaves it open, and whoever tries again says all of it.
    let long = "word ".repeat(200);
    peer.say(6, &long);
    peer.session.lost("gone", 0, NOW);
    assert_eq!(fates(&mut peer).len(), 1);
    peer.session.opened(Wire::default(), NOW);
    peer.hear(&[
        ":srv CAP * LS :",
        ":srv 001 ada :hi",
        ":srv 422 ada :",
        ":ada!a@h JOIN #lobby",
    ]);
    peer.sent();
    peer.wait(60_000);
    peer.say(6, &long);
    let again = peer
        .sent()
        .into_iter()
        .filter(|line| line.starts_with("PRIVMSG"));
    assert!(again.count() > 1, "in pieces, as before");
}

#[test]
fn a_message_that_is_never_confirmed_fails_on_a_living_link() {
    let mut peer = Peer::settled(MODERN);
    peer.say(1, "hi");
    peer.wait(10_000);
    peer.hear(&["PONG srv parlor-1010000"]);
    peer.events();
    assert_eq!(peer.session.deadline(), Some(NOW + 60_000));
    peer.wait(50_000);
    assert!(matches!(&peer.events()[..], [Event::Refused { .. }]));
    assert_eq!(peer.session.deadline(), None);
}

#[test]
fn a_long_text_fits_the_wire_as_others_receive_it() {
    let mut peer = Peer::settled("echo-message");
    peer.say(1, &"word ".repeat(200));
    let lines = peer.sent();
    assert!(lines.len() > 2);
    for line in &lines {
        assert!(format!(":ada!ada@host {line}\r\n").len() <= 512, "{line}");
    }
    for line in lines {
        peer.hear(&[&format!(":ada!ada@host {line}")]);
    }
    let ids: Vec<_> = peer.messages().iter().map(|said| said.own_id).collect();
    assert_eq!(ids, [Some(OwnId(1)), None, None]);
}

#[test]
fn a_message_of_many_lines_is_one_batch_and_comes_back_as_one() {
    let mut peer = Peer::settled(MODERN);
    peer.say(3, "one\ntwo");
    assert_eq!(
        peer.sent(),
        [
            "@label=3.0;+parlor.chat/id=000000f4240n0-3.0 BATCH +m3 draft/multiline #lobby",
            "@batch=m3 PRIVMSG #lobby :one",
            "@batch=m3 PRIVMSG #lobby :two",
            "BATCH -m3"
        ]
    );
    peer.hear(&[
        "@label=3.0;msgid=x :ada!ada@host BATCH +9 draft/multiline #lobby",
        "@batch=9 :ada!ada@host PRIVMSG #lobby :one",
        "@batch=9 :ada!ada@host PRIVMSG #lobby :tw",
        "@batch=9;draft/multiline-concat :ada!ada@host PRIVMSG #lobby :o",
        "BATCH -9",
    ]);
    let said = peer.messages();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].text, "one\ntwo");
    assert_eq!(said[0].own_id, Some(OwnId(3)));
    assert_eq!(said[0].msgid.as_deref(), Some("x"));
}

#[test]
fn blank_lines_between_others_are_said_where_a_message_has_several() {
    let mut peer = Peer::settled(MODERN);
    peer.say(3, "\none\n\n\ntwo\n");
    let said: Vec<String> = peer.sent().into_iter().skip(1).take(4).collect();
    let line = |text: &str| format!("@batch=m3 PRIVMSG #lobby :{text}");
    assert_eq!(said, [line("one"), line(""), line(""), line("two")]);
    let mut peer = Peer::settled("echo-message");
    peer.say(3, "one\n\n\ntwo");
    assert_eq!(peer.sent(), ["PRIVMSG #lobby :one", "PRIVMSG #lobby :two"]);
}

#[test]
fn many_lines_go_out_in_steps() {
    let mut peer = Peer::settled("echo-message");
    peer.say(1, &"x\n".repeat(10));
    assert_eq!(peer.sent().len(), 8);
    assert_eq!(peer.session.deadline(), Some(NOW + 1000));
    peer.wait(1000);
    assert_eq!(peer.sent(), ["PRIVMSG #lobby :x"]);
}

#[test]
fn a_server_that_keeps_the_pace_is_sent_as_much_as_it_answers() {
    let mut peer = Peer::settled("echo-message message-tags labeled-response batch");
    peer.hear(&[
        ":srv 005 ada PARLOR=once :are supported",
        ":srv 376 ada :end",
    ]);
    peer.session.lost("cut", 0, NOW);
    peer.session.opened(Wire::default(), NOW);
    let caps = "echo-message message-tags labeled-response batch";
    peer.hear(&[
        &format!(":srv CAP * LS :{caps}"),
        &format!(":srv CAP * ACK :{caps}"),
        ":srv 001 ada :Welcome",
        ":srv 005 ada CHANTYPES=# PARLOR=once :are supported",
        ":srv 422 ada :no motd",
        ":ada!ada@host JOIN #lobby",
    ]);
    peer.sent();
    for number in 0..40 {
        peer.say(number, "x");
    }
    assert_eq!(peer.sent().len(), 16);
    peer.hear(&["@label=0.0 :ada!ada@host PRIVMSG #lobby :x"]);
    let next = peer.sent();
    assert!(next[0].starts_with("@label=16.0;"), "{next:?}");
    assert_eq!(
        next.len(),
        1,
        "one answered, one sent, and no time has passed"
    );
}

#[test]
fn what_is_done_and_asked_goes_by_the_same_pace_as_what_is_said() {
    let mut peer = Peer::settled("echo-message");
    for number in 0..6 {
        let nick = format!("n{number}");
        peer.session.command(Command::Whois { nick }, peer.now);
    }
    peer.say(1, "x\ny\nz");
    let room = "#lobby".to_owned();
    let topic = Some("news".to_owned());
    peer.session
        .command(Command::Topic { room, topic }, peer.now);
    let sent = peer.sent();
    assert_eq!(sent.len(), 8, "{sent:?}");
    assert_eq!(sent[6..], ["PRIVMSG #lobby :x", "PRIVMSG #lobby :y"]);
    assert_eq!(peer.session.deadline(), Some(NOW + 1000));
    peer.wait(1000);
    assert_eq!(peer.sent(), ["TOPIC #lobby :news"]);
    peer.wait(1000);
    assert_eq!(peer.sent(), ["PRIVMSG #lobby :z"]);
    peer.hear(&[":srv PING :still?"]);
    assert_eq!(peer.sent(), ["PONG still?"], "an answer never waits");
    peer.wait(60_000);
    peer.sent();

    // Who says goodbye is gone at once; what was done before is done.
    for number in 0..10 {
        let line = format!("PRIVMSG bot :{number}");
        peer.session.command(Command::Raw(line), peer.now);
    }
    assert_eq!(peer.sent().len(), 8);
    let reason = "bye".to_owned();
    peer.session.command(Command::Quit { reason }, peer.now);
    assert_eq!(
        peer.sent(),
        ["PRIVMSG bot :8", "PRIVMSG bot :9", "QUIT :bye"]
    );
}

#[test]
fn a_link_that_breaks_says_that_not_all_was_sent_and_more_than_fits_is_refused() {
    let mut peer = Peer::settled("echo-message");
    let long = "x".repeat(500);
    for _ in 0..100 {
        peer.session.command(Command::Raw(long.clone()), peer.now);
    }
    let told = rows(&mut peer);
    assert!(told.iter().all(|text| text.starts_with("Too much")));
    assert_eq!(told.len(), 100 - 8 - 65);
    peer.session.lost("gone", 0, peer.now);
    let told = rows(&mut peer);
    assert_eq!(
        told,
        ["The link broke before all was sent that you asked for."]
    );
    peer.session.opened(Wire::default(), peer.now);
    peer.sent();
    peer.greet("echo-message", "ada", RULES);
    assert_eq!(peer.sent(), ["CAP END", "JOIN #lobby"]);
}
