//! Anything at all, at any size: nothing may panic, nothing may be drawn outside its pane.
//! It must never be tamed so that it passes.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use crate::action::{ALL, Action};
use crate::ids::NetworkId;
use crate::keymap::Keymap;
use crate::model::network::Settings;
use crate::msg::Msg;
use crate::session::event::{Event, OwnId, Subject};
use crate::session::link::{Facts, Link};
use crate::stage::{Stage, message};

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,30}",
        Just("👩‍🚀 世界 ❤\u{fe0f} e\u{301}".to_owned()),
        Just("https://a.example/with/a/very/long/path?and=a&query=too#and-a-fragment".to_owned()),
        Just("/msg grace hi".to_owned()),
        Just("a\nb\nc".to_owned()),
        "\\PC{0,40}",
        any::<String>(),
    ]
}

fn key() -> impl Strategy<Value = Msg> {
    let chords = prop::sample::select(ALL.to_vec()).prop_map(|row| {
        let map = Keymap::default();
        let text = map.chords(row.action).next().map(|chord| chord.to_string());
        // Quitting ends the play.
        if row.action == Action::Quit {
            "enter".into()
        } else {
            text.unwrap_or_default()
        }
    });
    prop_oneof![
        chords.prop_map(|chord| Msg::Pressed(crate::stage::event(&chord))),
        any::<char>().prop_map(|char| {
            Msg::Pressed(KeyEvent::new(KeyCode::Char(char), KeyModifiers::empty()))
        }),
        prop::sample::select(vec!['y', 'r', 'o', '?', '/', ' ']).prop_map(|char| {
            Msg::Pressed(KeyEvent::new(KeyCode::Char(char), KeyModifiers::empty()))
        }),
    ]
}

fn heard() -> impl Strategy<Value = Event> {
    let target = prop::sample::select(vec!["#lobby", "#ops", "grace", "ada", "#nowhere"]);
    let nick = prop::sample::select(vec![
        "ada",
        "grace",
        "世界",
        "a-very-long-nick-indeed-it-is",
    ]);
    (
        target,
        nick,
        words(),
        any::<bool>(),
        0_u64..200_000_000_000_000,
        0_u8..14,
    )
        .prop_map(|(target, nick, text, flag, at, which)| {
            let (room, nick) = (target.to_owned(), nick.to_owned());
            if which < 6 {
                of_people(which, room, nick, text, flag, at)
            } else {
                of_messages(which, room, nick, text, flag, at)
            }
        })
}

fn of_people(which: u8, room: String, nick: String, text: String, flag: bool, at: u64) -> Event {
    match which {
        0 => Event::Joined {
            room,
            nick,
            account: None,
            is_own: flag,
            at,
        },
        1 => Event::Left {
            room,
            nick,
            reason: text,
            is_own: flag,
            at,
        },
        2 => Event::Quit {
            nick,
            reason: text,
            split: None,
            at,
        },
        3 => Event::Renamed {
            from: nick,
            to: text,
            is_own: flag,
            at,
        },
        4 => Event::TopicIs { room, topic: text },
        _ => Event::Listed {
            subject: Subject::Who,
            window: None,
            text,
        },
    }
}

fn of_messages(which: u8, room: String, nick: String, text: String, flag: bool, at: u64) -> Event {
    match which {
        6 => Event::Refused {
            own_id: OwnId(at % 5),
            reason: text,
        },
        7 => Event::Confirmed {
            own_id: OwnId(at % 5),
            msgid: None,
            at,
        },
        8 => Event::GapFound {
            target: room,
            since: at,
            until: at + 1,
        },
        9 => Event::Link(Link::Lost {
            reason: text,
            attempt: 1,
            retry_at: at,
        }),
        10 => Event::AwayChanged {
            nick,
            message: flag.then_some(text),
        },
        11 => Event::History {
            target: room.clone(),
            messages: vec![message(&room, &nick, &text, at)],
            is_complete: flag,
            gap: flag.then_some((at, at + 1)),
        },
        12 => Event::Facts(Facts {
            target_and_text_bytes_max: text.len(),
            has_history: flag,
            ..Facts::default()
        }),
        _ => Event::Message(message(&room, &nick, &text, at)),
    }
}

fn anything() -> impl Strategy<Value = Msg> {
    let kinds = vec![
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
        MouseEventKind::Down(MouseButton::Left),
    ];
    let mouse = (prop::sample::select(kinds), 0_u16..140, 0_u16..50);
    prop_oneof![
        4 => key(),
        4 => (0_u16..4, heard()).prop_map(|(on, event)| Msg::Network(NetworkId(on), event)),
        1 => words().prop_map(Msg::Pasted),
        1 => mouse.prop_map(|(kind, column, row)| {
            Msg::Pointed(MouseEvent { kind, column, row, modifiers: KeyModifiers::empty() })
        }),
        1 => Just(Msg::Ticked),
        1 => Just(Msg::Unfocused),
        1 => Just(Msg::Focused),
        1 => (1_u16..130, 1_u16..45).prop_map(|(width, height)| Msg::Resized(width, height)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_leaves_its_pane(
        msgs in proptest::collection::vec(anything(), 0..60),
        width in 1_u16..130,
        height in 1_u16..45,
        networks in 1..4,
    ) {
        let mut stage = Stage::new(Settings { nick: "ada".into(), ..Settings::default() });
        stage.connect(false);
        stage.enter("#lobby", &[("ada", "@"), ("grace", "")]);
        stage.enter("#ops", &[("ada", "@"), ("grace", "")]);
        // What comes from one that is not there means nothing.
        for number in 1..networks {
            let name = format!("net{number}");
            stage.model.add_network(Settings { name, ..Settings::default() });
        }
        for msg in msgs {
            stage.now += 700;
            stage.tell(msg);
            let (width, height) = stage.model.size;
            stage.picture(width, height);
        }
        stage.tell(Msg::Resized(width, height));
        stage.model.overlay = None;
        let layout = stage.model.layout();
        let buffer = stage.buffer(width, height);
        // The lines between the panes stand whole: nothing was drawn over them.
        for y in layout.messages.y..layout.messages.bottom() {
            if layout.rooms.width > 0 && stage.model.completion.is_none() {
                prop_assert_eq!(buffer[(layout.rooms.right(), y)].symbol(), "│");
            }
            if layout.members.width > 0 && stage.model.completion.is_none() {
                prop_assert_eq!(buffer[(layout.members.x - 1, y)].symbol(), "│");
            }
        }
    }
}
