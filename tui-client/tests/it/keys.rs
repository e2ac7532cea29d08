//! A key as a name, in real terminals, over TLS, to a real server: kept by who has the key, refused to who has another,
//! shared with a second device by a code.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use server::run::{Options, Running};

use crate::harness::{Folder, Terminal};

/// A server with a door for TLS, and somebody in #lobby who watches at the other one.
struct Place {
    server: Option<Running>,
    watcher: BufReader<TcpStream>,
    tls: String,
    _data: Folder,
}

impl Place {
    fn new() -> Self {
        let data = Folder::new();
        let here = vec![SocketAddr::from(([127, 0, 0, 1], 0))];
        let mut config = server::config::Config {
            listen: here.clone(),
            data_dir: data.path().display().to_string(),
            ..server::config::Config::default()
        };
        config.tls.listen = here;
        let server = server::run::start(config, Options::default()).unwrap();
        let port = |wanted| {
            let mut doors = server.addresses().iter();
            doors.find(|(door, _)| *door == wanted).unwrap().1.port()
        };
        let tls = port(server_core::Door::Tls).to_string();
        let stream = TcpStream::connect(("127.0.0.1", port(server_core::Door::Tcp))).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut place = Self {
            server: Some(server),
            watcher: BufReader::new(stream),
            tls,
            _data: data,
        };
        place.say("NICK watcher");
        place.say("USER watcher 0 * :Watcher");
        place.say("JOIN #lobby");
        place.reads(" 366 ");
        place
    }

    fn say(&mut self, line: &str) {
        let stream = self.watcher.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }

    #[track_caller]
    fn reads(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.watcher.read_line(&mut line).unwrap(), 0, "no {words}");
        }
        line.trim_end().to_owned()
    }

    /// Starts parlor with this home; on this machine, too, it is to be encrypted.
    fn parlor(&self, home: &Folder) -> Terminal {
        self.parlor_with(home, "")
    }

    /// The same with more in the configuration.
    fn parlor_with(&self, home: &Folder, more: &str) -> Terminal {
        let config = home.file("c.toml", &format!("tls = \"on\"\n{more}"));
        let words = ["--config", &config, "--nick", "ada", "--port", &self.tls];
        Terminal::parlor(home, (160, 40), &words)
    }
}

impl Place {
    /// Somebody enters #lobby, as ada and in ada's account.
    #[track_caller]
    fn sees_ada(&mut self) {
        let joined = self.reads(" JOIN ");
        assert!(joined.starts_with(":ada!"), "{joined}");
        self.say("WHOIS ada");
        assert!(self.reads(" 330 ").contains(" ada ada "));
    }

    /// Somebody ends their parlor.
    fn sees_off(&mut self, mut terminal: Terminal) {
        terminal.press("\x11");
        assert_eq!(terminal.end(), 0);
        self.reads(" QUIT ");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop("the test is over");
            let _ = server.wait();
        }
    }
}

#[test]
fn two_starts_with_one_folder_are_one_name_and_a_stranger_is_another() {
    let mut place = Place::new();
    let (home, elsewhere) = (Folder::new(), Folder::new());
    let mut ada = place.parlor(&home);
    place.reads(":ada!");
    place.say("WHOIS ada");
    assert!(place.reads(" 330 ").contains(" ada ada "));
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
    place.reads(" QUIT ");

    // Nobody has the nick now, and still it is not to be had with another key.
    let mut stranger = place.parlor(&elsewhere);
    assert!(place.reads(" JOIN ").starts_with(":ada_!"));
    stranger.see("is somebody else's here");

    let mut ada = place.parlor(&home);
    assert!(place.reads(" JOIN ").starts_with(":ada!"));
    place.say("WHOIS ada");
    assert!(place.reads(" 330 ").contains(" ada ada "));

    // The stranger was her other machine all the while.
    ada.see("watcher");
    ada.press("/device\r");
    ada.see("/device ada ");
    let screen = ada.text();
    let code = screen.split("/device ada ").nth(1).unwrap();
    let code = code.split(' ').next().unwrap();
    assert_eq!(code.len(), 9, "{screen}");
    stranger.press(&format!("/device {code}\r"));
    assert!(place.reads(" QUIT ").starts_with(":ada_!"));
    ada.press("one of me\r");
    stranger.see("one of me");
    stranger.press("and the other\r");
    assert!(place.reads("and the other").starts_with(":ada!"));
    for mut terminal in [ada, stranger] {
        terminal.press("\x11");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn a_password_is_the_way_back_for_who_has_lost_the_key_and_is_needed_once() {
    let mut place = Place::new();
    let (home, elsewhere) = (Folder::new(), Folder::new());
    let mut ada = place.parlor(&home);
    place.sees_ada();
    ada.see("watcher");
    ada.press("/password\r");
    for keys in ["\r", "correct horse\r", "correct horse\r"] {
        ada.press(keys);
    }
    ada.see("The password of ada is changed.");
    assert!(!ada.text().contains("correct horse"));
    place.sees_off(ada);

    // Another folder is another key; the password stands in for it.
    let ada = place.parlor_with(&elsewhere, "password = \"correct horse\"\n");
    place.sees_ada();
    place.sees_off(ada);

    // The new key is all that is left of it, and enough.
    let ada = place.parlor(&elsewhere);
    place.sees_ada();
    place.sees_off(ada);
}

#[test]
fn who_came_as_a_stranger_logs_in_and_is_themselves_again() {
    let mut place = Place::new();
    let (home, elsewhere) = (Folder::new(), Folder::new());
    let mut ada = place.parlor(&home);
    place.sees_ada();
    ada.see("watcher");
    ada.press("/password correct-horse\r");
    ada.see("The password of ada is changed.");
    place.sees_off(ada);

    let mut ada = place.parlor(&elsewhere);
    assert!(place.reads(" JOIN ").starts_with(":ada_!"));
    ada.see("watcher");
    ada.press("/login\r");
    ada.see("Password ›");
    ada.press("correct-horse\r");
    assert!(place.reads(" QUIT ").starts_with(":ada_!"));
    place.sees_ada();
    place.sees_off(ada);

    let ada = place.parlor(&elsewhere);
    place.sees_ada();
    place.sees_off(ada);
}

#[test]
fn who_writes_while_parlor_does_not_run_is_there_at_the_next_start_and_new_once() {
    let mut place = Place::new();
    let home = Folder::new();
    let mut ada = place.parlor(&home);
    place.sees_ada();
    ada.see("watcher");
    ada.press("/raw PERSISTENCE SET ON\r");
    place.say("PRIVMSG #lobby :good night");
    ada.see("good night");
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
    place.say("PRIVMSG ada :are you still there?");
    place.say("PING over");
    place.reads(" PONG ");

    let mut ada = place.parlor(&home);
    ada.wait("an unread conversation", |text| {
        let mut rooms = text.lines().filter_map(|row| row.split('│').next());
        rooms.any(|row| row.contains("watcher") && row.contains('1'))
    });
    assert!(!ada.text().contains("are you still there?"));
    ada.press("/msg watcher\r");
    ada.see("are you still there?");
    ada.press("\x11");
    assert_eq!(ada.end(), 0);

    let mut ada = place.parlor(&home);
    ada.see("good night");
    ada.press("/msg watcher\r");
    ada.see("are you still there?");
    assert_eq!(ada.text().matches("are you still there?").count(), 1);
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
}
