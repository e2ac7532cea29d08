//! For tests: a model with a fake clock, told things by name, and drawn as text.
//! It must never read a clock, a terminal, or the environment, except to accept new pictures.

pub(crate) mod chord;
pub(crate) mod shelf;

use std::collections::VecDeque;
use std::fmt::Write as _;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::keymap::Keymap;
use crate::model::Model;
use crate::model::network::Settings;
use crate::msg::Msg;
use crate::pen;
use crate::session::command::Command;
use crate::session::event::{Event, Kind, Message, Millis, OwnId};
use crate::session::gap::Gap;
use crate::session::link::{Connected, Facts, Link};
use crate::session::whereabouts::Member;
use crate::theme::{Depth, Sheet, Theme};
use crate::update::update;
use crate::view::{self, Cache};
use crate::width;

use self::shelf::Shelf;

/// The screen on its stage.
pub(crate) struct Stage {
    pub(crate) model: Model,
    pub(crate) now: Millis,
    pub(crate) effects: Vec<Effect>,
    /// The local store, if this run has one.
    pub(crate) shelf: Option<Shelf>,
    cache: Cache,
}

/// Friday 21 November 2025 at this time.
pub(crate) fn at(time: &str) -> Millis {
    let moment: Timestamp = format!("2025-11-21T{time}:00Z").parse().unwrap();
    moment.as_millisecond().try_into().unwrap()
}

pub(crate) fn message(target: &str, source: &str, text: &str, at: Millis) -> Message {
    Message {
        target: target.to_owned(),
        source: source.to_owned(),
        kind: Kind::Say,
        text: text.to_owned(),
        at,
        msgid: Some(format!("{source}-{at}-{}", text.len())),
        reply_to: None,
        is_own: source == "ada",
        own_id: None,
    }
}

/// A page of a conversation's history: the newest, or what was asked for of this gap.
pub(crate) fn page(target: &str, messages: Vec<Message>, gap: Option<Gap>) -> Event {
    Event::History {
        target: target.to_owned(),
        messages,
        is_complete: false,
        gap,
    }
}

/// The oldest page of a conversation's history: nothing was said before.
pub(crate) fn first_page(target: &str, messages: Vec<Message>) -> Event {
    Event::History {
        target: target.to_owned(),
        messages,
        is_complete: true,
        gap: None,
    }
}

fn names(room: &str, members: &[(&str, &str)]) -> Event {
    let members = members.iter().map(|(nick, prefixes)| Member {
        nick: (*nick).to_owned(),
        prefixes: (*prefixes).to_owned(),
        ..Member::default()
    });
    Event::Names {
        room: room.to_owned(),
        members: members.collect(),
    }
}

/// Who sits before the screen, and wants nothing special.
pub(crate) fn ada() -> Settings {
    Settings {
        nick: "ada".into(),
        ..Settings::default()
    }
}

impl Stage {
    /// Before anything happened.
    pub(crate) fn new(settings: Settings) -> Self {
        let model = Model::new(settings, Keymap::default(), TimeZone::UTC, (80, 24));
        let mut stage = Self {
            model,
            now: at("14:00"),
            effects: Vec::new(),
            shelf: None,
            cache: Cache::default(),
        };
        stage.hear(Event::Link(Link::Connecting { attempt: 1 }));
        stage
    }

    /// A run with a local store, before anything happened.
    pub(crate) fn keeping(settings: Settings, shelf: Shelf) -> Self {
        let mut stage = Self::new(settings);
        stage.model.keeping.is_on = true;
        let opened = shelf.opened();
        stage.shelf = Some(shelf);
        stage.tell(Msg::Stored(opened));
        stage
    }

    /// The program ends and begins anew with what was kept: without a link.
    pub(crate) fn restart(&mut self, settings: Settings) {
        let (now, kept) = (self.now, self.shelf.take());
        *self = Self::keeping(settings, kept.unwrap());
        self.now = now;
    }

