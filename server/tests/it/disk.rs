//! A disk that is full or cannot be written, and a database that is damaged: the program starts or says why not; what
//! it cannot store it refuses, with the reason; and what needs no storage goes on. No test needs root, or a disk of its
//! own: a limit on the size of files stands for a full one.

use std::path::Path;
use std::process::{Command, Output};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::program::{Program, parlord, started_in, started_to_run_full};
use crate::world::{Folder, Person};

/// Messages by which a database must have grown.
const ENOUGH: usize = 2000;
/// Nothing holds who speaks back but the disk.
const CONFIG: &str = "[server.limits]\nflood_control = false\n";

/// A start that fails: its exit code, and what it says.
pub(crate) fn start(folder: &Path) -> (Option<i32>, String) {
    let data = folder.display().to_string();
    ended(parlord(&["--listen", "127.0.0.1:0", "--data", &data]).output())
}

pub(crate) fn ended(output: std::io::Result<Output>) -> (Option<i32>, String) {
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), said)
}

/// From now on no file of the program may be longer than that.
fn limit(program: &Program, bytes: Option<u64>) {
    let process = Pid::from_raw(i32::try_from(program.process()).unwrap());
    let limit = Rlimit {
        current: bytes,
        maximum: None,
    };
    prlimit(process, Resource::Fsize, limit).unwrap();
}

pub(crate) fn member(program: &Program, nick: &str) -> Person {
    let mut person = program.person(nick);
    person.say("CAP REQ :message-tags echo-message batch draft/chathistory");
    person.reads(" ACK ");
    person.say("JOIN #lobby");
    person.reads(" 366 ");
    person
}

/// Says one thing after the other until it is refused; how many were not, and the refusal.
pub(crate) fn say_until_refused(person: &mut Person) -> (usize, String) {
    let padding = "x".repeat(300);
    for count in 0..ENOUGH {
        person.say(&format!("PRIVMSG #lobby :{count} {padding}"));
        let line = loop {
            let line = person.line().unwrap();
            if line.contains(" PRIVMSG ") {
                break line;
            }
        };
        if line.contains("FAIL ") {
            return (count, line);
        }
    }
    panic!("nothing was refused");
}

#[test]
fn what_a_full_disk_does_not_take_is_refused_and_the_rest_goes_on() {
    let folder = Folder::new();
    let mut program = started_to_run_full(&folder, CONFIG);
    let (mut ada, mut bob) = (member(&program, "ada"), member(&program, "bob"));
    ada.reads("JOIN #lobby");
    limit(&program, Some(1 << 20));
    let (stored, refusal) = say_until_refused(&mut ada);
    assert!(stored > 0);
    assert!(
        refusal.contains("FAIL PRIVMSG NOT_STORED #lobby :"),
        "{refusal}"
    );
    assert!(refusal.contains("the server's disk"), "{refusal}");
    // What needs no storage goes on, also for who comes only now.
    let mut carl = member(&program, "carl");
    carl.say("@+typing=active TAGMSG #lobby");
    ada.reads("TAGMSG #lobby");
    carl.say("JOIN #new");
    carl.reads(" 366 ");
    carl.say("NICK charles");
    ada.reads("NICK :charles");
    carl.say("PRIVMSG ada :psst");
    carl.reads("FAIL PRIVMSG NOT_STORED ada :");
    // Everybody heard what was stored, and nobody what was not.
    for count in 0..stored {
        bob.reads(&format!("PRIVMSG #lobby :{count} x"));
    }
    bob.say("PING :end");
    while let Some(line) = bob.line().filter(|line| !line.contains(":end")) {
        assert!(!line.contains("PRIVMSG"), "{line}");
    }
    // What was stored is read, and what the disk takes again is stored again.
    carl.say("CHATHISTORY LATEST #lobby * 1");
    carl.reads(&format!("PRIVMSG #lobby :{} x", stored - 1));
    limit(&program, None);
    ada.say("PRIVMSG #lobby :again");
    ada.reads("PRIVMSG #lobby :again");
    bob.reads("PRIVMSG #lobby :again");
    assert_eq!(program.ended(), Some(0));
    let data = folder.0.display().to_string();
    let check = ended(parlord(&["check", "--data", &data]).output());
    assert_eq!(check, (Some(0), String::new()));
}

