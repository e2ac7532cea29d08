//! What has come and not settled: it is stored, known again, taken out, copied and carried over like everything else.

use rusqlite::Connection;

use super::*;
use crate::database::backup::backup;
use crate::database::check::check;
use crate::database::{open_to_read, open_to_write};
use crate::metrics::Commits;
use crate::storage::sqlite::writer::Writer;
use crate::storage::sqlite::{newest_id, own};

/// A writer that settles only when it is told to.
struct Desk {
    writer: Writer,
    folder: Folder,
    asked: u64,
}

impl Desk {
    fn new() -> Self {
        Self::in_folder(Folder::new())
    }

    fn in_folder(folder: Folder) -> Self {
        let connection = open_to_write(&folder.file(), Durability::Disk).unwrap();
        Self {
            writer: Writer::new(connection, Arc::default()).unwrap(),
            folder,
            asked: 0,
        }
    }

    fn ask_all(&mut self, requests: Vec<StorageRequest>) -> Vec<StorageReply> {
        let tickets = (self.asked..).map(Ticket);
        self.asked += requests.len() as u64;
        let batch: Vec<_> = tickets.zip(requests).collect();
        let replies = self.writer.write(&batch);
        replies.into_iter().map(|(_, reply)| reply).collect()
    }

    fn ask(&mut self, request: StorageRequest) -> StorageReply {
        self.ask_all(vec![request]).remove(0)
    }

    fn append(&mut self, log: &LogKey, entry: Entry) -> StorageReply {
        self.ask(append(log, entry))
    }

    /// Appends messages `m<n>` with text `word <n>`.
    fn fill(&mut self, log: &LogKey, numbers: std::ops::RangeInclusive<u64>) {
        for n in numbers {
            let entry = message(&format!("m{n}"), n, &format!("word {n}"));
            assert_eq!(
                self.append(log, entry),
                StorageReply::Appended { time: Stamp(n) }
            );
        }
    }

    fn count(&self, what: &str) -> i64 {
        let connection = open_to_read(&self.folder.file()).unwrap();
        connection
            .query_row(&format!("SELECT {what}"), (), |row| row.get(0))
            .unwrap()
    }

    fn waiting(&self) -> i64 {
        self.count("coalesce(sum(count), 0) FROM intake")
    }

    fn settled(&self) -> i64 {
        self.count("count(*) FROM entry")
    }

    /// Settles all that waits.
    fn settle(&mut self) {
        while self.waiting() > 0 {
            self.writer.settle_slice().unwrap();
        }
    }

    /// The process is killed: nothing of it ends in order.
    fn killed(self) -> Folder {
        std::mem::forget(self.writer);
        self.folder
    }
}

fn append(log: &LogKey, entry: Entry) -> StorageRequest {
    StorageRequest::Append {
        log: log.clone(),
        entry: Arc::new(entry),
    }
}

fn own(id: &str, own: &str) -> Entry {
    Entry {
        own_id: Some(own.into()),
        ..message(id, 1, "word")
    }
}

const SURE: &str = "0123456789abcdef";

