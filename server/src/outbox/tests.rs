//! A queue to one session: its order, its limits, its end.

use std::cell::{Cell, RefCell};

use super::*;

/// A socket with room for so many bytes.
#[derive(Default)]
struct Narrow {
    room: Cell<usize>,
    broken: Cell<bool>,
    got: RefCell<Vec<u8>>,
}

impl Sink for Narrow {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        if self.broken.get() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let taken = self.room.get().min(bytes.len());
        if taken == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.room.set(self.room.get() - taken);
        self.got.borrow_mut().extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn write_many(&self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        let whole: Vec<u8> = buffers.iter().flat_map(|b| b.to_vec()).collect();
        self.write(&whole)
    }
}

const LIMITS: QueueLimits = QueueLimits {
    broadcast_bytes_max: 10,
    bytes_max: 100,
    low_mark_bytes: 5,
};

fn send(outbox: &mut Outbox, sink: &Narrow, text: &str, broadcast: bool) -> Outcome {
    let parcel = Parcel {
        bytes: text.as_bytes(),
        shared: None,
        broadcast_bytes: if broadcast { text.len() } else { 0 },
    };
    outbox.send(sink, &parcel, &LIMITS)
}

#[test]
fn a_reader_has_no_queue() {
    let (mut outbox, sink) = (Outbox::default(), Narrow::default());
    sink.room.set(100);
    assert_eq!(send(&mut outbox, &sink, "hello", true), Outcome::Sent);
    assert!(outbox.is_empty());
}

#[test]
fn what_does_not_fit_waits_and_stays_in_order() {
    let (mut outbox, sink) = (Outbox::default(), Narrow::default());
    sink.room.set(2);
    assert_eq!(send(&mut outbox, &sink, "abcd", true), Outcome::Waits);
    sink.room.set(1);
    // Nothing overtakes what waits, although there is room.
    assert_eq!(send(&mut outbox, &sink, "ef", true), Outcome::Waits);
    assert_eq!(outbox.bytes(), 4);
    assert_eq!(outbox.resume(&sink), Outcome::Waits);
    sink.room.set(100);
    assert_eq!(outbox.resume(&sink), Outcome::Sent);
    assert_eq!(*sink.got.borrow(), b"abcdef");
    assert!(outbox.is_empty());
}

#[test]
fn others_words_overflow_but_own_answers_only_at_the_hard_cap() {
    let (mut outbox, sink) = (Outbox::default(), Narrow::default());
    assert_eq!(
        send(&mut outbox, &sink, "0123456789x", false),
        Outcome::Waits
    );
    assert_eq!(send(&mut outbox, &sink, "0123456789", true), Outcome::Waits);
    assert_eq!(send(&mut outbox, &sink, "y", true), Outcome::Overflowed);
    let mut outbox = Outbox::default();
    assert_eq!(
        send(&mut outbox, &sink, &"z".repeat(101), false),
        Outcome::Overflowed
    );
}

#[test]
fn whoever_is_dropped_reads_a_whole_line_and_the_reason() {
    let (mut outbox, sink) = (Outbox::default(), Narrow::default());
    sink.room.set(2);
    send(&mut outbox, &sink, "one\r\ntwo\r\n", true);
    send(&mut outbox, &sink, "three\r\n", true);
    outbox.give_up(b"ERROR :x\r\n");
    sink.room.set(100);
    assert_eq!(outbox.resume(&sink), Outcome::Sent);
    assert_eq!(*sink.got.borrow(), b"one\r\nERROR :x\r\n");
}

#[test]
fn a_broken_connection_is_told() {
    let (mut outbox, sink) = (Outbox::default(), Narrow::default());
    sink.broken.set(true);
    assert_eq!(
        send(&mut outbox, &sink, "a", true),
        Outcome::Lost(ErrorKind::BrokenPipe)
    );
}
