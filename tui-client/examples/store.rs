//! Measures the local store: a million messages kept, then scrolled through and searched, with the frames that are
//! drawn meanwhile. It must never be run on a folder that is used: it fills one.
//!
//! `cargo run --release -p tui-client --example store -- FOLDER [MESSAGES]`

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_client::effect::Effect;
use tui_client::ids::NetworkId;
use tui_client::keymap::Keymap;
use tui_client::model::Model;
use tui_client::model::network::Settings;
use tui_client::msg::Msg;
use tui_client::session::event::{Event, Kind, Message};
use tui_client::store::queue::Queue;
use tui_client::store::sweep::Limits;
use tui_client::store::thread::Order;
use tui_client::store::{Reply, Request, thread};
use tui_client::theme::Surroundings;
use tui_client::update::update;
use tui_client::view::{self, Cache};

/// Rooms that the messages are spread over, one after the other.
const ROOMS: u64 = 10;
const WORDS: &[&str] = &[
    "release", "branch", "tomorrow", "review", "the", "a", "server", "window", "coffee", "build",
    "green", "failed", "again", "who", "knows", "merge", "table", "index", "lock", "queue",
];

/// A screen with its store.
struct Run {
    model: Model,
    store: Queue,
    cache: Cache,
    /// The longest that a change of the screen with its drawing took.
    slowest: Duration,
    frames: u32,
    total: Duration,
}

impl Run {
    fn tell(&mut self, msg: Msg) {
        let began = Instant::now();
        for effect in update(&mut self.model, 1_800_000_000_000, msg) {
            if let Effect::Keep(request) = effect {
                self.store.push(request);
            }
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
        let theme =
            Surroundings::from_environment(None, None, Some("xterm-256color"), None).theme(None);
        view::paint(&self.model, theme, &mut self.cache, &mut buffer);
        let took = began.elapsed();
        self.slowest = self.slowest.max(took);
        self.total += took;
        self.frames += 1;
        self.store.flush();
    }

    /// Begins to look for the slowest frame anew; the slowest until now.
    fn slowest(&mut self) -> Duration {
        std::mem::take(&mut self.slowest)
    }

    fn press(&mut self, code: KeyCode) {
        let key = KeyEvent::new(code, KeyModifiers::empty());
        self.tell(Msg::Pressed(key));
    }

    fn write(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(KeyCode::Char(letter));
        }
    }

    async fn answered(&mut self) {
        while self.model.here().is_some_and(|window| window.is_loading) {
            match self.store.next().await {
                Some(reply) => self.tell(Msg::Stored(reply)),
                None => return,
            }
        }
    }
}

fn message(number: u64, rooms: u64) -> Message {
    let mut text = String::new();
    let mut chance = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for _ in 0..8 {
        chance ^= chance >> 29;
        chance = chance.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let index = usize::try_from(chance % 20).unwrap_or(0);
        text.push_str(WORDS.get(index).unwrap_or(&""));
        text.push(' ');
    }
    let text = text + &format!("n{number}");
    Message {
        target: format!("#room{}", number % rooms),
        source: format!("nick{}", number % 50),
        kind: Kind::Say,
        text,
        at: 1_700_000_000_000 + number,
        msgid: Some(format!("{number:016x}abcdef")),
        reply_to: None,
        is_own: false,
        own_id: None,
    }
}

fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let times = stat.split_whitespace().skip(13).take(2);
    times
        .filter_map(|word| word.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

async fn fill(folder: &Path, limits: Limits, count: u64) -> Result<(), Box<dyn Error>> {
    let (requests, mut replies) = thread::start(folder, limits)?;
    let (began, before) = (Instant::now(), processor());
    let mut group = Vec::new();
    for number in 0..count {
        let message = message(number, ROOMS);
        let place = tui_client::store::Place {
            network: "127.0.0.1:6667".to_owned(),
            name: message.target.clone(),
        };
        let messages = vec![message];
        let is_before = false;
        group.push(Order::Do(Request::Said {
            place,
            messages,
            is_before,
        }));
        if group.len() == 512 {
            // Whoever asks something is answered at once, so that the next group need not wait its turn.
            group.push(Order::Do(Request::Search(String::new(), None)));
            requests.send(std::mem::take(&mut group)).await?;
            replies.recv().await.ok_or("the store has ended")?;
        }
    }
    requests.send(group).await?;
    drop(requests);
    while replies.recv().await.is_some() {}
    let (took, used) = (began.elapsed(), processor() - before);
    let each = used * 1e6 / f64::from(u32::try_from(count)?);
    writeln!(
        io::stdout(),
        "kept {count} messages in {took:.1?}: {each:.1} processor µs a message"
    )?;
    let bytes = std::fs::metadata(folder.join("client.db"))?.len();
    writeln!(io::stdout(), "the file has {} MiB", bytes >> 20)?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let folder = words.next().ok_or("which folder?")?;
    let count = words.next().map_or(Ok(1_000_000), |word| word.parse())?;
    let folder = Path::new(&folder);
    let limits = Limits {
        messages: 10_000_000,
        messages_in_all: 10_000_000,
    };
    fill(folder, limits, count).await?;

    let mut run = start(folder, limits).await?;
    scroll(&mut run).await?;
    search(&mut run).await?;
    list(&mut run).await?;
    flood(run, count).await
}

/// A new run, with the last page on its screen.
async fn start(folder: &Path, limits: Limits) -> Result<Run, Box<dyn Error>> {
    let began = Instant::now();
    let settings = Settings {
        rooms: vec!["#room3".to_owned()],
        ..Settings::default()
    };
    let (keymap, size) = (Keymap::default(), (120, 40));
    let mut run = Run {
        model: Model::new(settings, keymap, TimeZone::UTC, size),
        store: Queue::new(thread::start(folder, limits)?),
        cache: Cache::default(),
        slowest: Duration::ZERO,
        frames: 0,
        total: Duration::ZERO,
    };
    run.model.keeping.is_on = true;
    run.tell(Msg::Resized(120, 40));
    loop {
        match run.store.next().await {
            Some(reply @ Reply::Recalled(..)) => break run.tell(Msg::Stored(reply)),
            Some(reply) => run.tell(Msg::Stored(reply)),
            None => return Err("there is no store".into()),
        }
    }
    writeln!(
        io::stdout(),
        "the last page stands there after {:.1?}",
        began.elapsed()
    )?;
    Ok(run)
}

async fn scroll(run: &mut Run) -> Result<(), Box<dyn Error>> {
    let page_up = KeyEvent::new(KeyCode::PageUp, KeyModifiers::empty());
    let mut longest = Duration::ZERO;
    for _ in 0..400 {
        let asked = Instant::now();
        run.tell(Msg::Pressed(page_up));
        run.answered().await;
        longest = longest.max(asked.elapsed());
    }
    let each = run.total / run.frames;
    let held = run.model.here().map_or(0, |window| window.scrollback.len());
    writeln!(
        io::stdout(),
        "400 pages up ({held} messages on the way): a frame with its update {each:.2?}, slowest {:.2?}; with the store's answer at most {longest:.2?}",
        run.slowest()
    )?;
    Ok(())
}

/// Searches as somebody does at the screen: the list of what was found, up and down in it, and to what was chosen.
async fn list(run: &mut Run) -> Result<(), Box<dyn Error>> {
    run.slowest();
    for words in ["coffee merge", "the", "n7"] {
        run.write(&format!("/search {words}"));
        let typed = run.slowest();
        run.press(KeyCode::Enter);
        while let Some(reply) = run.store.next().await {
            let is_found = matches!(reply, Reply::Found(..));
            run.tell(Msg::Stored(reply));
            if is_found {
                break;
            }
        }
        let opened = run.slowest();
        for _ in 0..60 {
            run.press(KeyCode::Down);
        }
        run.write("n1");
        let moved = run.slowest();
        run.press(KeyCode::Enter);
        while run
            .model
            .here()
            .is_some_and(|window| window.sought.is_some())
        {
            let reply = tokio::time::timeout(Duration::from_secs(2), run.store.next()).await?;
            run.tell(Msg::Stored(reply.ok_or("the store has ended")?));
        }
        let gone = run.slowest();
        writeln!(
            io::stdout(),
            "search {words:?} on the screen, the slowest frame: typing {typed:.2?}, the list {opened:.2?}, moving in it {moved:.2?}, going there {gone:.2?}"
        )?;
    }
    Ok(())
}

async fn search(run: &mut Run) -> Result<(), Box<dyn Error>> {
    for text in ["n777777", "coffee merge", "the", "n7"] {
        let asked = Instant::now();
        run.store.push(Request::Search(text.to_owned(), None));
        run.store.flush();
        let found = match run.store.next().await {
            Some(Reply::Found(_, found)) => found.len(),
            _ => 0,
        };
        writeln!(
            io::stdout(),
            "search {text:?}: {found} in {:.1?}",
            asked.elapsed()
        )?;
    }
    Ok(())
}

async fn flood(mut run: Run, count: u64) -> Result<(), Box<dyn Error>> {
    let (began, before) = (Instant::now(), processor());
    for number in count..count + 100_000 {
        let mut one = message(number, 1);
        "#room3".clone_into(&mut one.target);
        for effect in update(
            &mut run.model,
            one.at,
            Msg::Network(NetworkId::FIRST, Event::Message(one)),
        ) {
            if let Effect::Keep(request) = effect {
                run.store.push(request);
            }
        }
        run.store.flush();
    }
    let took = began.elapsed();
    run.store.close(Duration::from_secs(120)).await;
    let used = processor() - before;
    writeln!(
        io::stdout(),
        "a flood of 100000: {took:.1?} on the screen's side, {:.1} processor µs a message with the store",
        used * 10.0
    )?;
    Ok(())
}