fn repeats(reply: &StorageReply) -> &str {
    match reply {
        StorageReply::Repeated { entry } => &entry.id,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn is_whole(folder: &Folder) {
    let findings = check(&folder.file(), &mut |_, _| ()).unwrap();
    assert_eq!(findings, Vec::<String>::new());
}

#[test]
fn what_was_stored_and_not_settled_outlives_a_kill() {
    let mut desk = Desk::new();
    desk.fill(&room(1), 1..=3);
    desk.settle();
    desk.fill(&room(1), 4..=5);
    desk.append(&room(2), message("n", 9, "other"));
    assert_eq!((desk.settled(), desk.waiting()), (3, 3));
    // Ids go on behind the greatest, which has not settled.
    let newest = newest_id(&desk.folder.file()).unwrap();
    assert_eq!(newest.as_deref(), Some("n"));
    let folder = desk.killed();
    is_whole(&folder);
    // Killed once more before anything settles: the log goes on where it ended, whatever the clock says.
    let mut desk = Desk::in_folder(folder);
    let earlier = message("m6", 1, "word 6");
    assert_eq!(
        desk.append(&room(1), earlier),
        StorageReply::Appended { time: Stamp(5) }
    );
    assert_eq!(desk.waiting(), 4);
    let mut rig = Rig::sqlite_in(desk.killed());
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2 m3 m4 m5 m6");
    assert_eq!(rig.search(&[room(1)], "word"), "m6 m5 m4 m3 m2 m1");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "n");
    // They were counted as they came.
    rig.retain_all(Keep {
        entries: Some(2),
        ..Keep::default()
    });
    rig.reads_soon(&room(1), "m5 m6");
    is_whole(&rig.end());
}

#[test]
fn an_own_id_is_known_again_before_it_settles_and_after() {
    let pair = LogKey::pair("~1", "~2");
    let other = LogKey::pair("~3", "~4");
    let mut desk = Desk::new();
    let first = [
        append(&room(1), own("a", "x")),
        append(&pair, own("b", SURE)),
    ];
    // Within one batch, in the next, after a kill, and once it has settled.
    let again = [
        append(&room(1), own("c", "x")),
        append(&other, own("d", SURE)),
        append(&room(1), message("a", 1, "same id")),
    ];
    let replies = desk.ask_all(first.iter().chain(&again).cloned().collect());
    assert_eq!(
        replies[2..].iter().map(repeats).collect::<Vec<_>>(),
        ["a", "b", "a"]
    );
    for step in 0..4 {
        let replies = desk.ask_all(again.to_vec());
        let found: Vec<_> = replies.iter().map(repeats).collect();
        assert_eq!(found, ["a", "b", "a"], "step {step}");
        match step {
            0 => desk = Desk::in_folder(desk.killed()),
            1 => desk.settle(),
            _ => desk = Desk::in_folder(desk.killed()),
        }
    }
    assert_eq!((desk.settled(), desk.waiting()), (2, 0));
    // Somebody else's, and another log's, are others.
    let eve = Entry {
        source: "eve!e@there".into(),
        ..own("e", "x")
    };
    for (log, entry) in [(room(1), eve), (room(2), own("f", "x"))] {
        let reply = desk.append(&log, entry);
        assert!(matches!(reply, StorageReply::Appended { .. }), "{reply:?}");
    }
}

#[test]
fn what_failed_is_not_remembered() {
    let mut desk = Desk::new();
    desk.fill(&room(1), 1..=2);
    let file = desk.folder.file();
    let other = open_to_write(&file, Durability::Process).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON intake BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        .unwrap();
    for _ in 0..2 {
        let reply = desk.append(&room(1), own("a", "x"));
        assert!(matches!(reply, StorageReply::Failed(_)), "{reply:?}");
    }
    other.execute_batch("DROP TRIGGER full").unwrap();
    let appended = StorageReply::Appended { time: Stamp(2) };
    assert_eq!(desk.append(&room(1), own("a", "x")), appended);
    assert_eq!(repeats(&desk.append(&room(1), own("b", "x"))), "a");
    let mut rig = Rig::sqlite_in(desk.killed());
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2 a");
}

/// Who leaves, leaves all their rooms with one id. Looking for it writes what is gathered, and reads all that waits.
#[test]
fn one_id_in_many_logs_is_looked_for_in_none() {
    let leaves = || (1..=100).map(|n| append(&room(n), message("m2", 2, "gone")));
    let appended = StorageReply::Appended { time: Stamp(2) };
    let mut desk = Desk::new();
    desk.fill(&room(101), 1..=1);
    assert_eq!(desk.ask_all(leaves().collect()), vec![appended; 100]);
    assert_eq!(
        (desk.count("count(*) FROM intake"), desk.waiting()),
        (2, 101)
    );
    // In each of these rooms it is known again all the same: now, after a kill, and once it has settled.
    for step in 0..3 {
        let replies = desk.ask_all(leaves().collect());
        assert!(replies.iter().all(|reply| repeats(reply) == "m2"), "{step}");
        match step {
            0 => desk = Desk::in_folder(desk.killed()),
            _ => desk.settle(),
        }
    }
    assert_eq!(desk.settled(), 101);
    is_whole(&desk.killed());
}

#[test]
fn ids_of_what_failed_are_not_looked_for() {
    let mut desk = Desk::new();
    desk.fill(&room(1), 1..=1);
    let file = desk.folder.file();
    let other = open_to_write(&file, Durability::Process).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON intake BEGIN SELECT RAISE(ABORT, 'x'); END";
    other.execute_batch(full).unwrap();
    let says = || (2..=9).map(|n| append(&room(1), message(&format!("m{n}"), n, "word")));
    let replies = desk.ask_all(says().collect());
    assert!(
        replies
            .iter()
            .all(|reply| matches!(reply, StorageReply::Failed(_)))
    );
    other.execute_batch("DROP TRIGGER full").unwrap();
    desk.ask_all(says().collect());
    assert_eq!((desk.count("count(*) FROM intake"), desk.waiting()), (2, 9));
}

#[test]
fn what_cannot_be_settled_fails_the_question_and_is_tried_again() {
    let mut rig = Rig::sqlite();
    let file = rig.folder.as_ref().unwrap().file();
    let other = open_to_write(&file, Durability::Process).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'x'); END";
    other.execute_batch(full).unwrap();
    rig.fill(&room(1), 1..=3);
    for _ in 0..3 {
        let reply = rig.ask(read(&room(1), Span::Latest, 9));
        assert!(matches!(reply, StorageReply::Failed(_)), "{reply:?}");
        // Records need no settling, and writing goes on.
        let records = rig.ask(StorageRequest::Recall {
            shelf: Shelf::Rooms,
        });
        assert_eq!(records, StorageReply::Shelved(Vec::new()));
    }
    rig.fill(&room(1), 4..=4);
    other.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2 m3 m4");
}

