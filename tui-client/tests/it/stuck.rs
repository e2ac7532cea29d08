//! A terminal that does not read, as behind a stuck ssh: the chat goes on, it can be ended, and what is shown when the
//! terminal reads again is right.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::harness::{Folder, Terminal};

const CTRL_L: &str = "\x0c";
const CTRL_Q: &str = "\x11";
/// So many answers in a row find the terminal full before it counts as stuck: while the program writes it seems so, too.
const STUCK: u32 = 20;
/// More repaints than any terminal's buffer holds.
const REPAINTS_MAX: u32 = 100_000;
/// How long an end may take that waits for nobody; a busy machine is slow.
const END: Duration = Duration::from_secs(5);

/// A server on loopback with one room and one guest.
struct Inn(BufReader<TcpStream>);

impl Inn {
    /// Starts parlor, and lets it in.
    fn open(folder: &Folder) -> (Self, Terminal) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port().to_string();
        let words = ["--port", &port, "--nick", "ada", "--no-host"];
        let mut ada = Terminal::parlor(folder, (120, 40), &words);
        let stream = listener.accept().unwrap().0;
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        let mut inn = Self(BufReader::new(stream));
        inn.hear("CAP LS");
        inn.say(":b CAP * LS :");
        inn.hear("CAP END");
        inn.say(":b 001 ada :Welcome");
        inn.say(":b 422 ada :no MOTD");
        inn.hear("JOIN");
        inn.say(":ada!ada@b JOIN #lobby");
        inn.say(":b 353 ada = #lobby :ada grace");
        inn.say(":b 366 ada #lobby :End");
        ada.see("2 here");
        (inn, ada)
    }

    fn say(&mut self, line: &str) {
        let stream = self.0.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }

    /// Reads on to a line with these words.
    #[track_caller]
    fn hear(&mut self, words: &str) {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "no {words}");
        }
    }

    /// Talks on while nobody reads the terminal, until it is full and beyond, and is answered; the number of the last
    /// message.
    #[track_caller]
    fn talk(&mut self, ada: &mut Terminal) -> u32 {
        let mut full = 0;
        for number in 1..REPAINTS_MAX {
            ada.press(CTRL_L);
            self.say(&format!(":grace!g@b PRIVMSG #lobby :ada, word {number}"));
            self.say(&format!("PING :{number}"));
            self.hear(&format!("PONG {number}"));
            full = if ada.is_full() { full + 1 } else { 0 };
            if full == STUCK {
                return number;
            }
        }
        panic!("the terminal takes everything");
    }
}

#[test]
fn the_chat_goes_on_and_is_shown_when_the_terminal_reads_again() {
    let folder = Folder::new();
    let (mut inn, mut ada) = Inn::open(&folder);
    ada.hold(true);
    let last = inn.talk(&mut ada);
    ada.press("half a thought");
    ada.resize((100, 30));
    inn.say("PING :after");
    inn.hear("PONG after");
    ada.hold(false);
    ada.see(&format!("word {last}"));
    ada.see("half a thought");
    ada.press(CTRL_Q);
    inn.hear("QUIT");
    drop(inn);
    assert_eq!(ada.end(), 0);
}

#[test]
fn it_ends_though_the_terminal_does_not_read_and_gives_it_back() {
    let folder = Folder::new();
    for signal in [Some(Signal::TERM), Some(Signal::HUP), None] {
        let (mut inn, mut ada) = Inn::open(&folder);
        ada.hold(true);
        inn.talk(&mut ada);
        let began = Instant::now();
        match signal {
            Some(signal) => ada.signal(signal),
            None => ada.press(CTRL_Q),
        }
        inn.hear("QUIT");
        let mut rest = String::new();
        while inn.0.read_line(&mut rest).unwrap_or(0) > 0 {}
        assert!(began.elapsed() < END, "{signal:?}: {:?}", began.elapsed());
        ada.hold(false);
        assert_eq!(ada.end(), 0, "{signal:?}");
    }
}
