//! As an ordinary client on networks of other makes: Ergo, Libera, OFTC, InspIRCd, ngIRCd.
//! It must never lean on anything that only parlord does.

use super::*;
use crate::session::link::Policy;

#[test]
fn lists_of_masks_are_told_in_their_room_and_empty_ones_too() {
    let mut peer = Peer::settled("");
    let mut told = |lines: &[&str]| {
        peer.hear(lines);
        let events = peer.events().into_iter().filter_map(|event| match event {
            Event::Listed { window, text, .. } => Some((window, text)),
            _ => None,
        });
        events.collect::<Vec<_>>()
    };
    let lobby = Some("#lobby".to_owned());
    let row = |text: &str| (lobby.clone(), format!("#lobby{text}"));
    assert_eq!(
        told(&[
            ":srv 367 ada #lobby *!*@spam.example ken!k@h 1767268800",
            ":srv 367 ada #lobby *!*@more.example",
            ":srv 368 ada #lobby :End of channel ban list",
        ]),
        [
            row(", bans: *!*@spam.example, set by ken!k@h on 2026-01-01"),
            row(", bans: *!*@more.example"),
        ]
    );
    assert_eq!(
        told(&[":srv 368 ada #lobby :End of channel ban list"]),
        [row(": the list of bans is empty.")]
    );
    assert_eq!(
        told(&[
            ":srv 728 ada #lobby q $a:troll ken!k@h 1767268800",
            ":srv 729 ada #lobby q :End of channel quiet list",
            ":srv 349 ada #lobby :End",
        ]),
        [
            row(", people who may not speak: $a:troll, set by ken!k@h on 2026-01-01"),
            row(": the list of exceptions from bans is empty."),
        ]
    );
}

#[test]
fn programs_that_ask_are_answered_and_those_that_ask_too_often_are_not() {
    let mut peer = Peer::settled("");
    peer.now = 1_767_268_800_000;
    peer.hear(&[":bob!b@h PRIVMSG ada :\u{1}TIME\u{1}"]);
    assert_eq!(
        peer.sent(),
        ["NOTICE bob :\u{1}TIME 2026-01-01T12:00:00.000Z\u{1}"]
    );
    for _ in 0..20 {
        peer.hear(&[":bob!b@h PRIVMSG ada :\u{1}PING 7\u{1}"]);
    }
    assert_eq!(peer.sent().len(), 7, "what is left of the burst");
}

#[test]
fn what_only_some_of_a_room_hear_says_so() {
    let mut peer = Peer::settled("");
    peer.hear(&[":bob!b@h PRIVMSG @#lobby :shall we?"]);
    let heard = peer.events().into_iter().find_map(|event| match event {
        Event::Message(said) => Some((said.target, said.text)),
        _ => None,
    });
    assert_eq!(
        heard,
        Some(("#lobby".to_owned(), "[@] shall we?".to_owned()))
    );
}

#[test]
fn a_room_that_leads_elsewhere_says_so() {
    let mut peer = Peer::settled("");
    let room = "#old".to_owned();
    peer.session
        .command(Command::Join { room, key: None }, peer.now);
    peer.sent();
    peer.hear(&[
        ":srv 470 ada #old ##new :Forwarding to another channel",
        ":ada!a@h JOIN ##new",
    ]);
    let events = peer.events();
    assert!(matches!(&events[0], Event::JoinRefused { room, reason }
        if room == "#old" && reason.contains("##new")));
    let is_inside = |event: &Event| matches!(event, Event::Joined { room, is_own: true, .. } if room == "##new");
    assert!(events.iter().any(is_inside));
}

#[test]
fn refusals_are_sentences() {
    for (line, words) in [
        ("471 ada #x :Cannot join channel (+l)", "full"),
        ("473 ada #x :Cannot join channel (+i)", "invitation"),
        ("474 ada #x :Cannot join channel (+b)", "banned"),
        ("475 ada #x :Cannot join channel (+k)", "key"),
        ("477 ada #x :Cannot join channel (+r)", "account"),
        ("489 ada #x :Cannot join channel (+z)", "encrypted"),
        ("520 ada #x :Cannot join channel (+O)", "operators"),
        ("495 ada #x :Rejoin delay", "shortly"),
    ] {
        let mut peer = Peer::settled("");
        let room = "#x".to_owned();
        peer.session
            .command(Command::Join { room, key: None }, peer.now);
        peer.hear(&[&format!(":srv {line}")]);
        let refused = peer.events().into_iter().find_map(|event| match event {
            Event::JoinRefused { reason, .. } => Some(reason),
            _ => None,
        });
        let reason = refused.unwrap();
        assert!(reason.contains(words) && !reason.contains("(+"), "{reason}");
    }
}

#[test]
fn many_modes_go_as_lines_that_the_server_takes() {
    let mut peer = Peer::settled("");
    let changes = ["+oooo", "a", "b", "c", "d"].map(str::to_owned).to_vec();
    let target = "#lobby".to_owned();
    let command = Command::Mode {
        target: target.clone(),
        changes,
    };
    peer.session.command(command.clone(), peer.now);
    assert_eq!(peer.sent(), ["MODE #lobby +ooo a b c", "MODE #lobby +o d"]);
    peer.hear(&[":srv 005 ada MODES=6 :are supported"]);
    peer.session.command(command, peer.now);
    assert_eq!(peer.sent(), ["MODE #lobby +oooo a b c d"]);
    let mixed = ["+ov-b", "a", "b", "*!*@x", "d"]
        .map(str::to_owned)
        .to_vec();
    let mixed = Command::Mode {
        target,
        changes: mixed,
    };
    peer.session.command(mixed, peer.now);
    assert_eq!(peer.sent(), ["MODE #lobby +ov-b a b *!*@x d"], "as written");
}

