//! A key as a name, in real terminals, over TLS, to a real server: kept by who has the key, refused to who has another,
//! shared with a second device by a code.

use crate::harness::{Folder, Terminal};
use crate::house::House;

/// A server, and somebody in #lobby who watches.
struct Place(House);

impl Place {
    fn new() -> Self {
        let mut house = House::new(|_| {});
        house.say("NICK watcher");
        house.say("USER watcher 0 * :Watcher");
        house.say("JOIN #lobby");
        house.reads(" 366 ");
        Self(house)
    }

    /// Starts parlor with this home; on this machine, too, it is to be encrypted.
    fn parlor(&self, home: &Folder) -> Terminal {
        self.parlor_with(home, "")
    }

    /// The same with more in the configuration.
    fn parlor_with(&self, home: &Folder, more: &str) -> Terminal {
        let config = home.file("c.toml", &format!("tls = \"on\"\n{more}"));
        let words = [
            "--config",
            &config,
            "--nick",
            "ada",
            "--port",
            &self.0.tls.to_string(),
        ];
        Terminal::parlor(home, (160, 40), &words)
    }
}

impl Place {
    /// Somebody enters #lobby, as ada and in ada's account.
    #[track_caller]
    fn sees_ada(&mut self) {
        let joined = self.0.reads(" JOIN ");
        assert!(joined.starts_with(":ada!"), "{joined}");
        self.0.say("WHOIS ada");
        assert!(self.0.reads(" 330 ").contains(" ada ada "));
    }

    /// Ada comes from this home, is seen to be ada, and sees who watches.
    #[track_caller]
    fn settled(&mut self, home: &Folder) -> Terminal {
        let mut ada = self.parlor(home);
        self.sees_ada();
        ada.see("watcher");
        ada
    }

    /// Somebody ends their parlor.
    fn sees_off(&mut self, mut terminal: Terminal) {
        terminal.press("\x11");
        assert_eq!(terminal.end(), 0);
        self.0.reads(" QUIT ");
    }
}

#[test]
fn two_starts_with_one_folder_are_one_name_and_a_stranger_is_another() {
    let mut place = Place::new();
    let (home, elsewhere) = (Folder::new(), Folder::new());
    let mut ada = place.parlor(&home);
    place.0.reads(":ada!");
    place.0.say("WHOIS ada");
    assert!(place.0.reads(" 330 ").contains(" ada ada "));
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
    place.0.reads(" QUIT ");

    // Nobody has the nick now, and still it is not to be had with another key.
    let mut stranger = place.parlor(&elsewhere);
    assert!(place.0.reads(" JOIN ").starts_with(":ada_!"));
    stranger.see("is somebody else's here");

    let mut ada = place.parlor(&home);
    assert!(place.0.reads(" JOIN ").starts_with(":ada!"));
    place.0.say("WHOIS ada");
    assert!(place.0.reads(" 330 ").contains(" ada ada "));

    // The stranger was her other machine all the while.
    ada.see("watcher");
    ada.press("/device\r");
    ada.see("/device ada ");
    let screen = ada.text();
    let code = screen.split("/device ada ").nth(1).unwrap();
    let code = code.split(' ').next().unwrap();
    assert_eq!(code.len(), 9, "{screen}");
    stranger.press(&format!("/device {code}\r"));
    assert!(place.0.reads(" QUIT ").starts_with(":ada_!"));
    ada.press("one of me\r");
    stranger.see("one of me");
    stranger.press("and the other\r");
    assert!(place.0.reads("and the other").starts_with(":ada!"));
    for mut terminal in [ada, stranger] {
        terminal.press("\x11");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn a_password_is_the_way_back_for_who_has_lost_the_key_and_is_needed_once() {
    let mut place = Place::new();
    let (home, elsewhere) = (Folder::new(), Folder::new());
    let mut ada = place.settled(&home);
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
    let mut ada = place.settled(&home);
    ada.press("/password correct-horse\r");
    ada.see("The password of ada is changed.");
    place.sees_off(ada);

    let mut ada = place.parlor(&elsewhere);
    assert!(place.0.reads(" JOIN ").starts_with(":ada_!"));
    ada.see("watcher");
    ada.press("/login\r");
    ada.see("Password ›");
    ada.press("correct-horse\r");
    assert!(place.0.reads(" QUIT ").starts_with(":ada_!"));
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
    let mut ada = place.settled(&home);
    ada.press("/raw PERSISTENCE SET ON\r");
    place.0.say("PRIVMSG #lobby :good night");
    ada.see("good night");
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
    place.0.say("PRIVMSG ada :are you still there?");
    place.0.say("PING over");
    place.0.reads(" PONG ");

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

    // The conversation is where it was left.
    let mut ada = place.parlor(&home);
    ada.see("connected");
    ada.see("are you still there?");
    assert_eq!(ada.text().matches("are you still there?").count(), 1);
    ada.press("\x11");
    assert_eq!(ada.end(), 0);
}
