//! Transcripts of the session with a fake clock.

use super::command::Outgoing;
use super::event::{Kind, Message as Said, OwnId};
use super::*;
use crate::login::Login;

mod admission;
mod bouncer;
mod ctcp;
mod directory;
mod elsewhere;
mod failed;
mod gestured;
mod libera;
mod links;
mod login;
mod mismatch;
mod parents;
mod pulse;
mod services;
mod survey;
mod watch;

const NOW: Millis = 1_000_000;

struct Peer {
    session: Session,
    now: Millis,
}

impl Peer {
    fn new() -> Self {
        Self::with(Login::default(), Wire::default())
    }

    /// A peer that logs in like this, on a new wire like that.
    fn with(login: Login, wire: Wire) -> Self {
        let mut session = Session::new(Settings {
            nickname: "ada".into(),
            username: "ada".into(),
            realname: "Ada".into(),
            login,
            netid: None,
            rooms: vec!["#lobby".into()],
            nonce: "n0".into(),
            version: "parlor".into(),
        });
        session.opened(wire, NOW);
        Self { session, now: NOW }
    }

    /// A peer that is in #lobby on a server with these capabilities.
    fn settled(caps: &str) -> Self {
        let mut peer = Self::new();
        peer.hear(&[&format!(":srv CAP * LS :{caps}")]);
        let asked = peer.sent().pop().unwrap();
        if let Some(names) = asked.strip_prefix("CAP REQ :") {
            peer.hear(&[&format!(":srv CAP * ACK :{names}")]);
        }
        peer.hear(&[
            ":srv 001 ada :Welcome ada!ada@host",
            ":srv 005 ada NICKLEN=20 CHANTYPES=# PREFIX=(ov)@+ CASEMAPPING=ascii :are supported",
            ":srv 422 ada :no motd",
            ":ada!ada@host JOIN #lobby",
            ":srv 353 ada = #lobby :@ada +grace",
            ":srv 366 ada #lobby :End",
        ]);
        peer.sent();
        peer.events();
        peer
    }

    fn hear(&mut self, lines: &[&str]) {
        for line in lines {
            self.session.feed(line.as_bytes(), self.now);
        }
    }

    fn say(&mut self, own_id: u64, text: &str) {
        let message = Outgoing {
            own_id: OwnId(own_id),
            target: "#lobby".into(),
            kind: Kind::Say,
            text: text.into(),
            reply_to: None,
        };
        self.session.command(Command::Say(message), self.now);
    }

    fn wait(&mut self, millis: Millis) {
        self.now += millis;
        self.session.tick(self.now);
    }

