//! What the machine around the screen may tell: time, focus, the settings, the store, the server in this process.
//! It must never tell what only a session knows.

use proptest::prelude::*;
use proptest::sample::select;

use super::happenings::words;
use crate::habits::{self, Comings, Habits};
use crate::keymap::Keymap;
use crate::msg::Msg;
use crate::preferences::{Answer, Counts};
use crate::store::Reply;
use crate::theme::Sheet;
use crate::times::TimeFormat;

/// What is said of the settings, and what counts from then on.
fn answer() -> impl Strategy<Value = Answer> {
    let times = vec!["", "%H:%M", "%-I:%M %p", "%A %H:%M", "vor 世界 %S"];
    let words = || prop::collection::vec(words(), 0..4);
    let habits = (any::<[bool; 3]>(), words(), select(times));
    let habits = habits.prop_map(|([mouse, hidden, typing], mention_words, time)| Habits {
        leaves_mouse: mouse,
        comings: if hidden {
            Comings::Hidden
        } else {
            Comings::Folded
        },
        typing: if typing {
            habits::Typing::Off
        } else {
            habits::Typing::On
        },
        mention_words,
        time: TimeFormat::new(time).unwrap(),
        ..Habits::default()
    });
    let sheets: Vec<&str> = Sheet::names().collect();
    let nick = prop::option::of(select(vec!["ada", "lovelace"]));
    let rooms = prop::collection::vec(select(vec!["#lobby", "#ops", "#New"]), 0..3);
    let counts = (habits, select(sheets), any::<bool>(), nick, rooms);
    let counts = counts.prop_map(|(habits, sheet, is_mouse_new, nick, rooms)| Counts {
        keymap: Keymap::default(),
        sheet: Sheet::built_in(sheet),
        habits,
        is_mouse_new,
        nick: nick.map(str::to_owned),
        rooms: rooms.into_iter().map(str::to_owned).collect(),
        networks: Vec::new(),
    });
    (words(), any::<bool>(), prop::option::of(counts)).prop_map(|(words, is_trouble, counts)| {
        Answer {
            words,
            is_trouble,
            counts,
        }
    })
}

pub(super) fn around() -> impl Strategy<Value = Msg> {
    prop_oneof![
        3 => Just(Msg::Ticked),
        1 => Just(Msg::Unfocused),
        1 => Just(Msg::Focused),
        1 => Just(Msg::Woken),
        1 => Just(Msg::NotOpened),
        1 => prop::result::maybe_ok(words(), words()).prop_map(Msg::Edited),
        1 => (words(), prop::option::of(words()))
            .prop_map(|(address, invite)| Msg::HostStarted { address, invite }),
        1 => (0_usize..4).prop_map(|count| Msg::HostGuestsChanged { count }),
        1 => Just(Msg::DoorOpened { door: ([127, 0, 0, 1], 6697).into() }),
        2 => answer().prop_map(|answer| Msg::SettingsTold(Box::new(answer))),
        1 => words().prop_map(|why| Msg::Stored(Reply::Failed(why))),
        1 => any::<u16>().prop_map(|port| Msg::DoorOpened { door: ([0, 0, 0, 0], port).into() }),
        1 => words().prop_map(|reason| Msg::HostStopped { reason }),
    ]
}
