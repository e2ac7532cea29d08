//! Files that are damaged, of a newer parlor, or in another's hands.

use super::*;

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