    fn sent(&mut self) -> Vec<String> {
        let bytes = self.session.take_output();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn events(&mut self) -> Vec<Event> {
        self.session.take_events()
    }

    fn messages(&mut self) -> Vec<Said> {
        let said = self.events().into_iter().filter_map(|event| match event {
            Event::Message(message) => Some(message),
            _ => None,
        });
        said.collect()
    }
}

const MODERN: &str = "echo-message labeled-response batch message-tags server-time sasl=PLAIN draft/multiline=max-bytes=4000,max-lines=10 unknown/cap";

/// The rows of text that a server's answer is shown as.
fn rows(peer: &mut Peer) -> Vec<String> {
    let rows = peer.events().into_iter().filter_map(|event| match event {
        Event::Listed { text, .. } | Event::ServerNotice { text, .. } => Some(text),
        _ => None,
    });
    rows.collect()
}

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
fn names_are_one_list() {
    let mut peer = Peer::settled("multi-prefix userhost-in-names");
    peer.hear(&[
        ":srv 353 ada = #Lobby :@+ada!a@h grace!g@h",
        ":srv 353 ada = #lobby :+ken",
        ":srv 366 ada #lobby :End",
    ]);
    let events = peer.events();
    let [Event::Names { room, members }] = events.as_slice() else {
        panic!("{events:?}");
    };
    let shown: Vec<_> = members
        .iter()
        .map(|member| format!("{}{}", member.prefixes, member.nick))
        .collect();
    assert_eq!(room, "#lobby");
    assert_eq!(shown, ["@+ada", "grace", "+ken"]);
}

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
    // What is refused now is of something else.
    peer.hear(&[refused]);
    assert_eq!(fates(&mut peer), ["#lobby: you may not write there"]);

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
fn what_the_server_finds_is_one_event() {
    let mut peer = Peer::settled("batch server-time message-tags soju.im/search");
    let text = "two words; more".to_owned();
    peer.session
        .command(Command::Search { text, limit: 9 }, NOW);
    assert_eq!(peer.sent(), ["SEARCH text=two\\swords\\:\\smore;limit=9"]);
    peer.hear(&[
        ":srv BATCH +1 soju.im/search",
        "@batch=1;msgid=a :grace!g@h PRIVMSG #lobby :two words; more",
        ":srv BATCH -1",
    ]);
    let events = peer.events();
    let [Event::Found { messages }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(messages[0].msgid.as_deref(), Some("a"));
    let mut plain = Peer::settled("batch");
    let text = "x".to_owned();
    plain
        .session
        .command(Command::Search { text, limit: 9 }, NOW);
    assert_eq!(plain.sent(), Vec::<String>::new());
}

#[test]
fn history_is_one_event_in_order() {
    let mut peer = Peer::settled("batch draft/chathistory server-time message-tags echo-message");
    let ask = Command::HistoryBefore {
        target: "#lobby".into(),
        at: 5,
        msgid: None,
        limit: 4,
    };
    peer.hear(&["BATCH +0 chathistory #lobby", "BATCH -0"]);
    peer.events();
    peer.session.command(ask, NOW);
    assert_eq!(
        peer.sent(),
        ["CHATHISTORY BEFORE #lobby timestamp=1970-01-01T00:00:00.006Z 4"]
    );
    peer.hear(&[
        "BATCH +1 chathistory #lobby",
        "@batch=1 :grace!g@h PRIVMSG #lobby :a",
        "@batch=1 :grace!g@h JOIN #lobby",
        "@batch=1 :ken!g@h PRIVMSG #lobby :\u{1}ACTION waves\u{1}",
        "BATCH -1",
    ]);
    let events = peer.events();
    let [
        Event::History {
            target,
            messages,
            is_complete: true,
            gap: None,
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(target, "#lobby");
    assert_eq!(messages[1].kind, Kind::Action);
    assert_eq!(messages[1].text, "waves");
}

#[test]
fn modes_tell_whose_standing_changed() {
    let mut peer = Peer::settled("");
    peer.hear(&[":ada!a@h MODE #lobby +lov-b 5 ken grace x!*@*"]);
    let events = peer.events();
    let [
        Event::ModeChanged {
            standings, text, ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(text, "+lov-b 5 ken grace x!*@*");
    let shown: Vec<_> = standings
        .iter()
        .map(|s| format!("{}{}", s.prefix, s.nick))
        .collect();
    assert_eq!(shown, ["@ken", "+grace"]);
}

#[test]
fn a_refused_room_is_told_in_words() {
    let mut peer = Peer::settled("");
    let join = Command::Join {
        room: "#ops".into(),
        key: Some("k".into()),
    };
    peer.session.command(join, NOW);
    assert_eq!(peer.sent(), ["JOIN #ops k"]);
    peer.hear(&[":srv 475 ada #ops :Cannot join channel (+k)"]);
    let refused = Event::JoinRefused {
        room: "#ops".into(),
        reason: "it needs another key: /join ROOM KEY".into(),
    };
    assert_eq!(peer.events(), [refused]);
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
fn private_messages_belong_to_the_other_person() {
    let mut peer = Peer::settled("echo-message");
    peer.hear(&[
        ":grace!g@h PRIVMSG ada :psst",
        ":ada!ada@host PRIVMSG grace :yes?",
        ":grace!g@h PRIVMSG @#lobby :ops only",
    ]);
    let windows: Vec<_> = peer
        .messages()
        .into_iter()
        .map(|said| said.target)
        .collect();
    assert_eq!(windows, ["grace", "grace", "#lobby"]);
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

#[test]
fn no_line_makes_it_panic() {
    let verbs = "CAP JOIN PART QUIT NICK KICK MODE TOPIC NOTICE PRIVMSG TAGMSG BATCH FAIL AWAY INVITE REDACT MARKREAD \
                 001 005 301 311 317 322 324 332 341 352 353 366 401 433 437 471 PONG PING ERROR";
    let tails = [
        "",
        " :",
        " a",
        " * LS",
        " ada #lobby",
        " + -",
        " #lobby +o",
        " +1 draft/multiline",
        " -1",
        " #lobby :\u{1}",
        " #lobby :\u{1}ACTION",
        " ada PREFIX=(x CHANTYPES= NICKLEN=-1 LINELEN=0 :x",
    ];
    let heads = [
        "",
        ":ada ",
        ":ada!ada@host ",
        "@batch=1;time=x;label=9 :x!y@z ",
        "@ ",
    ];
    let mut peer = Peer::settled(MODERN);
    for _ in 0..2 {
        for verb in verbs.split_whitespace() {
            for tail in tails {
                for head in heads {
                    peer.hear(&[&format!("{head}{verb}{tail}")]);
                    peer.wait(1);
                }
            }
        }
    }
    peer.session.feed(&[0xff, 0xfe, b' ', 0], NOW);
}

#[test]
fn that_somebody_is_away_is_told_where_it_was_asked() {
    let mut peer = Peer::settled("");
    peer.hear(&[
        ":srv 311 ada bob b host * :Bob",
        ":srv 301 ada bob :lunch",
        ":srv 318 ada bob :End of /WHOIS list.",
    ]);
    let is_row = |event: &&Event| matches!(event, Event::Listed { window: None, .. });
    let events = peer.events();
    assert_eq!(events.iter().filter(is_row).count(), 2, "{events:?}");
    peer.hear(&[":srv 301 ada bob :lunch"]);
    let events = peer.events();
    let is_told = |event: &Event| matches!(event, Event::ServerNotice { window: Some(who), .. } if who == "bob");
    assert!(events.iter().any(is_told), "{events:?}");
}
