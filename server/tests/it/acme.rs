//! The program gets a certificate from Pebble, the test authority of Let's Encrypt, as Debian packages it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::started_in;
use crate::terminal::installed;
use crate::world::Folder;

/// A program that is killed when this is dropped.
struct Running(Child);

impl Running {
    /// Starts it and waits until it says these words.
    fn start(command: &mut Command, words: &str) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(words) {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended at once");
        }
        // It must not find its output closed while it runs.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that nobody uses now.
fn port() -> u16 {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    taken.local_addr().unwrap().port()
}

/// Pebble with its certificate in the folder: names lead to this machine, proofs are looked for at a port.
fn pebble(folder: &Folder, authority: &Path, names: &Path, proofs: u16) -> (u16, [Running; 2]) {
    let (directory, management, dns, control) = (port(), port(), port(), port());
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.0.join(name), text).unwrap();
    file("pebble.pem", &own.cert.pem());
    file("pebble.key", &own.signing_key.serialize_pem());
    file(
        "pebble.json",
        &format!(
            r#"{{"pebble": {{"listenAddress": "127.0.0.1:{directory}",
            "managementListenAddress": "127.0.0.1:{management}",
            "certificate": "pebble.pem", "privateKey": "pebble.key", "httpPort": {proofs}, "tlsPort": 1}}}}"#
        ),
    );
    let names = Running::start(
        Command::new(names)
            .args(["-dns01", &format!("127.0.0.1:{dns}")])
            .args(["-management", &format!("127.0.0.1:{control}")])
            .args(["-http01", "", "-https01", "", "-tlsalpn01", ""])
            .args(["-defaultIPv4", "127.0.0.1", "-defaultIPv6", ""]),
        "Starting management server",
    );
    let authority = Running::start(
        Command::new(authority)
            .args(["-config", "pebble.json", "-strict"])
            .args(["-dnsserver", &format!("127.0.0.1:{dns}")])
            // It looks at once, and refuses no good nonce: chance is no part of this test.
            .env("PEBBLE_VA_NOSLEEP", "1")
            .env("PEBBLE_WFE_NONCEREJECT", "0")
            .current_dir(&folder.0),
        "ACME directory available",
    );
    (directory, [names, authority])
}

#[test]
fn a_certificate_comes_from_pebble() {
    let found = ["pebble", "pebble-challtestsrv"].map(|name| installed(name, "pebble"));
    let [Some(authority), Some(names)] = found else {
        return;
    };
    let folder = Folder::new();
    let proofs = port();
    let (directory, _running) = pebble(&folder, &authority, &names, proofs);
    let config = format!(
        "[server.tls]\nlisten = [\"127.0.0.1:0\"]\n\
         acme_hosts = [\"chat.example.org\", \"irc.example.org\"]\nacme_email = \"me@example.org\"\n\
         acme_directory = \"https://localhost:{directory}/dir\"\nacme_root = \"{}\"\n\
         acme_listen = [\"127.0.0.1:{proofs}\"]\n",
        folder.0.join("pebble.pem").display()
    );
    // A server that runs is told on SIGHUP.
    let mut program = started_in(&folder, "[server.tls]\nlisten = [\"127.0.0.1:0\"]\n", &[]);
    std::fs::write(folder.0.join("parlor.toml"), &config).unwrap();
    program.signal("-HUP");
    let line = program.says("certificate");
    assert!(
        line.contains("chat.example.org, irc.example.org is in use"),
        "{line}"
    );
    let mut ada = program.person("ada");
    ada.is_served();
    // A second start finds it.
    assert_eq!(program.ended(), Some(0));
    let given = std::fs::read(folder.0.join("acme.pem")).unwrap();
    let mut program = started_in(&folder, &config, &[]);
    program.person("ada").is_served();
    assert_eq!(program.ended(), Some(0));
    assert_eq!(std::fs::read(folder.0.join("acme.pem")).unwrap(), given);
}
