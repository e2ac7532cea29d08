//! The TLS door: whoever comes sees one certificate for ever, and can show one of their own. And the PROXY protocol.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};
use server_core::Door;

use crate::world::{Folder, Person, World, world, world_in};

/// Takes any certificate, as a client does at first sight.
#[derive(Debug)]
struct AtFirstSight;

impl ServerCertVerifier for AtFirstSight {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

type Encrypted = BufReader<StreamOwned<ClientConnection, TcpStream>>;

fn connect(world: &World, own: Option<&rcgen::CertifiedKey<rcgen::KeyPair>>) -> Encrypted {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AtFirstSight));
    let config = match own {
        Some(own) => {
            let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
            builder
                .with_client_auth_cert(vec![own.cert.der().clone()], key)
                .unwrap()
        }
        None => builder.with_no_client_auth(),
    };
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    // The deadlines of a person hold for the socket.
    let person = Person::new(TcpStream::connect(world.address(Door::Tls)).unwrap());
    BufReader::new(StreamOwned::new(
        connection,
        person.stream.try_clone().unwrap(),
    ))
}

fn say(person: &mut Encrypted, lines: &str) {
    person.get_mut().write_all(lines.as_bytes()).unwrap();
}

#[track_caller]
fn reads(person: &mut Encrypted, words: &str) -> String {
    let mut line = String::new();
    while !line.contains(words) {
        line.clear();
        assert_ne!(
            person.read_line(&mut line).unwrap(),
            0,
            "the end before {words}"
        );
    }
    line
}

