//! What every driver must do alike: entries in, and parts of a log out.

use super::*;

contract!(
    an_entry_comes_back_as_it_went_in,
    time_does_not_go_back,
    a_repeated_own_id_is_recognised,
    a_repeated_id_is_recognised,
    own_ids_of_others_are_others,
    spans_by_id,
    spans_by_time,
    marks_of_equal_times,
    unknown_marks,
    events_count_only_where_asked_for,
    nothing_older_than_allowed,
    logs_are_apart,
);

fn an_entry_comes_back_as_it_went_in(mut rig: Rig) {
    let line = |text: &str, concat| EntryLine {
        text: text.into(),
        concat,
    };
    let full = Entry {
        own_id: Some("own".into()),
        kind: EntryKind::Notice,
        account: Some("Ada".into()),
        bot: true,
        client_tags: "+a=b;+c".into(),
        lines: vec![
            line("", false),
            line("x", true),
            line("é 世界", false),
            line("", true),
        ],
        event: "TOPIC #lobby :news".into(),
        ..message("full", 5, "")
    };
    let none = Entry {
        lines: Vec::new(),
        ..message("none", 6, "")
    };
    let empty = message("empty", 7, "");
    for entry in [&full, &none, &empty] {
        rig.append(&room(u64::MAX), entry.clone());
        let found = rig.ask(StorageRequest::Find {
            log: room(u64::MAX),
            id: entry.id.clone(),
        });
        assert_eq!(found, StorageReply::Found(Some(Arc::new(entry.clone()))));
    }
    let all = StorageReply::Entries([full, none, empty].map(Arc::new).to_vec());
    assert_eq!(rig.ask(read(&room(u64::MAX), Span::Latest, 10)), all);
    let absent = rig.ask(StorageRequest::Find {
        log: room(u64::MAX),
        id: "other".into(),
    });
    assert_eq!(absent, StorageReply::Found(None));
}

fn time_does_not_go_back(mut rig: Rig) {
    rig.append(&room(1), message("a", 100, "a"));
    let reply = rig.append(&room(1), message("b", 90, "b"));
    assert_eq!(reply, StorageReply::Appended { time: Stamp(100) });
    let reply = rig.append(&room(2), message("c", 90, "c"));
    assert_eq!(reply, StorageReply::Appended { time: Stamp(90) });
    let StorageReply::Entries(entries) = rig.ask(read(&room(1), Span::Latest, 9)) else {
        panic!("no entries");
    };
    let times: Vec<_> = entries.iter().map(|entry| entry.time.0).collect();
    assert_eq!(times, [100, 100]);
}

fn own(id: &str, source: &str, account: Option<&str>) -> Entry {
    Entry {
        own_id: Some("own".into()),
        source: source.into(),
        account: account.map(Into::into),
        ..message(id, 1, id)
    }
}

fn a_repeated_own_id_is_recognised(mut rig: Rig) {
    let first = own("a", "ada!a@host", None);
    rig.append(&room(1), first.clone());
    let repeated = StorageReply::Repeated {
        entry: Arc::new(first),
    };
    // The same nick; a ghost holds the nick; logged in by now.
    for source in ["ADA!b@elsewhere", "ada_!a@host"] {
        assert_eq!(rig.append(&room(1), own("b", source, None)), repeated);
        assert_eq!(
            rig.append(&room(1), own("b", source, Some("ada"))),
            repeated
        );
    }
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "a");
    // Another log is another message.
    let reply = rig.append(&room(2), own("c", "ada!a@host", None));
    assert_eq!(reply, StorageReply::Appended { time: Stamp(1) });
}

fn a_repeated_id_is_recognised(mut rig: Rig) {
    let first = message("a", 1, "first");
    rig.append(&room(1), first.clone());
    let repeated = StorageReply::Repeated {
        entry: Arc::new(first),
    };
    assert_eq!(rig.append(&room(1), message("a", 2, "second")), repeated);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "a");
}

