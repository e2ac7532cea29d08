//! `parlor` at servers of other makes, as Debian packages them: people meet there as they do at `parlord`. It never
//! asks those servers for more than their manuals offer.

#![expect(clippy::print_stdout, reason = "why a test did nothing")]

use rustix::process::Signal;
use socket2::Socket;

use crate::harness::{Folder, Terminal, free_port};

const F2: &str = "\x1bOQ";
const F4: &str = "\x1bOS";
const CTRL_Q: &str = "\x11";
const SIZE: (u16, u16) = (100, 30);

/// What InspIRCd must load to speak as IRCv3 does.
const MODULES: [&str; 11] = [
    "botmode",
    "cap",
    "ircv3",
    "ircv3_batch",
    "ircv3_ctctags",
    "ircv3_echomessage",
    "ircv3_labeledresponse",
    "ircv3_msgid",
    "ircv3_servertime",
    "monitor",
    "namesx",
];

/// Where a server's program is. Where it is not installed the test says so and does nothing, but fails where `CI` is
/// `true`: there it must be.
fn installed(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        let why = format!("{name} is not installed (Debian's package of that name)");
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
        println!("nothing is tested: {why}");
    }
    found.map(|file| file.display().to_string())
}

/// A server of another make, which ends with its owner.
struct Peer {
    terminal: Terminal,
    port: String,
    _folder: Folder,
    _port: Option<Socket>,
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.terminal.signal(Signal::TERM);
    }
}

fn ngircd() -> Option<Peer> {
    let program = installed("ngircd")?;
    let (folder, (kept, port)) = (Folder::new(), free_port());
    let config = format!(
        "[Global]\nName = irc.example.org\nInfo = Test\nListen = 127.0.0.1\nPorts = {port}\n\
         AdminEMail = admin@example.org\n[Options]\nDNS = no\nIdent = no\nPAM = no\n"
    );
    let config = folder.file("ngircd.conf", &config);
    let mut terminal = Terminal::start(&folder, SIZE, &program, &["-n", "-f", &config]);
    terminal.see("ready.");
    Some(Peer {
        terminal,
        port: port.to_string(),
        _folder: folder,
        _port: kept,
    })
}

fn inspircd() -> Option<Peer> {
    let program = installed("inspircd")?;
    let (folder, (kept, port)) = (Folder::new(), free_port());
    let place = folder.path().display();
    let modules = MODULES.map(|module| format!("<module name=\"{module}\">\n"));
    let modules = modules.concat();
    let config = format!(
        "<server name=\"irc.example.org\" description=\"Test\" network=\"Test\">\n\
         <admin name=\"admin\" nick=\"admin\" email=\"admin@example.org\">\n\
         <bind address=\"127.0.0.1\" port=\"{port}\" type=\"clients\">\n\
         <connect allow=\"*\" localmax=\"100\" globalmax=\"100\" resolvehostnames=\"no\" useident=\"no\">\n\
         <class name=\"none\" commands=\"\">\n<files motd=\"\">\n\
         <path configdir=\"{place}\" datadir=\"{place}\" logdir=\"{place}\">\n{modules}"
    );
    let config = folder.file("inspircd.conf", &config);
    // It refuses to be started by root, as a container's tests are, without the last word.
    let words = [
        "--nofork",
        "--nopid",
        "--nolog",
        "--config",
        &config,
        "--runasroot",
    ];
    let mut terminal = Terminal::start(&folder, SIZE, &program, &words);
    terminal.see("is now running");
    Some(Peer {
        terminal,
        port: port.to_string(),
        _folder: folder,
        _port: kept,
    })
}

fn visitor(folder: &Folder, peer: &Peer, nick: &str) -> Terminal {
    let words = ["--port", &peer.port, "--nick", nick, "--no-host"];
    Terminal::parlor(folder, SIZE, &words)
}

