//! Tests of backups, restoring and checking.

use super::*;
use crate::database::check::check;
use crate::database::open_to_write;
use crate::storage::Durability;
use crate::storage::tests::Folder;

fn filled(folder: &Folder, rooms: i64) -> Connection {
    let connection = open_to_write(&folder.file(), Durability::Process).unwrap();
    for room in 0..rooms {
        connection
            .execute("INSERT INTO log (room) VALUES (?1)", [room])
            .unwrap();
    }
    connection
}

fn rooms(path: &Path) -> i64 {
    let connection = open_to_read(path).unwrap();
    connection
        .query_row("SELECT count(*) FROM log", (), |row| row.get(0))
        .unwrap()
}

fn findings(path: &Path) -> Vec<String> {
    check(path, &mut |_, _| ()).unwrap()
}

#[test]
fn a_backup_is_made_while_the_server_runs_and_put_back() {
    let folder = Folder::new();
    let server = filled(&folder, 500);
    let copy = beside(&folder.file(), ".copy");
    let mut reports = Vec::new();
    backup(&folder.file(), &copy, &mut |done, total| {
        reports.push((done, total));
        // What is written meanwhile is not in it, and does not disturb it.
        server
            .execute("INSERT INTO log (room) VALUES (1000)", ())
            .unwrap();
    })
    .unwrap();
    let (done, total) = reports.last().copied().unwrap();
    assert!(done == total && total > 0, "{reports:?}");
    assert_eq!((rooms(&folder.file()), rooms(&copy)), (501, 500));
    assert_eq!(findings(&copy), Vec::<String>::new());

    let again = backup(&folder.file(), &copy, &mut |_, _| ()).unwrap_err();
    assert!(again.reason.contains("exists already"), "{again}");
    let running = restore(&copy, &folder.file(), &mut |_, _| ()).unwrap_err();
    assert_eq!(running.reason, "a server has it open: stop that first");
    assert_eq!(rooms(&folder.file()), 501);
    drop(server);
    let before = restore(&copy, &folder.file(), &mut |_, _| ())
        .unwrap()
        .unwrap();
    assert_eq!((rooms(&folder.file()), rooms(&before)), (500, 501));
    let second = restore(&copy, &folder.file(), &mut |_, _| ())
        .unwrap()
        .unwrap();
    assert_ne!(before, second);
    let mut files: Vec<_> = fs::read_dir(folder.file().parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected = ["", ".before-restore-1", ".before-restore-2", ".copy"];
    assert_eq!(
        files,
        expected.map(|end| format!("{}{end}", crate::database::FILE_NAME)),
        "nothing is left beside them"
    );
    drop(open_to_write(&folder.file(), Durability::Disk).unwrap());
}

#[test]
fn what_is_no_backup_is_not_put_back() {
    let folder = Folder::new();
    drop(filled(&folder, 3));
    let other = Folder::new();
    fs::write(other.file(), "Dear diary, ".repeat(1000)).unwrap();
    let error = restore(&other.file(), &folder.file(), &mut |_, _| ()).unwrap_err();
    assert_eq!(error.reason, "it is no database");
    let nothing = beside(&other.file(), ".nothing");
    restore(&nothing, &folder.file(), &mut |_, _| ()).unwrap_err();
    assert_eq!(rooms(&folder.file()), 3);
}

#[test]
fn a_damaged_database_is_set_aside() {
    let folder = Folder::new();
    drop(filled(&folder, 3));
    let copy = beside(&folder.file(), ".copy");
    backup(&folder.file(), &copy, &mut |_, _| ()).unwrap();
    fs::write(folder.file(), "spoilt").unwrap();
    let before = restore(&copy, &folder.file(), &mut |_, _| ())
        .unwrap()
        .unwrap();
    assert_eq!(rooms(&folder.file()), 3);
    assert_eq!(fs::read(before).unwrap(), b"spoilt");
}

#[test]
fn broken_promises_are_found() {
    let folder = Folder::new();
    let connection = filled(&folder, 1);
    let entry = "INSERT INTO entry (seq, log, time, kind, id, source, bot, target, client_tags, words, event) \
                 VALUES (?1, ?2, ?3, 0, ?1, '', 0, '', '', '', '')";
    connection.execute(entry, [1, 1, 50]).unwrap();
    connection.execute(entry, [2, 1, 50]).unwrap();
    assert_eq!(findings(&folder.file()), Vec::<String>::new());
    connection.execute(entry, [3, 1, 40]).unwrap();
    connection.execute(entry, [4, 9, 50]).unwrap();
    let expected = [
        "1 entries belong to no log",
        "1 entries are older than those before them in their log",
    ];
    assert_eq!(findings(&folder.file()), expected);
}

#[test]
#[cfg(unix)]
fn nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let _connection = filled(&folder, 1);
    let copy = beside(&folder.file(), ".copy");
    backup(&folder.file(), &copy, &mut |_, _| ()).unwrap();
    for path in [folder.file(), beside(&folder.file(), "-wal"), copy] {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
}
