//! Programs of other makes, as Debian packages them, in one room with everybody else: irssi and WeeChat in terminals
//! of their own, `nc` at the plain door. It never changes how they behave, but for how slowly they send.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use server_core::Door;

use crate::foreign::{Way, irssi, weechat};
use crate::program::started;
use crate::terminal::{Terminal, installed};
use crate::world::{Folder, Person, world};

#[test]
fn irssi_and_weechat_talk_with_everybody() {
    let (Some(irssi_path), Some(weechat_path)) = (
        installed("irssi", "irssi"),
        installed("weechat", "weechat-curses"),
    ) else {
        return;
    };
    let program = started(&[]);
    let mut ada = program.person("ada");
    ada.say("JOIN #lobby");
    ada.reads(" 366 ");

    let irssi_home = Folder::new();
    let mut irene = irssi(&irssi_home, &irssi_path, &Way::open(&program, "irene"));
    irene.sees(&["Welcome to Parlor, "]);
    irene.types("/join #lobby");
    ada.reads(":irene!");
    irene.sees(&["@ada", "irene"]);

    let weechat_home = Folder::new();
    let mut wendy = weechat(&weechat_home, &weechat_path, &Way::open(&program, "wendy"));
    wendy.sees(&["Welcome to Parlor, "]);
    wendy.types("/join #lobby");
    assert!(ada.reads(":wendy!").contains(" JOIN "));
    wendy.sees(&["3 nicks (1 op"]);
    wendy.sees(&["@ada"]);
    irene.sees(&["wendy", "has joined #lobby"]);

    irene.types("hello from irssi, 世界");
    assert!(
        ada.reads(":irene!")
            .ends_with("PRIVMSG #lobby :hello from irssi, 世界")
    );
    wendy.sees(&["irene", "hello from irssi, 世界"]);
    wendy.types("hello from WeeChat");
    assert!(
        ada.reads(":wendy!")
            .ends_with("PRIVMSG #lobby :hello from WeeChat")
    );
    irene.sees(&["wendy", "hello from WeeChat"]);
    ada.say("PRIVMSG #lobby :hello from a socket");
    irene.sees(&["ada", "hello from a socket"]);
    wendy.sees(&["ada", "hello from a socket"]);
    wendy.types("/me waves");
    ada.reads("\u{1}ACTION waves\u{1}");
    irene.sees(&["wendy waves"]);
    irene.types("/msg ada between us");
    ada.reads("PRIVMSG ada :between us");

    moderate(&mut ada, &mut irene, &mut wendy);
    leave(&mut ada, &mut irene, &mut wendy);
}

/// A rank is given, a topic set, a nick changed, somebody put out of the room; all three hear of it.
fn moderate(ada: &mut Person, irene: &mut Terminal, wendy: &mut Terminal) {
    ada.say("MODE #lobby +o irene");
    irene.sees(&["mode/#lobby", "+o irene", "ada"]);
    wendy.sees(&["Mode #lobby", "+o irene", "ada"]);
    irene.types("/topic tea at four");
    assert!(ada.reads("TOPIC").ends_with("TOPIC #lobby :tea at four"));
    wendy.sees(&["irene", "changed topic", "tea at four"]);
    irene.types("/nick iris");
    assert!(ada.reads(":irene!").contains("NICK"));
    wendy.sees(&["irene is now known as iris"]);
    irene.sees(&["iris"]);
    wendy.types("/nick wanda");
    assert!(ada.reads(":wendy!").contains("NICK"));
    irene.sees(&["wendy", "now known as", "wanda"]);
    irene.types("/kick wanda enough");
    assert!(ada.reads("KICK").ends_with("KICK #lobby wanda :enough"));
    wendy.sees(&["iris", "kicked wanda", "enough"]);
    wendy.types("/join #lobby");
    assert!(ada.reads(":wanda!").contains("JOIN #lobby"));
    irene.types("welcome back");
    wendy.sees(&["iris", "welcome back"]);
}

/// One leaves the room, both leave the server, each with their reason.
fn leave(ada: &mut Person, irene: &mut Terminal, wendy: &mut Terminal) {
    wendy.types("/part see you");
    assert!(ada.reads(":wanda!").contains("PART #lobby :see you"));
    irene.sees(&["wanda", "has left #lobby", "see you"]);
    irene.types("/part");
    ada.reads(":iris!");
    ada.say("NAMES #lobby");
    assert!(ada.reads(" 353 ").ends_with("ada"));
    wendy.types("/quit");
    wendy.ends();
    irene.types("/quit");
    irene.ends();
    ada.say("ISON iris wanda");
    assert!(
        ada.reads(" 303 ")
            .trim_end_matches([' ', ':'])
            .ends_with("ada")
    );
}

#[test]
fn nc_talks_at_the_plain_door() {
    let Some(path) = installed("nc", "netcat-openbsd") else {
        return;
    };
    let world = world("[server.plain]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut ada = world.member("ada", "#lobby");
    let address = world.address(Door::Plain);
    let mut netcat = Command::new(path)
        .args([address.ip().to_string(), address.port().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = netcat.stdin.take().unwrap();
    let mut lines = BufReader::new(netcat.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "Welcome to the chatroom!");
    ada.reads(":USER");
    input.write_all(b"Hi Guys!!!\n").unwrap();
    assert!(ada.reads(":USER").ends_with("PRIVMSG #lobby :Hi Guys!!!"));
    ada.say("PRIVMSG #lobby :hi");
    assert_eq!(lines.next().unwrap().unwrap(), "ada: hi");
    input.write_all(b"leave\n").unwrap();
    ada.reads(":USER");
    // The server ends the connection; nc waits for the end of its input, too.
    drop(input);
    assert!(netcat.wait().unwrap().success());
}
