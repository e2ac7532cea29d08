//! What every driver must do alike: search, targets, taking out, and records.

use super::*;

contract!(
    targets_with_news,
    removed_words_are_gone,
    a_dropped_log_is_forgotten,
    search_finds_words,
    search_narrows,
    search_in_many_logs,
    search_text_is_no_query,
    records_are_kept,
);

fn targets_with_news(mut rig: Rig) {
    rig.append(&room(1), message("a", 100, "a"));
    rig.append(&room(2), message("b", 200, "b"));
    rig.append(&LogKey::pair("ada", "bob"), message("c", 300, "c"));
    rig.append(&LogKey::pair("zoe", "ada"), message("d", 400, "d"));
    rig.append(&LogKey::pair("ada", "ada"), message("e", 450, "e"));
    rig.append(&LogKey::pair("bob", "zoe"), message("f", 350, "f"));
    // An event is no news.
    let event = Entry {
        kind: EntryKind::Event,
        ..message("g", 900, "")
    };
    rig.append(&room(1), event);
    let mut targets = |from, to, limit| {
        let reply = rig.ask(StorageRequest::Targets {
            rooms: vec![
                (RoomId(1), "#one".into()),
                (RoomId(2), "#two".into()),
                (RoomId(3), "#no".into()),
            ],
            person: "ada".into(),
            from: Stamp(from),
            to: Stamp(to),
            limit,
        });
        let StorageReply::Targets(found) = reply else {
            panic!("no targets but {reply:?}");
        };
        let words: Vec<_> = found
            .iter()
            .map(|(name, time)| format!("{name}={}", time.0))
            .collect();
        words.join(" ")
    };
    assert_eq!(
        targets(0, 1000, 9),
        "#one=100 #two=200 bob=300 zoe=400 ada=450"
    );
    assert_eq!(
        targets(1000, 0, 9),
        "ada=450 zoe=400 bob=300 #two=200 #one=100"
    );
    assert_eq!(targets(1000, 0, 2), "ada=450 zoe=400");
    assert_eq!(targets(0, 1000, 2), "#one=100 #two=200");
    assert_eq!(targets(100, 300, 9), "#two=200");
    assert_eq!(targets(300, 100, 9), "#two=200");
}

fn removed_words_are_gone(mut rig: Rig) {
    let log = room(1);
    rig.fill(&log, 1..=2);
    let secret = Entry {
        own_id: Some("own".into()),
        client_tags: "+x=y".into(),
        ..message("s", 25, "secret")
    };
    rig.append(&log, secret.clone());
    rig.fill(&log, 3..=4);
    assert_eq!(rig.search(std::slice::from_ref(&log), "secret"), "s");
    let remove = |id: &str| StorageRequest::Remove {
        log: room(1),
        id: id.into(),
    };
    // Twice is as good as once.
    for _ in 0..2 {
        assert_eq!(rig.ask(remove("s")), StorageReply::Removed);
        assert_eq!(rig.search(std::slice::from_ref(&log), "secret"), "");
        assert_eq!(rig.read(&log, Span::Latest, 9), "m1 m2 m3 m4");
        let found = rig.ask(StorageRequest::Find {
            log: log.clone(),
            id: "s".into(),
        });
        assert_eq!(found, StorageReply::Found(None));
    }
    // Its place can still be counted from, and a second sending is still recognised.
    assert_eq!(rig.read(&log, Span::After(id("s")), 9), "m3 m4");
    assert_eq!(rig.read(&log, Span::Around(id("s")), 2), "m2 m3");
    let reply = rig.append(
        &log,
        Entry {
            id: "t".into(),
            ..secret.clone()
        },
    );
    let bare = Entry {
        client_tags: "".into(),
        lines: Vec::new(),
        ..secret
    };
    assert_eq!(
        reply,
        StorageReply::Repeated {
            entry: Arc::new(bare)
        }
    );
    assert!(matches!(rig.ask(remove("m9")), StorageReply::Failed(_)));
    let elsewhere = StorageRequest::Remove {
        log: room(2),
        id: "m1".into(),
    };
    assert!(matches!(rig.ask(elsewhere), StorageReply::Failed(_)));
}

fn a_dropped_log_is_forgotten(mut rig: Rig) {
    rig.fill(&room(1), 1..=3);
    rig.fill(&room(2), 4..=4);
    let drop = StorageRequest::Drop { log: room(1) };
    assert_eq!(rig.ask(drop.clone()), StorageReply::Removed);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "");
    assert_eq!(rig.search(&[room(1)], "1"), "");
    // The same ids and times are new again.
    rig.fill(&room(1), 1..=2);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2");
    assert_eq!(rig.search(&[room(1)], "1"), "m1");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "m4");
    assert_eq!(rig.ask(drop), StorageReply::Removed);
    assert_eq!(
        rig.ask(StorageRequest::Drop { log: room(9) }),
        StorageReply::Removed
    );
}

