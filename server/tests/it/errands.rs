//! The program's errands: accounts, backups, checks; and two servers that want one folder.

use std::io::{Read, Write};
use std::process::{Output, Stdio};

use crate::program::{Program, parlord, started, started_in};
use crate::world::{Folder, Person};

/// Hashes cheaply.
pub(crate) const CONFIG: &str = "[server.accounts]\npassword_hash = \"minimum\"\n";

/// An errand with words on its standard input.
pub(crate) fn errand(folder: &Folder, words: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let file = folder.0.join("parlor.toml");
    std::fs::write(&file, CONFIG).unwrap();
    let mut child = parlord(arguments)
        .args(["--config", &file.display().to_string()])
        .args(["--data", &folder.0.display().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // An errand that wants no words has ended by now, perhaps.
    let _ = input.write_all(words.as_bytes());
    drop(input);
    said(child.wait_with_output().unwrap())
}

/// The exit code, and all that was said.
fn said(output: Output) -> (Option<i32>, String) {
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    (output.status.code(), text)
}

pub(crate) fn logs_in(program: &Program, name: &str, password: &str) -> bool {
    let mut person = Person::new(std::net::TcpStream::connect(&program.address).unwrap());
    person.say("CAP REQ :sasl");
    person.reads(" ACK ");
    person.say("AUTHENTICATE PLAIN");
    person.reads("AUTHENTICATE +");
    let plain = format!("\0{name}\0{password}");
    let words = <base64ct::Base64 as base64ct::Encoding>::encode_string(plain.as_bytes());
    person.say(&format!("AUTHENTICATE {words}"));
    let answer = person.reads(" 90");
    assert!(answer.contains(" 903 ") || answer.contains(" 904 ") || answer.contains(" 900 "));
    !answer.contains(" 904 ")
}

#[test]
fn accounts_are_made_changed_and_listed_while_the_server_runs() {
    let folder = Folder::new();
    let add = ["account", "add", "ada"];
    assert_eq!(
        errand(&folder, "firstly\n", &add),
        (Some(0), "the account ada is made\n".to_owned())
    );
    assert_eq!(
        errand(&folder, "second\n", &["account", "add", "ADA"]),
        (
            Some(1),
            "parlord: there is such an account already\n".to_owned()
        )
    );
    let missing = "parlord: the password is missing: it is a line on standard input\n";
    assert_eq!(
        errand(&folder, "", &["account", "add", "bob"]),
        (Some(1), missing.to_owned())
    );
    let short = "parlord: a password has at least 6 characters\n";
    assert_eq!(
        errand(&folder, "a\n", &["account", "add", "bob"]),
        (Some(1), short.to_owned())
    );
    let program = started_in(&folder, CONFIG, &[]);
    assert!(logs_in(&program, "ada", "firstly"));
    assert_eq!(
        errand(&folder, "b\u{f6}b's own\r\n", &["account", "add", "bob"]).0,
        Some(0)
    );
    assert!(logs_in(&program, "bob", "b\u{f6}b's own"));
    assert_eq!(
        errand(&folder, "another\n", &["account", "password", "ada"]),
        (Some(0), "ada has another password\n".to_owned())
    );
    assert!(!logs_in(&program, "ada", "firstly"));
    assert!(logs_in(&program, "ada", "another"));
    let nobody = errand(&folder, "sesame\n", &["account", "password", "carl"]);
    assert_eq!(nobody.0, Some(1));
    assert!(nobody.1.contains("no such account"), "{}", nobody.1);
    let (code, list) = errand(&folder, "", &["account", "list"]);
    assert_eq!(code, Some(0));
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(names, ["NAME", "ada", "bob"], "{list}");
    assert_eq!(errand(&folder, "", &["account"]).0, Some(2));
    assert_eq!(errand(&folder, "x\n", &["account", "add"]).0, Some(2));
}

#[test]
fn a_backup_of_a_running_server_is_put_back() {
    let folder = Folder::new();
    let copy = folder.0.join("copy.db").display().to_string();
    let (code, why) = errand(&folder, "", &["backup", &copy]);
    assert_eq!(code, Some(1));
    assert!(why.contains("there is no database"), "{why}");
    let program = started_in(&folder, "", &[]);
    let mut ada = program.person("ada");
    ada.say("CAP REQ :echo-message");
    ada.say("JOIN #lobby");
    for words in ["before", "after"] {
        ada.say(&format!("PRIVMSG #lobby :{words}"));
        ada.reads(&format!("PRIVMSG #lobby :{words}"));
        if words == "before" {
            let (code, what) = errand(&folder, "", &["backup", &copy]);
            assert_eq!(code, Some(0), "{what}");
            assert!(what.starts_with(&copy), "{what}");
        }
    }
    let again = errand(&folder, "", &["backup", &copy]);
    assert_eq!(again.0, Some(1));
    assert!(
        again
            .1
            .contains("exists already, and a backup is never written over another"),
        "{}",
        again.1
    );
    let nowhere = format!("{copy}/there");
    let (code, why) = errand(&folder, "", &["backup", &nowhere]);
    assert_eq!(code, Some(1));
    assert!(why.contains("cannot be written"), "{why}");
    let running = errand(&folder, "", &["restore", &copy]);
    assert_eq!(running.0, Some(1));
    assert!(running.1.contains("another server"), "{}", running.1);
    let (code, what) = errand(&folder, "", &["check"]);
    assert_eq!(code, Some(0), "{what}");
    assert!(what.ends_with("is whole\n"), "{what}");
    drop(program);
    let (code, what) = errand(&folder, "", &["restore", &copy]);
    assert_eq!(code, Some(0), "{what}");
    assert!(what.contains("what was there before is"), "{what}");
    let program = started_in(&folder, "", &[]);
    let mut ada = program.person("ada");
    ada.say("CAP REQ :draft/chathistory");
    ada.say("JOIN #lobby");
    ada.reads(" 366 ");
    ada.say("CHATHISTORY LATEST #lobby * 10");
    ada.reads("PRIVMSG #lobby :before");
    ada.say("PING :end");
    loop {
        let line = ada.line().unwrap();
        assert!(!line.contains("after"), "{line}");
        if line.contains(":end") {
            break;
        }
    }
}

#[test]
fn what_is_damaged_is_found_and_not_put_back() {
    let folder = Folder::new();
    let program = started_in(&folder, "", &[]);
    program.person("ada").is_served();
    drop(program);
    assert_eq!(errand(&folder, "", &["check"]).0, Some(0));
    let damaged = folder.0.join("damaged.db");
    let mut bytes = std::fs::read(folder.0.join("parlor.db")).unwrap();
    for byte in bytes.iter_mut().skip(4096) {
        *byte ^= 0x5a;
    }
    std::fs::write(&damaged, &bytes).unwrap();
    let file = damaged.display().to_string();
    let (code, why) = errand(&folder, "", &["restore", &file]);
    assert_eq!(code, Some(1));
    assert!(why.contains("damaged"), "{why}");
    // A backup is looked at before it is needed.
    let (code, why) = errand(&folder, "", &["check", &file]);
    assert_eq!(code, Some(1));
    assert!(why.contains("damaged.db is damaged"), "{why}");
    let copy = folder.0.join("copy.db").display().to_string();
    assert_eq!(errand(&folder, "", &["backup", &copy]).0, Some(0));
    let (code, what) = errand(&folder, "", &["check", &copy]);
    assert_eq!((code, what), (Some(0), format!("{copy} is whole\n")));
    let (code, why) = errand(&folder, "", &["check", "/no/such"]);
    assert_eq!(code, Some(1));
    assert!(why.contains("there is no file /no/such"), "{why}");
    assert_eq!(errand(&folder, "", &["check"]).0, Some(0));
    std::fs::write(folder.0.join("parlor.db"), &bytes).unwrap();
    for rest in ["parlor.db-wal", "parlor.db-shm"] {
        let _ = std::fs::remove_file(folder.0.join(rest));
    }
    let (code, why) = errand(&folder, "", &["check"]);
    assert_eq!(code, Some(1));
    assert!(why.contains("damaged"), "{why}");
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let program = started(&[]);
    let data = program.folder().display().to_string();
    let second = parlord(&["--listen", "127.0.0.1:0", "--data", &data])
        .output()
        .unwrap();
    let (code, why) = said(second);
    assert_eq!(code, Some(1));
    assert!(why.contains("another server (process "), "{why}");
    // Where the address is taken as well, that is what is said: there is a server that one could use.
    let same = parlord(&["--listen", &program.address, "--data", &data]);
    let (code, why) = said({ same }.output().unwrap());
    assert_eq!(code, Some(1));
    assert!(why.contains("is in use"), "{why}");
    program.person("ada").is_served();
}

#[test]
fn a_terminal_is_shown_how_far_it_has_come() {
    let program = started(&[]);
    let data = program.folder().display().to_string();
    let system = portable_pty::native_pty_system();
    let pair = system.openpty(portable_pty::PtySize::default()).unwrap();
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_parlord"));
    command.args(["check", "--data", &data]);
    command.env("PARLOR_CONFIG", "");
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut shown = Vec::new();
    // Linux reports the end of a terminal as an error.
    let _ = pair
        .master
        .try_clone_reader()
        .unwrap()
        .read_to_end(&mut shown);
    assert!(child.wait().unwrap().success());
    let shown = String::from_utf8_lossy(&shown);
    for part in ["checking [....", "] 100 %", "\r\x1b[K", "is whole"] {
        assert!(shown.contains(part), "{part:?} in {shown:?}");
    }
}
