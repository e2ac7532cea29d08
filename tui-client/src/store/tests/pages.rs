//! Pages: each message once, in the order of the server's log, and a word of what is missing.

use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

use super::*;

#[tokio::test]
async fn what_was_said_is_there_in_the_next_run_once_and_in_order() {
    let folder = Folder::new("next");
    let mut store = Open::at(&folder).await;
    store.say(run(1000, 1003));
    store.say(run(1001, 1005));
    let mut other = message(1002, "", "without an id");
    other.kind = Kind::Action;
    other.is_own = true;
    store.say(vec![other.clone()]);
    store.say(vec![other.clone()]);
    store.close().await;

    let mut store = Open::at(&folder).await;
    let (_, page) = store.recall().await;
    let expected = ["text 1000", "text 1001", "text 1002", "without an id"];
    assert_eq!(texts(&page)[..4], expected);
    assert_eq!(page.messages.len(), 6);
    assert_eq!(page.messages[3].message, other, "all of it comes back");
    assert!(page.is_end);
    store.close().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.file()).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "nobody else may read it");
    }
}

#[tokio::test]
async fn pages_lead_back_to_the_first_message_and_say_where_something_is_missing() {
    let folder = Folder::new("pages");
    let mut store = Open::at(&folder).await;
    store.say(run(1000, 1150));
    store.tell(Request::Gap(lobby(), Gap::between(1149, 2000)));
    store.say(run(2000, 2060));
    let (_, page) = store.recall().await;
    assert_eq!(texts(&page).len(), usize::from(PAGE));
    assert_eq!(texts(&page)[0], "text 1110");
    assert_eq!(page.gaps, [Gap::between(1149, 2000)]);
    let before = |at: u64| Span::Before {
        at,
        msgid: Some(format!("m{at}")),
    };
    let page = store.past(before(1110)).await;
    assert_eq!((texts(&page)[0], page.is_end), ("text 1010", false));
    assert_eq!(page.gaps, []);
    let page = store.past(before(1010)).await;
    assert_eq!((texts(&page).len(), page.is_end), (10, true));

    // What fills a gap stands in it, and the gap is gone.
    store.tell(Request::Fill(lobby(), 1149, 2000));
    store.put(run(1500, 1503), true);
    let between = Span::Between {
        since: 1149,
        until: 2000,
        is_oldest: false,
    };
    let page = store.past(between).await;
    assert_eq!(texts(&page).len(), 5);
    assert_eq!(page.gaps, []);
    let around = Span::Around {
        at: 1501,
        msgid: None,
    };
    let page = store.past(around).await;
    assert_eq!(
        texts(&page)[49..52],
        ["text 1500", "text 1501", "text 1502"]
    );
    store.close().await;
}

#[tokio::test]
async fn messages_of_one_moment_keep_their_order() {
    let folder = Folder::new("moment");
    let mut store = Open::at(&folder).await;
    let one = |name: &str| message(5000, name, name);
    store.say(vec![one("c"), one("d")]);
    store.say(vec![one("e")]);
    // An older page ends where the known begins.
    store.put(vec![one("a"), one("b")], true);
    // A page that overlaps says where the unknown ones belong.
    store.say(vec![one("b"), one("b2"), one("c"), one("e"), one("f")]);
    let (_, page) = store.recall().await;
    assert_eq!(texts(&page), ["a", "b", "b2", "c", "d", "e", "f"]);
    store.close().await;
}

/// The log of a server: times that never go back, often the same.
fn log() -> impl Strategy<Value = Vec<Message>> {
    proptest::collection::vec(0u64..2, 1..40).prop_map(|steps| {
        let mut at = 1000;
        let mut all = Vec::new();
        for (number, step) in steps.into_iter().enumerate() {
            at += step;
            all.push(message(at, &format!("id{number}"), &number.to_string()));
        }
        all
    })
}

/// Parts of it as they may come: live at the end, pages before what is known, pages that overlap.
fn parts() -> impl Strategy<Value = Vec<(u8, usize)>> {
    proptest::collection::vec((any::<u8>(), 1usize..12), 1..12)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn whatever_order_pages_come_in_the_store_has_the_logs_order_and_nothing_twice(
        log in log(), parts in parts()
    ) {
        let db = schema::in_memory();
        let mut places = places::Places::default();
        let (mut from, mut to) = (log.len() / 2, log.len() / 2);
        for (sort, size) in parts {
            let (part, is_before) = match sort % 4 {
                3 => {
                    let part = to..log.len().min(to + size);
                    let mut block = block::Block::new(lobby());
                    log[part.clone()].iter().for_each(|message| block.push(message));
                    log::flooded(&db, &mut places, &block).unwrap();
                    (from, to) = (from.min(part.start), to.max(part.end));
                    continue;
                }
                0 => (to..log.len().min(to + size), false),
                1 => (from.saturating_sub(size)..from, true),
                // A page that reaches over what is known, and perhaps beyond its end.
                _ if from < to => (to.saturating_sub(size).max(from)..log.len().min(to + size), false),
                _ => continue,
            };
            (from, to) = (from.min(part.start), to.max(part.end));
            log::said(&db, &mut places, &lobby(), &log[part], is_before).unwrap();
        }
        let id = places.find(&db, &lobby()).unwrap().map_or(0, |known| known.id);
        let held: i64 = places.find(&db, &lobby()).unwrap().map_or(0, |known| known.held);
        prop_assert_eq!(usize::try_from(held).unwrap(), to - from);
        packed::open_between(&db, &mut places, id, (0, i64::MAX)).unwrap();
        let mut select = db.prepare("SELECT text FROM said ORDER BY spot").unwrap();
        let kept = select.query_map((), |row| row.get(0)).unwrap();
        let kept: Vec<String> = kept.map(Result::unwrap).collect();
        let expected: Vec<String> = log[from..to].iter().map(|one| one.text.clone()).collect();
        prop_assert_eq!(kept, expected);
    }
}
