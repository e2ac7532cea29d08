//! Floods: kept as blocks, and read, found and swept like the rest.

use super::*;

/// So many messages come at once, of which each hundredth is about a café.
async fn flood(store: &mut Open, count: u64) {
    let network: Arc<str> = "net".into();
    for number in 0..count {
        let word = if number % 100 == 50 { "Café" } else { "tea" };
        let (at, id) = (1000 + number / 3, format!("m{number}"));
        let message = message(at, &id, &format!("{word} {number}"));
        let network = Arc::clone(&network);
        store.0.push(Request::Heard { network, message });
    }
    store.0.flush();
    // Whoever asks ends the group.
    store.found("nothing").await;
}

fn blocks(folder: &Folder) -> i64 {
    let db = rusqlite::Connection::open(folder.file()).unwrap();
    let sql = "SELECT count(*) FROM block";
    db.query_row(sql, (), |row| row.get(0)).unwrap()
}

const ROOMY: Limits = Limits {
    messages: 10_000,
    messages_in_all: 10_000,
};

#[tokio::test]
async fn a_flood_is_kept_whole_and_read_like_the_rest() {
    let folder = Folder::new("flood");
    let mut store = Open::with(&folder, ROOMY).await;
    store.say(run(900, 905));
    flood(&mut store, 5000).await;
    assert!(blocks(&folder) >= 19, "it costs no rows");

    let (_, page) = store.recall().await;
    // Three of them share each millisecond, and a page takes no part of one.
    assert_eq!(texts(&page).len(), usize::from(PAGE) + 1);
    assert_eq!(texts(&page)[100], "tea 4999");
    let mut all: Vec<Message> = page.messages.into_iter().map(|one| one.message).collect();
    while let Some(first) = all.first() {
        let (at, msgid) = (first.at, first.msgid.clone());
        let page = store.past(Span::Before { at, msgid }).await;
        let older = page.messages.into_iter().map(|one| one.message);
        all = older.chain(all).collect();
        if page.is_end {
            break;
        }
    }
    let ids: Vec<String> = all.into_iter().filter_map(|one| one.msgid).collect();
    let early = (900..905).map(|at| format!("m{at}"));
    // Those of the first run had the same ids as five of the flood, and are told once.
    let late = (0..5000).filter(|number| !(900..905).contains(number));
    let expected: Vec<String> = early
        .chain(late.map(|number| format!("m{number}")))
        .collect();
    assert_eq!(ids, expected);
    assert_eq!(blocks(&folder), 0, "rows were made of what was looked at");
    store.close().await;
}

#[tokio::test]
async fn in_a_flood_words_are_found_and_what_is_taken_back_is_gone() {
    let folder = Folder::new("flood-words");
    let mut store = Open::with(&folder, ROOMY).await;
    flood(&mut store, 5000).await;
    let all = blocks(&folder);
    let cafes = store.found("cafe").await;
    assert_eq!(cafes.len(), 50);
    assert_eq!(
        (cafes[0].as_str(), cafes[49].as_str()),
        ("Café 4950", "Café 50")
    );
    assert_eq!(store.found("CAFÉ 12").await, ["Café 1250"]);
    assert_eq!(store.found("tea 4321").await, ["tea 4321"]);
    assert_eq!(blocks(&folder), all, "to search makes no rows");
    let spot = Request::Spot {
        window: WINDOW,
        place: lobby(),
        text: "TEA 33".to_owned(),
        before: 1000 + 3000 / 3,
    };
    let Reply::Spotted { found, .. } = store.ask(spot).await else {
        panic!("it is no answer");
    };
    assert_eq!(found, Some((1113, Some("m339".to_owned()))));
    let around = Span::Around {
        at: 1000 + 2000 / 3,
        msgid: Some("m2000".to_owned()),
    };
    let page = store.past(around).await;
    assert_eq!(texts(&page)[50], "tea 2000");

    store.tell(Request::Reacted {
        place: lobby(),
        msgid: "m4800".to_owned(),
        nick: "ada".to_owned(),
        reaction: "+1".to_owned(),
        is_given: true,
    });
    store.tell(Request::TakenBack {
        place: lobby(),
        msgid: "m150".to_owned(),
        text: "taken back by ken".to_owned(),
    });
    // History tells some of it again.
    let again = |number: u64| message(1000 + number / 3, &format!("m{number}"), "again");
    store.put((1200..1300).map(again).collect(), false);
    assert_eq!(store.found("again").await, [""; 0]);
    let around = Span::Around {
        at: 1050,
        msgid: Some("m150".to_owned()),
    };
    let page = store.past(around).await;
    assert_eq!(texts(&page)[50], "taken back by ken");
    let around = Span::Around {
        at: 1000 + 4800 / 3,
        msgid: Some("m4800".to_owned()),
    };
    let page = store.past(around).await;
    assert_eq!(page.messages[50].reactions.len(), 1);
    store.close().await;
    let bytes = std::fs::read(folder.file()).unwrap();
    let is_there = bytes.windows(9).any(|part| part == "Café 150".as_bytes());
    assert!(!is_there, "not in a corner of the file either");
}

#[tokio::test]
async fn of_a_flood_the_oldest_goes_first_too() {
    let folder = Folder::new("flood-sweep");
    let mut store = Open::at(&folder).await;
    store.say(run(1, 20));
    flood(&mut store, 5000).await;
    for _ in 0..10 {
        store.found("nothing").await;
    }
    store.close().await;
    let db = rusqlite::Connection::open(folder.file()).unwrap();
    let sql = "SELECT held, (SELECT count(*) FROM said) + (SELECT sum(held) FROM block), \
               (SELECT count(*) FROM said WHERE text = 'text 19') FROM place";
    let (held, real, early): (i64, i64, i64) = db
        .query_row(sql, (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    assert_eq!((held, early), (real, 0));
    assert!((980..=1020).contains(&held), "{held}");
}
