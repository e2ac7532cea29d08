//! irssi and WeeChat log in over TLS, at a server that made its certificate itself, in each way that they know; and are
//! not let in with a wrong password. irssi 1.4 knows PLAIN and EXTERNAL, WeeChat SCRAM-SHA-256, too.

use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::foreign::{Way, irssi, port_of, weechat};
use crate::program::{Program, started_with};
use crate::terminal::{Terminal, installed};
use crate::world::Folder;

const CONFIG: &str = "[server.tls]\nlisten = [\"127.0.0.1:0\"]\n\
    [server.accounts]\npassword_hash = \"minimum\"\n";
const PASSWORD: &str = "correct horse";

type Start = fn(&Folder, &Path, &Way<'_>) -> Terminal;

/// One make of client, and a server with an account for it.
struct Stand {
    program: Program,
    start: Start,
    path: PathBuf,
    port: String,
    fingerprint: String,
    /// Where its own certificate is.
    folder: Folder,
}

impl Stand {
    fn new(start: Start, path: PathBuf) -> Self {
        let mut program = started_with(CONFIG, &[]);
        let port = port_of(program.says("Tls door open on ").trim()).to_owned();
        let file = program.folder().join("certificate.pem");
        let certificate = CertificateDer::from_pem_file(file).unwrap();
        let digest = ring::digest::digest(&ring::digest::SHA256, &certificate);
        let hex: Vec<String> = digest
            .as_ref()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let folder = Folder::new();
        let own = rcgen::generate_simple_self_signed(vec!["own".to_owned()]).unwrap();
        let pem = own.cert.pem() + &own.signing_key.serialize_pem();
        std::fs::write(folder.0.join("own.pem"), pem).unwrap();
        Self {
            program,
            start,
            path,
            port,
            fingerprint: hex.concat(),
            folder,
        }
    }

    /// Makes an account with a password, at a raw socket.
    fn register(&self, nick: &str) {
        let mut person = self.program.person(nick);
        person.say(&format!("REGISTER * * :{PASSWORD}"));
        person.reads(&format!("REGISTER SUCCESS {nick}"));
        person.say("QUIT");
        person.reads_to_the_end();
    }

    /// Starts the client in a new home, as `nick`; with a mechanism it logs in to `account`.
    fn open(&self, nick: &str, account: &str, mechanism: &str, password: &str) -> Client {
        let home = Folder::new();
        let own = self.folder.0.join("own.pem").display().to_string();
        let has_key = mechanism.is_empty() || mechanism.eq_ignore_ascii_case("external");
        let way = Way {
            port: &self.port,
            nick,
            fingerprint: &self.fingerprint,
            certificate: if has_key { &own } else { "" },
            mechanism,
            account,
            password,
        };
        let mut terminal = (self.start)(&home, &self.path, &way);
        // Everybody comes in, if need be as a guest.
        terminal.sees(&["Welcome to Parlor, ", nick]);
        Client {
            terminal,
            _home: home,
        }
    }

    /// Stays away from a server with another certificate than the one that was named.
    fn pins(&self, words: &[&str]) {
        let home = Folder::new();
        let way = Way {
            port: &self.port,
            nick: "careful",
            fingerprint: &"00".repeat(32),
            certificate: "",
            mechanism: "",
            account: "",
            password: "",
        };
        (self.start)(&home, &self.path, &way).sees(words);
    }

    /// The account of somebody, as everybody is told it.
    fn account_of(&self, nick: &str) -> Option<String> {
        let mut asker = self.program.person("asker");
        asker.say(&format!("WHOIS {nick}"));
        asker.reads(" 311 ");
        let mut account = None;
        loop {
            let line = asker.line().unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            match words[1] {
                "330" => account = Some(words[4].to_owned()),
                "318" => break,
                _ => {}
            }
        }
        asker.say("QUIT");
        asker.reads_to_the_end();
        account
    }

    /// Logs in, sees that it has, is known by the account, and goes.
    fn logs_in(&self, nick: &str, mechanism: &str, password: &str) {
        let mut client = self.open(nick, nick, mechanism, password);
        client.terminal.sees(&["logged in as ", nick]);
        assert_eq!(self.account_of(nick).as_deref(), Some(nick), "{mechanism}");
        client.quits();
    }

    /// Has the nick kept for the key of the client, by the one line that this takes.
    fn gives_its_key(&self, nick: &str) {
        let mut client = self.open(nick, "", "", "");
        assert_eq!(self.account_of(nick), None);
        client.terminal.types("/quote DEVICE ADD");
        client.terminal.sees(&["logged in as ", nick]);
        client.quits();
    }

    /// Is a guest, and told so in these words.
    fn is_refused(&self, account: &str, mechanism: &str, words: &[&str]) {
        let mut client = self.open("guest", account, mechanism, "wrong horse");
        client.terminal.sees(words);
        assert_eq!(self.account_of("guest"), None, "{mechanism}");
        client.quits();
    }
}

/// A client that runs, and its home.
struct Client {
    terminal: Terminal,
    _home: Folder,
}

impl Client {
    fn quits(mut self) {
        self.terminal.types("/quit");
        self.terminal.ends();
    }
}

#[test]
fn irssi_logs_in_over_tls() {
    let Some(path) = installed("irssi", "irssi") else {
        return;
    };
    let stand = Stand::new(irssi, path);
    stand.register("irene");
    stand.logs_in("irene", "PLAIN", PASSWORD);
    stand.gives_its_key("irma");
    stand.logs_in("irma", "EXTERNAL", "");
    stand.is_refused("irene", "PLAIN", &["Cannot authenticate via SASL"]);
    stand.pins(&["certificate", "mismatch"]);
}

#[test]
fn weechat_logs_in_over_tls() {
    let Some(path) = installed("weechat", "weechat-curses") else {
        return;
    };
    let stand = Stand::new(weechat, path);
    stand.register("wendy");
    stand.logs_in("wendy", "plain", PASSWORD);
    stand.logs_in("wendy", "scram-sha-256", PASSWORD);
    stand.gives_its_key("wilma");
    stand.logs_in("wilma", "external", "");
    stand.pins(&["fingerprint", "NOT match"]);
    for mechanism in ["plain", "scram-sha-256"] {
        stand.is_refused("wendy", mechanism, &["SASL authentication failed"]);
    }
}
