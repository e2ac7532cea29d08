//! An invite link in real terminals, over TLS, to a real server that wants a password, into a room by invitation only.

use crate::harness::{Folder, Terminal};
use crate::house::House;

/// A server with a password, and somebody in the closed room #den.
struct Place(House);

impl Place {
    fn new() -> Self {
        let mut house = House::new(|config| {
            config.password = server::config::Secret("sesame".to_owned());
        });
        house.say("PASS sesame");
        house.say("NICK host");
        house.say("USER host 0 * :Host");
        house.say("JOIN #den");
        house.say("MODE #den +i");
        house.reads("MODE #den +i");
        Self(house)
    }

    /// A link that lets in one person.
    fn link(&mut self) -> String {
        self.0.say("INVITELINK CREATE #den uses=1");
        let answer = self.0.reads("INVITELINK CREATED");
        let token = answer.split(' ').nth(5).unwrap();
        format!(
            "parlor://127.0.0.1:{}/den?key={}&token={token}",
            self.0.tls, self.0.key
        )
    }

    /// How many came in by the first link.
    fn used(&mut self) -> String {
        self.0.say("INVITELINK LIST #den");
        let row = self.0.reads("INVITELINK LISTED #den 1 ");
        row.split(' ').nth(5).unwrap().to_owned()
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
    place.0.say("CAP REQ :extended-join");
    let mut grace = follow(&home, "grace", &link);
    grace.see("2 here");
    grace.press("hello\r");
    place.0.reads("PRIVMSG #den :hello");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);

    // The link again, and then no link at all. The nick was kept for her as soon as she was let in.
    let mut grace = follow(&home, "grace", &link);
    grace.see("2 here");
    assert!(place.0.reads(" JOIN ").contains(" JOIN #den grace "));
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    let config = home.file("c.toml", "tls = \"on\"\nrooms = [\"#den\"]\n");
    let port = place.0.tls.to_string();
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
    let forged = link.replace(&place.0.key, &"0".repeat(64));
    let home = Folder::new();
    let mut grace = follow(&home, "grace", &forged);
    grace.see("not the server that the invite is for");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    let bare = link.replace(&format!("key={}&", place.0.key), "");
    let mut grace = follow(&home, "grace", &bare);
    grace.see("does not say by what");
    grace.press("\x11");
    assert_eq!(grace.end(), 0);
    assert_eq!(place.used(), "0");

    // A token of another room opens neither that nor this one.
    let elsewhere = link.replace("/den?", "/attic?");
    place.0.say("JOIN #attic");
    place.0.say("MODE #attic +i");
    place.0.reads("MODE #attic +i");
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
    let port = place.0.tls.to_string();
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
    let port = place.0.open.to_string();
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
