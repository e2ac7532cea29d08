//! What the server tells becomes events: names, pages, modes, refusals.

use super::*;
use crate::session::query::Query;

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
fn what_the_server_finds_answers_the_questions_in_their_order() {
    let search = |text: &str, named_in: Option<&str>| Command::Search {
        query: Query {
            text: text.into(),
            named_in: named_in.map(Into::into),
        },
        after: named_in.map(|_| 5),
        before: Some(9),
        limit: 9,
    };
    let mut peer = Peer::settled("batch server-time message-tags soju.im/search");
    peer.hear(&[":srv 005 ada PARLOR=once :are supported"]);
    peer.events();
    peer.session.command(search("two words; more", None), NOW);
    peer.session.command(search("ada", Some("#lobby")), NOW);
    peer.session.command(search("x", None), NOW);
    assert_eq!(
        peer.sent(),
        [
            "SEARCH text=two\\swords\\:\\smore;before=1970-01-01T00:00:00.009Z;limit=9",
            "SEARCH in=#lobby;text=ada;after=1970-01-01T00:00:00.005Z;before=1970-01-01T00:00:00.009Z;limit=9",
            "SEARCH text=x;before=1970-01-01T00:00:00.009Z;limit=9",
        ]
    );
    peer.hear(&[
        ":srv BATCH +1 soju.im/search",
        "@batch=1;msgid=a :grace!g@h PRIVMSG #lobby :two words; more",
        ":srv BATCH -1",
        "FAIL SEARCH INVALID_TARGET :Messages could not be retrieved",
        ":srv BATCH +2 soju.im/search",
        ":srv BATCH -2",
    ]);
    let events = peer.events();
    let found: Vec<(&str, usize)> = events
        .iter()
        .map(|event| match event {
            Event::Found {
                query, messages, ..
            } => (query.text.as_str(), messages.len()),
            other => panic!("{other:?}: nobody asked for that by hand"),
        })
        .collect();
    assert_eq!(found, [("two words; more", 1), ("ada", 0), ("x", 0)]);
    let mut plain = Peer::settled("batch");
    plain.session.command(search("x", None), NOW);
    assert_eq!(plain.sent(), Vec::<String>::new());
}

#[test]
fn soju_is_asked_window_by_window() {
    let mut peer = Peer::settled("batch server-time message-tags soju.im/search");
    let nicks = vec!["grace".to_owned()];
    peer.session.command(Command::Watch { nicks }, NOW);
    peer.sent();
    let query = Query {
        text: "tea".into(),
        named_in: None,
    };
    let search = Command::Search {
        query,
        after: None,
        before: None,
        limit: 9,
    };
    peer.session.command(search, NOW);
    let asked = [
        "SEARCH in=#lobby;text=tea;limit=9",
        "SEARCH in=grace;text=tea;limit=9",
    ];
    assert_eq!(peer.sent(), asked);
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

/// A page of the room's past, told in lines of the first second of all.
fn page(peer: &mut Peer, lines: &[&str]) {
    peer.hear(&["BATCH +1 chathistory #lobby"]);
    for line in lines {
        peer.hear(&[&format!("@batch=1;time=1970-01-01T00:00:00.{line}")]);
    }
    peer.hear(&["BATCH -1"]);
}

/// In a room of which the newest so many were asked for.
fn asked_for(limit: u16) -> Peer {
    let mut peer = Peer::settled("batch draft/chathistory server-time message-tags echo-message");
    peer.hear(&["BATCH +0 chathistory #lobby", "BATCH -0"]);
    peer.events();
    let target = "#lobby".into();
    peer.session
        .command(Command::HistoryLatest { target, limit }, NOW);
    peer.sent();
    peer
}

#[test]
fn a_first_page_of_little_is_told_with_the_one_before_it() {
    let mut peer = asked_for(4);
    page(
        &mut peer,
        &[
            "030Z :grace!g@h JOIN #lobby",
            "031Z;msgid=c :grace!g@h PRIVMSG #lobby :c",
            "032Z :grace!g@h JOIN #other",
            "033Z;+draft/react=x;+draft/reply=c :ken!g@h TAGMSG #lobby",
        ],
    );
    assert_eq!(peer.events(), []);
    let asked = "CHATHISTORY BEFORE #lobby timestamp=1970-01-01T00:00:00.031Z 4";
    assert_eq!(peer.sent(), [asked]);
    // What is told again is the same message.
    page(
        &mut peer,
        &[
            "020Z;msgid=a :ken!g@h PRIVMSG #lobby :a",
            "021Z;msgid=b :ken!g@h PRIVMSG #lobby :b",
            "031Z;msgid=c :grace!g@h PRIVMSG #lobby :c",
        ],
    );
    let events = peer.events();
    let [
        Event::History {
            messages,
            is_complete: true,
            ..
        },
        Event::Reacted { .. },
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    let texts: Vec<&str> = messages.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(texts, ["a", "b", "c"]);
}

#[test]
fn no_more_pages_than_a_few_wait_for_older_ones_and_none_is_lost() {
    let little = |peer: &mut Peer, number: usize| {
        let mut lines = vec![format!(
            "{number}00Z;msgid=n{number} :ken!g@h PRIVMSG #lobby :so"
        )];
        lines.extend((10..=99).map(|at| format!("{number}{at}Z :ken!g@h JOIN #lobby")));
        lines.extend((1..10).map(|at| format!("{number}0{at}Z :ken!g@h JOIN #lobby")));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        page(peer, &lines);
    };
    let mut peer = asked_for(100);
    for number in [5, 4, 3] {
        little(&mut peer, number);
        assert_eq!(peer.events(), []);
    }
    little(&mut peer, 2);
    assert!(
        matches!(&peer.events()[..], [Event::History { messages, is_complete: false, .. }] if messages.len() == 4)
    );
    let mut peer = asked_for(100);
    little(&mut peer, 5);
    peer.hear(&["FAIL CHATHISTORY MESSAGE_ERROR BEFORE #lobby :no"]);
    let events = peer.events();
    assert!(
        matches!(&events[0], Event::History { messages, .. } if messages.len() == 1),
        "{events:?}"
    );
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