#[test]
fn a_server_without_any_capability_is_fine() {
    let mut peer = Peer::new();
    peer.hear(&[
        ":srv 421 * CAP :Unknown command",
        ":srv 001 ada :Welcome ada!ada@host",
        ":srv 005 ada CHANTYPES=#&+ PREFIX=(qaohv)~&@%+ CASEMAPPING=rfc1459 :are supported",
        ":srv 376 ada :End",
        ":ada!ada@host JOIN :#lobby",
        ":srv 353 ada = #lobby :~ada @bob[x]",
        ":srv 366 ada #lobby :End",
    ]);
    let events = peer.events();
    let names = events.iter().find_map(|event| match event {
        Event::Names { members, .. } => Some(members.len()),
        _ => None,
    });
    assert_eq!(names, Some(2));
    peer.sent();
    peer.say(1, "hello");
    let sent = peer.sent();
    assert!(
        sent.contains(&"PRIVMSG #lobby :hello".to_owned()),
        "{sent:?}"
    );
    peer.hear(&[":srv PONG srv :behind-1"]);
    let confirmed = |event: &Event| {
        matches!(
            event,
            Event::Confirmed {
                own_id: OwnId(1),
                ..
            }
        )
    };
    assert!(peer.events().iter().any(confirmed));
}

#[test]
fn a_server_that_wants_encrypted_links_is_left_for_one() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[":srv CAP * LS :sts=port=6697,duration=300 echo-message"]);
    assert!(peer.session.take_close().is_some());
    let upgrade = Some(Policy::Upgrade { port: 6697 });
    assert_eq!(peer.session.take_policy(), upgrade);
    peer.session.lost("", 0, peer.now);
    let encrypted = Wire {
        is_encrypted: true,
        ..Wire::default()
    };
    peer.session.opened(encrypted, peer.now);
    peer.hear(&[":srv CAP * LS :sts=port=6697,duration=300 echo-message"]);
    assert_eq!(peer.session.take_close(), None);
    let persist = Some(Policy::Persist { duration_s: 300 });
    assert_eq!(peer.session.take_policy(), persist);
    assert!(
        peer.sent().iter().all(|line| !line.contains("sts")),
        "it is never asked for"
    );
}

#[test]
fn a_room_that_is_renamed_is_the_same_room() {
    let mut peer = Peer::settled("draft/channel-rename server-time");
    peer.hear(&[
        ":ken!k@h RENAME #nowhere #else :x",
        ":ken!k@h RENAME #LOBBY #Hall :it grew",
        ":grace!g@h PRIVMSG #hall :still here",
    ]);
    let events = peer.events();
    let [Event::RoomRenamed(what), Event::Message(said)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!((what.from.as_str(), what.to.as_str()), ("#lobby", "#Hall"));
    assert_eq!((what.by.as_str(), what.reason.as_str()), ("ken", "it grew"));
    assert_eq!(said.target, "#Hall");
    peer.relink();
    peer.sent();
    peer.greet("server-time", "ada", "CHANTYPES=#");
    assert!(peer.sent().contains(&"JOIN #Hall".to_owned()));
}

#[test]
fn who_goes_by_a_netsplit_says_so_with_a_batch_or_without() {
    let mut peer = Peer::settled("batch server-time");
    peer.hear(&[
        ":srv BATCH +s netsplit a.example b.example",
        "@batch=s :ken!k@h QUIT :a.example b.example",
        "@batch=s :bo!b@h QUIT",
        ":srv BATCH -s",
        ":grace!g@h QUIT :*.net *.split",
        ":linus!l@h QUIT :Quit: a.example b.example",
        ":eve!e@h QUIT :see you.",
    ]);
    let reasons: Vec<String> = peer
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Quit {
                nick,
                reason,
                split,
                ..
            } => {
                let why = split.map_or(reason, |split| split.to_string());
                Some(format!("{nick}: {why}"))
            }
            _ => None,
        })
        .collect();
    let expected = [
        "ken: a.example ⇹ b.example",
        "bo: a.example ⇹ b.example",
        "grace: netsplit",
        "linus: Quit: a.example b.example",
        "eve: see you.",
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn who_is_away_is_so_on_the_next_link_before_anybody_sees_us() {
    let caps = "draft/pre-away";
    let mut peer = Peer::settled(caps);
    let away = |words: Option<&str>| Command::Away {
        message: words.map(str::to_owned),
    };
    peer.session.command(away(Some("at lunch")), NOW);
    peer.relink();
    peer.sent();
    peer.hear(&[
        ":srv CAP * LS :draft/pre-away",
        ":srv CAP * ACK :draft/pre-away",
    ]);
    assert_eq!(
        peer.sent(),
        ["CAP REQ :draft/pre-away", "AWAY :at lunch", "CAP END"]
    );
    peer.hear(&[":srv 001 ada :Welcome", ":srv 422 ada :no motd"]);
    peer.session.command(away(None), NOW);
    peer.relink();
    peer.sent();
    peer.hear(&[
        ":srv CAP * LS :draft/pre-away",
        ":srv CAP * ACK :draft/pre-away",
    ]);
    assert_eq!(peer.sent(), ["CAP REQ :draft/pre-away", "CAP END"]);
}
