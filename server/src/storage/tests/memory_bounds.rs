//! What the driver in memory lets go of.

use super::*;
use crate::storage::memory::Bounds;

fn bounded() -> Rig {
    Rig::of(Box::new(MemoryStorage::with_bounds(Bounds {
        entries_per_log_max: 3,
        logs_max: 2,
        entries_max: 5,
        records_max: 1,
    })))
}

#[test]
fn the_oldest_entries_go_first_with_their_ids() {
    let mut rig = bounded();
    let own = |name: &str| Entry {
        own_id: Some("own".into()),
        ..message(name, 1, name)
    };
    rig.append(&room(1), own("a"));
    assert!(matches!(
        rig.append(&room(1), own("b")),
        StorageReply::Repeated { .. }
    ));
    rig.fill(&room(1), 1..=3);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2 m3");
    assert_eq!(rig.read(&room(1), Span::After(id("m2")), 9), "m3");
    rig.append(&room(1), own("b"));
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m2 m3 b");
}

#[test]
fn the_quietest_log_goes_first() {
    let mut rig = bounded();
    rig.fill(&room(1), 1..=1);
    rig.fill(&room(2), 2..=2);
    rig.fill(&room(1), 3..=3);
    rig.fill(&room(3), 4..=4);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m3");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "");
    // Too many in all: the other log goes.
    rig.fill(&room(1), 5..=5);
    rig.fill(&room(3), 6..=7);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "");
    assert_eq!(rig.read(&room(3), Span::Latest, 9), "m4 m6 m7");
}

#[test]
fn records_are_bounded() {
    let mut rig = bounded();
    let mut keep = |key: &str, value: Option<&str>| {
        rig.ask(StorageRequest::Keep {
            shelf: Shelf::Rooms,
            key: key.into(),
            value: value.map(Into::into),
        })
    };
    assert_eq!(keep("a", Some("1")), StorageReply::Kept);
    assert!(matches!(keep("b", Some("1")), StorageReply::Failed(_)));
    assert_eq!(keep("a", Some("2")), StorageReply::Kept);
    assert_eq!(keep("a", None), StorageReply::Kept);
    assert_eq!(keep("b", Some("1")), StorageReply::Kept);
}