    /// The same for Ada, of a run that is given away.
    pub(crate) fn again(mut self) -> Self {
        self.restart(ada());
        self
    }

    /// The answers that waited come.
    pub(crate) fn deliver(&mut self) {
        let store = self.shelf.as_mut().unwrap();
        store.is_slow = false;
        for reply in std::mem::take(&mut store.late) {
            self.tell(Msg::Stored(reply));
        }
    }

    /// Ada, connected, in #lobby with three others.
    pub(crate) fn in_lobby() -> Self {
        let mut stage = Self::new(ada());
        stage.connect(false);
        stage.enter(
            "#lobby",
            &[("ada", "@"), ("grace", "+"), ("ken", ""), ("linus", "")],
        );
        stage.effects.clear();
        stage
    }

    pub(crate) fn connect(&mut self, is_encrypted: bool) {
        self.connect_on(NetworkId::FIRST, is_encrypted);
    }

    pub(crate) fn connect_on(&mut self, on: NetworkId, is_encrypted: bool) {
        let facts = Event::Facts(Facts {
            has_tags: true,
            has_redaction: true,
            has_history: true,
            ..Facts::default()
        });
        self.hear_on(on, facts);
        let connected = Link::Connected(Connected {
            nick: "ada".into(),
            is_encrypted,
            server: "parlor.local".into(),
            network: "Parlor".into(),
            has_echo: true,
        });
        self.hear_on(on, Event::Link(connected));
    }

    pub(crate) fn lose_link(&mut self) {
        self.hear(Event::Link(Link::Lost {
            reason: "gone".into(),
            attempt: 1,
            retry_at: 0,
        }));
    }

    pub(crate) fn enter(&mut self, room: &str, members: &[(&str, &str)]) {
        self.enter_on(NetworkId::FIRST, room, members);
    }

    pub(crate) fn enter_on(&mut self, on: NetworkId, room: &str, members: &[(&str, &str)]) {
        let joined = Event::Joined {
            room: room.to_owned(),
            nick: "ada".into(),
            account: None,
            is_own: true,
            at: self.now,
        };
        self.hear_on(on, joined);
        self.hear_on(on, names(room, members));
    }

    pub(crate) fn names(&mut self, room: &str, members: &[(&str, &str)]) {
        self.hear(names(room, members));
    }

    pub(crate) fn tell(&mut self, msg: Msg) {
        let mut msgs = VecDeque::from([msg]);
        while let Some(msg) = msgs.pop_front() {
            let effects = update(&mut self.model, self.now, msg);
            for effect in effects {
                match (effect, &mut self.shelf) {
                    (Effect::Keep(request), Some(store)) => {
                        msgs.extend(store.ask(request).map(Msg::Stored));
                    }
                    (effect, _) => self.effects.push(effect),
                }
            }
        }
    }

    pub(crate) fn hear(&mut self, event: Event) {
        self.hear_on(NetworkId::FIRST, event);
    }

    pub(crate) fn hear_on(&mut self, on: NetworkId, event: Event) {
        self.tell(Msg::Network(on, event));
    }

    /// Somebody says something at a time of day.
    pub(crate) fn say(&mut self, time: &str, source: &str, text: &str) {
        self.now = at(time);
        self.hear(Event::Message(message("#lobby", source, text, at(time))));
    }

    pub(crate) fn come(&mut self, nick: &str) {
        let (room, at) = ("#lobby".to_owned(), self.now);
        self.hear(Event::Joined {
            room,
            nick: nick.into(),
            account: None,
            is_own: false,
            at,
        });
    }

    pub(crate) fn go(&mut self, nick: &str, reason: &str) {
        let (room, at) = ("#lobby".to_owned(), self.now);
        let (nick, reason) = (nick.to_owned(), reason.to_owned());
        self.hear(Event::Left {
            room,
            nick,
            reason,
            is_own: false,
            at,
        });
    }

