//! Invites at the command line beside a running server: what is printed lets people in, so many and no more, also when
//! they all come at once and the server ends in between.

use std::net::TcpStream;
use std::thread;

use crate::program::{Program, parlord, started_in};
use crate::world::{Folder, Person};

/// The server's own configuration: nobody comes in without a password.
const SERVER: &str = "[server]\npassword = \"sesame\"\n[server.limits]\nflood_control = false\n";
/// The errand's: where others come in.
const DOOR: &str = "[server.tls]\nlisten = [\"0.0.0.0:6697\"]\n";

/// Runs `parlord invite`; its exit code and what it said.
fn invite(folder: &Folder, config: &str, words: &[&str]) -> (Option<i32>, String) {
    let file = folder.0.join("errand.toml");
    std::fs::write(&file, config).unwrap();
    let output = parlord(&["invite"])
        .args(words)
        .args(["--config", &file.display().to_string()])
        .args(["--data", &folder.0.display().to_string()])
        .output()
        .unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8(output.stderr).unwrap());
    (output.status.code(), text)
}

fn token(folder: &Folder, words: &[&str]) -> String {
    let (code, link) = invite(folder, DOOR, words);
    assert_eq!(code, Some(0), "{link}");
    link.trim().split("token=").nth(1).unwrap().to_owned()
}

/// Comes with an invite; the line that says how it went.
fn comes(program: &Program, nick: &str, token: &str, word: &str) -> (Person, String) {
    let mut person = Person::new(TcpStream::connect(&program.address).unwrap());
    person.say(&format!("PASS parlor.chat/invite:{token}:{word}"));
    person.say(&format!("NICK {nick}"));
    person.say(&format!("USER {nick} 0 * :{nick}"));
    let line = loop {
        let line = person.line().unwrap();
        if [" 001 ", "FAIL PASS "]
            .iter()
            .any(|sign| line.contains(sign))
        {
            break line;
        }
    };
    (person, line)
}

#[test]
fn links_are_made_listed_and_taken_back_while_the_server_runs() {
    let folder = Folder::new();
    let program = started_in(&folder, SERVER, &[]);
    let mut ada = Person::new(TcpStream::connect(&program.address).unwrap());
    ada.say("PASS sesame");
    ada.register("ada");
    ada.say("JOIN #den");
    ada.say("MODE #den +i");
    ada.reads("MODE #den");

    let host = [
        "den",
        "--host",
        "chat.example",
        "--uses",
        "1",
        "--expires",
        "1h",
    ];
    let (code, link) = invite(&folder, DOOR, &host);
    assert_eq!(code, Some(0), "{link}");
    assert!(link.starts_with("parlor://chat.example/den?key="), "{link}");
    let token = link.trim().split("token=").nth(1).unwrap().to_owned();
    assert_eq!(token.len(), 22, "128 bits: {token}");

    let (mut ken, answer) = comes(&program, "ken", &token, "kens");
    assert!(answer.contains(" 001 ken"), "{answer}");
    ken.say(&format!("JOIN #den parlor.chat/invite:{token}:kens"));
    ken.reads("JOIN #den");
    let (_, answer) = comes(&program, "bob", &token, "bobs");
    assert!(answer.contains("FAIL PASS INVITE_USED_UP"), "{answer}");

    let (code, list) = invite(&folder, DOOR, &["--list"]);
    assert_eq!(code, Some(0), "{list}");
    let row = list.lines().nth(1).unwrap();
    let words: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(words[..5], ["1", "#den", "1", "of", "1"], "{list}");
    assert!(row.contains("used up") && !list.contains(&token), "{list}");
    assert_eq!(
        invite(&folder, DOOR, &["--list", "other"])
            .1
            .lines()
            .count(),
        1
    );
    let gone = (Some(0), "invite 1 lets in nobody any more\n".to_owned());
    assert_eq!(invite(&folder, DOOR, &["--revoke", "1"]), gone);
    let none = (Some(1), "parlord: there is no invite 7\n".to_owned());
    assert_eq!(invite(&folder, DOOR, &["--revoke", "7"]), none);
    let (_, answer) = comes(&program, "kay", &token, "kens");
    assert!(answer.contains("FAIL PASS INVITE_REVOKED"), "{answer}");
}

#[test]
fn what_makes_no_sense_is_no_link() {
    let folder = Folder::new();
    let (code, why) = invite(&folder, "", &["den"]);
    assert_eq!(code, Some(1));
    assert!(why.contains("[server.tls]"), "{why}");
    assert_eq!(invite(&folder, DOOR, &["--list"]).1.lines().count(), 1);
    for words in [
        &[][..],
        &["den", "--uses", "0"],
        &["den", "--expires", "1s"],
        &["den", "--expires", "soon"],
        &["den", "--host", "a b"],
        &["--list", "--revoke", "1"],
        &["--revoke", "one"],
    ] {
        assert_eq!(invite(&folder, DOOR, words).0, Some(2), "{words:?}");
    }
    assert_eq!(invite(&folder, DOOR, &["a b"]).0, Some(1));
}

#[test]
fn five_uses_never_admit_six_though_all_come_at_once_and_the_server_dies() {
    let folder = Folder::new();
    // Made before any server ran here, and for a room that nobody has been in.
    let token = token(&folder, &["den", "--uses", "5"]);
    let admitted = |program: &Program, range: std::ops::Range<u32>| -> Vec<u32> {
        thread::scope(|scope| {
            let come = |number: u32| {
                let token = &token;
                scope.spawn(move || {
                    let (nick, word) = (format!("n{number}"), format!("w{number}"));
                    let (_, line) = comes(program, &nick, token, &word);
                    line.contains(" 001 ").then_some(number)
                })
            };
            let all: Vec<_> = range.map(come).collect();
            all.into_iter()
                .filter_map(|one| one.join().unwrap())
                .collect()
        })
    };
    let mut program = started_in(&folder, SERVER, &[]);
    let first = admitted(&program, 0..3);
    assert_eq!(first, [0, 1, 2]);
    // Whoever was told that they are in is counted, whatever happens next.
    program.is_killed();
    let program = started_in(&folder, SERVER, &[]);
    let all = admitted(&program, 0..12);
    assert_eq!(all.len(), 5, "{all:?}");
    assert_eq!(all[..3], [0, 1, 2], "who was in before is in again");
}

#[test]
fn who_names_the_host_may_invite_to_a_door_on_loopback() {
    let folder = Folder::new();
    let _program = started_in(&folder, SERVER, &[]);
    let door = "[server.tls]\nlisten = [\"127.0.0.1:7000\"]\n";
    let (code, why) = invite(&folder, door, &["lobby"]);
    assert_eq!(code, Some(1));
    assert!(why.contains("another machine"), "{why}");
    let (code, link) = invite(&folder, door, &["lobby", "--host", "127.0.0.1"]);
    assert_eq!(code, Some(0), "{link}");
    assert!(
        link.starts_with("parlor://127.0.0.1:7000/lobby?key="),
        "{link}"
    );
}
