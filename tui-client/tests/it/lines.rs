//! `parlor --linear` as scripts use it: lines into a pipe, lines out of one, and an exit code that can be believed.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};

use crate::harness::{Folder, Server};

fn linear(folder: &Folder, port: u16, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
    command
        .args(["--linear", "--port", &port.to_string(), "--no-host"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    folder.house(|name, place| {
        command.env(name, place);
    });
    for name in ["PARLOR_CONFIG", "RUST_LOG"] {
        command.env_remove(name);
    }
    command.env("TZ", "UTC");
    command
}

/// Runs it with this input; what came of it.
fn pipe(folder: &Folder, port: u16, words: &[&str], input: &str) -> Output {
    let mut child = linear(folder, port, words).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Somebody who stays until their input ends.
struct Listener {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Listener {
    fn start(folder: &Folder, port: u16, nick: &str) -> Self {
        let mut child = linear(folder, port, &["--nick", nick, "--room", "#ops"])
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut listener = Self { child, lines };
        listener.hear(" in #ops: ");
        listener
    }

    /// Waits for a line with these words.
    #[track_caller]
    fn hear(&mut self, words: &str) -> String {
        let line = self.lines.by_ref().map_while(Result::ok);
        let mut before = Vec::new();
        for line in line {
            if line.contains(words) {
                return line;
            }
            before.push(line);
        }
        panic!("it ended without {words}: {before:#?}");
    }

    fn write(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(line.as_bytes()).unwrap();
    }

    fn end(mut self) -> Option<i32> {
        drop(self.child.stdin.take());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_script_says_a_word_and_knows_that_it_is_stored() {
    let (folder, server) = (Folder::new(), Server::start());
    let port = server.address.port();
    let mut grace = Listener::start(&folder, port, "grace");

    let said = pipe(
        &folder,
        port,
        &["--nick", "ada", "--room", "#ops"],
        "hello\n",
    );
    let out = String::from_utf8(said.stdout).unwrap();
    let errors = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(0), "{out}{errors}");
    assert!(out.contains(" ada: hello\n"), "{out}");
    assert_eq!(errors, "");

    assert!(grace.hear("came in").starts_with("ada came in"));
    let heard = grace.hear("hello");
    assert_eq!(heard.get(5..), Some(" ada: hello"), "{heard}");
    assert!(grace.hear("left").starts_with("ada left"));
    // It is in the history, not only on the wire.
    grace.write("/search hello\n");
    grace.hear("ada: hello (#ops");
    assert_eq!(grace.end(), Some(0));
}

#[test]
fn many_lines_and_the_last_without_an_end_arrive_in_order() {
    let (folder, server) = (Folder::new(), Server::start());
    let port = server.address.port();
    let mut grace = Listener::start(&folder, port, "grace");
    let lines: Vec<String> = (0..12).map(|number| format!("line {number:02}")).collect();
    let said = pipe(
        &folder,
        port,
        &["--nick", "ada", "--room", "ops"],
        &lines.join("\n"),
    );
    assert_eq!(said.status.code(), Some(0));
    for line in &lines {
        // None is left out: the next line of hers is this one.
        let heard = grace.hear("ada: ");
        assert!(heard.ends_with(line), "{heard} is not {line}");
    }
    assert_eq!(grace.end(), Some(0));
}

#[test]
fn the_next_line_waits_for_the_room_and_an_unread_answer_stops_nothing() {
    let (folder, server) = (Folder::new(), Server::start());
    let port = server.address.port();
    let mut grace = Listener::start(&folder, port, "grace");
    let mut child = linear(&folder, port, &["--nick", "ada", "--room", "#attic"])
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"/join #ops\nhello\n").unwrap();
    drop(stdin);
    let said = child.wait_with_output().unwrap();
    assert_eq!(said.status.code(), Some(0));
    assert_eq!(String::from_utf8(said.stderr).unwrap(), "");
    assert!(grace.hear("ada: ").ends_with("hello"));
    assert_eq!(grace.end(), Some(0));
}

#[test]
fn whoever_reads_a_part_of_a_man_page_is_told_of_no_trouble() {
    for words in [["man", "parlor"], ["completions", "bash"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
        command
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let said = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(said.stderr).unwrap(), "", "{words:?}");
        assert_eq!(said.status.code(), Some(0), "{words:?}");
    }
}

#[test]
fn what_cannot_be_said_ends_with_a_sentence_and_another_code() {
    let (folder, server) = (Folder::new(), Server::start());
    let port = server.address.port();
    let mut grace = Listener::start(&folder, port, "grace");
    grace.write("/mode +m\n");
    grace.hear("set mode +m");
    let said = pipe(
        &folder,
        port,
        &["--nick", "ada", "--room", "#ops"],
        "may I?\n",
    );
    let errors = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(1), "{errors}");
    let sentence = "\"may I?\" was not sent: ";
    assert_eq!(errors.matches(sentence).count(), 1, "{errors}");
    let said = pipe(
        &folder,
        port,
        &["--nick", "ada", "--room", "#ops"],
        "/topic mine now\n",
    );
    let errors = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(1), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");

    grace.write("/mode -m+k sesame\n");
    grace.hear("set mode");
    let said = pipe(
        &folder,
        port,
        &["--nick", "ken", "--room", "#ops"],
        "hello\n",
    );
    let errors = String::from_utf8(said.stderr).unwrap();
    assert_eq!(said.status.code(), Some(1), "{errors}");
    assert!(
        errors.contains("parlor: #ops was not entered: it needs another key"),
        "{errors}"
    );
    assert_eq!(grace.end(), Some(0));
}

#[test]
fn nothing_that_others_send_moves_the_cursor() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut grace = Listener::start(&folder, server.address.port(), "grace");
    let mut wire = std::net::TcpStream::connect(server.address).unwrap();
    let text = "\u{3}04red\u{f} alert \u{1b}[2Jgone \u{202e}txet\u{9b}31m\u{8}";
    let lines = format!("NICK ada\r\nUSER ada 0 * :ada\r\nJOIN #ops\r\nPRIVMSG #ops :{text}\r\n");
    wire.write_all(lines.as_bytes()).unwrap();
    let heard = grace.hear("alert");
    assert!(
        heard.ends_with(" ada: red alert [2Jgone txet31m"),
        "{heard:?}"
    );
    assert_eq!(grace.end(), Some(0));
}

#[test]
fn who_is_asked_for_the_full_screen_without_a_terminal_names_the_lines() {
    let folder = Folder::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlor"));
    folder.house(|name, place| {
        command.env(name, place);
    });
    let said = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    let errors = String::from_utf8(said.stderr).unwrap();
    assert!(errors.contains("parlor --linear"), "{errors}");
}
