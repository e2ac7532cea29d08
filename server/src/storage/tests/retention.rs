//! What is kept no longer goes, at the start as while it runs, and nothing else does.

use super::*;

/// Questions until what is swept while nobody writes is gone.
const PATIENCE: usize = 10_000;

/// Asks until a log reads like that.
#[track_caller]
fn reads_soon(rig: &mut Rig, log: &LogKey, expected: &str) {
    let mut found = String::new();
    for _ in 0..PATIENCE {
        found = rig.read(log, Span::Latest, 1000);
        if found == expected {
            return;
        }
        std::thread::yield_now();
    }
    panic!("{found} is there, and should be {expected}");
}

#[test]
fn the_oldest_of_too_many_go() {
    let three = Retention {
        entries: Some(3),
        ..Retention::default()
    };
    let mut rig = Rig::keeping(three, Folder::new());
    rig.fill(&room(2), 1..=2);
    let slack = u64::from(Retention::SLACK);
    rig.fill(&room(1), 1..=slack - 1);
    let all = rig.read(&room(1), Span::Latest, 1000);
    assert_eq!(all.split(' ').count(), Retention::SLACK as usize - 1);
    rig.fill(&room(1), slack..=slack);
    reads_soon(&mut rig, &room(1), "m254 m255 m256");
    assert_eq!(rig.search(&[room(1)], "7"), "");
    rig.fill(&room(1), slack + 1..=slack + 1);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m254 m255 m256 m257");
    // The start looks at every log.
    let mut rig = Rig::keeping(three, rig.end());
    reads_soon(&mut rig, &room(1), "m255 m256 m257");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "m1 m2");
}

#[test]
fn what_is_too_old_goes() {
    let now = crate::journal::now().0;
    let mut rig = Rig::sqlite();
    for (id, time) in [
        ("old", 10),
        ("older-than-an-hour", now - 3_700_000),
        ("new", now),
    ] {
        rig.append(&room(1), message(id, time, "word"));
    }
    rig.append(&room(2), message("other", 10, "word"));
    let hour = Retention {
        age_ms: Some(3_600_000),
        ..Retention::default()
    };
    let mut rig = Rig::keeping(hour, rig.end());
    reads_soon(&mut rig, &room(1), "new");
    reads_soon(&mut rig, &room(2), "");
    assert_eq!(rig.search(&[room(1), room(2)], "word"), "new");
    // For ever is for ever.
    let mut rig = Rig::sqlite_in(rig.end());
    rig.append(&room(2), message("ancient", 1, "word"));
    let mut rig = Rig::sqlite_in(rig.end());
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "ancient");
}