fn search_finds_words(mut rig: Rig) {
    let log = [room(1)];
    let texts = [
        "Hello World",
        "hello, café-bar!",
        "world war hello",
        "世界你好",
        "a world hello",
    ];
    for (number, text) in (1..).zip(texts) {
        rig.append(&log[0], message(&format!("m{number}"), number, text));
    }
    let cut = Entry {
        lines: [("conti", false), ("nued", true), ("next", false)]
            .map(|(text, concat)| EntryLine {
                text: text.into(),
                concat,
            })
            .to_vec(),
        ..message("m6", 6, "")
    };
    rig.append(&log[0], cut);
    let cases = [
        ("hello", "m5 m3 m2 m1"),
        ("HELLO  world", "m5 m3 m1"),
        ("\"hello world\"", "m1"),
        ("\"hello world", "m1"),
        ("cafe", "m2"),
        ("CAFÉ", "m2"),
        ("café-bar", "m2"),
        ("bar-café", ""),
        ("hell", ""),
        ("世界", "m4"),
        ("界你", "m4"),
        ("好世", ""),
        ("continued", "m6"),
        ("conti", ""),
        ("", "m6 m5 m4 m3 m2 m1"),
    ];
    for (text, expected) in cases {
        assert_eq!(rig.search(&log, text), expected, "{text}");
    }
}

fn search_narrows(mut rig: Rig) {
    let log = room(1);
    for (time, nick) in (1..).zip(["ada", "[b]", "ada", "ada", "[B]"]) {
        let entry = message(&format!("m{time}"), time, "word");
        let source = format!("{nick}!u@h").into();
        rig.append(&log, Entry { source, ..entry });
    }
    let mut narrowed = |text: &str, from: Option<&str>, after, before, limit| {
        ids(&rig.ask(StorageRequest::Search {
            logs: vec![room(1), room(1)],
            text: text.into(),
            from: from.map(Into::into),
            after: Option::map(after, Stamp),
            before: Option::map(before, Stamp),
            limit,
        }))
    };
    assert_eq!(narrowed("word", None, None, None, 2), "m5 m4");
    assert_eq!(narrowed("word", Some("ADA"), None, None, 9), "m4 m3 m1");
    assert_eq!(narrowed("", Some("[b]"), None, None, 9), "m5 m2");
    assert_eq!(narrowed("word", Some("b"), None, None, 9), "");
    assert_eq!(narrowed("word", None, Some(2), None, 9), "m5 m4 m3");
    assert_eq!(narrowed("word", None, None, Some(3), 9), "m2 m1");
    assert_eq!(narrowed("word", None, Some(1), Some(4), 9), "m3 m2");
    assert_eq!(narrowed("word", Some("ada"), Some(1), Some(4), 9), "m3");
    assert_eq!(narrowed("word", None, Some(5), None, 9), "");
    assert_eq!(narrowed("word", None, None, Some(1), 9), "");
    assert_eq!(narrowed("other", Some("ada"), None, None, 9), "");
}

fn search_in_many_logs(mut rig: Rig) {
    for n in 1..=9 {
        rig.append(&room(n), message(&format!("m{n}"), n, "word"));
    }
    let many: Vec<_> = [9, 2, 3, 4, 5, 6, 2].map(room).to_vec();
    assert_eq!(rig.search(&many, "word"), "m9 m6 m5 m4 m3 m2");
    assert_eq!(rig.search(&many, ""), "m9 m6 m5 m4 m3 m2");
    assert_eq!(rig.search(&many, "other"), "");
    let narrowed = rig.ask(StorageRequest::Search {
        logs: many,
        text: "word".into(),
        from: Some("ada".into()),
        after: Some(Stamp(2)),
        before: Some(Stamp(9)),
        limit: 3,
    });
    assert_eq!(ids(&narrowed), "m6 m5 m4");
}

fn search_text_is_no_query(mut rig: Rig) {
    let log = [room(1)];
    rig.append(&log[0], message("a", 1, "one OR two"));
    rig.append(&room(2), message("b", 1, "one place 2"));
    let texts = [
        "one\" OR place : \"2",
        "words : one",
        "one*",
        "NEAR(one two)",
        "^one",
        "one AND NOT two",
        "'; DROP TABLE entry; --",
        "-one",
        "(((",
        "\"",
        "\u{0}",
        "{place} : 2",
    ];
    for text in texts {
        assert!(!rig.search(&log, text).contains('b'), "{text}");
    }
    assert_eq!(rig.search(&log, "one OR two"), "a");
    assert_eq!(rig.search(&log, "one*"), "a");
    assert_eq!(rig.search(&log, "!?"), "");
}

fn records_are_kept(mut rig: Rig) {
    let keep = |shelf, key: &str, value: Option<&str>| StorageRequest::Keep {
        shelf,
        key: key.into(),
        value: value.map(Into::into),
    };
    let steps = [
        keep(Shelf::Rooms, "b", Some("1")),
        keep(Shelf::Rooms, "a", Some("2")),
        keep(Shelf::People, "a", Some("3")),
        keep(Shelf::Rooms, "b", Some("4")),
        keep(Shelf::Rooms, "c", Some("5")),
        keep(Shelf::Rooms, "c", None),
        keep(Shelf::Rooms, "d", None),
    ];
    for step in steps {
        assert_eq!(rig.ask(step), StorageReply::Kept);
    }
    let recalled = rig.ask(StorageRequest::Recall {
        shelf: Shelf::Rooms,
    });
    let expected = [("a", "2"), ("b", "4")].map(|(key, value)| (key.into(), value.into()));
    assert_eq!(recalled, StorageReply::Shelved(expected.to_vec()));
    let long = keep(Shelf::Rooms, &"k".repeat(KEY_BYTES_MAX + 1), Some("x"));
    assert!(matches!(rig.ask(long), StorageReply::Failed(_)));
}
