//! What is on the screen while one reads: whatever is filled in or goes, nothing jumps and nothing is passed over.
//! It must never look at what the server keeps to know what the screen should show.

use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};

use super::reader::{Reader, Step};
use crate::entry::Entry;
use crate::model::scrollback::ENTRIES_MAX;
use crate::reading;
use crate::rows::Plain;
use crate::stage::Stage;

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

/// Goes on so until the screen shows the first or the last, and says where something was passed over.
fn travel(reader: &mut Reader, step: Step) {
    let is_up = matches!(step, Step::Up | Step::WheelUp);
    let end = if is_up {
        0
    } else {
        reader.log.len() as u64 - 1
    };
    let (mut before, _) = seen(&reader.stage);
    for _ in 0..5_000 {
        if before.contains(&end) {
            return;
        }
        reader.take(step);
        let (now, _) = seen(&reader.stage);
        // A page may end where the next begins: what both show may be notes.
        let near = |number: &u64| before.iter().any(|other| other.abs_diff(*number) <= 1);
        let is_thread = now.iter().any(near);
        assert!(is_thread, "{step:?}: from {before:?} to {now:?}");
        assert!(now.is_sorted_by(|a, b| a + 1 == *b), "{now:?}");
        before = now;
    }
    panic!("{end} never comes: {before:?}");
}

#[test]
fn what_was_missed_comes_above_what_is_read() {
    for missed in [60, 120, 400] {
        for lost in [Step::Cut, Step::Restarted] {
            let mut reader = Reader::linked();
            for step in [Step::Said(200), lost, Step::Said(missed), Step::Linked] {
                reader.take(step);
            }
            let is_by_wheel = missed == 120;
            let up = if is_by_wheel { Step::WheelUp } else { Step::Up };
            travel(&mut reader, up);
            assert_eq!(reader.fault(), None);
            travel(&mut reader, Step::Down);
        }
    }
}

#[test]
fn what_was_missed_in_a_tall_pane_comes_above_what_is_read() {
    for (height, page) in [(40, 100), (40, 20), (40, 35), (120, 100)] {
        for missed in [120, 500, 900] {
            for lost in [Step::Cut, Step::Restarted] {
                let mut reader = Reader::sized(height, page);
                for step in [
                    Step::Linked,
                    Step::Said(200),
                    lost,
                    Step::Said(missed),
                    Step::Linked,
                ] {
                    reader.take(step);
                }
                travel(&mut reader, Step::Up);
                assert_eq!(reader.fault(), None);
                travel(&mut reader, Step::Down);
            }
        }
    }
}

#[test]
fn what_was_missed_in_the_room_that_opens_is_fetched_unasked() {
    let mut reader = Reader::sized(24, 100);
    let steps = [Step::Linked, Step::Said(30), Step::Down, Step::Restarted];
    for step in steps.into_iter().chain([Step::Said(700), Step::Linked]) {
        reader.take(step);
    }
    let window = reader.stage.model.here().unwrap();
    assert!(!window.scrollback.has_gaps(), "mentions in it are here");
    let first = window
        .unread_from
        .map(|line| window.scrollback.index_of(line));
    let first = first
        .flatten()
        .and_then(|index| window.scrollback.get(index));
    let first = first.and_then(Entry::as_said).map(|said| said.raw.as_str());
    assert_eq!(first, Some("30"));
    assert_eq!(window.anchor, None, "nothing moves");
    assert_eq!(seen(&reader.stage).0.last(), Some(&729));
    assert_eq!(reader.fault(), None);
    reader.take(Step::FirstUnread);
    assert!(seen(&reader.stage).0.contains(&30));
}

#[test]
fn what_was_on_the_screen_is_read_though_nobody_spoke_and_the_store_was_slow() {
    for is_slow in [false, true] {
        let mut reader = Reader::new();
        reader.is_slow = is_slow;
        reader.say(30);
        reader.restart();
        reader.link();
        reader.take(Step::Down);
        reader.is_slow = false;
        reader.take(Step::Restarted);
        reader.say(10);
        reader.link();
        let window = reader.stage.model.here().unwrap();
        let read_to = window.new_since.or(window.read_to);
        assert_eq!(read_to, Some(reader.log[29].at), "slow: {is_slow}");
    }
}

