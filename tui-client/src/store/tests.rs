//! The store's promises, with real files in folders of the tests' own.

use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};

use super::queue::Queue;
use super::sweep::Limits;
use super::*;
use crate::session::event::Kind;

const LIMITS: Limits = Limits {
    messages: 1000,
    messages_in_all: 10_000,
};
const WINDOW: WindowId = WindowId(7);

/// A folder of the test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("parlor-store-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join(schema::FILE_NAME)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An open store, asked and answered.
struct Open(Queue);

impl Open {
    async fn at(folder: &Folder) -> Self {
        Self::with(folder, LIMITS).await
    }

    async fn with(folder: &Folder, limits: Limits) -> Self {
        let mut queue = Queue::new(thread::start(&folder.0, limits).unwrap());
        let opened = queue.next().await;
        assert!(matches!(opened, Some(Reply::Opened { .. })), "{opened:?}");
        Self(queue)
    }

    fn tell(&mut self, request: Request) {
        self.0.push(request);
        self.0.flush();
    }

    async fn ask(&mut self, request: Request) -> Reply {
        self.tell(request);
        self.0.next().await.unwrap()
    }

    fn say(&mut self, messages: Vec<Message>) {
        self.put(messages, false);
    }

    fn put(&mut self, messages: Vec<Message>, is_before: bool) {
        let place = lobby();
        self.tell(Request::Said {
            place,
            messages,
            is_before,
        });
    }

    async fn recall(&mut self) -> (Kept, Page) {
        match self.ask(Request::Recall(WINDOW, lobby())).await {
            Reply::Recalled(WINDOW, kept, page) => (kept, page),
            other => panic!("{other:?}"),
        }
    }

    async fn past(&mut self, span: Span) -> Page {
        match self.ask(Request::Past(WINDOW, lobby(), span)).await {
            Reply::Past(WINDOW, _, page) => page,
            other => panic!("{other:?}"),
        }
    }

    async fn found(&mut self, text: &str) -> Vec<String> {
        match self.ask(Request::Search(text.to_owned())).await {
            Reply::Found(_, found) => found.into_iter().map(|(_, found)| found.text).collect(),
            other => panic!("{other:?}"),
        }
    }

    async fn close(self) {
        self.0.close(Duration::from_secs(60)).await;
    }
}

fn lobby() -> Place {
    Place {
        network: "net".to_owned(),
        name: "#Lobby".to_owned(),
    }
}

fn message(at: Millis, msgid: &str, text: &str) -> Message {
    Message {
        target: "#Lobby".to_owned(),
        source: "ken".to_owned(),
        kind: Kind::Say,
        text: text.to_owned(),
        at,
        msgid: Some(msgid.to_owned()).filter(|id| !id.is_empty()),
        reply_to: None,
        is_own: false,
        own_id: None,
    }
}

fn run(from: u64, to: u64) -> Vec<Message> {
    let one = |at: u64| message(at, &format!("m{at}"), &format!("text {at}"));
    (from..to).map(one).collect()
}

fn texts(page: &Page) -> Vec<&str> {
    let texts = page.messages.iter().map(|one| one.message.text.as_str());
    texts.collect()
}

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

#[tokio::test]
async fn reactions_stay_and_words_that_were_taken_back_are_gone() {
    let folder = Folder::new("taken");
    let mut store = Open::at(&folder).await;
    store.say(vec![
        message(1, "a", "a secretword"),
        message(2, "b", "fine"),
    ]);
    let reacted = |nick: &str, is_given| Request::Reacted {
        place: lobby(),
        msgid: "b".to_owned(),
        nick: nick.to_owned(),
        reaction: "+1".to_owned(),
        is_given,
    };
    for request in [
        reacted("ada", true),
        reacted("ken", true),
        reacted("ada", false),
        Request::TakenBack {
            place: lobby(),
            msgid: "a".to_owned(),
            text: "taken back by ken".to_owned(),
        },
    ] {
        store.tell(request);
    }
    // History may tell of it again; it stays taken back.
    store.say(vec![message(1, "a", "a secretword")]);
    let (_, page) = store.recall().await;
    assert_eq!(texts(&page), ["taken back by ken", "fine"]);
    assert!(page.messages[0].is_taken_back);
    let pair = ("+1".to_owned(), "ken".to_owned());
    assert_eq!(page.messages[1].reactions, [pair]);
    assert_eq!(store.found("secretword").await, [""; 0]);
    store.close().await;
    let bytes = std::fs::read(folder.file()).unwrap();
    let is_there = bytes.windows(10).any(|part| part == b"secretword");
    assert!(!is_there, "not in a corner of the file either");
}

