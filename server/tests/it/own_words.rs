//! What one account said is exported and erased beside a running server, and nobody else's words with it.

use base64ct::{Base64, Encoding};

use crate::errands::{CONFIG, errand, logs_in};
use crate::program::{Program, started_in};
use crate::world::{Folder, Person};

/// Comes in by an account, into a room.
pub(crate) fn arrives(program: &Program, name: &str) -> Person {
    let mut person = Person::new(std::net::TcpStream::connect(&program.address).unwrap());
    person.say("CAP REQ :sasl echo-message message-tags server-time batch draft/chathistory");
    person.reads(" ACK ");
    person.say("AUTHENTICATE PLAIN");
    person.reads("AUTHENTICATE +");
    let plain = format!("\0{name}\0sesame");
    let words = Base64::encode_string(plain.as_bytes());
    person.say(&format!("AUTHENTICATE {words}"));
    person.reads(" 903 ");
    for line in [&format!("NICK {name}"), "USER x 0 * :x", "CAP END"] {
        person.say(line);
    }
    person.reads(" 422 ");
    person.say("JOIN #lobby");
    person.reads(" 366 ");
    person
}

fn says(person: &mut Person, lines: [&str; 2]) {
    for line in lines {
        person.say(line);
        person.reads(line);
    }
}

/// A server in which ada and bob have talked in a room and in private.
fn talked(folder: &Folder) -> (Program, Person) {
    for name in ["ada", "bob"] {
        let (code, why) = errand(folder, "sesame\n", &["account", "add", name]);
        assert_eq!(code, Some(0), "{why}");
    }
    let program = started_in(folder, CONFIG, &[]);
    let (mut ada, mut bob) = (arrives(&program, "ada"), arrives(&program, "bob"));
    says(
        &mut ada,
        [
            "PRIVMSG #lobby :ada in the room",
            "PRIVMSG bob :ada in private",
        ],
    );
    says(
        &mut bob,
        [
            "PRIVMSG #lobby :bob in the room",
            "PRIVMSG ada :bob in private",
        ],
    );
    (program, bob)
}

/// What the history of a room, or of a conversation, tells.
fn history(person: &mut Person, target: &str) -> String {
    person.say(&format!("CHATHISTORY LATEST {target} * 50"));
    person.reads("BATCH +");
    let mut found = Vec::new();
    loop {
        let line = person.line().unwrap();
        if line.contains("BATCH -") {
            return found.join("\n");
        }
        found.push(line);
    }
}

#[test]
fn an_export_is_of_one_account_alone() {
    let folder = Folder::new();
    let (_program, _bob) = talked(&folder);
    let (code, text) = errand(&folder, "", &["account", "export", "ada"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("ada in the room"), "{text}");
    assert!(text.contains("ada in private"), "{text}");
    assert!(!text.contains("bob in"), "{text}");
    let file = folder.0.join("bob.jsonl").display().to_string();
    let export = ["account", "export", "bob", &file];
    assert_eq!(errand(&folder, "", &export).0, Some(0));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("bob in private"), "{text}");
    assert!(!text.contains("ada in"), "{text}");
    let again = errand(&folder, "", &export);
    assert_eq!(again.0, Some(1), "nothing is overwritten");
    let nobody = errand(&folder, "", &["account", "export", "eve"]);
    let why = "parlord: there is no account eve\n";
    assert_eq!(nobody, (Some(1), why.to_owned()));
}

#[test]
fn what_is_erased_is_read_by_nobody_and_a_closed_name_is_nobodys() {
    let folder = Folder::new();
    let (program, mut bob) = talked(&folder);
    let (code, said) = errand(&folder, "", &["account", "erase", "ADA", "--close"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("is closed"), "{said}");
    assert!(said.contains("are erased"), "{said}");
    for target in ["#lobby", "ada"] {
        let found = history(&mut bob, target);
        assert!(found.contains("bob in"), "{found}");
        assert!(!found.contains("ada in"), "{found}");
    }
    assert!(!logs_in(&program, "ada", "sesame"));
    assert!(logs_in(&program, "bob", "sesame"));
    let taken = errand(&folder, "other\n", &["account", "add", "ada"]);
    assert_eq!(taken.0, Some(1), "{}", taken.1);
    assert_eq!(errand(&folder, "", &["check"]).0, Some(0));
}

/// Somebody without an account in the room, whose client takes words off the screen.
fn watches(program: &Program) -> Person {
    let mut watcher = Person::new(std::net::TcpStream::connect(&program.address).unwrap());
    watcher.say("CAP REQ :draft/message-redaction message-tags");
    watcher.reads(" ACK ");
    watcher.say("CAP END");
    watcher.register("eve");
    watcher.say("JOIN #lobby");
    watcher.reads(" 366 ");
    watcher
}

/// The `msgid` of a line.
fn msgid(line: &str) -> String {
    let (_, rest) = line.split_once("msgid=").unwrap();
    rest.split([';', ' ']).next().unwrap().to_owned()
}

#[test]
fn who_is_here_sees_words_go_that_are_erased_at_the_command_line() {
    let folder = Folder::new();
    let (program, _bob) = talked(&folder);
    let mut eve = watches(&program);
    let mut ada = arrives(&program, "ada");
    ada.say("PRIVMSG #lobby :ada once more");
    let said = eve.reads("ada once more");
    let (code, why) = errand(&folder, "", &["account", "erase", "ada"]);
    assert_eq!(code, Some(0), "{why}");
    eve.reads(&format!("REDACT #lobby {} ", msgid(&said)));
    // The account is as it was; with another password its sessions end.
    ada.is_served();
    let other = errand(&folder, "another\n", &["account", "password", "ada"]);
    assert_eq!(other.0, Some(0), "{}", other.1);
    ada.reads("ERROR :The password of your account was changed");
    eve.is_served();
}

#[test]
fn people_erase_themselves_for_ever_also_where_the_server_dies_meanwhile() {
    let folder = Folder::new();
    let (mut program, mut bob) = talked(&folder);
    let mut eve = watches(&program);
    let mut ada = arrives(&program, "ada");
    ada.say("PRIVMSG #lobby :ada once more");
    let said = eve.reads("ada once more");
    ada.say("ERASE");
    ada.reads("FAIL ERASE CONFIRM ada ");
    ada.say("ERASE ada");
    ada.reads("ERASE SUCCESS ada ");
    ada.reads("ERROR :Your account was closed");
    eve.reads(&format!("REDACT #lobby {} ", msgid(&said)));
    for target in ["#lobby", "ada"] {
        let found = history(&mut bob, target);
        assert!(found.contains("bob in"), "{found}");
        assert!(!found.contains(":ada "), "{found}");
    }
    assert!(!logs_in(&program, "ada", "sesame"));
    // Killed as soon as it has said that it will be done, it is done by the next one.
    bob.say("ERASE bob");
    bob.reads("ERASE SUCCESS bob ");
    program.is_killed();
    let program = started_in(&folder, CONFIG, &[]);
    let mut eve = watches(&program);
    eve.say("CAP REQ :batch draft/chathistory");
    eve.reads(" ACK ");
    let began = std::time::Instant::now();
    while history(&mut eve, "#lobby").contains("bob in") {
        assert!(began.elapsed() < std::time::Duration::from_secs(20));
    }
    assert_eq!(errand(&folder, "", &["check"]).0, Some(0));
}
