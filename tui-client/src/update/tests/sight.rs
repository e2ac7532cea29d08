//! What is on the screen while one reads: whatever is filled in or goes, nothing jumps and nothing is passed over.
//! The store is real, but in memory; the server answers in pages of a few messages.

use crossterm::event::{KeyModifiers, MouseEvent, MouseEventKind};
use proptest::prelude::{Strategy, prop, prop_assert, proptest};

use super::stored::{Room, fault, settings};
use crate::entry::Entry;
use crate::msg::Msg;
use crate::reading;
use crate::rows::Plain;
use crate::session::event::Event;
use crate::session::link::Link;
use crate::stage::{Shelf, Stage};

fn reader() -> (Stage, Room) {
    let mut stage = Stage::keeping(settings(), Shelf::new());
    let mut room = Room {
        log: Vec::new(),
        is_linked: false,
        seen: None,
        together: 1,
    };
    stage.picture(80, 24);
    room.link(&mut stage);
    (stage, room)
}

fn cut(stage: &mut Stage, room: &mut Room) {
    room.is_linked = false;
    stage.hear(Event::Link(Link::Lost {
        reason: "gone".into(),
        retry_at: 0,
        attempt: 1,
    }));
    stage.sent();
}

fn restart(mut stage: Stage, room: &mut Room) -> Stage {
    (room.is_linked, room.seen) = (false, None);
    let mut stage = Stage::keeping(settings(), stage.shelf.take().unwrap());
    stage.picture(80, 24);
    stage
}

/// The numbers on the screen, and whether a gap is.
fn seen(stage: &Stage) -> (Vec<u64>, bool) {
    let rows = reading::rows(&stage.model).unwrap();
    let page = rows.page(&mut Plain);
    let entries = page.rows.iter();
    let entries = entries.filter_map(|(index, _)| rows.window.scrollback.get(*index));
    let entries: Vec<&Entry> = entries.collect();
    let said = entries.iter().filter_map(|entry| entry.as_said());
    let mut numbers: Vec<u64> = said.filter_map(|said| said.raw.parse().ok()).collect();
    // Some have rows of their own above them.
    numbers.dedup();
    (numbers, entries.iter().any(|entry| entry.is_gap()))
}

fn press(stage: &mut Stage, room: &Room, keys: &str) {
    stage.keys(keys);
    room.serve(stage);
}

/// Goes on so until the screen shows the first or the last, and says where something was passed over.
fn travel(stage: &mut Stage, room: &Room, is_up: bool, mut step: impl FnMut(&mut Stage)) {
    let end = if is_up { 0 } else { room.log.len() as u64 - 1 };
    let (mut before, _) = seen(stage);
    for _ in 0..5_000 {
        if before.contains(&end) {
            return;
        }
        step(stage);
        room.serve(stage);
        let (now, _) = seen(stage);
        let is_thread = now.iter().any(|number| before.contains(number));
        assert!(is_thread, "up: {is_up}: from {before:?} to {now:?}");
        assert!(now.is_sorted_by(|a, b| a + 1 == *b), "{now:?}");
        before = now;
    }
    panic!("{end} never comes: {before:?}");
}

fn wheel(is_up: bool) -> impl FnMut(&mut Stage) {
    let kind = if is_up {
        MouseEventKind::ScrollUp
    } else {
        MouseEventKind::ScrollDown
    };
    move |stage| {
        stage.tell(Msg::Pointed(MouseEvent {
            kind,
            column: 40,
            row: 8,
            modifiers: KeyModifiers::empty(),
        }));
    }
}

#[test]
fn what_was_missed_comes_above_what_is_read() {
    for missed in [60, 120, 400] {
        for is_restarted in [false, true] {
            let (mut stage, mut room) = reader();
            room.say(&mut stage, 200);
            if is_restarted {
                stage = restart(stage, &mut room);
            } else {
                cut(&mut stage, &mut room);
            }
            room.say(&mut stage, missed);
            room.link(&mut stage);
            if missed == 120 {
                travel(&mut stage, &room, true, wheel(true));
            } else {
                travel(&mut stage, &room, true, |stage| stage.keys("<pageup>"));
            }
            assert_eq!(fault(&stage), None);
            travel(&mut stage, &room, false, |stage| stage.keys("<pagedown>"));
        }
    }
}

