//! The store's promises, with real files in folders of the tests' own.

mod damage;
mod flood;
mod pages;
mod uses;

use std::path::PathBuf;
use std::time::Duration;

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
        match self.ask(Request::Search(text.to_owned(), None)).await {
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
