//! What is gathered comes in order, together, and never more of it than may wait.

use server_core::storage::LogKey;
use server_core::storage::RoomId;

use super::*;

fn rig() -> (Gatherer, Taker) {
    let queue = Arc::new(Queue::default());
    let asker = Arc::new(Asker(Arc::clone(&queue)));
    (Gatherer::new(asker), Taker(queue))
}

fn write(number: u64) -> Write {
    let log = LogKey::Room(RoomId(1));
    (Ticket(number), StorageRequest::Drop { log })
}

fn take(writer: &Taker, most: usize) -> (Took, Vec<u64>) {
    let mut taken = Vec::new();
    let took = writer.0.take(&mut taken, most, Duration::ZERO);
    (took, taken.iter().map(|(ticket, _)| ticket.0).collect())
}

#[test]
fn what_is_gathered_comes_together_and_in_order() {
    let (mut gatherer, writer) = rig();
    for number in 0..5 {
        gatherer.push(write(number)).unwrap();
    }
    assert_eq!(take(&writer, 9), (Took::Nothing, vec![]));
    gatherer.hand_over().unwrap();
    gatherer.hand_over().unwrap();
    assert_eq!(take(&writer, 3), (Took::Writes, vec![0, 1, 2]));
    gatherer.push(write(5)).unwrap();
    gatherer.hand_over().unwrap();
    gatherer.asker.0.call();
    assert_eq!(take(&writer, 9), (Took::Writes, vec![3, 4, 5]));
    assert_eq!(take(&writer, 9), (Took::Call, vec![]));
    gatherer.push(write(6)).unwrap();
    gatherer.hand_over_at_last();
    drop(gatherer);
    assert_eq!(take(&writer, 9), (Took::Writes, vec![6]));
    assert_eq!(take(&writer, 9), (Took::End, vec![]));
}

#[test]
fn no_more_is_taken_than_may_wait_and_nothing_taken_is_lost() {
    let (mut gatherer, writer) = rig();
    let mut taken = 0;
    while gatherer.push(write(taken)) == Ok(()) {
        taken += 1;
    }
    let most = (WRITES_WAITING_MAX + GATHERED_MAX) as u64;
    assert_eq!(taken, most);
    assert_eq!(gatherer.hand_over(), Err(Refused::Full));
    assert_eq!(gatherer.push(write(0)), Err(Refused::Full));
    let (_, mut all) = take(&writer, 2048);
    // There is room again, and what was kept back comes before what comes now.
    gatherer.push(write(most)).unwrap();
    gatherer.hand_over().unwrap();
    all.extend(take(&writer, usize::MAX).1);
    assert_eq!(all, (0..=most).collect::<Vec<_>>());
}

#[test]
fn whoever_waits_is_woken() {
    let (mut gatherer, writer) = rig();
    let waiting = std::thread::spawn(move || {
        let mut taken = Vec::new();
        let took = writer.0.take(&mut taken, 9, Duration::MAX);
        (took, taken.len())
    });
    gatherer.push(write(1)).unwrap();
    gatherer.hand_over().unwrap();
    assert_eq!(waiting.join().unwrap(), (Took::Writes, 1));
}

#[test]
fn a_writer_that_is_gone_refuses() {
    let (mut gatherer, writer) = rig();
    gatherer.push(write(1)).unwrap();
    drop(writer);
    assert!(gatherer.left_over().is_empty());
    assert_eq!(gatherer.hand_over(), Err(Refused::Stopped));
    assert_eq!(gatherer.push(write(2)), Err(Refused::Stopped));
    // What it was too late to refuse can still be answered, once.
    assert_eq!(gatherer.left_over(), [write(1)]);
    assert!(gatherer.left_over().is_empty());
    // It ends all the same.
    gatherer.hand_over_at_last();
}