#[tokio::test]
async fn words_are_found_in_all_windows_and_are_never_a_query_language() {
    let folder = Folder::new("words");
    let mut store = Open::at(&folder).await;
    store.say(vec![
        message(10, "a", "the quick brown fox"),
        message(11, "b", "Quick café, \"AND\" done"),
    ]);
    let place = Place {
        network: "other".to_owned(),
        name: "grace".to_owned(),
    };
    let messages = vec![message(5, "c", "quicksand")];
    let is_before = false;
    store.tell(Request::Said {
        place,
        messages,
        is_before,
    });
    let quick = [
        "Quick café, \"AND\" done",
        "the quick brown fox",
        "quicksand",
    ];
    assert_eq!(store.found("quick").await, quick);
    assert_eq!(store.found("quick fox").await, ["the quick brown fox"]);
    assert_eq!(store.found("cafe AND").await, ["Quick café, \"AND\" done"]);
    for odd in ["\"", "fox*", "NEAR(", "a OR", "text:", "-", "", "ſ\0*"] {
        store.found(odd).await;
    }
    let spot = Request::Spot {
        window: WINDOW,
        place: lobby(),
        text: "ROWN F".to_owned(),
        before: 11,
    };
    let found = Some((10, Some("a".to_owned())));
    let text = "ROWN F".to_owned();
    let expected = Reply::Spotted {
        window: WINDOW,
        text,
        found,
    };
    assert_eq!(store.ask(spot).await, expected);
    store.close().await;
}

#[tokio::test]
async fn what_is_kept_of_a_room_follows_its_name() {
    let folder = Folder::new("renamed");
    let mut store = Open::at(&folder).await;
    let place = |name: &str| Place {
        network: lobby().network,
        name: name.to_owned(),
    };
    store.tell(Request::Draft(lobby(), "of the lobby".to_owned()));
    store.tell(Request::Draft(place("#taken"), "of another".to_owned()));
    store.tell(Request::Renamed(lobby(), "#taken".to_owned()));
    store.tell(Request::Renamed(lobby(), "#Hall".to_owned()));
    for (name, expected) in [("#hall", "of the lobby"), ("#taken", "of another")] {
        let recalled = store.ask(Request::Recall(WINDOW, place(name))).await;
        let Reply::Recalled(_, kept, _) = recalled else {
            panic!("{recalled:?}");
        };
        assert_eq!(kept.draft, expected);
    }
    store.close().await;
}

#[tokio::test]
async fn what_one_uses_is_kept() {
    let folder = Folder::new("use");
    let mut store = Open::at(&folder).await;
    store.tell(Request::Draft(lobby(), "half a sent".to_owned()));
    store.tell(Request::Level(lobby(), Level::Mentions));
    store.tell(Request::Read(lobby(), 50));
    store.tell(Request::Read(lobby(), 40));
    for number in 0..WROTE_MAX + 20 {
        store.tell(Request::Wrote(lobby(), format!("line {number}")));
    }
    store.tell(Request::Setting("rooms".to_owned(), "no".to_owned()));
    let ignored = |nick: &str, is_ignored| Request::Ignored {
        network: "net".to_owned(),
        nick: nick.to_owned(),
        is_ignored,
    };
    store.tell(ignored("troll", true));
    store.tell(ignored("friend", true));
    store.tell(ignored("friend", false));
    store.close().await;
    let mut queue = Queue::new(thread::start(&folder.0, LIMITS).unwrap());
    let opened = Reply::Opened {
        ignored: vec![("net".to_owned(), "troll".to_owned())],
        settings: vec![("rooms".to_owned(), "no".to_owned())],
        heard: Vec::new(),
        word: None,
    };
    assert_eq!(queue.next().await, Some(opened));
    let mut store = Open(queue);
    let (kept, page) = store.recall().await;
    assert_eq!(kept.draft, "half a sent");
    assert_eq!(kept.level, Level::Mentions);
    assert_eq!(kept.read_to, Some(50));
    assert_eq!(kept.wrote.len(), WROTE_MAX as usize);
    assert_eq!(kept.wrote[0], "line 20");
    assert_eq!(page.messages, []);
    store.close().await;
}

