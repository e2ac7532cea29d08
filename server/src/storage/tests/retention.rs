//! What every driver must do alike: what is kept no longer goes, and nothing else does.

use super::*;

contract!(
    the_oldest_of_too_many_go,
    the_oldest_of_too_much_go,
    what_is_too_old_goes,
    one_log_may_keep_less_and_never_more,
    another_rule_takes_the_place_of_the_one_before,
);

fn entries(most: u64) -> Keep {
    Keep {
        entries: Some(most),
        ..Keep::default()
    }
}

fn the_oldest_of_too_many_go(mut rig: Rig) {
    rig.fill(&room(1), 1..=9);
    rig.fill(&room(2), 1..=2);
    rig.retain_all(entries(3));
    rig.reads_soon(&room(1), "m7 m8 m9");
    assert_eq!(rig.search(&[room(1)], "6"), "");
    assert_eq!(rig.search(&[room(1)], "7"), "m7");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "m1 m2");
    // What comes later counts, too, if not at once.
    let slack = u64::from(SLACK);
    rig.fill(&room(1), 10..=10 + slack);
    let now: Vec<String> = (8 + slack..=10 + slack).map(|n| format!("m{n}")).collect();
    let mut found = String::new();
    for _ in 0..PATIENCE {
        found = rig.read(&room(1), Span::Latest, 1000);
        assert!(found.ends_with(&now.join(" ")), "{found}");
        if !found.contains("m7 ") {
            break;
        }
        std::thread::yield_now();
    }
    assert!(!found.contains("m7 "), "{found}");
    // Nothing is left where nothing is kept.
    rig.retain_all(entries(0));
    rig.reads_soon(&room(1), "");
    rig.fill(&room(3), 1..=1);
}

fn the_oldest_of_too_much_go(mut rig: Rig) {
    let of = |id: &str, words: usize| message(id, 1, &"x".repeat(words));
    for id in ["a", "b", "c", "d"] {
        rig.append(&room(1), of(id, 1000));
    }
    rig.append(&room(1), of("e", 1));
    let bytes = |most| Keep {
        bytes: Some(most),
        ..Keep::default()
    };
    rig.retain_all(bytes(1_000_000));
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "a b c d e");
    rig.retain_all(bytes(2_000));
    rig.reads_soon(&room(1), "c d e");
    rig.retain_all(bytes(10));
    rig.reads_soon(&room(1), "e");
}

fn what_is_too_old_goes(mut rig: Rig) {
    let now = crate::journal::now().0;
    for (id, time) in [
        ("old", 10),
        ("older-than-an-hour", now - 3_700_000),
        ("new", now),
    ] {
        rig.append(&room(1), message(id, time, "word"));
    }
    rig.append(&room(2), message("other", 10, "word"));
    rig.retain_all(Keep {
        age_ms: Some(3_600_000),
        ..Keep::default()
    });
    rig.reads_soon(&room(1), "new");
    rig.reads_soon(&room(2), "");
    assert_eq!(rig.search(&[room(1), room(2)], "word"), "new");
}

fn one_log_may_keep_less_and_never_more(mut rig: Rig) {
    for log in [1, 2, 3] {
        rig.fill(&room(log), 1..=9);
    }
    rig.retain(&room(1), entries(2));
    rig.reads_soon(&room(1), "m8 m9");
    assert_eq!(
        rig.read(&room(2), Span::Latest, 9),
        "m1 m2 m3 m4 m5 m6 m7 m8 m9"
    );
    rig.retain(&room(2), entries(7));
    rig.retain_all(entries(5));
    rig.reads_soon(&room(2), "m5 m6 m7 m8 m9");
    rig.reads_soon(&room(3), "m5 m6 m7 m8 m9");
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m8 m9");
    // A log that has nothing yet may have a rule.
    rig.retain(&room(4), entries(1));
    assert_eq!(rig.read(&room(4), Span::Latest, 9), "");
}

