//! An invite link in real terminals, over TLS, to a real server that wants a password, into a room by invitation only.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use server::run::{Options, Running};

use crate::harness::{Folder, Terminal};

/// A server with a door for TLS, one for this machine, a password, and somebody in the closed room #den.
struct Place {
    server: Option<Running>,
    reader: BufReader<TcpStream>,
    tls: u16,
    key: String,
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
        config.password = server::config::Secret("sesame".to_owned());
        config.tls.listen = here;
        let key = server::certs::fingerprint_of(&config).unwrap();
        let server = server::run::start(config, Options::default()).unwrap();
        let port = |wanted| {
            let mut doors = server.addresses().iter();
            doors.find(|(door, _)| *door == wanted).unwrap().1.port()
        };
        let tls = port(server_core::Door::Tls);
        let stream = TcpStream::connect(("127.0.0.1", port(server_core::Door::Tcp))).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        let mut place = Self {
            server: Some(server),
            reader: BufReader::new(stream),
            tls,
            key,
            _data: data,
        };
        place.say("PASS sesame");
        place.say("NICK host");
        place.say("USER host 0 * :Host");
        place.say("JOIN #den");
        place.say("MODE #den +i");
        place.reads("MODE #den +i");
        place
    }

    fn say(&mut self, line: &str) {
        let stream = self.reader.get_mut();
        stream.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    }

    #[track_caller]
    fn reads(&mut self, words: &str) -> String {
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(self.reader.read_line(&mut line).unwrap(), 0, "no {words}");
        }
        line.trim_end().to_owned()
    }

    /// A link that lets in one person.
    fn link(&mut self) -> String {
        self.say("INVITELINK CREATE #den uses=1");
        let answer = self.reads("INVITELINK CREATED");
        let token = answer.split(' ').nth(5).unwrap();
        format!(
            "parlor://127.0.0.1:{}/den?key={}&token={token}",
            self.tls, self.key
        )
    }

    /// How many came in by the first link.
    fn used(&mut self) -> String {
        self.say("INVITELINK LIST #den");
        let row = self.reads("INVITELINK LISTED #den 1 ");
        row.split(' ').nth(5).unwrap().to_owned()
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

/// Follows a link; on this machine, too, it is to be encrypted.
fn follow(home: &Folder, nick: &str, link: &str) -> Terminal {
    let config = home.file("c.toml", "tls = \"on\"\n");
    Terminal::parlor(
        home,
        (160, 40),
        &["--config", &config, "--nick", nick, link],
    )
}

#[test]
fn a_friend_types_one_link_and_is_in_and_comes_back_and_is_one_person() {
    let mut place = Place::new();
    let link = place.link();
    let home = Folder::new();
    place.say("CAP REQ :extended-join");
    let mut grace = follow(&home, "grace", &link);
    grace.see("2 here");
    grace.press("hello\r");
    place.reads("PRIVMSG #den :hello");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);

    // The link again, and then no link at all. The nick was kept for her as soon as she was let in.
    let mut grace = follow(&home, "grace", &link);
    grace.see("2 here");
    assert!(place.reads(" JOIN ").contains(" JOIN #den grace "));
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    let config = home.file("c.toml", "tls = \"on\"\nrooms = [\"#den\"]\n");
    let port = place.tls.to_string();
    let words = ["--config", &config, "--nick", "grace", "--port", &port];
    let mut grace = Terminal::parlor(&home, (160, 40), &words);
    grace.see("2 here");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    assert_eq!(place.used(), "1");

    // Somebody else is one too many, is told so, and does not knock for ever.
    let other = Folder::new();
    let mut bob = follow(&other, "bob", &link);
    bob.see("has let in as many people as it was for");
    bob.see("not let in");
    bob.press("\x11");
    assert_eq!(bob.end(), 0);
    let kept = std::fs::read_to_string(other.path().join("data/parlor/invites")).unwrap();
    assert_eq!(
        kept.lines().filter(|line| !line.starts_with('#')).count(),
        0
    );
}

#[test]
fn a_forged_link_tells_nobody_the_token() {
    let mut place = Place::new();
    let link = place.link();
    let forged = link.replace(&place.key, &"0".repeat(64));
    let home = Folder::new();
    let mut grace = follow(&home, "grace", &forged);
    grace.see("not the server that the invite is for");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    let bare = link.replace(&format!("key={}&", place.key), "");
    let mut grace = follow(&home, "grace", &bare);
    grace.see("does not say by what");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    assert_eq!(place.used(), "0");

    // A token of another room opens neither that nor this one.
    let elsewhere = link.replace("/den?", "/attic?");
    place.say("JOIN #attic");
    place.say("MODE #attic +i");
    place.reads("MODE #attic +i");
    let mut grace = follow(&home, "grace", &elsewhere);
    grace.see("The invite is for another room");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
}

#[test]
fn an_operator_gives_a_link_and_takes_it_back() {
    let place = Place::new();
    let (home, friend, late) = (Folder::new(), Folder::new(), Folder::new());
    let config = home.file("c.toml", "server_password = \"sesame\"\n");
    // An address of this machine that says so to nobody: the link to it is encrypted without a word in the config.
    let port = place.tls.to_string();
    let words = ["--config", &config, "--nick", "ada", "--room", "ops"];
    let there = ["--host", "::ffff:127.0.0.1", "--port", &port];
    let mut ada = Terminal::parlor(&home, (240, 40), &[&words[..], &there].concat());
    ada.see("1 here");
    ada.press("/mode +i\r");
    ada.press("/invite-link uses 3 expires 1h\r");
    ada.see("&token=");
    let text = ada.text();
    let start = text.find("parlor://").unwrap();
    let link = text[start..].split('\'').next().unwrap().to_owned();
    let mut bob = Terminal::parlor(&friend, (160, 40), &["--nick", "bob", &link]);
    bob.see("2 here");
    ada.press("/invite-link list\r");
    ada.see("1: 1 of 3 came in by it; good");
    ada.press("/invite-link revoke 1\r");
    ada.see("by link 1 any more");
    let mut cat = Terminal::parlor(&late, (160, 40), &["--nick", "cat", &link]);
    cat.see("The invite was taken back; ask for a new one");
    for mut one in [ada, bob, cat] {
        one.press("\x11");
        assert_eq!(one.end(), 0);
    }
}

#[test]
fn over_an_open_link_no_link_is_given() {
    let place = Place::new();
    let home = Folder::new();
    let config = home.file("c.toml", "server_password = \"sesame\"\n");
    let port = place
        .reader
        .get_ref()
        .peer_addr()
        .unwrap()
        .port()
        .to_string();
    let words = [
        "--config",
        &config,
        "--nick",
        "ada",
        "--room",
        "ops",
        "--no-host",
    ];
    let mut ada = Terminal::parlor(&home, (160, 40), &[&words[..], &["--port", &port]].concat());
    ada.see("1 here");
    ada.press("/invite-link\r");
    ada.see("No link can be given: this link is not encrypted");
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
}