#[tokio::test]
async fn what_is_too_much_goes_oldest_first() {
    let folder = Folder::new("sweep");
    let limits = Limits {
        messages: 100,
        messages_in_all: 150,
    };
    let mut store = Open::with(&folder, limits).await;
    store.say(run(1000, 2200));
    let place = Place {
        network: "net".to_owned(),
        name: "ken".to_owned(),
    };
    let is_before = false;
    let messages = run(1, 81);
    store.tell(Request::Said {
        place: place.clone(),
        messages,
        is_before,
    });
    store.recall().await;
    // The answer came before the sweep; the next question comes after a step of it at least.
    let count = async |store: &mut Open, place: &Place| {
        let span = Span::Between {
            since: 0,
            until: 9999,
            is_oldest: false,
        };
        match store.ask(Request::Past(WINDOW, place.clone(), span)).await {
            Reply::Past(_, _, page) => page,
            other => panic!("{other:?}"),
        }
    };
    for _ in 0..10 {
        count(&mut store, &lobby()).await;
    }
    let page = count(&mut store, &lobby()).await;
    assert_eq!(texts(&page).last(), Some(&"text 2199"), "the newest stays");
    let here = page.messages.len();
    let there = count(&mut store, &place).await.messages.len();
    assert!(here + there <= 153, "{here} and {there}");
    store.tell(Request::Forget(lobby()));
    assert_eq!(count(&mut store, &lobby()).await.messages, []);
    store.close().await;
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_a_newer_one_left_alone() {
    let folder = Folder::new("damaged");
    let mut store = Open::at(&folder).await;
    store.say(run(1000, 1100));
    store.close().await;
    std::fs::write(folder.file(), b"this is no database at all, but a text").unwrap();
    let mut queue = Queue::new(thread::start(&folder.0, LIMITS).unwrap());
    let Some(Reply::Opened { word, .. }) = queue.next().await else {
        panic!("it is begun anew");
    };
    assert!(word.unwrap().contains("client.db.damaged-1"));
    let mut store = Open(queue);
    assert_eq!(store.recall().await.1.messages, []);
    store.say(run(1, 2));
    store.close().await;

    let db = rusqlite::Connection::open(folder.file()).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let mut queue = Queue::new(thread::start(&folder.0, LIMITS).unwrap());
    let Some(Reply::Failed(why)) = queue.next().await else {
        panic!("it is not opened");
    };
    assert!(why.contains("newer parlor"), "{why}");
    assert!(!folder.0.join("client.db.damaged-2").exists());
    assert_eq!(queue.next().await, None);
}

#[tokio::test]
async fn damage_found_on_the_way_ends_the_store_and_the_next_run_begins_anew() {
    let folder = Folder::new("midway");
    let mut store = Open::at(&folder).await;
    store.say(run(1000, 1900));
    store.close().await;
    let mut bytes = std::fs::read(folder.file()).unwrap();
    let pages = bytes.len() / 4096;
    for page in 2..pages {
        bytes[page * 4096..page * 4096 + 512].fill(0xa5);
    }
    std::fs::write(folder.file(), bytes).unwrap();
    let mut queue = Queue::new(thread::start(&folder.0, LIMITS).unwrap());
    queue.push(Request::Recall(WINDOW, lobby()));
    queue.flush();
    let mut last = None;
    while let Some(reply) = queue.next().await {
        last = Some(reply);
    }
    assert!(matches!(last, Some(Reply::Failed(_))), "{last:?}");
    assert!(folder.0.join("client.db.damaged-1").exists());
    let mut store = Open::at(&folder).await;
    assert_eq!(store.recall().await.1.messages, []);
    store.close().await;
}

#[tokio::test]
async fn the_second_parlor_on_one_folder_keeps_nothing() {
    let folder = Folder::new("second");
    let mut first = Open::at(&folder).await;
    let mut second = Queue::new(thread::start(&folder.0, LIMITS).unwrap());
    let Some(Reply::Failed(why)) = second.next().await else {
        panic!("it is not opened");
    };
    assert!(why.starts_with("Another parlor"), "{why}");
    first.say(run(1, 2));
    assert_eq!(first.recall().await.1.messages.len(), 1);
    first.close().await;
    Open::at(&folder).await.close().await;
}

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
