//! What is exported and erased is the account's own, all of it, and nothing of anybody else's.

use super::*;
use crate::storage::sqlite::own;
use server_core::News;

fn said(id: &str, source: &str, account: Option<&str>) -> Entry {
    Entry {
        account: account.map(Into::into),
        source: source.into(),
        ..message(id, 1, &format!("word {id}"))
    }
}

/// A log in which several people speak, and ada among them.
fn filled() -> Rig {
    let mut rig = Rig::sqlite();
    let pair = LogKey::pair("ada", "bob");
    let entries = [
        (room(1), said("own1", "ada!a@host", Some("ada"))),
        (room(1), said("guest", "ada!a@host", None)),
        (room(1), said("other", "ada!a@host", Some("adam"))),
        (room(2), said("own2", "lovelace!a@host", Some("ADA"))),
        (pair.clone(), said("own3", "ada!a@host", Some("ada"))),
        (pair, said("to-ada", "bob!b@host", Some("bob"))),
        (room(2), said("quoted", "bob!b@host", Some("bob"))),
        (room(2), said("taken-back", "ada!a@host", Some("ada"))),
        (
            room(2),
            Entry {
                kind: EntryKind::Event,
                lines: Vec::new(),
                event: "TOPIC #lobby :mine".into(),
                ..said("topic", "ada!a@host", Some("ada"))
            },
        ),
    ];
    for (log, entry) in entries {
        rig.append(&log, entry);
    }
    rig.ask(StorageRequest::Remove {
        log: room(2),
        id: "taken-back".into(),
    });
    rig
}

fn exported(folder: &Folder, account: &str) -> Vec<serde_json::Value> {
    let mut out = Vec::new();
    let mut ends = Vec::new();
    let count = own::export(&folder.file(), account, &mut out, &mut |done, total| {
        ends.push((done, total));
        true
    });
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(count, Ok(lines.len() as u64));
    assert!(ends.last().is_some_and(|(done, total)| done == total));
    lines
}

fn names(lines: &[serde_json::Value]) -> String {
    let ids: Vec<_> = lines
        .iter()
        .filter_map(|line| line["id"].as_str())
        .collect();
    ids.join(" ")
}

#[test]
fn an_export_holds_the_words_of_the_account_and_no_others() {
    let folder = filled().end();
    let lines = exported(&folder, "Ada");
    assert_eq!(names(&lines), "own1 own2 own3 topic");
    let first = serde_json::json!({
        "id": "own1", "time": "1970-01-01T00:00:00.001Z", "kind": "message",
        "from": "ada!a@host", "to": "#lobby", "text": "word own1",
    });
    assert_eq!(lines[0], first);
    assert_eq!(lines[3]["event"], "TOPIC #lobby :mine");
    assert_eq!(names(&exported(&folder, "bob")), "to-ada quoted");
    assert_eq!(names(&exported(&folder, "ad")), "");
    assert_eq!(names(&exported(&folder, "%")), "");
    assert_eq!(names(&exported(&folder, "")), "");
}

#[test]
fn lines_and_what_no_line_may_hold_are_kept_apart() {
    let mut rig = Rig::sqlite();
    let line = |text: &str, concat| EntryLine {
        text: text.into(),
        concat,
    };
    let long = Entry {
        lines: vec![
            line("one \"line\"", false),
            line(" of it", true),
            line("世界\u{1}", false),
        ],
        ..said("long", "ada!a@host", Some("ada"))
    };
    rig.append(&room(1), long);
    let lines = exported(&rig.end(), "ada");
    assert_eq!(lines[0]["text"], "one \"line\" of it\n世界\u{1}");
}

