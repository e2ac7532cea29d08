//! What only a driver with a disk does: it outlives the process, refuses what is not its own, and fails with a reason.

use rusqlite::Connection;

use super::*;
use crate::database::{OpenError, open_to_write};
use crate::storage::sqlite::sweep::{forgotten, sweep};

#[track_caller]
fn refused(folder: &Folder) -> OpenError {
    let sink: Answers = Arc::new(|_| ());
    SqliteStorage::open(&folder.file(), Durability::Disk, &sink).unwrap_err()
}

#[test]
fn everything_outlives_the_process() {
    let mut rig = Rig::sqlite();
    let own = Entry {
        own_id: Some("own".into()),
        ..message("own", 5, "word")
    };
    rig.append(&room(1), own.clone());
    rig.fill(&room(1), 1..=3);
    let mut rig = Rig::sqlite_in(rig.end());
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "own m1 m2 m3");
    assert_eq!(rig.search(&[room(1)], "word"), "own");
    let again = rig.append(
        &room(1),
        Entry {
            id: "x".into(),
            ..own
        },
    );
    assert!(matches!(again, StorageReply::Repeated { .. }));
    let reply = rig.append(&room(1), message("m0", 1, "0"));
    assert_eq!(reply, StorageReply::Appended { time: Stamp(30) });
}

#[test]
fn all_that_was_asked_for_is_answered_at_the_end_and_in_order() {
    let mut rig = Rig::sqlite();
    // Ids grow, as real ones do: for one that does not, all that waits is looked through.
    for n in 0..2000 {
        let request = StorageRequest::Append {
            log: room(n % 7),
            entry: Arc::new(message(&format!("m{n:04}"), n, "word")),
        };
        assert_eq!(rig.send(request), None);
    }
    let last = read(&room(2), Span::Latest, 1);
    assert_eq!(rig.send(last), None);
    let Rig {
        storage,
        answers,
        folder,
        ..
    } = rig;
    storage.finish();
    let tickets: Vec<_> = answers.try_iter().collect();
    assert!(tickets.iter().map(|(ticket, _)| ticket.0).eq(1..=2001));
    // The question saw what was written before it.
    assert_eq!(ids(&tickets.last().unwrap().1), "m1997");
    drop(folder);
}

/// A bug ends the writer: nobody waits for what it had at hand, for what waited behind it, or for what came too late.
#[test]
fn nobody_waits_for_a_writer_that_is_gone() {
    let (tx, answers) = channel();
    let (go, may_go) = channel::<()>();
    let (there, is_there) = channel();
    let stop = std::sync::Mutex::new(Some((there, may_go)));
    let sink: Answers = Arc::new(move |batch| {
        let first = stop.lock().unwrap().take();
        if let Some((there, may_go)) = first {
            there.send(()).unwrap();
            may_go.recv().unwrap();
            std::panic::resume_unwind(Box::new("the writer ends"));
        }
        for answer in batch {
            let _ = tx.send(answer);
        }
    });
    let folder = Folder::new();
    let mut storage = SqliteStorage::open(&folder.file(), Durability::Process, &sink).unwrap();
    let says = |n: u64| StorageRequest::Append {
        log: room(1),
        entry: Arc::new(message(&format!("m{n:04}"), n, "word")),
    };
    // The first is lost with the writer; what comes while it ends waits behind it.
    assert_eq!(storage.request(Ticket(0), says(0)), None);
    assert_eq!(storage.flush(), []);
    is_there.recv_timeout(Duration::from_secs(60)).unwrap();
    let mut asked = 0;
    let mut ask = |storage: &mut SqliteStorage| {
        asked += 1;
        let said = storage.request(Ticket(asked), says(asked));
        said.map(|reply| (Ticket(asked), reply))
    };
    for _ in 0..10 {
        assert_eq!(ask(&mut storage), None);
        assert_eq!(storage.flush(), []);
    }
    go.send(()).unwrap();
    let mut told: Vec<_> = (0..10)
        .map(|_| answers.recv_timeout(Duration::from_secs(60)).unwrap())
        .collect();
    // It has left: the first to come is still taken in, and answered when it is to be handed over.
    for _ in 0..3 {
        told.extend(ask(&mut storage));
    }
    told.extend(storage.flush());
    told.extend(ask(&mut storage));
    told.extend(storage.flush());
    told.sort_by_key(|(ticket, _)| ticket.0);
    assert!(told.iter().map(|(ticket, _)| ticket.0).eq(1..=14));
    let stopped = |(_, reply): &(Ticket, StorageReply)| matches!(reply, StorageReply::Failed(why) if why.contains("stopped"));
    assert!(told.iter().all(stopped), "{told:?}");
}