#[test]
fn words_are_taken_out_before_they_settle() {
    let mut desk = Desk::new();
    desk.append(&room(1), own("a", SURE));
    let secret = Entry {
        client_tags: "+x=xyzzytag".into(),
        ..message("b", 1, "xyzzyword")
    };
    desk.append(&room(1), secret);
    let remove = |log: &LogKey, id: &str| StorageRequest::Remove {
        log: log.clone(),
        id: id.into(),
    };
    let missing = StorageReply::Failed(NO_SUCH_ENTRY.to_owned());
    assert_eq!(desk.ask(remove(&room(2), "b")), missing);
    assert_eq!(desk.ask(remove(&room(1), "c")), missing);
    for id in ["a", "a", "b"] {
        assert_eq!(desk.ask(remove(&room(1), id)), StorageReply::Removed);
    }
    assert_eq!((desk.settled(), desk.waiting()), (0, 2));
    // It is still known again.
    assert_eq!(repeats(&desk.append(&room(1), own("c", SURE))), "a");
    let folder = desk.killed();
    let connection = Connection::open(folder.file()).unwrap();
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let bytes = std::fs::read(folder.file()).unwrap();
    assert!(!bytes.windows(5).any(|window| window == b"xyzzy"));
    let mut rig = Rig::sqlite_in(folder);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "");
    assert_eq!(rig.search(&[room(1)], "xyzzyword"), "");
    assert_eq!(repeats(&rig.append(&room(1), own("c", SURE))), "a");
    is_whole(&rig.end());
}

#[test]
fn a_log_that_is_dropped_goes_with_what_waits_of_it() {
    for kill in [false, true] {
        let mut desk = Desk::new();
        desk.fill(&room(1), 1..=3);
        desk.settle();
        desk.fill(&room(1), 4..=6);
        desk.ask(StorageRequest::Drop { log: room(1) });
        // The key means another log now.
        desk.append(&room(1), message("new", 1, "word"));
        assert_eq!(desk.waiting(), 4);
        let mut rig = if kill {
            Rig::sqlite_in(desk.killed())
        } else {
            desk.settle();
            Rig::sqlite_in(desk.killed())
        };
        assert_eq!(rig.read(&room(1), Span::Latest, 9), "new");
        assert_eq!(rig.search(&[room(1)], "word"), "new");
        let file = rig.folder.as_ref().unwrap().file();
        let left = || -> (i64, i64) {
            let sql = "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM log)";
            let connection = open_to_read(&file).unwrap();
            let both = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            connection.query_row(sql, (), both).unwrap()
        };
        let tries = (0..PATIENCE).take_while(|_| {
            rig.read(&room(1), Span::Latest, 1);
            left() != (1, 1)
        });
        assert!(tries.count() < PATIENCE, "{:?} are left", left());
        is_whole(&rig.end());
    }
}

