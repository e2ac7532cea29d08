//! When there is a rush, with a clock that is told.

use super::*;

/// Whether there is a rush after so many batches, one every so many microseconds.
fn is_rush(batches: u32, every_micros: u64, happenings: usize) -> bool {
    let mut now = Instant::now();
    let mut rush = Rush::new(now);
    for _ in 0..batches {
        now += Duration::from_micros(every_micros);
        rush.note(now, happenings);
    }
    rush.is_on(now)
}

#[test]
fn the_pace_of_people_is_no_rush() {
    // A lively room: 200 messages a second, each a batch; and 1,000 a second, four at a time.
    assert!(!is_rush(1000, 5_000, 1));
    assert!(!is_rush(1000, 4_000, 4));
}

#[test]
fn a_batch_for_hundreds_is_a_rush_and_so_are_many_small_ones() {
    assert!(is_rush(1, 5_000, 200));
    assert!(is_rush(1000, 100, 4));
}

#[test]
fn a_rush_is_over_soon() {
    let start = Instant::now();
    let mut rush = Rush::new(start);
    rush.note(start, 1024);
    assert!(rush.is_on(start + MEMORY / 2));
    assert!(!rush.is_on(start + MEMORY));
    rush.note(start + MEMORY * 100, 1);
    assert!(!rush.is_on(start + MEMORY * 100));
}