#[test]
fn more_than_a_window_holds_is_read_upwards_and_downwards_without_a_jump() {
    for all in [3_500, 4_000, 5_200] {
        let (mut stage, mut room) = reader();
        room.say(&mut stage, all);
        travel(&mut stage, &room, true, |stage| stage.keys("<pageup>"));
        assert_eq!(fault(&stage), None);
        let picture = stage.picture(80, 24);
        assert!(picture.contains("+ below"), "{picture}");
        assert!(
            !picture.contains(&format!("ken: {}", all - 1001)),
            "{picture}"
        );
        travel(&mut stage, &room, false, |stage| stage.keys("<pagedown>"));
        assert_eq!(fault(&stage), None);
        press(&mut stage, &room, "<pagedown>");
        assert_eq!(stage.model.here().unwrap().anchor, None);
    }
}

#[test]
fn the_newest_are_a_key_away_from_the_oldest() {
    for key in ["<esc>", "<ctrl-end>"] {
        let (mut stage, mut room) = reader();
        room.say(&mut stage, 4_000);
        travel(&mut stage, &room, true, |stage| stage.keys("<pageup>"));
        press(&mut stage, &room, key);
        let (numbers, _) = seen(&stage);
        assert_eq!(numbers.last(), Some(&3_999), "{key}");
        assert!(numbers.is_sorted_by(|a, b| a + 1 == *b), "{numbers:?}");

        press(&mut stage, &room, "<ctrl-home>");
        room.say(&mut stage, 1);
        assert_eq!(fault(&stage), None, "{key}");
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Said(u64),
    Cut,
    Linked,
    Restarted,
    Up,
    Down,
    WheelUp,
    WheelDown,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..16, 1u64..90).prop_map(|(sort, count)| match sort {
        0..=2 => Step::Said(count),
        3 => Step::Cut,
        4 => Step::Linked,
        5 => Step::Restarted,
        6..=8 => Step::Up,
        9..=11 => Step::Down,
        12 | 13 => Step::WheelUp,
        _ => Step::WheelDown,
    });
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn scrolling_passes_over_nothing(steps in steps()) {
        let (mut stage, mut room) = reader();
        for step in steps {
            let (before, had_gap) = seen(&stage);
            let is_scrolled = stage.model.here().is_some_and(|window| window.anchor.is_some());
            let mut is_still = false;
            match step {
                Step::Said(count) => {
                    room.say(&mut stage, count);
                    is_still = is_scrolled;
                }
                Step::Cut if room.is_linked => cut(&mut stage, &mut room),
                Step::Cut => {}
                Step::Linked => {
                    room.link(&mut stage);
                    is_still = is_scrolled;
                }
                Step::Restarted => stage = restart(stage, &mut room),
                Step::Up => press(&mut stage, &room, "<pageup>"),
                Step::Down => press(&mut stage, &room, "<pagedown>"),
                Step::WheelUp => {
                    wheel(true)(&mut stage);
                    room.serve(&mut stage);
                }
                Step::WheelDown => {
                    wheel(false)(&mut stage);
                    room.serve(&mut stage);
                }
            }
            let is_move = matches!(step, Step::Up | Step::Down | Step::WheelUp | Step::WheelDown);
            let (now, has_gap) = seen(&stage);
            // Without a link nobody fills what is seen to be missing.
            let is_open = !room.is_linked && (had_gap || has_gap);
            if (is_move || is_still) && !is_open && !before.is_empty() {
                // A page may end where the next begins.
                let near = |number: &u64| before.iter().any(|other| other.abs_diff(*number) <= 1);
                let is_thread = now.iter().any(near);
                prop_assert!(is_thread, "{step:?}: from {before:?} to {now:?}");
            }
            let fault = fault(&stage);
            prop_assert!(fault.is_none(), "{step:?}: {fault:?}");
        }
    }
}
