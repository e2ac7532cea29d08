//! The program itself: its command line, its exit codes, its signals, its log.

use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};

use crate::world::{Folder, Person};

pub(crate) fn parlord(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parlord"));
    command
        .args(arguments)
        .env_remove("PARLOR_CONFIG")
        .env_remove("PARLOR_LOG");
    command
}

fn output(arguments: &[&str]) -> Output {
    parlord(arguments).output().unwrap()
}

#[test]
fn it_says_what_it_is() {
    let help = output(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for option in [
        "--config",
        "--listen",
        "--data",
        "--transcript",
        "--check-config",
    ] {
        assert!(
            String::from_utf8_lossy(&help.stdout).contains(option),
            "{option}"
        );
    }
    assert_eq!(output(&["--version"]).status.code(), Some(0));
    assert_eq!(output(&["--no-such-thing"]).status.code(), Some(2));
}

#[test]
fn a_wrong_configuration_is_explained() {
    let folder = Folder::new();
    let file = folder.0.join("parlor.toml");
    std::fs::write(&file, "[server]\nnmae = \"a.b\"\n").unwrap();
    let file = file.display().to_string();
    for extra in [&[][..], &["--check-config"]] {
        let run = output(&[&["--config", &file], extra].concat());
        assert_eq!(run.status.code(), Some(2));
        let complaint = String::from_utf8_lossy(&run.stderr).into_owned();
        let expected =
            format!("parlord: {file}:2: `server.nmae` is no known key; right would be: `name`\n");
        assert_eq!(complaint, expected);
    }
    std::fs::write(folder.0.join("parlor.toml"), "[server]\nname = \"a.b\"\n").unwrap();
    assert_eq!(
        output(&["--config", &file, "--check-config"]).status.code(),
        Some(0)
    );
    // What works, but cannot be meant, is refused only where that is asked.
    std::fs::write(folder.0.join("parlor.toml"), "[server]\nlisten = []\n").unwrap();
    let run = output(&["--config", &file, "--check-config"]);
    assert_eq!(run.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&run.stderr).into_owned();
    let expected = format!("parlord: {file}: `server.listen` is empty");
    assert!(complaint.starts_with(&expected), "{complaint}");
    let listening = ["--config", &file, "--check-config", "--listen", "[::1]:0"];
    assert_eq!(output(&listening).status.code(), Some(0));
    assert_eq!(
        output(&["--config", "/no/such/file"]).status.code(),
        Some(2)
    );
}

#[test]
fn an_address_in_use_is_said_so() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = Folder::new();
    let run = output(&[
        "--listen",
        &address,
        "--data",
        &folder.0.display().to_string(),
    ]);
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stderr).contains("is in use"));
}

/// A program that runs, and the rest of its log.
pub(crate) struct Program {
    child: Child,
    log: BufReader<std::process::ChildStderr>,
    pub(crate) address: String,
    _folder: Option<Folder>,
    data: std::path::PathBuf,
}

pub(crate) fn started(extra: &[&str]) -> Program {
    started_with("", extra)
}

/// The program with this configuration file, on a port that was free.
pub(crate) fn started_with(config: &str, extra: &[&str]) -> Program {
    let folder = Folder::new();
    let data = folder.0.clone();
    launched(parlord, data, Some(folder), config, extra)
}

/// The program in somebody else's folder.
pub(crate) fn started_in(folder: &Folder, config: &str, extra: &[&str]) -> Program {
    launched(parlord, folder.0.clone(), None, config, extra)
}

/// The program in somebody else's folder, where a file that may not grow any more is an error like that of a full disk,
/// and not the end of the program.
#[cfg(target_os = "linux")]
pub(crate) fn started_to_run_full(folder: &Folder, config: &str) -> Program {
    let command = |arguments: &[&str]| {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]);
        shell.arg(env!("CARGO_BIN_EXE_parlord"));
        shell.args(arguments);
        shell
    };
    launched(command, folder.0.clone(), None, config, &[])
}

/// The program where it may have so many files open, and no more.
#[cfg(unix)]
fn started_with_files(count: usize) -> Program {
    let command = |arguments: &[&str]| {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -n {count}; exec \"$@\""), "sh"]);
        shell.arg(env!("CARGO_BIN_EXE_parlord"));
        shell.args(arguments);
        shell
    };
    let folder = Folder::new();
    launched(command, folder.0.clone(), Some(folder), "", &[])
}