#[test]
fn more_than_a_window_holds_is_read_upwards_and_downwards_without_a_jump() {
    for all in [3_500, 4_000, 5_200] {
        let mut reader = Reader::linked();
        reader.say(all);
        travel(&mut reader, Step::Up);
        assert_eq!(reader.fault(), None);
        let picture = reader.stage.picture(80, 24);
        assert!(picture.contains("+ below"), "{picture}");
        assert!(
            !picture.contains(&format!("ken: {}", all - 1001)),
            "{picture}"
        );
        travel(&mut reader, Step::Down);
        assert_eq!(reader.fault(), None);
        reader.take(Step::Down);
        assert_eq!(reader.stage.model.here().unwrap().anchor, None);
    }
}

#[test]
fn what_the_server_has_is_read_back_to_the_beginning_though_it_is_more_than_a_window_holds() {
    let mut reader = Reader::new();
    reader.say(5_200);
    reader.link();
    travel(&mut reader, Step::Up);
    assert_eq!(reader.fault(), None);
    travel(&mut reader, Step::Down);
    assert_eq!(reader.fault(), None);
}

#[test]
fn what_comes_pushes_out_nothing_that_is_read() {
    let mut reader = Reader::linked();
    reader.say(2_990);
    for _ in 0..5_000 {
        if seen(&reader.stage).0.contains(&0) {
            break;
        }
        reader.take(Step::Up);
    }
    let before = seen(&reader.stage);
    reader.say(1_500);
    assert_eq!(seen(&reader.stage), before);
    assert_eq!(reader.fault(), None);
    reader.press("<esc>");
    reader.say(1);
    let window = reader.stage.model.here().unwrap();
    assert!(window.scrollback.len() <= ENTRIES_MAX, "the bound is back");
    assert_eq!(seen(&reader.stage).0.last(), Some(&4_490));
}

#[test]
fn the_newest_are_a_key_away_from_the_oldest() {
    for key in ["<esc>", "<ctrl-end>"] {
        let mut reader = Reader::linked();
        reader.say(4_000);
        travel(&mut reader, Step::Up);
        reader.press(key);
        let (numbers, _) = seen(&reader.stage);
        assert_eq!(numbers.last(), Some(&3_999), "{key}");
        assert!(numbers.is_sorted_by(|a, b| a + 1 == *b), "{numbers:?}");

        reader.take(Step::Top);
        reader.say(1);
        assert_eq!(reader.fault(), None, "{key}");
    }
}

#[test]
fn the_first_unread_of_a_time_without_a_message_leaves_no_hole() {
    let mut reader = Reader::linked();
    reader.take(Step::Up);
    for step in [Step::Said(151), Step::Restarted, Step::FirstUnread] {
        reader.take(step);
        assert_eq!(reader.fault(), None, "{step:?}");
    }
    assert_eq!(seen(&reader.stage).0.first(), Some(&0));
    travel(&mut reader, Step::Down);
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..17, 1u64..90).prop_map(|(sort, count)| match sort {
        0..=2 => Step::Said(count),
        3 => Step::Cut,
        4 => Step::Linked,
        5 => Step::Restarted,
        6..=8 => Step::Up,
        9..=11 => Step::Down,
        12 | 13 => Step::WheelUp,
        14 => Step::FirstUnread,
        _ => Step::WheelDown,
    });
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn scrolling_passes_over_nothing(steps in steps(), is_tall in any::<bool>()) {
        // A page of the server's is less than such a pane shows.
        let mut reader = Reader::sized(if is_tall { 40 } else { 24 }, 20);
        reader.link();
        for step in steps {
            let (before, had_gap) = seen(&reader.stage);
            let here = reader.stage.model.here();
            let is_scrolled = here.is_some_and(|window| window.anchor.is_some());
            let is_new = matches!(step, Step::Said(_) | Step::Linked);
            reader.take(step);
            let (now, has_gap) = seen(&reader.stage);
            // Without a link nobody fills what is seen to be missing.
            let is_open = !reader.is_linked && (had_gap || has_gap);
            let is_still = is_scrolled && is_new;
            if (step.is_move() || is_still) && !is_open && !before.is_empty() {
                // A page may end where the next begins.
                let near = |number: &u64| before.iter().any(|other| other.abs_diff(*number) <= 1);
                let is_thread = now.iter().any(near);
                prop_assert!(is_thread, "{step:?}: from {before:?} to {now:?}");
            }
            let fault = reader.fault();
            prop_assert!(fault.is_none(), "{step:?}: {fault:?}");
        }
    }
}