fn own_ids_of_others_are_others(mut rig: Rig) {
    let entries = [
        own("a", "ada!a@host", None),
        own("b", "bob!b@host", None),
        own("c", "ada!a@host", Some("ada")),
        own("d", "ada!a@host", Some("bob")),
    ];
    let mut replies = entries.map(|entry| rig.append(&room(1), entry));
    let appended = StorageReply::Appended { time: Stamp(1) };
    // The third repeats the first, which was said before the login.
    assert!(matches!(replies[2], StorageReply::Repeated { .. }));
    replies[2] = appended.clone();
    // The fourth has the nick of the first, which had no account.
    assert!(matches!(replies[3], StorageReply::Repeated { .. }));
    replies[3] = appended.clone();
    assert!(replies.iter().all(|reply| *reply == appended));
    // Two accounts are two people, whatever their nicks.
    let log = room(2);
    rig.append(&log, own("a", "ada!a@host", Some("ada")));
    assert_eq!(
        rig.append(&log, own("b", "ada!a@host", Some("bob"))),
        appended
    );
    assert_eq!(rig.read(&log, Span::Latest, 9), "a b");
}

fn spans_by_id(mut rig: Rig) {
    let log = room(1);
    rig.fill(&log, 1..=9);
    let cases = [
        (Span::Latest, 3, "m7 m8 m9"),
        (Span::Latest, 0, ""),
        (Span::LatestAfter(id("m5")), 9, "m6 m7 m8 m9"),
        (Span::LatestAfter(id("m5")), 2, "m8 m9"),
        (Span::LatestAfter(id("m9")), 2, ""),
        (Span::Before(id("m3")), 9, "m1 m2"),
        (Span::Before(id("m9")), 2, "m7 m8"),
        (Span::Before(id("m1")), 2, ""),
        (Span::After(id("m7")), 9, "m8 m9"),
        (Span::After(id("m1")), 2, "m2 m3"),
        (Span::After(id("m9")), 2, ""),
        (Span::Around(id("m5")), 1, "m5"),
        (Span::Around(id("m5")), 2, "m4 m5"),
        (Span::Around(id("m5")), 3, "m4 m5 m6"),
        (Span::Around(id("m5")), 4, "m3 m4 m5 m6"),
        (Span::Around(id("m9")), 5, "m7 m8 m9"),
        (Span::Between(id("m2"), id("m6")), 9, "m3 m4 m5"),
        (Span::Between(id("m2"), id("m6")), 2, "m3 m4"),
        (Span::Between(id("m6"), id("m2")), 2, "m4 m5"),
        (Span::Between(id("m2"), id("m2")), 2, ""),
    ];
    for (span, limit, expected) in cases {
        let name = format!("{span:?} {limit}");
        assert_eq!(rig.read(&log, span, limit), expected, "{name}");
    }
}

fn spans_by_time(mut rig: Rig) {
    let log = room(1);
    rig.fill(&log, 1..=9);
    let cases = [
        (Span::LatestAfter(time(70)), 9, "m8 m9"),
        (Span::LatestAfter(time(65)), 9, "m7 m8 m9"),
        (Span::Before(time(30)), 9, "m1 m2"),
        (Span::Before(time(35)), 2, "m2 m3"),
        (Span::After(time(70)), 9, "m8 m9"),
        (Span::After(time(65)), 2, "m7 m8"),
        (Span::Around(time(50)), 3, "m4 m5 m6"),
        (Span::Around(time(45)), 2, "m4 m5"),
        (Span::Between(time(20), time(60)), 9, "m3 m4 m5"),
        (Span::Between(time(60), time(20)), 2, "m4 m5"),
        (Span::Between(time(25), id("m5")), 9, "m3 m4"),
        (Span::Between(time(0), time(u64::MAX)), 2, "m1 m2"),
        (Span::Between(time(u64::MAX), time(0)), 2, "m8 m9"),
    ];
    for (span, limit, expected) in cases {
        let name = format!("{span:?} {limit}");
        assert_eq!(rig.read(&log, span, limit), expected, "{name}");
    }
}