#[test]
fn what_is_erased_is_gone_and_the_rest_stays() {
    let mut rig = filled();
    let folder = rig.folder.as_ref().unwrap().file();
    // The server runs meanwhile, and goes on.
    let erased = own::erase(&folder, "aDa", &mut None, &mut |_, _| true);
    assert_eq!(erased, Ok(5));
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "guest other");
    assert_eq!(rig.read(&room(2), Span::Latest, 9), "quoted");
    let pair = LogKey::pair("ada", "bob");
    assert_eq!(rig.read(&pair, Span::Latest, 9), "to-ada");
    let all = [room(1), room(2), pair];
    assert_eq!(rig.search(&all, "own1"), "");
    assert_eq!(rig.search(&all, "word"), "quoted to-ada other guest");
    rig.append(&room(1), said("next", "ada!a@host", Some("ada")));
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "guest other next");
    assert_eq!(
        own::erase(&folder, "nobody", &mut None, &mut |_, _| true),
        Ok(0)
    );
    let folder = rig.end();
    let findings = crate::database::check::check(&folder.file(), &mut |_, _| ()).unwrap();
    assert_eq!(findings, Vec::<String>::new());
    let mut rig = Rig::sqlite_in(folder);
    assert_eq!(rig.read(&room(1), Span::Latest, 9), "guest other next");
}

#[test]
fn erasing_and_writing_at_once_spoil_nothing() {
    let mut rig = Rig::sqlite();
    let of = |n: u64| {
        let account = if n.is_multiple_of(2) { "ada" } else { "bob" };
        Entry {
            time: Stamp(n),
            ..said(&format!("m{n}"), "x!x@x", Some(account))
        }
    };
    for n in 0..600 {
        rig.append(&room(1), of(n));
    }
    let file = rig.folder.as_ref().unwrap().file();
    let erased = std::thread::scope(|scope| {
        let eraser = scope.spawn(|| {
            let mut done = None;
            let gone = own::erase(&file, "ada", &mut done, &mut |_, _| true);
            gone.map(|gone| (gone, done))
        });
        for n in 600..900 {
            let reply = rig.append(&room(1), of(n));
            assert_eq!(reply, StorageReply::Appended { time: Stamp(n) });
        }
        eraser.join().unwrap().unwrap()
    });
    let (gone, mut done) = erased;
    assert!((300..=450).contains(&gone), "{gone}");
    // From there on what was said meanwhile goes, too.
    let more = own::erase(&file, "ada", &mut done, &mut |_, _| true);
    assert_eq!(more, Ok(450 - gone));
    let stopped = own::erase(&file, "bob", &mut None, &mut |_, _| false);
    assert!(stopped.is_err());
    let left = rig.read(&room(1), Span::Latest, 1000);
    let bobs: Vec<_> = (0..900)
        .filter(|n| n % 2 == 1)
        .map(|n| format!("m{n}"))
        .collect();
    assert_eq!(left, bobs.join(" "));
    let found = crate::database::check::check(&rig.end().file(), &mut |_, _| ()).unwrap();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn who_runs_the_server_hears_of_what_clients_may_have() {
    let mut rig = filled();
    for n in 0..600 {
        let entry = Entry {
            time: Stamp(10 + n),
            ..said(&format!("m{n}"), "x!x@x", Some("carl"))
        };
        rig.append(&room(3), entry);
    }
    let file = rig.folder.as_ref().unwrap().file();
    let mut connection = crate::database::open_to_write(&file, Durability::Disk).unwrap();
    own::erase(&file, "ada", &mut None, &mut |_, _| true).unwrap();
    let mut told = Vec::new();
    for news in crate::database::news::take(&mut connection).unwrap() {
        let News::Erased { log, ids } = news else {
            panic!("{news:?}");
        };
        told.push((log, ids.join(" ")));
    }
    let pair = LogKey::pair("ada", "bob");
    let expected = [(room(1), "own1"), (room(2), "own2"), (pair, "own3")];
    assert_eq!(told, expected.map(|(log, ids)| (log, ids.to_owned())));
    // Of a long log the newest, some at a time, and nothing twice.
    own::erase(&file, "carl", &mut None, &mut |_, _| true).unwrap();
    let mut ids = Vec::new();
    loop {
        let news = crate::database::news::take(&mut connection).unwrap();
        let [News::Erased { log, ids: some }] = news.as_slice() else {
            assert_eq!(news, []);
            break;
        };
        assert!(*log == room(3) && some.len() <= 200, "{}", some.len());
        ids.extend(some.clone());
    }
    let newest: Vec<Box<str>> = (100..600).map(|n| format!("m{n}").into()).collect();
    assert_eq!(ids, newest);
}
