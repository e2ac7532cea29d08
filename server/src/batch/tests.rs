//! What is gathered goes out in order and once.

use super::*;

fn id(index: u32) -> SessionId {
    SessionId {
        index,
        generation: 7,
    }
}

fn flushed(batch: &mut Batch) -> Vec<(u32, String, usize, bool)> {
    let mut all = Vec::new();
    batch.flush(|session, parcel| {
        all.push((
            session.index,
            String::from_utf8_lossy(parcel.bytes).into_owned(),
            parcel.broadcast_bytes,
            parcel.shared.is_some(),
        ));
    });
    all.sort();
    all
}

fn batch_of(sessions: u32) -> Batch {
    let mut batch = Batch::new();
    for index in 0..sessions {
        batch.opened(id(index));
    }
    batch
}

#[test]
fn everybody_gets_what_was_said_to_them_in_order() {
    let mut batch = batch_of(4);
    batch.deliver(&[id(0), id(1), id(2)], Bytes::from_static(b"a"));
    batch.send(id(1), Bytes::from_static(b"own"));
    batch.deliver(&[id(2), id(1), id(0)], Bytes::from_static(b"b"));
    assert_eq!(
        flushed(&mut batch),
        [
            (0, "ab".to_owned(), 2, true),
            (1, "aownb".to_owned(), 2, false),
            (2, "ab".to_owned(), 2, true),
        ]
    );
    assert!(flushed(&mut batch).is_empty());
}

#[test]
fn those_who_hear_the_same_share_it() {
    let mut batch = batch_of(100);
    let all: Vec<SessionId> = (0..100).map(id).collect();
    for line in ["x", "y", "z"] {
        batch.deliver(&all, Bytes::from_static(line.as_bytes()));
    }
    assert_eq!(batch.nodes.len(), 4);
    let mut starts = Vec::new();
    batch.flush(|_, parcel| starts.push(parcel.bytes.as_ptr()));
    assert_eq!(starts.len(), 100);
    starts.dedup();
    assert_eq!(starts.len(), 1);
}

#[test]
fn an_old_id_hears_nothing_and_a_closed_session_is_forgotten() {
    let mut batch = batch_of(2);
    let stale = SessionId {
        index: 0,
        generation: 6,
    };
    batch.deliver(&[stale, id(1)], Bytes::from_static(b"a"));
    batch.closed(id(1));
    assert!(flushed(&mut batch).is_empty());
    batch.deliver(&[id(0), id(1), id(9)], Bytes::from_static(b"b"));
    assert_eq!(flushed(&mut batch), [(0, "b".to_owned(), 1, true)]);
}

#[test]
fn a_slot_used_again_in_one_batch_gets_only_its_own() {
    let mut batch = batch_of(1);
    batch.send(id(0), Bytes::from_static(b"old"));
    batch.closed(id(0));
    let new = SessionId {
        index: 0,
        generation: 8,
    };
    batch.opened(new);
    batch.send(new, Bytes::from_static(b"new"));
    let mut all = Vec::new();
    batch.flush(|session, parcel| all.push((session, parcel.bytes.to_vec())));
    assert_eq!(all, [(new, b"new".to_vec())]);
}