fn launched(
    command: impl Fn(&[&str]) -> Command,
    folder: std::path::PathBuf,
    own: Option<Folder>,
    config: &str,
    extra: &[&str],
) -> Program {
    let data = folder.display().to_string();
    let file = folder.join("parlor.toml");
    std::fs::write(&file, config).unwrap();
    let file = file.display().to_string();
    let mut arguments = vec!["--data", &data, "--config", &file];
    if !extra.contains(&"--listen") {
        arguments.extend(["--listen", "127.0.0.1:0"]);
    }
    arguments.extend(extra);
    let mut child = command(&arguments).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("door open on ") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended at once");
    }
    let address = line.trim().rsplit(' ').next().unwrap().to_owned();
    Program {
        child,
        log,
        address,
        _folder: own,
        data: folder,
    }
}

impl Program {
    /// Sends it a signal, by name as `kill` takes it.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// The next line of its log with these words.
    #[track_caller]
    pub(crate) fn says(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(
                self.log.read_line(&mut line).unwrap(),
                0,
                "the end before {words}"
            );
        }
        line
    }

    /// The rest of its log, to its end.
    pub(crate) fn last_words(&mut self) -> String {
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        log
    }

    /// Reads its log from here on beside the test, however much it is; all of it once the program has ended.
    #[cfg(unix)]
    pub(crate) fn reads_log_aside(&self) -> std::thread::JoinHandle<String> {
        let log = std::os::fd::AsFd::as_fd(self.log.get_ref());
        let mut log = std::fs::File::from(log.try_clone_to_owned().unwrap());
        std::thread::spawn(move || {
            let mut text = Vec::new();
            log.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        })
    }

    /// It still runs.
    #[track_caller]
    pub(crate) fn is_calm(&mut self) {
        let ended = self.child.try_wait().unwrap();
        assert_eq!(ended, None, "it has ended by itself");
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Killed at once, with nothing it could do about it; it had not found a bug in itself before.
    pub(crate) fn is_killed(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut log = String::new();
        self.log.read_to_string(&mut log).unwrap();
        assert!(!log.contains("bug"), "{log}");
    }

    /// Told to end; its exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.signal("-TERM");
        self.child.wait().unwrap().code()
    }

    /// Where it keeps things.
    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.data
    }

    /// Somebody registered.
    pub(crate) fn person(&self, nick: &str) -> Person {
        let mut person = Person::new(TcpStream::connect(&self.address).unwrap());
        person.register(nick);
        person
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already, where the test was about its end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_signal_ends_it_cleanly_and_the_words_are_written_only_on_demand() {
    for (extra, words) in [(&["--transcript"][..], true), (&[], false)] {
        let mut program = started(extra);
        let mut ada = program.person("ada");
        ada.say("JOIN #lobby");
        ada.reads(" 366 ");
        ada.say("PRIVMSG #lobby :Hi Guys!!!");
        ada.is_served();
        program.signal(if words { "-TERM" } else { "-INT" });
        assert!(ada.reads_to_the_end().last().unwrap().starts_with("ERROR "));
        assert_eq!(program.child.wait().unwrap().code(), Some(0));
        let mut log = String::new();
        program.log.read_to_string(&mut log).unwrap();
        assert_eq!(
            log.lines().any(|line| line == "ada: Hi Guys!!!"),
            words,
            "{log}"
        );
        assert_eq!(log.contains("Hi Guys"), words, "{log}");
        for deed in ["ada came from 127.0.0.1", "ada joined #lobby", "ada left"] {
            assert!(log.contains(deed), "{deed}: {log}");
        }
    }
}

#[test]
fn a_hangup_reads_the_configuration_again() {
    let mut program = started(&[]);
    program.signal("-HUP");
    let mut line = String::new();
    while !line.contains("was read again") {
        line.clear();
        assert_ne!(program.log.read_line(&mut line).unwrap(), 0);
    }
    let mut ada = program.person("ada");
    ada.is_served();
    program.signal("-TERM");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn whoever_would_find_no_file_is_told_and_nobody_else_loses_anything() {
    let mut program = started_with_files(96);
    let mut people: Vec<Person> = (0..32).map(|n| program.person(&format!("p{n}"))).collect();
    for _ in 0..100 {
        let late = TcpStream::connect(&program.address).unwrap();
        let mut answer = String::new();
        BufReader::new(late).read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "ERROR :Closing link: (this server is full)\r\n");
    }
    for person in &mut people {
        person.say("JOIN #lobby");
        person.reads(" 366 ");
    }
    people[0].say("PRIVMSG #lobby :we are many");
    for person in &mut people[1..] {
        person.reads("we are many");
    }
    program.signal("-HUP");
    let line = program.says("connections, not 100000");
    assert!(line.contains("there may be 32 connections"), "{line}");
    assert!(line.contains("may open 96 files"), "{line}");
}
