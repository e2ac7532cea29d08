//! Accounts that wait for a code by e-mail, against a relay that is a thread of the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use server::config::{Config, MailTls};

use crate::program::started_with;
use crate::world::{Folder, Person, World, world_of};

/// No letter takes so long.
const DEADLINE: Duration = Duration::from_secs(20);

/// A letter, as the relay got it.
struct Letter {
    to: String,
    text: String,
    /// The name and password of whoever sent it.
    login: Option<String>,
    is_encrypted: bool,
}

/// A relay. It refuses for good what goes to `nobody@…`.
struct Relay {
    address: SocketAddr,
    letters: Receiver<Letter>,
    /// One for each connection that has ended.
    ended: Receiver<()>,
    /// The certificate it has, where it speaks TLS.
    pem: Option<String>,
}

trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

impl Relay {
    fn start(has_tls: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![own.cert.der().clone()],
                PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into()),
            )
            .unwrap();
        let tls = has_tls.then(|| Arc::new(tls));
        let pem = has_tls.then(|| own.cert.pem());
        let (heard, letters) = channel();
        let (over, ended) = channel();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                stream.set_read_timeout(Some(DEADLINE)).unwrap();
                let _ = serve(stream, tls.as_ref(), &heard);
                let _ = over.send(());
            }
        });
        Self {
            address,
            letters,
            ended,
            pem,
        }
    }

    /// One that nobody reaches.
    fn gone() -> Self {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, letters, ended) = (taken.local_addr().unwrap(), channel().1, channel().1);
        Self {
            address,
            letters,
            ended,
            pem: None,
        }
    }

    #[track_caller]
    fn letter(&self) -> Letter {
        self.letters.recv_timeout(DEADLINE).unwrap()
    }
}

fn serve(
    stream: TcpStream,
    tls: Option<&Arc<ServerConfig>>,
    heard: &Sender<Letter>,
) -> std::io::Result<()> {
    let mut stream: BufReader<Box<dyn Stream>> = BufReader::new(Box::new(stream.try_clone()?));
    stream
        .get_mut()
        .write_all(b"220 relay.example.org here\r\n")?;
    let ended = converse(&mut stream, tls.is_some(), false, heard)?;
    if let (true, Some(tls)) = (ended, tls) {
        let connection = ServerConnection::new(Arc::clone(tls)).unwrap();
        let stream = StreamOwned::new(connection, stream.into_inner());
        let mut stream: BufReader<Box<dyn Stream>> = BufReader::new(Box::new(stream));
        converse(&mut stream, false, true, heard)?;
    }
    Ok(())
}