#[test]
fn a_dropped_log_is_swept() {
    let mut rig = Rig::sqlite();
    for n in 0..450 {
        rig.append(&room(1), message(&format!("m{n}"), n, "secretword"));
    }
    rig.ask(StorageRequest::Drop { log: room(1) });
    // It may end before it has swept; then it goes on the next time.
    let folder = rig.end();
    let count = |sql: &str| {
        let connection = Connection::open(folder.file()).unwrap();
        connection
            .query_row(sql, (), |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let mut connection = open_to_write(&folder.file(), Durability::Process).unwrap();
    let transaction = connection.transaction().unwrap();
    for log in forgotten(&transaction).unwrap() {
        while !sweep(&transaction, log, 100).unwrap() {}
    }
    transaction.commit().unwrap();
    assert_eq!(count("SELECT count(*) FROM entry"), 0);
    assert_eq!(count("SELECT count(*) FROM log"), 0);
    assert_eq!(
        count("SELECT count(*) FROM search WHERE search MATCH 'secretword'"),
        0
    );
}

#[test]
fn removed_words_are_not_left_in_the_file() {
    let mut rig = Rig::sqlite();
    rig.append(&room(1), message("a", 1, "xyzzyword"));
    rig.ask(StorageRequest::Remove {
        log: room(1),
        id: "a".into(),
    });
    let folder = rig.end();
    let connection = Connection::open(folder.file()).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(connection);
    let bytes = std::fs::read(folder.file()).unwrap();
    assert!(!bytes.windows(5).any(|window| window == b"xyzzy"));
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let folder = Rig::sqlite().end();
    let connection = Connection::open(folder.file()).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let before = std::fs::read(folder.file()).unwrap();
    let error = refused(&folder);
    assert!(error.reason.contains("newer parlord (schema 99"), "{error}");
    assert_eq!(std::fs::read(folder.file()).unwrap(), before);
}

#[test]
fn the_database_of_another_program_is_refused() {
    let folder = Folder::new();
    let connection = Connection::open(folder.file()).unwrap();
    connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(connection);
    assert_eq!(refused(&folder).reason, "it belongs to another program");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = Folder::new();
    std::fs::write(folder.file(), "Dear diary, ".repeat(1000)).unwrap();
    assert_eq!(refused(&folder).reason, "it is no database");
    let nowhere = Folder::new();
    std::fs::create_dir(nowhere.file()).unwrap();
    let error = refused(&nowhere);
    assert_eq!(error.reason, "the server's database file cannot be opened");
}

/// A file whose size is bounded stands for a full disk.
#[test]
fn a_full_disk_fails_with_the_reason_and_serving_goes_on() {
    let folder = Rig::sqlite().end();
    let (tx, answers) = channel();
    let sink: Answers = Arc::new(move |batch| {
        for answer in batch {
            let _ = tx.send(answer);
        }
    });
    let connection = open_to_write(&folder.file(), Durability::Disk).unwrap();
    let pages: i64 = connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    connection
        .pragma_update(None, "max_page_count", pages + 8)
        .unwrap();
    let storage =
        SqliteStorage::with_connection(connection, &folder.file(), &sink, &Arc::default()).unwrap();
    let mut rig = Rig {
        answers,
        folder: Some(folder),
        ..Rig::of(Box::new(storage))
    };
    let mut stored = Vec::new();
    let mut failed = Vec::new();
    for n in 0..100 {
        let name = format!("m{n}");
        let reply = rig.append(&room(1), message(&name, 1, &"word ".repeat(200)));
        match reply {
            StorageReply::Appended { .. } => stored.push(name),
            StorageReply::Failed(reason) => failed.push(reason),
            other => panic!("{other:?}"),
        }
    }
    assert!(!stored.is_empty() && !failed.is_empty());
    assert!(
        failed
            .iter()
            .all(|reason| reason == "the server's disk is full"),
        "{failed:?}"
    );
    // What was shown as stored is there, and nothing else, though there is no room to settle it.
    assert_eq!(rig.read(&room(1), Span::Latest, 1000), stored.join(" "));
    let newest = stored.iter().rev().take(10).map(String::as_str);
    let newest: Vec<_> = newest.collect();
    assert_eq!(rig.search(&[room(1)], "word"), newest.join(" "));
    // One that fits is not failed by one beside it that does not.
    for n in 0..20 {
        rig.send(StorageRequest::Append {
            log: room(1),
            entry: Arc::new(message(&format!("big{n}"), 2, &"word ".repeat(20_000))),
        });
    }
    rig.send(read(&room(1), Span::Latest, 1));
    for _ in 0..20 {
        assert!(matches!(rig.next().1, StorageReply::Failed(_)));
    }
    assert_eq!(ids(&rig.next().1), stored.last().unwrap().as_str());
}

#[test]
fn a_damaged_database_fails_with_the_reason() {
    let mut rig = Rig::sqlite();
    rig.fill(&room(1), 1..=200);
    let folder = rig.end();
    let connection = Connection::open(folder.file()).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    drop(connection);
    let mut bytes = std::fs::read(folder.file()).unwrap();
    // The first two pages hold the schema; all after them is spoilt.
    for byte in bytes.iter_mut().skip(3 * 4096) {
        *byte = 0xa5;
    }
    std::fs::write(folder.file(), bytes).unwrap();
    let (tx, answers) = channel();
    let sink: Answers = Arc::new(move |batch| {
        for answer in batch {
            let _ = tx.send(answer);
        }
    });
    match SqliteStorage::open(&folder.file(), Durability::Disk, &sink) {
        Err(error) => assert_eq!(error.reason, "the server's database is damaged"),
        Ok(storage) => {
            let mut rig = Rig {
                answers,
                ..Rig::of(Box::new(storage))
            };
            let damaged = StorageReply::Failed("the server's database is damaged".to_owned());
            assert_eq!(rig.ask(read(&room(1), Span::Latest, 9)), damaged);
            assert_eq!(rig.append(&room(1), message("x", 1, "x")), damaged);
        }
    }
}