#[test]
fn a_search_finds_what_was_just_said() {
    let mut rig = Rig::sqlite();
    for n in 0..200 {
        let word = format!("word{n}");
        rig.send(append(&room(n % 3), message(&word, n, &word)));
        rig.send(search(&[room(n % 3)], &word));
    }
    let mut found = 0;
    for _ in 0..400 {
        match rig.next() {
            (_, StorageReply::Appended { .. }) => {}
            (ticket, reply) => {
                assert_eq!(ids(&reply), format!("word{}", ticket / 2 - 1));
                found += 1;
            }
        }
    }
    assert_eq!(found, 200);
}

#[test]
fn what_waits_is_counted() {
    let folder = Folder::new();
    let commits = Arc::new(Commits::default());
    let figures = || {
        let text = commits.text();
        let value = |name: &str| -> u64 {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap().trim().parse().unwrap()
        };
        (
            value("parlord_intake_entries "),
            value("parlord_intake_bytes "),
        )
    };
    let open = || {
        let connection = open_to_write(&folder.file(), Durability::Process).unwrap();
        Writer::new(connection, Arc::clone(&commits)).unwrap()
    };
    let mut writer = open();
    let says = |n: u64| {
        (
            Ticket(n),
            append(&room(1), message(&format!("m{n}"), n, "word")),
        )
    };
    writer.write(&[says(1), says(2), says(3)]);
    let (entries, bytes) = figures();
    assert_eq!(entries, 3);
    assert!((60..600).contains(&bytes), "{bytes}");
    // What an earlier process left is counted from the start.
    drop(writer);
    commits.wait((0, 0));
    let mut writer = open();
    assert_eq!(figures().0, 3);
    writer.settle_slice().unwrap();
    assert_eq!(figures(), (0, 0));
}