/// Speaks SMTP to the end, or to STARTTLS: then `true`.
fn converse(
    stream: &mut BufReader<Box<dyn Stream>>,
    offers_tls: bool,
    is_encrypted: bool,
    heard: &Sender<Letter>,
) -> std::io::Result<bool> {
    let (mut to, mut login, mut line) = (String::new(), None, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Ok(false);
        }
        let words = line.trim_end();
        let answer = match words.split([' ', ':']).next().unwrap() {
            "EHLO" if offers_tls => "250-relay.example.org\r\n250 STARTTLS",
            "EHLO" => "250-relay.example.org\r\n250 AUTH PLAIN",
            "STARTTLS" => {
                stream.get_mut().write_all(b"220 go on\r\n")?;
                return Ok(true);
            }
            "AUTH" => {
                let secret = words.strip_prefix("AUTH PLAIN ").unwrap();
                login = Some(String::from_utf8(Base64::decode_vec(secret).unwrap()).unwrap());
                "235 welcome"
            }
            "MAIL" => "250 yes",
            "RCPT" if words.contains("<nobody@") => "550 5.1.1 no such user",
            "RCPT" => {
                words
                    .replace("RCPT TO:<", "")
                    .trim_end_matches('>')
                    .clone_into(&mut to);
                "250 yes"
            }
            "DATA" => {
                stream.get_mut().write_all(b"354 go on\r\n")?;
                let mut text = String::new();
                while !text.ends_with("\r\n.\r\n") {
                    stream.read_line(&mut text)?;
                }
                let letter = Letter {
                    to: to.clone(),
                    text,
                    login: login.clone(),
                    is_encrypted,
                };
                let _ = heard.send(letter);
                "250 taken"
            }
            "QUIT" => "221 bye",
            other => panic!("{other}"),
        };
        stream
            .get_mut()
            .write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// A server that sends through that relay, with more keys of `[server.mail]`.
fn world(relay: &Relay, more: &str) -> World {
    world_in(Folder::new(), relay, more)
}

fn world_in(folder: Folder, relay: &Relay, more: &str) -> World {
    let text = format!(
        "[server]\nlisten = [\"127.0.0.1:0\"]\nnetwork = \"Hut\"\n\
         [server.accounts]\nregistration_requires_email = true\npassword_hash = \"minimum\"\n\
         [server.mail]\nrelay = \"localhost\"\nport = {}\nfrom = \"chat@example.org\"\n{more}\n",
        relay.address.port()
    );
    let mut config = Config::parse(&text, "test.toml").unwrap();
    if let (Some(pem), MailTls::StartTls) = (&relay.pem, config.mail.tls) {
        let root = folder.0.join("relay.pem");
        std::fs::write(&root, pem).unwrap();
        config.mail.root = root.display().to_string();
    }
    world_of(config, folder)
}

/// For a relay that is this machine.
const PLAIN: &str = "tls = \"off\"";
/// For one that is not.
const LOGIN: &str = "user = \"chat\"\npassword = \"secret\"";

/// The code in a letter.
fn code(letter: &Letter, account: &str) -> String {
    let words = format!("VERIFY {account} ");
    let found = letter.text.split(&words).nth(1).unwrap();
    found.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn an_account_is_made_with_the_code_from_the_letter() {
    let relay = Relay::start(false);
    let world = world(&relay, PLAIN);
    let mut ann = world.person("ann");
    ann.say("REGISTER ann * secret");
    ann.reads("FAIL REGISTER INVALID_EMAIL");
    ann.say("REGISTER ann ann@example.org secret");
    ann.reads("REGISTER VERIFICATION_REQUIRED ann ");
    let letter = relay.letter();
    assert_eq!(letter.to, "ann@example.org");
    assert!(letter.login.is_none() && !letter.is_encrypted);
    for words in [
        "From: Hut <chat@example.org>\r\n",
        "To: ann@example.org\r\n",
        "Subject: Your code for ann on Hut\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Message-ID: <",
        "\r\nDate: ",
        "Hello ann,\r\n",
    ] {
        assert!(letter.text.contains(words), "{words:?} in {}", letter.text);
    }
    ann.say("VERIFY ann wrong");
    ann.reads("FAIL VERIFY INVALID_CODE");
    ann.say(&format!("VERIFY ann {}", code(&letter, "ann")));
    ann.reads("VERIFY SUCCESS ann ");
    ann.is_served();
}

#[test]
fn the_relay_is_reached_encrypted_and_by_name_and_password() {
    let relay = Relay::start(true);
    let world = world(&relay, LOGIN);
    let mut ann = world.person("ann");
    ann.say("REGISTER ann ann@example.org secret");
    ann.reads("VERIFICATION_REQUIRED");
    let letter = relay.letter();
    assert!(letter.is_encrypted);
    assert_eq!(letter.login.as_deref(), Some("\0chat\0secret"));
}

#[test]
fn a_relay_of_another_root_or_without_tls_gets_nothing() {
    for has_tls in [true, false] {
        let mut relay = Relay::start(has_tls);
        // So the server is not told the root.
        relay.pem = None;
        let world = world(&relay, LOGIN);
        let mut ann = world.person("ann");
        ann.say("REGISTER ann ann@example.org secret");
        ann.reads("VERIFICATION_REQUIRED");
        relay.ended.recv_timeout(DEADLINE).unwrap();
        // The letter waits for a better time; the server goes on.
        ann.is_served();
        assert!(relay.letters.try_recv().is_err());
    }
}

#[test]
fn a_name_is_free_again_when_the_relay_refuses_its_address() {
    let relay = Relay::start(false);
    let world = world(&relay, PLAIN);
    let mut ann = world.person("ann");
    ann.say("REGISTER ann nobody@example.org secret");
    ann.reads("VERIFICATION_REQUIRED");
    registers_in_the_end(&mut ann, "ann");
    let letter = relay.letter();
    assert_eq!(letter.to, "ann@example.org");
    ann.say(&format!("VERIFY ann {}", code(&letter, "ann")));
    ann.reads("VERIFY SUCCESS ann ");
}

#[test]
fn neither_an_address_nor_a_code_is_logged() {
    let relay = Relay::start(false);
    let config = format!(
        "[server.accounts]\nregistration_requires_email = true\npassword_hash = \"minimum\"\n\
         [server.mail]\nrelay = \"localhost\"\nport = {}\nfrom = \"chat@example.org\"\n{PLAIN}\n",
        relay.address.port()
    );
    let mut program = started_with(&config, &["--transcript"]);
    let mut ann = program.person("ann");
    ann.say("REGISTER ann ann@example.org secret");
    ann.reads("VERIFICATION_REQUIRED");
    let code = code(&relay.letter(), "ann");
    ann.say(&format!("VERIFY ann {code}"));
    ann.reads("VERIFY SUCCESS");
    let mut bob = program.person("bob");
    bob.say("REGISTER bob nobody@example.org secret");
    bob.reads("VERIFICATION_REQUIRED");
    registers_in_the_end(&mut bob, "bob");
    assert_eq!(program.ended(), Some(0));
    let log = program.last_words();
    assert!(log.contains("the relay refuses it (550)"), "{log}");
    for secret in ["ann@", "bob@", "nobody@", &code, "secret"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

/// Their name is free again as soon as the relay has refused the address that they gave before.
#[track_caller]
fn registers_in_the_end(person: &mut Person, name: &str) {
    let began = Instant::now();
    loop {
        person.say(&format!("REGISTER {name} {name}@example.org secret"));
        if person.reads(" REGISTER ").contains("VERIFICATION_REQUIRED") {
            return;
        }
        assert!(began.elapsed() < DEADLINE);
    }
}

#[test]
fn a_letter_that_waited_when_the_server_ended_is_sent_by_the_next_one_once() {
    let first = world(&Relay::gone(), PLAIN);
    let mut ann = first.person("ann");
    ann.say("REGISTER ann ann@example.org secret");
    ann.reads("VERIFICATION_REQUIRED");
    let relay = Relay::start(false);
    let second = world_in(first.into_folder(), &relay, PLAIN);
    let letter = relay.letter();
    assert_eq!(letter.to, "ann@example.org");
    let mut ann = second.person("ann");
    let third = world_in(second.into_folder(), &relay, PLAIN);
    assert_eq!(ann.reads_to_the_end().len(), 1);
    let mut ann = third.person("ann");
    ann.say(&format!("VERIFY ann {}", code(&letter, "ann")));
    ann.reads("VERIFY SUCCESS ann ");
    assert!(relay.letters.try_recv().is_err());
}

#[test]
fn nobodys_mailbox_is_filled() {
    let relay = Relay::start(false);
    let world = world(&relay, PLAIN);
    for nick in ["ann", "bob", "cid"] {
        let mut person = world.person(nick);
        person.say(&format!("REGISTER {nick} victim@example.org secret"));
        person.reads("VERIFICATION_REQUIRED");
        relay.letter();
    }
    let mut dan = world.person("dan");
    dan.say("REGISTER dan Victim@example.org secret");
    dan.reads("FAIL REGISTER TEMPORARILY_UNAVAILABLE");
    dan.say("REGISTER dan dan@example.org secret");
    dan.reads("VERIFICATION_REQUIRED");
    assert_eq!(relay.letter().to, "dan@example.org");
}
