//! The loop with keys from a list and a screen in memory.

use std::collections::VecDeque;
use std::task::{Context, Poll};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::backend::TestBackend;

use super::*;
use crate::backdrops::Backdrops;
use crate::keymap::Keymap;
use crate::model::network::Settings;
use crate::report::Request;
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::link::{Connected, Facts, Link as State};
use crate::theme::{Look, Role, Surroundings};

/// Keys that were pressed already; then silence, or the end of the terminal.
struct Keys {
    events: VecDeque<Input>,
    is_gone: bool,
}

impl Stream for Keys {
    type Item = io::Result<Input>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.events.pop_front() {
            Some(event) => Poll::Ready(Some(Ok(event))),
            None if self.is_gone => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

type Parts = (
    App<TestBackend>,
    mpsc::Receiver<Request>,
    mpsc::Sender<Told>,
);

fn app() -> Parts {
    let (mut wires, reports) = Wires::new(None);
    let (asked, told) = wires.stand_in(NetworkId::FIRST);
    let (settings, keymap) = (Settings::default(), Keymap::default());
    let model = Model::new(settings, keymap, TimeZone::UTC, (80, 24));
    let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let look = Look {
        surroundings: Surroundings::from_environment(None, Some("truecolor"), None, None),
        chosen: None,
        remembered: None,
    };
    let scene = Scene::new(look, Backdrops::default());
    (
        App::new(model, (terminal, Outlet::none()), (wires, reports), scene),
        asked,
        told,
    )
}

fn shown(app: &App<TestBackend>) -> String {
    let buffer = app.hands.terminal.backend().buffer();
    buffer
        .content()
        .iter()
        .map(ratatui::buffer::Cell::symbol)
        .collect()
}

fn connected() -> Told {
    let link = State::Connected(Connected {
        nick: "ada".to_owned(),
        is_encrypted: false,
        server: "srv".to_owned(),
        network: "Net".to_owned(),
        has_echo: true,
    });
    let events = vec![Event::Facts(Facts::default()), Event::Link(link)];
    (NetworkId::FIRST, Report::Events(events))
}

#[tokio::test]
async fn keys_reach_the_screen_and_quit_ends_the_loop() {
    let (mut app, mut asked, told) = app();
    told.send(connected()).await.unwrap();
    let events = [
        key(KeyCode::Char('h'), KeyModifiers::NONE),
        key(KeyCode::Char('i'), KeyModifiers::NONE),
        key(KeyCode::Char('q'), KeyModifiers::CONTROL),
    ];
    let keys = Keys {
        events: events.into(),
        is_gone: false,
    };
    app.run(keys, &mut Signals::none()).await.unwrap();
    let mut has_quit = false;
    while let Ok(request) = asked.try_recv() {
        has_quit |= matches!(request, Request::Command(Command::Quit { .. }));
    }
    assert!(has_quit);
}

#[tokio::test]
async fn a_terminal_that_is_gone_ends_the_program() {
    let (mut app, _asked, _told) = app();
    let keys = Keys {
        events: VecDeque::new(),
        is_gone: true,
    };
    app.run(keys, &mut Signals::none()).await.unwrap();
    assert!(shown(&app).contains("parlor") || shown(&app).contains("#lobby"));
}

#[tokio::test]
async fn the_terminal_says_that_it_is_light_and_nothing_of_it_is_typed() {
    let (mut app, _asked, _told) = app();
    let dark = app.scene.theme().style(Role::Accent);
    let answer = "11;rgb:ffff/ffff/FFFF".chars();
    let mut events = VecDeque::from([
        key(KeyCode::Char('h'), KeyModifiers::NONE),
        key(KeyCode::Char(']'), KeyModifiers::ALT),
    ]);
    events.extend(answer.map(|char| key(KeyCode::Char(char), KeyModifiers::NONE)));
    events.push_back(key(KeyCode::Char('\\'), KeyModifiers::ALT));
    events.push_back(key(KeyCode::Char('i'), KeyModifiers::NONE));
    let keys = Keys {
        events,
        is_gone: true,
    };
    app.run(keys, &mut Signals::none()).await.unwrap();
    assert_eq!(app.model.here().unwrap().input.text(), "hi");
    assert_ne!(app.scene.theme().style(Role::Accent), dark);
}