fn another_rule_takes_the_place_of_the_one_before(mut rig: Rig) {
    rig.fill(&room(1), 1..=4);
    rig.retain(&room(1), entries(3));
    rig.reads_soon(&room(1), "m2 m3 m4");
    rig.retain(&room(1), Keep::default());
    rig.fill(&room(1), 5..=9);
    rig.retain_all(entries(8));
    rig.retain_all(Keep::default());
    rig.fill(&room(2), 1..=1);
    assert_eq!(
        rig.read(&room(1), Span::Latest, 9),
        "m2 m3 m4 m5 m6 m7 m8 m9"
    );
}

/// What is kept of one log outlives the process; what is kept of all is asked for again.
#[test]
fn a_log_of_its_own_rule_keeps_it() {
    let mut rig = Rig::sqlite();
    rig.fill(&room(1), 1..=4);
    rig.fill(&room(2), 1..=4);
    rig.retain(&room(1), entries(3));
    rig.reads_soon(&room(1), "m2 m3 m4");
    let mut rig = Rig::sqlite_in(rig.end());
    rig.fill(&room(1), 5..=5);
    let mut rig = Rig::sqlite_in(rig.end());
    rig.reads_soon(&room(1), "m3 m4 m5");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "m1 m2 m3 m4");
}

#[test]
fn the_oldest_of_all_go_when_the_whole_is_too_big() {
    let mut rig = Rig::sqlite();
    for n in 0..2000 {
        let log = room(n % 3);
        rig.append(&log, message(&format!("m{n:04}"), n, &"word ".repeat(100)));
    }
    rig.ask(StorageRequest::RetainAll {
        each: Keep::default(),
        total_bytes: Some(1 << 20),
    });
    let newest = StorageRequest::Read {
        log: room(1),
        span: Span::Latest,
        limit: 1000,
        events: false,
        not_before: Stamp(0),
    };
    let mut left = usize::MAX;
    for _ in 0..PATIENCE {
        let found = ids(&rig.ask(newest.clone()));
        assert!(found.ends_with("m1999"), "the newest stay: {found}");
        let now = found.split(' ').count();
        if now == left && now < 600 {
            break;
        }
        left = now;
    }
    assert!((10..600).contains(&left), "{left} of 666 are left");
    let folder = rig.end();
    let checked = crate::database::check::check(&folder.file(), &mut |_, _| ()).unwrap();
    assert_eq!(checked, Vec::<String>::new());
    let size = std::fs::metadata(folder.file()).unwrap().len();
    assert!(size > 1 << 20, "there was too much: {size}");
}

/// What was written before entries were counted is counted when the database is brought up to date.
#[test]
fn entries_of_an_older_schema_are_counted() {
    let mut rig = Rig::sqlite();
    rig.fill(&room(1), 1..=4);
    let folder = rig.end();
    let old = rusqlite::Connection::open(folder.file()).unwrap();
    old.execute_batch(
        "DROP TABLE news; DROP TABLE erasure; ALTER TABLE account DROP COLUMN letter;
         ALTER TABLE entry DROP COLUMN nth; ALTER TABLE entry DROP COLUMN upto;
         ALTER TABLE log DROP COLUMN keep_ms; ALTER TABLE log DROP COLUMN keep_entries;
         ALTER TABLE log DROP COLUMN keep_bytes; DROP TABLE intake; PRAGMA user_version = 3",
    )
    .unwrap();
    drop(old);
    let mut rig = Rig::sqlite_in(folder);
    rig.fill(&room(1), 5..=5);
    rig.retain(&room(1), entries(3));
    rig.reads_soon(&room(1), "m3 m4 m5");
    let bytes = message("m4", 1, "4").bytes() + message("m5", 1, "5").bytes();
    rig.retain(
        &room(1),
        Keep {
            bytes: Some(bytes),
            ..Keep::default()
        },
    );
    rig.reads_soon(&room(1), "m4 m5");
}
