//! As an ordinary client on networks of other makes: Ergo, Libera, OFTC, InspIRCd, ngIRCd.
//! It must never lean on anything that only parlord does.

use super::*;
use crate::session::link::{Policy, Upstream};

const BOUNCER: &str =
    "batch server-time message-tags echo-message draft/chathistory draft/event-playback";

fn lost(peer: &mut Peer) {
    peer.session.lost("cut", 0, peer.now);
    peer.session.opened(Wire::default(), peer.now);
    peer.sent();
}

fn welcome(peer: &mut Peer, caps: &str, nick: &str, rules: &str) {
    peer.hear(&[&format!(":srv CAP * LS :{caps}")]);
    peer.hear(&[&format!(":srv CAP * ACK :{caps}")]);
    peer.hear(&[
        &format!(":srv 001 {nick} :Welcome"),
        &format!(":srv 005 {nick} CHANTYPES=# {rules} :are supported"),
        &format!(":srv 422 {nick} :no motd"),
    ]);
}

#[test]
fn who_wrote_while_the_link_was_down_is_asked_for() {
    let mut peer = Peer::settled(BOUNCER);
    peer.hear(&["@time=2026-01-01T12:00:00.000Z :bob!b@h PRIVMSG ada :hi"]);
    lost(&mut peer);
    welcome(&mut peer, BOUNCER, "ada", "");
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
    welcome(
        &mut peer,
        &format!("{BOUNCER} draft/read-marker"),
        "ada",
        "",
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
fn a_bouncer_lists_its_networks_and_leads_to_one_before_the_greeting_ends() {
    const CAPS: &str = "batch soju.im/bouncer-networks soju.im/bouncer-networks-notify";
    let mut peer = Peer::new();
    peer.sent();
    welcome(&mut peer, CAPS, "ada", "");
    assert!(!peer.sent().iter().any(|line| line.starts_with("BOUNCER")));
    assert!(
        peer.events()
            .iter()
            .any(|event| matches!(event, Event::Facts(facts) if facts.is_bouncer))
    );
    peer.hear(&[
        ":b BATCH +1 soju.im/bouncer-networks",
        "@batch=1 :b BOUNCER NETWORK 42 name=My\\sNet;state=connected;new=x",
        "@batch=1 :b BOUNCER NETWORK 43 host=irc.example;state=disconnected;error=no\\sroute",
        ":b BATCH -1",
        ":b BOUNCER NETWORK 42 *",
    ]);
    let told = |netid: &str, name: &str, trouble: Option<&str>| {
        Event::Bouncer(Upstream::There {
            netid: netid.into(),
            name: Some(name.into()),
            trouble: trouble.map(str::to_owned),
        })
    };
    assert_eq!(
        peer.events(),
        [
            told("42", "My Net", None),
            told("43", "irc.example", Some("no route")),
            Event::Bouncer(Upstream::Gone { netid: "42".into() }),
        ]
    );

    // Without the notices it is asked, and where a name has led us on already nothing is.
    let mut peer = Peer::new();
    welcome(&mut peer, "batch soju.im/bouncer-networks", "ada", "");
    assert!(peer.sent().contains(&"BOUNCER LISTNETWORKS".to_owned()));
    let mut peer = Peer::new();
    welcome(&mut peer, CAPS, "ada", "BOUNCER_NETID=7");
    peer.sent();
    peer.events();
    peer.hear(&[":b BOUNCER NETWORK 42 name=a"]);
    assert!(peer.events().is_empty());

    let mut peer = Peer::new();
    peer.session.state.settings.netid = Some("42".into());
    peer.sent();
    peer.hear(&[&format!(":srv CAP * LS :{CAPS}")]);
    assert_eq!(peer.sent(), ["CAP REQ :batch soju.im/bouncer-networks"]);
    peer.hear(&[":srv CAP * ACK :batch soju.im/bouncer-networks"]);
    assert_eq!(peer.sent(), ["BOUNCER BIND 42", "CAP END"]);
    peer.hear(&[":b FAIL BOUNCER INVALID_NETID BIND 42 :Network not found"]);
    assert!(
        peer.session
            .take_close()
            .unwrap()
            .contains("Network not found")
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

#[test]
fn our_nick_is_had_again_when_our_old_link_goes() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[":srv CAP * LS :", ":srv 433 * ada :in use"]);
    assert_eq!(peer.sent().last().unwrap(), "NICK ada_");
    peer.hear(&[
        ":srv 001 ada_ :Welcome",
        ":srv 005 ada_ CHANTYPES=# MONITOR=100 :are supported",
        ":srv 422 ada_ :no motd",
    ]);
    assert!(peer.sent().contains(&"MONITOR + ada".to_owned()));
    peer.events();
    peer.wait(20_000);
    assert_eq!(peer.sent(), ["NICK ada"]);
    peer.hear(&[":srv 433 ada_ ada :in use"]);
    assert!(peer.events().is_empty(), "that is known already");
    peer.hear(&[":srv 731 ada_ :ada!a@h"]);
    assert_eq!(peer.sent(), ["NICK ada"]);
    peer.hear(&[":ada_!a@h NICK ada"]);
    assert_eq!(peer.sent(), ["MONITOR - ada"]);
    peer.wait(20_000);
    assert!(peer.sent().is_empty());
}

#[test]
fn a_nick_that_somebody_else_has_is_not_asked_for_without_end() {
    let mut peer = Peer::new();
    peer.sent();
    peer.hear(&[
        ":srv 433 * ada :in use",
        ":srv 001 ada_ :Welcome",
        ":srv 422 ada_ :no motd",
    ]);
    peer.sent();
    let mut asked = 0;
    for _ in 0..60 {
        peer.wait(20_000);
        peer.hear(&["PING :x", ":srv 433 ada_ ada :in use"]);
        asked += peer
            .sent()
            .iter()
            .filter(|line| *line == "NICK ada")
            .count();
    }
    assert!((5..=9).contains(&asked), "{asked}");
    // When they go, it is ours.
    peer.hear(&[":ada!x@y QUIT :bye"]);
    assert_eq!(peer.sent(), ["NICK ada"]);
}

#[test]
fn a_nick_that_is_refused_is_not_wanted_any_longer() {
    let mut peer = Peer::settled("");
    let told = |peer: &mut Peer| -> Vec<String> {
        let told = peer.events().into_iter().filter_map(|event| match event {
            Event::ServerNotice { text, .. } => Some(text),
            _ => None,
        });
        told.collect()
    };
    let ask = |peer: &mut Peer, nick: &str| {
        peer.session.command(Command::Nick(nick.into()), peer.now);
        peer.sent()
    };
    assert_eq!(ask(&mut peer, "Grace"), ["NICK Grace"]);
    peer.hear(&[":srv 400 ada NICK :You must use your account name as your nickname"]);
    assert_eq!(
        told(&mut peer),
        ["That nick cannot be had: You must use your account name as your nickname"]
    );
    peer.wait(30_000);
    assert!(!peer.sent().contains(&"NICK Grace".to_owned()));
    ask(&mut peer, "lovelace");
    peer.hear(&[":ada!ada@host NICK lovelace"]);
    lost(&mut peer);
    welcome(&mut peer, "", "Guest1", "");
    peer.wait(30_000);
    assert!(peer.sent().contains(&"NICK lovelace".to_owned()));
    peer.hear(&[":srv 400 Guest1 NICK :You must use your account name as your nickname"]);
    let told = told(&mut peer);
    assert_eq!(told, ["The server calls you Guest1, not lovelace."]);
    peer.wait(30_000);
    assert!(
        !peer.sent().contains(&"NICK lovelace".to_owned()),
        "it never will"
    );
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
    lost(&mut peer);
    welcome(&mut peer, "server-time", "ada", "");
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
    lost(&mut peer);
    peer.hear(&[
        ":srv CAP * LS :draft/pre-away",
        ":srv CAP * ACK :draft/pre-away",
    ]);
    assert_eq!(
        peer.sent(),
        ["CAP REQ :draft/pre-away", "AWAY :at lunch", "CAP END"]
    );
    welcome(&mut peer, caps, "ada", "");
    peer.session.command(away(None), NOW);
    lost(&mut peer);
    peer.hear(&[
        ":srv CAP * LS :draft/pre-away",
        ":srv CAP * ACK :draft/pre-away",
    ]);
    assert_eq!(peer.sent(), ["CAP REQ :draft/pre-away", "CAP END"]);
}