/// Two people meet, talk, see who is there, and go.
fn meet(peer: &Peer) {
    let folder = Folder::new();
    let mut ada = visitor(&folder, peer, "ada");
    ada.see("1 here");
    let mut grace = visitor(&folder, peer, "grace");
    grace.see("2 here");
    ada.see("2 here");
    ada.see("grace came in");

    ada.press("hello grace\r");
    grace.see("hello grace");
    grace.press("hi, 世界\r");
    ada.see("hi, 世界");
    ada.press("/me waves\r");
    grace.see("waves");
    ada.press("/topic tea at four\r");
    grace.see("tea at four");
    grace.press("/nick gracie\r");
    ada.see("gracie");

    grace.press(F4);
    grace.see("y leave");
    grace.press("y");
    ada.see("1 here");
    ada.see("gracie left");
    // Only now is she outside: before, the key asks for another room.
    grace.see("[ F2 ]");
    grace.press(F2);
    grace.see("2 here");
    ada.see("2 here");

    grace.press(CTRL_Q);
    assert_eq!(grace.end(), 0);
    ada.see("1 here");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
}

#[test]
fn people_meet_at_ngircd() {
    if let Some(peer) = ngircd() {
        meet(&peer);
    }
}

#[test]
fn people_meet_at_inspircd() {
    if let Some(peer) = inspircd() {
        meet(&peer);
    }
}

#[test]
fn one_program_is_at_both() {
    let (Some(one), Some(two)) = (ngircd(), inspircd()) else {
        return;
    };
    let folder = Folder::new();
    let config = format!(
        "host = \"127.0.0.1\"\nport = {}\nrooms = [\"#tea\"]\n\n[[network]]\nname = \"second\"\n\
         host = \"127.0.0.1\"\nport = {}\nrooms = [\"#cake\"]\n",
        one.port, two.port
    );
    let config = folder.file("both.toml", &config);
    let words = ["--config", &config, "--nick", "ada", "--no-host"];
    let mut ada = Terminal::parlor(&folder, SIZE, &words);
    ada.see("second");
    ada.see("#cake");
    ada.see("1 here");
    let other = Folder::new();
    let words = [
        "--port",
        &two.port,
        "--nick",
        "grace",
        "--room",
        "cake",
        "--no-host",
    ];
    let mut grace = Terminal::parlor(&other, SIZE, &words);
    grace.see("2 here");
    grace.press("more tea, ada?\r");
    ada.see("@1");
    ada.press("\x1ba");
    ada.see("more tea, ada?");
    ada.press("yes\r");
    grace.see("yes");
    ada.press("/disconnect\r");
    ada.see("You left second");
    grace.see("1 here");
    ada.press("/connect\r");
    grace.see("2 here");
    // A network can be taken away, and had again without any config.
    ada.press("/network remove second\r");
    ada.see("second is taken away");
    grace.see("1 here");
    let again = format!("/connect 127.0.0.1:{}\r", two.port);
    ada.press(&again);
    ada.see("is here until parlor ends");
    ada.press("/join #cake\r");
    grace.see("2 here");
    ada.press(CTRL_Q);
    assert_eq!(ada.end(), 0);
    grace.see("1 here");
    grace.press(CTRL_Q);
    assert_eq!(grace.end(), 0);
}

#[test]
fn programs_are_known_and_rooms_are_chosen_from_a_list_at_inspircd() {
    let Some(peer) = inspircd() else {
        return;
    };
    let folder = Folder::new();
    let mut tea = visitor(&folder, &peer, "tea");
    tea.see("1 here");
    tea.press("/bot on\r");
    tea.see("Everybody sees now that you are a bot");
    tea.press("/join #kitchen\r");
    tea.press("/topic where the kettle is\r");
    tea.see("where the kettle is");
    // Who comes in later asks the server, with WHOX.
    let mut ada = visitor(&folder, &peer, "ada");
    ada.see("tea bot");
    ada.press("/list\r");
    ada.see("Rooms of");
    ada.see("where the kettle is");
    ada.press("kettle\r");
    ada.see("2 here");
    tea.see("ada came in");
    tea.press("it is four\r");
    ada.see("◦tea");
    for terminal in [&mut ada, &mut tea] {
        terminal.press(CTRL_Q);
        assert_eq!(terminal.end(), 0);
    }
}
