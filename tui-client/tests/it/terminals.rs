//! `parlor` in real terminals: two people, a server, keys and signals; and the terminal is always given back.

use rustix::process::Signal;
use tui_client::terminal;

use crate::harness::{Folder, Server, Terminal, free_port};

const F2: &str = "\x1bOQ";
const F4: &str = "\x1bOS";
const CTRL_C: &str = "\x03";
const CTRL_L: &str = "\x0c";
const CTRL_Q: &str = "\x11";
const CTRL_Z: &str = "\x1a";
const ENTER: &str = "\r";
const SIZE: (u16, u16) = (80, 24);

fn visitor(folder: &Folder, server: &Server, nick: &str) -> Terminal {
    let port = server.address.port().to_string();
    let words = ["--port", &port, "--nick", nick, "--no-host"];
    Terminal::parlor(folder, SIZE, &words)
}

#[test]
fn a_message_is_reacted_to_found_and_taken_back() {
    const CTRL_UP: &str = "\x1b[1;5A";
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    let mut grace = visitor(&folder, &server, "grace");
    ada.see("2 here");
    let address = format!("https://ci.example/{}/end", "0123456789".repeat(6));
    ada.press(&format!("see {address}\r"));
    grace.see("/end");
    // The link is longer than a row: its pieces stand below each other, and no pane has moved.
    let text = grace.text();
    let edges: Vec<_> = text.lines().filter_map(|row| column(row, '│')).collect();
    assert!(edges.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
    let start = text.lines().position(|row| row.contains("https://"));
    let end = text.lines().position(|row| row.contains("/end"));
    assert!(start < end, "{text}");

    grace.press(CTRL_UP);
    grace.see("react");
    grace.press("+tad");
    grace.see("🎉");
    grace.press(ENTER);
    ada.see("🎉 1");
    grace.press("/search ci.example\r");
    grace.see("Found");
    grace.see("ada: see https://ci.example");
    grace.press("\x1b");
    ada.see("sent");
    ada.press(CTRL_UP);
    ada.see("take back");
    ada.press("d");
    ada.see("Take this message back?");
    ada.press("y");
    grace.see("taken back by ada");
    for terminal in [&mut ada, &mut grace] {
        terminal.press(CTRL_Q);
        terminal.end();
    }
}

#[test]
fn two_people_meet_talk_leave_and_come_back() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    let mut grace = visitor(&folder, &server, "grace");
    grace.see("2 here");
    ada.see("2 here");
    ada.see("grace came in");

    ada.press("hello grace\r");
    ada.see("sent");
    grace.see("hello grace");
    grace.press("hi, 世界 👩‍🚀 café\r");
    ada.see("hi, 世界");
    ada.see("café");
    // Wide characters move no pane: its edge stands in the same column in every row.
    let edges: Vec<_> = ada
        .text()
        .lines()
        .filter_map(|row| column(row, '│'))
        .collect();
    assert!(edges.windows(2).all(|pair| pair[0] == pair[1]), "{edges:?}");

    grace.press(F4);
    grace.see("y leave");
    grace.press("y");
    grace.see("You left");
    ada.see("1 here");
    ada.see("grace left");
    grace.press(F2);
    ada.see("2 here");
    grace.see("2 here");

    grace.press(CTRL_Q);
    assert_eq!(grace.end(), 0);
    ada.see("1 here");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

/// The column of the last such character, counted in cells.
fn column(row: &str, edge: char) -> Option<usize> {
    let place = row.rfind(edge)?;
    row.get(..place).map(unicode_width::UnicodeWidthStr::width)
}

#[test]
fn what_was_said_is_there_without_the_server() {
    let (folder, server) = (Folder::new(), Server::start());
    let port = server.address.port().to_string();
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    ada.press("remember the milk\r");
    ada.see("sent");
    ada.press("half a thought");
    ada.see("half a thought");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
    drop(server);

    let words = ["--port", &port, "--nick", "ada", "--no-host"];
    let mut ada = Terminal::parlor(&folder, SIZE, &words);
    ada.see("remember the milk");
    ada.see("kept here");
    ada.see("half a thought");
    ada.press(CTRL_C);
    ada.press("/search milk\r");
    ada.see("Found");
    ada.press("\x1b");
    // A second one on the same folder keeps nothing, and says so; the first one goes on.
    let mut other = Terminal::parlor(&folder, SIZE, &words);
    other.press("\x1b2");
    other.see("Another parlor keeps");
    for terminal in [&mut ada, &mut other] {
        terminal.press(CTRL_Q);
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn it_follows_the_size_of_the_terminal() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("Members");
    ada.resize((40, 12));
    ada.miss("Members");
    ada.press("still here\r");
    ada.see("still here");
    ada.resize((120, 40));
    ada.see("Members");
    ada.press(CTRL_L);
    ada.see("still here");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn a_mouse_report_from_nowhere_leaves_the_keys_alone() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    for report in ["\x1b[<0;35;0M", "\x1b[<0;0;5M", "\x1b[<64;93;0m"] {
        ada.press(report);
    }
    ada.press("still here\r");
    ada.see("sent");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn a_paste_of_many_lines_is_not_sent_by_itself() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    ada.press("\x1b[200~one\rtwo\x1b[201~");
    ada.see("two");
    assert!(!ada.text().contains("sent"));
    ada.press(CTRL_C);
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn nor_is_one_that_the_terminal_does_not_mark() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    ada.press("hello\r");
    ada.see("sent");
    // Two lines at once are no paste, and longer ones come in pieces.
    ada.press("a\rb\r");
    ada.see("ada  b");
    let rows: Vec<String> = (0..40)
        .map(|row| format!("row {row} of a long text\r"))
        .collect();
    let long = rows.concat();
    ada.press(&long);
    ada.see("row 39 of a long text");
    ada.press("\r");
    ada.see("40 lines");
    ada.press("\x1b");
    ada.press(CTRL_C);
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn keys_that_come_right_behind_an_esc_are_no_letters() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    ada.press("\x1b\x1bOP");
    ada.see("╭ Help");
    ada.press("\x1b");
    ada.miss("╭ Help");
    ada.press("/join #ops\r");
    ada.see("#ops  ");
    // Alt with an arrow, as rxvt and PuTTY write it.
    ada.press("\x1b\x1b[A");
    ada.press("here again\r");
    ada.see("here again");
    assert!(!ada.text().contains("[A"), "{}", ada.text());
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn what_the_terminal_answers_is_not_typed() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    ada.press("hel\x1b]11;rgb:ffff/ffff/ffff\x1b\\lo there\r");
    ada.see("hello there");
    assert!(!ada.text().contains("rgb"), "{}", ada.text());
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn settings_are_changed_from_within_and_from_without() {
    let (folder, server) = (Folder::new(), Server::start());
    let text = format!(
        "# mine\nnickname = \"ada\"\nport = {}\n",
        server.address.port()
    );
    let config = folder.file("mine.toml", &text);
    let mut ada = Terminal::parlor(&folder, SIZE, &["--no-host", "--config", &config]);
    ada.see("1 here");
    ada.press("/set keys.quit f12\r");
    ada.see("keys.quit = [\"f12\"]");
    let kept = std::fs::read_to_string(&config).unwrap();
    assert_eq!(kept, format!("{text}\n[keys]\nquit = [\"f12\"]\n"));
    folder.file(
        "mine.toml",
        &format!("{text}theme = \"light\"\n[keys]\nquit = \"f11\"\n"),
    );
    ada.see("theme = \"light\"");
    ada.press("\x1b[23~");
    assert_eq!(ada.end(), 0);
}

#[test]
fn the_first_start_asks_once_and_then_never() {
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = Terminal::parlor(&folder, SIZE, &[]);
    ada.see("Welcome to Parlor");
    ada.press(&format!("\t\t127.0.0.1:{}\r", server.address.port()));
    ada.see("1 here");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
    let mut again = Terminal::parlor(&folder, SIZE, &[]);
    again.see("1 here");
    again.press(CTRL_Q);
    assert_eq!(again.end(), 0);
}

#[test]
fn a_long_message_is_written_in_an_editor_and_a_crash_of_it_harms_nothing() {
    const F5: &str = "\x1b[15~";
    let (folder, server) = (Folder::new(), Server::start());
    let editor = folder.file(
        "editor",
        "echo 'and more' >> \"$1\"; exec </dev/tty; stty raw -echo\n",
    );
    let crash = folder.file(
        "crash",
        "stty raw -echo </dev/tty; printf '\\033[?1049h'; kill -9 $$\n",
    );
    for (editor, told) in [(editor, "helloand more"), (crash, "The editor failed")] {
        let script = format!(
            "EDITOR='sh {editor}' '{}' --port {} --nick ada --no-host",
            env!("CARGO_BIN_EXE_parlor"),
            server.address.port()
        );
        let mut ada = Terminal::start(&folder, SIZE, "sh", &["-c", &script]);
        ada.see("1 here");
        ada.press("hello");
        ada.see("hello");
        ada.press(F5);
        ada.see(told);
        ada.press(" there\r");
        ada.see("there");
        ada.see("sent");
        ada.press(CTRL_Q);
        assert_eq!(ada.end(), 0);
    }
}

#[test]
fn the_mouse_moves_the_edge_of_a_pane_and_can_be_left_to_the_terminal() {
    const F10: &str = "\x1b[21~";
    let (folder, server) = (Folder::new(), Server::start());
    let mut ada = visitor(&folder, &server, "ada");
    ada.see("1 here");
    let edge = |text: &str| {
        let row = text.lines().nth(5).unwrap_or_default();
        let place = row.find('│')?;
        row.get(..place).map(|before| before.chars().count())
    };
    assert_eq!(edge(&ada.text()), Some(16));
    ada.press("\x1b[<0;17;6M\x1b[<32;25;6M\x1b[<0;25;6m");
    ada.wait("the edge elsewhere", |text| edge(text) == Some(24));
    ada.press(F10);
    ada.see("The terminal has the mouse");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn signals_give_the_terminal_back() {
    let (folder, server) = (Folder::new(), Server::start());
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut ada = visitor(&folder, &server, "ada");
        ada.see("1 here");
        ada.signal(signal);
        assert_eq!(ada.end(), 0, "{signal:?}");
    }
}

#[test]
fn a_suspended_program_leaves_the_shell_its_terminal_and_comes_back() {
    let (folder, server) = (Folder::new(), Server::start());
    let script = format!(
        "set -m; '{}' --port {} --nick ada --no-host; echo as'leep'; read answer; fg; echo aw'ake'",
        env!("CARGO_BIN_EXE_parlor"),
        server.address.port()
    );
    let mut shell = Terminal::start(&folder, SIZE, "sh", &["-c", &script]);
    shell.see("1 here");
    shell.press(CTRL_Z);
    shell.see("asleep");
    shell.check_restored();
    shell.press(ENTER);
    shell.see("1 here");
    shell.press("good morning\r");
    shell.see("good morning");
    shell.press(CTRL_Q);
    shell.see("awake");
    assert_eq!(shell.end(), 0);
}

#[test]
fn who_finds_nobody_hosts_and_the_next_one_walks_in() {
    let (folder, (_kept, port)) = (Folder::new(), free_port());
    let port = port.to_string();
    let mut ada = Terminal::parlor(&folder, SIZE, &["--port", &port, "--nick", "ada"]);
    ada.see("hosting");
    ada.see("1 here");
    let mut grace = Terminal::parlor(&folder, SIZE, &["--port", &port, "--nick", "grace"]);
    grace.see("2 here");
    ada.see("2 here");
    ada.press(CTRL_Q);
    // Others are here: the host is asked first.
    ada.see("y quit");
    ada.press("y");
    assert_eq!(ada.end(), 0);
    // Somebody must host: now it is the other one.
    grace.see("hosting");
    grace.see("1 here");
    grace.press(CTRL_Q);
    assert_eq!(grace.end(), 0);
}

#[test]
fn a_panic_gives_the_terminal_back() {
    const MARK: &str = "PARLOR_TEST_PANIC";
    if std::env::var_os(MARK).is_some() {
        terminal::restore_on_panic();
        let _guard = terminal::Guard::new().unwrap();
        let mut words = Vec::new();
        terminal::greet(&mut words).unwrap();
        terminal::paint(&words).unwrap();
        panic!("on purpose");
    }
    let folder = Folder::new();
    let this = std::env::current_exe().unwrap();
    let script = format!(
        "{MARK}=1 '{}' --exact terminals::a_panic_gives_the_terminal_back --nocapture; echo over",
        this.display()
    );
    let mut shell = Terminal::start(&folder, SIZE, "sh", &["-c", &script]);
    shell.see("over");
    assert!(shell.text().contains("on purpose"), "{}", shell.text());
    shell.end();
}

#[test]
fn what_is_wrong_is_said_before_the_terminal_is_touched() {
    let folder = Folder::new();
    let bad = folder.file("bad.toml", "nickname = \"ada\"\nprot = 6667\n");
    for (words, code, said) in [
        (vec!["--config", bad.as_str()], 2, "bad.toml:2: `prot`"),
        (vec!["--config", "nowhere.toml"], 2, "nowhere.toml"),
        (vec!["--colour"], 2, "--colour"),
        (vec!["--help"], 0, "--no-host"),
        (vec!["--version"], 0, env!("CARGO_PKG_VERSION")),
    ] {
        let mut terminal = Terminal::parlor(&folder, (160, 24), &words);
        terminal.see(said);
        assert_eq!(terminal.end(), code, "{words:?}");
    }
}
