//! What every driver must do alike: a message that a guest sends again is recognised wherever they come from, and
//! nobody else's is taken for it.

use super::*;

contract!(
    a_guest_who_comes_again_is_recognised_by_the_own_id,
    what_is_not_the_same_message_is_another,
    two_accounts_are_two_people,
    an_own_id_that_can_be_guessed_is_nobodys,
    a_message_is_recognised_without_being_appended,
    a_redacted_message_is_recognised,
);

const OWN: &str = "0123456789abcdef";

fn sent(id: &str, source: &str) -> Entry {
    Entry {
        own_id: Some(OWN.into()),
        source: source.into(),
        target: "bob".into(),
        ..message(id, 1, "psst")
    }
}

fn pair(person: &str) -> LogKey {
    LogKey::pair(person, "bob")
}

fn recognised(rig: &mut Rig, room: Option<u64>, entry: Entry) -> Option<Box<str>> {
    let reply = rig.ask(StorageRequest::Recognise {
        room: room.map(RoomId),
        entry: Arc::new(entry),
    });
    match reply {
        StorageReply::Found(found) => found.map(|entry| entry.id.clone()),
        other => panic!("{other:?}"),
    }
}

fn a_guest_who_comes_again_is_recognised_by_the_own_id(mut rig: Rig) {
    let first = sent("a", "ada!a@here");
    rig.append(&pair("~1"), first.clone());
    let repeated = StorageReply::Repeated {
        entry: Arc::new(first),
    };
    for source in ["ada!a@here", "eve!e@elsewhere"] {
        assert_eq!(rig.append(&pair("~2"), sent("b", source)), repeated);
    }
    // Its reader, too, may be another guest by now; the nick is the same.
    let other = LogKey::pair("~3", "~4");
    let shouted = Entry {
        target: "BOB".into(),
        ..sent("b", "ada!a@here")
    };
    assert_eq!(rig.append(&other, shouted), repeated);
    assert_eq!(rig.read(&pair("~1"), Span::Latest, 9), "a");
    assert_eq!(rig.read(&pair("~2"), Span::Latest, 9), "");
    assert_eq!(rig.read(&other, Span::Latest, 9), "");
}

fn what_is_not_the_same_message_is_another(mut rig: Rig) {
    rig.append(&pair("~1"), sent("a", "ada!a@here"));
    let again = sent("b", "eve!e@there");
    let others = [
        Entry {
            lines: message("x", 1, "other words").lines,
            ..again.clone()
        },
        Entry {
            target: "ken".into(),
            ..again.clone()
        },
        Entry {
            kind: EntryKind::Notice,
            ..again.clone()
        },
        Entry {
            own_id: Some("0123456789abcdee".into()),
            ..again.clone()
        },
        Entry {
            own_id: None,
            ..again.clone()
        },
    ];
    let appended = StorageReply::Appended { time: Stamp(1) };
    for (number, other) in others.into_iter().enumerate() {
        let name = format!("{other:?}");
        let log = pair(&format!("~other{number}"));
        assert_eq!(recognised(&mut rig, None, other.clone()), None, "{name}");
        assert_eq!(rig.append(&log, other), appended, "{name}");
    }
    // Rooms are no logs of two.
    let room_message = Entry {
        id: "r".into(),
        ..again.clone()
    };
    assert_eq!(rig.append(&room(1), room_message.clone()), appended);
    assert_eq!(
        rig.append(
            &room(2),
            Entry {
                id: "s".into(),
                ..room_message
            }
        ),
        appended
    );
}

fn two_accounts_are_two_people(mut rig: Rig) {
    let of = |id: &str, account: &str| Entry {
        account: Some(account.into()),
        ..sent(id, "ada!a@here")
    };
    rig.append(&pair("ada"), of("a", "ada"));
    assert_eq!(recognised(&mut rig, None, of("b", "eve")), None);
    assert_eq!(recognised(&mut rig, None, of("b", "ADA")), Some("a".into()));
    let appended = StorageReply::Appended { time: Stamp(1) };
    assert_eq!(rig.append(&pair("eve"), of("b", "eve")), appended);
    // Not logged in yet: the own id says who it is.
    let guest = sent("c", "ada_!a@there");
    assert!(recognised(&mut rig, None, guest).is_some());
}

fn an_own_id_that_can_be_guessed_is_nobodys(mut rig: Rig) {
    let short = |id: &str| Entry {
        own_id: Some("0123456789abcde".into()),
        ..sent(id, "ada!a@here")
    };
    rig.append(&pair("~1"), short("a"));
    assert_eq!(recognised(&mut rig, None, short("b")), None);
    let appended = StorageReply::Appended { time: Stamp(1) };
    assert_eq!(rig.append(&pair("~2"), short("b")), appended);
}

fn a_message_is_recognised_without_being_appended(mut rig: Rig) {
    let said = || sent("a", "ada!a@here");
    assert_eq!(recognised(&mut rig, Some(1), said()), None);
    assert_eq!(recognised(&mut rig, None, said()), None);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "");
    rig.append(&room(1), said());
    assert_eq!(recognised(&mut rig, Some(1), said()), Some("a".into()));
    assert_eq!(recognised(&mut rig, Some(2), said()), None);
    assert_eq!(recognised(&mut rig, None, said()), None);
    let guessed = Entry {
        lines: Vec::new(),
        ..said()
    };
    assert_eq!(recognised(&mut rig, Some(1), guessed), None);
}

fn a_redacted_message_is_recognised(mut rig: Rig) {
    rig.append(&pair("~1"), sent("a", "ada!a@here"));
    rig.ask(StorageRequest::Remove {
        log: pair("~1"),
        id: "a".into(),
    });
    let again = rig.append(&pair("~2"), sent("b", "ada!a@here"));
    assert!(matches!(again, StorageReply::Repeated { .. }), "{again:?}");
}