#[test]
fn two_people_talk_one_of_them_encrypted() {
    let world = world("[server.tls]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut ada = world.member("ada", "#lobby");
    let mut bob = connect(&world, None);
    say(&mut bob, "NICK bob\r\nUSER bob 0 * :Bob\r\nJOIN #lobby\r\n");
    reads(&mut bob, " 366 ");
    ada.say("PRIVMSG #lobby :hello");
    assert!(reads(&mut bob, "PRIVMSG").ends_with("PRIVMSG #lobby :hello\r\n"));
    say(&mut bob, "PRIVMSG #lobby :and back\r\n");
    ada.reads("PRIVMSG #lobby :and back");
    // More than one record, and more than one read.
    for number in 0..15 {
        say(
            &mut bob,
            &format!("PRIVMSG #lobby :{number} {}\r\n", "x".repeat(400)),
        );
    }
    ada.reads("PRIVMSG #lobby :14 ");
    ada.say("WHOIS bob");
    ada.reads(" 671 ");
    // Whoever leaves knows that what they read is all: the end is no torn cable, which would be an error here.
    say(&mut bob, "QUIT :bye\r\n");
    reads(&mut bob, "ERROR ");
    assert_eq!(bob.read_line(&mut String::new()).unwrap(), 0);
}

#[test]
fn a_certificate_of_ones_own_is_seen_by_its_fingerprint() {
    let world = world("[server.tls]\nlisten = [\"127.0.0.1:0\"]\n");
    let own = rcgen::generate_simple_self_signed(vec!["bob".to_owned()]).unwrap();
    let mut bob = connect(&world, Some(&own));
    say(&mut bob, "NICK bob\r\nUSER bob 0 * :Bob\r\n");
    reads(&mut bob, " 001 ");
    say(&mut bob, "WHOIS bob\r\n");
    let digest = ring::digest::digest(&ring::digest::SHA256, own.cert.der());
    let seen = reads(&mut bob, " 276 ");
    let hex: Vec<String> = digest.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    assert!(seen.contains(&hex.join("")), "{seen}");
}

#[test]
fn the_servers_own_certificate_is_made_once() {
    let folder = Folder::new();
    let file = folder.0.join("certificate.pem");
    let tls = "[server.tls]\nlisten = [\"127.0.0.1:0\"]\n";
    let first = world_in(tls, folder);
    let made = std::fs::read(&file).unwrap();
    let seen = |world: &World| {
        let mut person = connect(world, None);
        say(&mut person, "PING x\r\n");
        reads(&mut person, "x");
        person.get_ref().conn.peer_certificates().unwrap()[0].clone()
    };
    let at_first = seen(&first);
    let again = world_in(tls, first.into_folder());
    assert_eq!(std::fs::read(&file).unwrap(), made);
    assert_eq!(seen(&again), at_first);
}

#[test]
fn noise_on_the_encrypted_port_disturbs_nobody() {
    let world = world("[server.tls]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut bystander = world.member("ada", "#lobby");
    let mut stranger = world.connect(Door::Tls);
    stranger.say("NICK a");
    stranger.say("USER a 0 * :a");
    stranger.reads_to_the_end();
    bystander.is_served();
}

#[test]
fn whoever_speaks_unencrypted_on_the_encrypted_port_is_told_so() {
    let world = world("[server.tls]\nlisten = [\"127.0.0.1:0\"]\n");
    let mut client = world.connect(Door::Tls);
    client.say("CAP LS 302");
    let told = client.reads_to_the_end();
    assert_eq!(
        told,
        ["ERROR :This port is encrypted: connect to it with TLS"]
    );
    let mut page = world.connect(Door::Tls);
    page.say("GET / HTTP/1.1\r\nHost: chat.example\r\n");
    let told = page.reads_to_the_end();
    let [status, .., body] = &told[..] else {
        panic!("{told:?}");
    };
    assert!(status.starts_with("HTTP/1.1 400 "), "{told:?}");
    let length = format!("Content-Length: {}", body.len() + 1);
    assert!(told.contains(&length), "{told:?}");
}

#[test]
fn a_trusted_proxy_says_whom_it_speaks_for() {
    let world = world(
        "[server.proxy]\ntrusted = [\"127.0.0.1\"]\n[server.tls]\nlisten = [\"127.0.0.1:0\"]\n",
    );
    let mut ada = world.connect(Door::Tcp);
    ada.say("PROXY TCP4 192.0.2.7 127.0.0.1 5555 6667");
    ada.register("ada");
    ada.say("WHOIS ada");
    assert!(ada.reads(" 338 ").contains("192.0.2.7"));
    let mut liar = world.connect(Door::Tcp);
    liar.say("NICK liar");
    assert!(liar.reads_to_the_end().is_empty());
    ada.is_served();
}

/// What somebody unencrypted is offered.
#[cfg(feature = "acme")]
fn offered(world: &World) -> String {
    let mut person = world.connect(Door::Tcp);
    person.say("CAP LS 302");
    let mut all = String::new();
    loop {
        let line = person.reads(" CAP ");
        all.push_str(&line);
        if !line.contains(" LS * :") {
            return all;
        }
    }
}

#[cfg(feature = "acme")]
#[test]
fn nobody_is_told_to_come_back_encrypted_before_there_is_a_certificate_to_trust() {
    let folder = Folder::new();
    let own = rcgen::generate_simple_self_signed(vec!["chat.example.org".to_owned()]).unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (certificate, key) = (
        file("its.pem", &own.cert.pem()),
        file("its.key", &own.signing_key.serialize_pem()),
    );
    let vouched_for = world(&format!(
        "[server.tls]\nlisten = [\"127.0.0.1:0\"]\nsts_port = 6697\n\
         certificate = \"{certificate}\"\nkey = \"{key}\"\n"
    ));
    assert!(offered(&vouched_for).contains("sts=port=6697"));
    // An authority is asked, and has given none yet.
    let waiting = world(
        "[server.tls]\nlisten = [\"127.0.0.1:0\"]\nsts_port = 6697\n\
         acme_hosts = [\"chat.example.org\"]\nacme_directory = \"https://127.0.0.1:1/dir\"\n\
         acme_listen = [\"127.0.0.1:0\"]\n",
    );
    let caps = offered(&waiting);
    assert!(caps.contains("sasl") && !caps.contains("sts"), "{caps}");
}