#[test]
fn a_disk_that_is_full_from_the_start_is_said_so() {
    let folder = Folder::new();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"]);
    shell.arg(env!("CARGO_BIN_EXE_parlord"));
    shell
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(&folder.0);
    let (code, said) = ended(shell.output());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(&folder.0.display().to_string()), "{said}");
}

#[test]
fn a_folder_that_cannot_be_written_is_said_so() {
    // Nobody can make one there, not even root.
    let (code, said) = start(Path::new("/proc/parlor"));
    assert_eq!(code, Some(1), "{said}");
    let expected = "the data folder cannot be used: /proc/parlor: ";
    assert!(said.contains(expected), "{said}");
    // One that is there and cannot be written, unless this is root, who can.
    let folder = Folder::new();
    let mode = |mode| {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&folder.0, permissions).unwrap();
    };
    mode(0o500);
    if std::fs::write(folder.0.join("probe"), "").is_err() {
        let (code, said) = start(&folder.0);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("the data folder cannot be used: "), "{said}");
    }
    mode(0o700);
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    for words in [
        "these are no pages of a database, but a letter to somebody\n",
        "x",
    ] {
        let folder = Folder::new();
        let file = folder.0.join("parlor.db");
        let words = words.repeat(200);
        std::fs::write(&file, &words).unwrap();
        let (code, said) = start(&folder.0);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("parlor.db cannot be used: it is no database"),
            "{said}"
        );
        assert_eq!(std::fs::read_to_string(&file).unwrap(), words);
    }
}

#[test]
fn a_damaged_database_ends_nothing_but_what_needs_it() {
    let folder = Folder::new();
    let mut program = started_in(&folder, CONFIG, &[]);
    let mut ada = member(&program, "ada");
    for count in 0..50 {
        ada.say(&format!("PRIVMSG #lobby :{count}"));
        ada.reads(&format!("PRIVMSG #lobby :{count}"));
    }
    assert_eq!(program.ended(), Some(0));
    let file = folder.0.join("parlor.db");
    let whole = std::fs::read(&file).unwrap();
    let pages = whole.len() / 4096;
    let mut tried = 0;
    // One page after the other, each of zeroes.
    for page in (1..pages).step_by(1 + pages / 6) {
        let mut bytes = whole.clone();
        bytes[page * 4096..][..4096].fill(0);
        std::fs::write(&file, &bytes).unwrap();
        let data = folder.0.display().to_string();
        let (code, said) = ended(parlord(&["check", "--data", &data]).output());
        if code == Some(0) {
            // A page that nothing is on.
            continue;
        }
        assert!(said.contains("damaged"), "{said}");
        // It may do either, but nothing else.
        let _ = starts(&folder);
        tried += 1;
        for rest in ["parlor.db-wal", "parlor.db-shm"] {
            let _ = std::fs::remove_file(folder.0.join(rest));
        }
    }
    assert!(tried > 0);
}

/// Whether it starts on what there is; if so, it serves people, and stores or refuses what they say.
fn starts(folder: &Folder) -> bool {
    let data = folder.0.display().to_string();
    let mut trial = parlord(&["--listen", "127.0.0.1:0", "--data", &data]);
    let mut trial = trial.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut log = std::io::BufReader::new(trial.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("door open on ") {
        if std::io::BufRead::read_line(&mut log, &mut said).unwrap() == 0 {
            assert_eq!(trial.wait().unwrap().code(), Some(1), "{said}");
            assert!(said.contains("parlor.db cannot be used: "), "{said}");
            return false;
        }
    }
    let address = said.trim().rsplit(' ').next().unwrap();
    let mut ada = Person::new(std::net::TcpStream::connect(address).unwrap());
    ada.say("NICK ada");
    ada.say("USER ada 0 * :ada");
    // Where nobody can say whose a nick is, nobody gets one.
    let is_in = !ada.reads_until(&[" 422 ", " 437 "]).contains(" 437 ");
    if is_in {
        ada.say("CAP REQ echo-message");
        ada.say("JOIN #lobby");
        ada.reads(" 366 ");
        ada.say("PRIVMSG #lobby :still here");
        let answer = ada.reads("PRIVMSG");
        let is_refused = answer.contains("FAIL PRIVMSG NOT_STORED");
        assert!(is_refused || answer.ends_with(":still here"), "{answer}");
    }
    ada.is_served();
    trial.kill().unwrap();
    trial.wait().unwrap();
    true
}