    /// Presses keys: words are typed, chords stand in angle brackets, as in `hi<enter>`.
    pub(crate) fn keys(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(char) = rest.chars().next() {
            if let Some((name, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>')) {
                self.press(chord::event(name));
                rest = after;
            } else {
                self.press(KeyEvent::new(KeyCode::Char(char), KeyModifiers::empty()));
                rest = rest.strip_prefix(char).unwrap();
            }
        }
    }

    /// The mouse does something at a cell.
    pub(crate) fn point(&mut self, kind: MouseEventKind, (column, row): (u16, u16)) {
        let modifiers = KeyModifiers::empty();
        self.tell(Msg::Pointed(MouseEvent {
            kind,
            column,
            row,
            modifiers,
        }));
    }

    fn press(&mut self, event: KeyEvent) {
        self.tell(Msg::Pressed(event));
    }

    /// What was handed to the session since it was last asked.
    pub(crate) fn sent(&mut self) -> Vec<Command> {
        let sent = self.effects.drain(..).filter_map(|effect| match effect {
            Effect::Send(_, command) => Some(command),
            _ => None,
        });
        sent.collect()
    }

    /// The server echoes the message with this number.
    pub(crate) fn echo(&mut self, number: u64, text: &str) {
        let mut echo = message("#lobby", "ada", text, self.now);
        echo.own_id = Some(OwnId(number));
        echo.msgid = Some(format!("own-{number}"));
        self.hear(Event::Message(echo));
    }

    /// The screen at a size, as cells.
    pub(crate) fn buffer(&mut self, width: u16, height: u16) -> Buffer {
        self.tell(Msg::Resized(width, height));
        let theme = Theme::new(Sheet::built_in("dark").unwrap(), Depth::Full, true);
        // Painted, not sent to a terminal: that would get only what differs.
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        view::paint(&self.model, theme, &mut self.cache, &mut buffer);
        buffer
    }

    /// The screen as it is, painted onto this paper; where the cursor goes.
    pub(crate) fn painted(&mut self, theme: Theme, paper: &mut Buffer) -> Option<Position> {
        view::paint(&self.model, theme, &mut self.cache, paper)
    }

    /// What the chosen message says.
    pub(crate) fn chosen(&self) -> Option<String> {
        let entry = crate::gestures::chosen(&self.model)?;
        Some(entry.rich.text.clone())
    }

    /// Where the cursor stands at a size.
    pub(crate) fn cursor(&mut self, width: u16, height: u16) -> (u16, u16) {
        self.tell(Msg::Resized(width, height));
        let theme = Theme::new(Sheet::built_in("mono").unwrap(), Depth::Mono, true);
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let cursor = view::paint(&self.model, theme, &mut self.cache, &mut buffer).unwrap();
        (cursor.x, cursor.y)
    }

    /// The screen at a size, as text.
    pub(crate) fn picture(&mut self, width: u16, height: u16) -> String {
        text(&self.buffer(width, height))
    }

    /// Compares the screen with the picture of this name.
    #[track_caller]
    pub(crate) fn check(&mut self, name: &str, sizes: &[(u16, u16)]) {
        let mut drawn = String::new();
        for (width, height) in sizes {
            let picture = self.picture(*width, *height);
            writeln!(drawn, "== {width} × {height}\n{picture}").unwrap();
        }
        compare(name, &drawn);
    }
}

/// Compares what was drawn with the picture of this name.
#[track_caller]
pub(crate) fn compare(name: &str, drawn: &str) {
    let path = format!("{}/src/screens/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("PARLOR_ACCEPT_SCREENS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        drawn == expected,
        "the screen {name} is not as in {path}\n-- expected\n{expected}\n-- drawn\n{drawn}\n\
             PARLOR_ACCEPT_SCREENS=1 accepts it"
    );
}

/// Cells as text, without the spaces at the ends of rows.
pub(crate) fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = pen::shown(buffer[(x, y)].symbol());
            row.push_str(symbol);
            x += width::of(symbol).max(1);
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
