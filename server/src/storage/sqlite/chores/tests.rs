//! Chores that cannot be done.

use super::*;
use crate::database::open_to_write;
use crate::storage::Durability;
use crate::storage::tests::Folder;

#[test]
fn what_fails_is_not_tried_without_end() {
    let folder = Folder::new();
    let connection = open_to_write(&folder.file(), Durability::Process).unwrap();
    connection
        .execute_batch(
            "INSERT INTO log (log, room) VALUES (1, 1);
             INSERT INTO entry (seq, log, time, kind, id, source, bot, target, client_tags, words, event, nth)
             VALUES (1, 1, 1, 3, 'a', '', 0, '', '', '', '', 1), (2, 1, 1, 3, 'b', '', 0, '', '', '', '', 2);
             PRAGMA query_only = 1",
        )
        .unwrap();
    let mut chores = Chores::new(&connection, &|_| false).unwrap();
    let keep = Keep {
        entries: Some(1),
        ..Keep::default()
    };
    let rule = vec![Due::RetainAll(keep, None)];
    chores.take_over(&connection, rule, 0, Stamp(9)).unwrap();
    chores.step(&connection, Stamp(9)).unwrap();
    assert!(chores.step(&connection, Stamp(9)).is_err());
    chores.give_up();
    assert!(chores.is_idle());
    // When the disk works again it is done with the next look.
    connection.pragma_update(None, "query_only", 0).unwrap();
    chores.look_again();
    while !chores.is_idle() {
        chores.step(&connection, Stamp(9)).unwrap();
    }
    let left = "SELECT group_concat(id) FROM entry";
    let left: String = connection.query_row(left, (), |row| row.get(0)).unwrap();
    assert_eq!(left, "b");
}
