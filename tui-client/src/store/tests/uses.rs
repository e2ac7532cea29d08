//! What one does is kept: reactions, drafts, levels, what was written; and what is taken back is gone.

use super::*;

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

/// The index cuts a word of Hindi at its vowel signs, and takes no words that are several.
#[tokio::test]
async fn words_that_the_index_cuts_are_found_and_the_store_goes_on() {
    let folder = Folder::new("cut-words");
    let mut store = Open::at(&folder).await;
    store.say(vec![
        message(10, "a", "मुझे हिन्दी आती है"),
        message(11, "b", "ada: நல்லது கோவில்"),
        message(12, "c", "plain"),
    ]);
    assert_eq!(store.found("हिन्दी").await, ["मुझे हिन्दी आती है"]);
    assert_eq!(store.found("கோவில்").await, ["ada: நல்லது கோவில்"]);
    for odd in ["\u{11d42}`𑀦", "ि", "e\u{301}\u{347}x", "𞤀𞥋"] {
        store.found(odd).await;
    }
    assert_eq!(store.found("plain").await, ["plain"]);
    store.close().await;
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
async fn pages_of_a_search_pass_over_nothing_in_whatever_order_it_came() {
    let folder = Folder::new("search-pages");
    let mut store = Open::at(&folder).await;
    store.say(run(400, 600));
    store.put(run(200, 400), true);
    store.say(run(600, 700));
    let moment = (0..300).map(|number| message(150, &format!("x{number}"), "text"));
    store.put(moment.collect(), true);
    store.put(run(100, 150), true);
    let mut ids: Vec<String> = Vec::new();
    let mut before = None;
    loop {
        let Reply::Found(_, found) = store.ask(Request::Search("text".into(), before)).await else {
            panic!("it is no answer");
        };
        before = found.last().map(|(_, last)| last.at);
        let is_full = found.len() >= usize::from(FOUND_MAX);
        ids.extend(found.into_iter().filter_map(|(_, found)| found.msgid));
        if !is_full {
            break;
        }
    }
    assert_eq!(ids.len(), 850, "each once");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 850);
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