/// Nothing is answered late, though much must settle before a question is.
#[test]
fn a_burst_settles_in_slices_between_which_others_write() {
    const BURST: u64 = 20_000;
    let mut desk = Desk::new();
    let burst = (0..BURST).map(|n| append(&room(n % 7), message(&format!("m{n:05}"), n, "word")));
    desk.ask_all(burst.collect());
    assert_eq!(desk.waiting(), 20_000);
    let before = desk.settled();
    desk.writer.settle_slice().unwrap();
    assert!((1..20_000).contains(&(desk.settled() - before)));
    let mut rig = Rig::sqlite_in(desk.killed());
    // The question waits for all of it, and none of the writes waits for the question.
    rig.send(read(&room(1), Span::Latest, 1));
    let write = |rig: &mut Rig, n: u64| {
        let entry = message(&format!("late{n}"), BURST + n, "late");
        rig.send(append(&room(1), entry));
    };
    write(&mut rig, 0);
    let (mut late, mut overtaken) = (1, 0);
    loop {
        match rig.next() {
            (_, StorageReply::Appended { .. }) => {
                overtaken += 1;
                write(&mut rig, late);
                late += 1;
            }
            (ticket, reply) => {
                assert_eq!((ticket, ids(&reply).is_empty()), (1, false));
                break;
            }
        }
    }
    assert!(overtaken > 3, "{overtaken} writes went before the question");
    let folder = rig.end();
    is_whole(&folder);
    let connection = open_to_read(&folder.file()).unwrap();
    let left = "SELECT (SELECT count(*) FROM intake), (SELECT count(*) FROM entry)";
    let left: (i64, i64) = connection
        .query_row(left, (), |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(left, (0, 20_000 + i64::try_from(late).unwrap()));
}

#[test]
fn a_backup_holds_what_waits() {
    let mut desk = Desk::new();
    desk.fill(&room(1), 1..=2);
    desk.settle();
    desk.fill(&room(1), 3..=4);
    let other = Folder::new();
    backup(&desk.folder.file(), &other.file(), &mut |_, _| ()).unwrap();
    is_whole(&other);
    let mut rig = Rig::sqlite_in(other);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2 m3 m4");
    assert_eq!(desk.waiting(), 2);
}

#[test]
fn ones_own_words_are_exported_and_erased_before_they_settle() {
    let of = |id: &str, account: &str| Entry {
        account: Some(account.into()),
        ..message(id, 1, "word")
    };
    let mut desk = Desk::new();
    desk.append(&room(1), of("a", "ada"));
    desk.settle();
    for (id, account) in [("b", "Ada"), ("c", "bob"), ("d", "ada"), ("e", "adam")] {
        desk.append(&room(1), of(id, account));
    }
    desk.ask(StorageRequest::Remove {
        log: room(1),
        id: "d".into(),
    });
    let exported = |desk: &Desk| {
        let mut out = Vec::new();
        let file = desk.folder.file();
        let count = own::export(&file, "ADA", &mut out, &mut |_, _| true).unwrap();
        let lines = String::from_utf8(out).unwrap().lines().count();
        assert_eq!(u64::try_from(lines), Ok(count));
        count
    };
    assert_eq!(exported(&desk), 2);
    // The writer runs meanwhile, and goes on: that it was settled beside it does not disturb it.
    let erased = own::erase(&desk.folder.file(), "aDa", &mut None, &mut |_, _| true);
    assert_eq!((erased, exported(&desk)), (Ok(3), 0));
    assert_eq!((desk.settled(), desk.waiting()), (2, 0));
    desk.append(&room(1), of("f", "ada"));
    let again = desk.append(&room(1), of("c", "bob"));
    assert_eq!(repeats(&again), "c");
    desk.ask(StorageRequest::Drop { log: room(2) });
    desk.settle();
    desk.writer.settle_slice().unwrap();
    assert_eq!((desk.settled(), desk.waiting()), (3, 0));
    assert_eq!(repeats(&desk.append(&room(1), of("f", "ada"))), "f");
    let mut rig = Rig::sqlite_in(desk.killed());
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "c e f");
    assert_eq!(rig.search(&[room(1)], "word"), "f e c");
    is_whole(&rig.end());
}

#[test]
fn the_schema_before_is_brought_up_to_date() {
    let mut rig = Rig::sqlite();
    rig.fill(&room(1), 1..=3);
    let folder = rig.end();
    let old = Connection::open(folder.file()).unwrap();
    old.execute_batch("DROP TABLE intake; PRAGMA user_version = 5")
        .unwrap();
    drop(old);
    let mut rig = Rig::sqlite_in(folder);
    rig.fill(&room(1), 4..=4);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "m1 m2 m3 m4");
    is_whole(&rig.end());
}

#[test]
fn what_waits_and_cannot_be_read_is_found() {
    let mut desk = Desk::new();
    desk.fill(&room(1), 1..=3);
    let spoil = |sql: &str, desk: &Desk| {
        let connection = Connection::open(desk.folder.file()).unwrap();
        connection.execute_batch(sql).unwrap();
        check(&desk.folder.file(), &mut |_, _| ()).unwrap()
    };
    let late = "INSERT INTO entry (seq, log, time, kind, id, source, bot, target, client_tags, words, event) \
                VALUES (0, 1, 2, 0, 'x', '', 0, '', '', '', '')";
    assert_eq!(
        spoil(late, &desk),
        ["1 entries that wait to be settled are older than those before them in their log"]
    );
    assert_eq!(
        spoil("DELETE FROM entry; UPDATE log SET log = 7", &desk),
        ["3 entries that wait to be settled belong to no log"]
    );
    assert_eq!(
        spoil("UPDATE intake SET count = 9 WHERE first_seq = 1", &desk),
        ["the server's database is damaged"]
    );
    desk.writer.settle_slice().unwrap_err();
}
