//! What the screen costs: breaking text into rows, taking in a message, drawing: `cargo bench -p tui-client`. It never
//! opens a terminal.

use divan::{AllocProfiler, Bencher, black_box};
use jiff::tz::TimeZone;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use tui_client::ids::NetworkId;
use tui_client::keymap::Keymap;
use tui_client::model::Model;
use tui_client::model::network::Settings;
use tui_client::msg::Msg;
use tui_client::session::event::{Event, Kind, Message};
use tui_client::text::wrap;
use tui_client::theme::{Surroundings, Theme};
use tui_client::update::update;
use tui_client::view::{self, Cache};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const WORDS: &str = "What is said in a room on a rainy afternoon, and 今日は雨です, with 👩‍🚀 and \
    a link to https://example.org/somewhere, is longer than one row of most terminals.";

/// Messages in the window before something is drawn.
const MESSAGES: u64 = 10_000;

/// The size of the screen.
const SIZE: (u16, u16) = (120, 40);

fn main() {
    divan::main();
}

#[divan::bench(args = [40, 80, 200])]
fn wrap_text(width: u16) -> usize {
    wrap::rows(black_box(WORDS), width).len()
}

fn model() -> Model {
    let mut model = Model::new(Settings::default(), Keymap::default(), TimeZone::UTC, SIZE);
    tell(
        &mut model,
        0,
        Event::Joined {
            room: "#bench".to_owned(),
            nick: "ada".to_owned(),
            account: None,
            is_own: true,
            at: 1,
        },
    );
    let room = model.named(NetworkId::FIRST, "#bench");
    model.current = room.expect("the room was entered").id;
    for number in 1..=MESSAGES {
        hear(&mut model, number);
    }
    let mut screen = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
    view::paint(&model, theme(), &mut Cache::default(), &mut screen);
    let shown: String = screen.content().iter().map(Cell::symbol).collect();
    assert!(shown.contains("rainy"), "the messages are on the screen");
    model
}

fn tell(model: &mut Model, now: u64, event: Event) {
    let effects = update(model, now, Msg::Network(NetworkId::FIRST, event));
    drop(black_box(effects));
}

fn hear(model: &mut Model, number: u64) {
    let message = Message {
        target: "#bench".to_owned(),
        source: format!("m{}", number % 50),
        kind: Kind::Say,
        text: WORDS.to_owned(),
        at: 1_767_268_800_000 + number * 100,
        msgid: Some(number.to_string()),
        reply_to: None,
        is_own: false,
        own_id: None,
    };
    tell(model, number, Event::Message(message));
}

fn theme() -> Theme {
    Surroundings::from_environment(None, Some("truecolor"), None, None).theme(None)
}

#[divan::bench]
fn take_in_a_message(bencher: Bencher<'_, '_>) {
    let (mut model, mut number) = (model(), MESSAGES);
    bencher.bench_local(|| {
        number += 1;
        hear(&mut model, number);
    });
}

/// A frame after a message has come: one entry is new, the others' rows are known.
#[divan::bench]
fn draw_after_a_message(bencher: Bencher<'_, '_>) {
    let (mut model, mut number, mut cache) = (model(), MESSAGES, Cache::default());
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    bencher.bench_local(|| {
        number += 1;
        hear(&mut model, number);
        let mut screen = Buffer::empty(area);
        view::paint(&model, theme(), &mut cache, &mut screen);
        screen
    });
}

/// A frame of which no rows are known, as after a change of width.
#[divan::bench]
fn draw_anew(bencher: Bencher<'_, '_>) {
    let model = model();
    let area = Rect::new(0, 0, SIZE.0, SIZE.1);
    bencher.bench_local(|| {
        let (mut cache, mut screen) = (Cache::default(), Buffer::empty(area));
        view::paint(&model, theme(), &mut cache, &mut screen);
        screen
    });
}