fn marks_of_equal_times(mut rig: Rig) {
    let log = room(1);
    for name in ["a", "b", "c", "d"] {
        rig.append(&log, message(name, 50, name));
    }
    let cases = [
        (Span::Before(id("c")), "a b"),
        (Span::After(id("b")), "c d"),
        (Span::Between(id("a"), id("d")), "b c"),
        (Span::Between(id("d"), id("a")), "b c"),
        (Span::Before(time(50)), ""),
        (Span::After(time(50)), ""),
        (Span::After(time(49)), "a b c d"),
        (Span::Between(time(50), id("c")), ""),
        (Span::Between(time(49), id("c")), "a b"),
    ];
    for (span, expected) in cases {
        let name = format!("{span:?}");
        assert_eq!(rig.read(&log, span, 9), expected, "{name}");
    }
}

fn unknown_marks(mut rig: Rig) {
    let log = room(1);
    rig.fill(&log, 1..=3);
    rig.fill(&room(2), 7..=7);
    for unknown in ["m9", "m7"] {
        let cases = [
            (Span::Before(id(unknown)), ""),
            (Span::After(id(unknown)), ""),
            (Span::Around(id(unknown)), ""),
            (Span::Between(id(unknown), id("m3")), ""),
            (Span::Between(id("m1"), id(unknown)), ""),
            // What was seen last is gone: who was away for so long gets the newest.
            (Span::LatestAfter(id(unknown)), "m2 m3"),
        ];
        for (span, expected) in cases {
            let name = format!("{span:?}");
            assert_eq!(rig.read(&log, span, 2), expected, "{name}");
        }
    }
    assert_eq!(rig.read(&room(3), Span::Latest, 9), "");
}

fn events_count_only_where_asked_for(mut rig: Rig) {
    let log = room(1);
    let kinds = [
        EntryKind::Privmsg,
        EntryKind::Event,
        EntryKind::Notice,
        EntryKind::Tagmsg,
    ];
    for (time, kind) in (1..).zip(kinds) {
        let entry = message(&format!("{kind:?}"), time, "word");
        rig.append(&log, Entry { kind, ..entry });
    }
    assert_eq!(rig.read(&log, Span::Latest, 9), "Privmsg Notice");
    assert_eq!(rig.read(&log, Span::Latest, 2), "Privmsg Notice");
    let all = rig.ask(StorageRequest::Read {
        log: log.clone(),
        span: Span::Latest,
        limit: 3,
        events: true,
        not_before: Stamp(0),
    });
    assert_eq!(ids(&all), "Event Notice Tagmsg");
    assert_eq!(rig.search(&[log], "word"), "Notice Privmsg");
}

fn nothing_older_than_allowed(mut rig: Rig) {
    let log = room(1);
    rig.fill(&log, 1..=9);
    let spans = [
        Span::Latest,
        Span::Before(time(1000)),
        Span::After(id("m2")),
        Span::Around(id("m7")),
        Span::LatestAfter(id("m1")),
        Span::Between(time(0), time(1000)),
    ];
    for span in spans {
        let name = format!("{span:?}");
        let part = rig.ask(StorageRequest::Read {
            log: log.clone(),
            span,
            limit: 100,
            events: true,
            not_before: Stamp(70),
        });
        assert_eq!(ids(&part), "m7 m8 m9", "{name}");
    }
}

fn logs_are_apart(mut rig: Rig) {
    let logs = [
        room(0),
        room(1),
        LogKey::pair("ada", "bob"),
        LogKey::pair("ada", "~bob"),
    ];
    for (number, log) in logs.iter().enumerate() {
        rig.append(log, message(&format!("m{number}"), 1, "word"));
    }
    for (number, log) in logs.iter().enumerate() {
        let expected = format!("m{number}");
        assert_eq!(rig.read(log, Span::Latest, 9), expected);
        assert_eq!(rig.search(std::slice::from_ref(log), "word"), expected);
    }
    assert_eq!(rig.read(&LogKey::pair("bob", "ada"), Span::Latest, 9), "m2");
    assert_eq!(rig.search(&logs[1..3], "word"), "m2 m1");
    assert_eq!(rig.search(&[], "word"), "");
    assert_eq!(rig.search(&[room(9)], "word"), "");
}
