//! Both ends of TLS in memory: records in pieces, many at once, broken ones, new keys, and nothing held at rest.

use std::io::{Read as _, Write as _};

use rustls::crypto::ring::default_provider;
use rustls::crypto::{CipherSuiteCommon, CryptoProvider};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, SupportedCipherSuite, SupportedProtocolVersion,
    Tls12CipherSuite,
};

use super::*;

/// A server's end and a client's.
fn ends(version: &'static SupportedProtocolVersion) -> (Tls, ClientConnection) {
    ends_with(version, default_provider())
}

fn ends_with(
    version: &'static SupportedProtocolVersion,
    provider: CryptoProvider,
) -> (Tls, ClientConnection) {
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(provider);
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(own.cert.der().clone()).unwrap();
    let client = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = ClientConnection::new(Arc::new(client), name).unwrap();
    client.set_buffer_limit(None);
    (Tls::new(Arc::new(server)).unwrap(), client)
}

/// What the client has to send.
fn sent(client: &mut ClientConnection) -> Vec<u8> {
    let mut records = Vec::new();
    while client.wants_write() {
        client.write_tls(&mut records).unwrap();
    }
    records
}

/// What the client hears.
fn heard(client: &mut ClientConnection, mut records: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    while !records.is_empty() {
        assert_ne!(client.read_tls(&mut records).unwrap(), 0);
        let state = client.process_new_packets().unwrap();
        let start = plain.len();
        plain.resize(start + state.plaintext_bytes_to_read(), 0);
        client.reader().read_exact(&mut plain[start..]).unwrap();
    }
    plain
}

/// Feeds what the client has to send, in pieces, and gives it the answers; what was in it.
fn fed(tls: &mut Tls, client: &mut ClientConnection, piece: usize) -> (Vec<u8>, usize) {
    let (mut plain, mut greeted) = (Vec::new(), 0);
    let records = sent(client);
    for piece in records.chunks(piece) {
        let mut reply = Vec::new();
        let opened = tls.came(piece, &mut reply);
        assert_eq!(opened.ended, None);
        plain.extend_from_slice(&opened.plain);
        greeted += usize::from(opened.is_greeted);
        heard(client, &reply);
    }
    (plain, greeted)
}

/// Both ends after the handshake.
fn greeted(version: &'static SupportedProtocolVersion, piece: usize) -> (Tls, ClientConnection) {
    let (mut tls, mut client) = ends(version);
    let mut greeted = 0;
    for _ in 0..4 {
        greeted += fed(&mut tls, &mut client, piece).1;
    }
    assert_eq!(greeted, 1);
    assert!(!client.is_handshaking());
    (tls, client)
}

#[test]
fn people_talk_however_the_bytes_come() {
    for version in [&TLS12, &TLS13] {
        for piece in [1, 7, 1_000_000] {
            let (mut tls, mut client) = greeted(version, piece);
            client.writer().write_all(b"NICK ada\r\n").unwrap();
            client.writer().write_all(b"USER ada 0 * :Ada\r\n").unwrap();
            let (plain, _) = fed(&mut tls, &mut client, piece);
            assert_eq!(plain, b"NICK ada\r\nUSER ada 0 * :Ada\r\n");
            let mut out = b"before".to_vec();
            tls.seal(b"PING 1\r\n", &mut out);
            assert_eq!(heard(&mut client, &out[6..]), b"PING 1\r\n");
        }
    }
}

#[test]
fn more_than_a_record_is_several() {
    for version in [&TLS12, &TLS13] {
        let (mut tls, mut client) = greeted(version, 1_000_000);
        for length in [RECORD_BYTES, RECORD_BYTES + 1, 5 * RECORD_BYTES + 3] {
            let long: Vec<u8> = b"0123456789".iter().copied().cycle().take(length).collect();
            let mut out = Vec::new();
            tls.seal(&long, &mut out);
            assert_eq!(heard(&mut client, &out), long);
            client.writer().write_all(&long).unwrap();
            assert_eq!(fed(&mut tls, &mut client, 4096).0, long);
        }
    }
}

#[test]
fn who_is_silent_holds_no_buffer() {
    let (mut tls, mut client) = greeted(&TLS13, 1_000_000);
    client.writer().write_all(&[b'x'; 5000]).unwrap();
    let records = sent(&mut client);
    let (start, end) = records.split_at(3000);
    let mut reply = Vec::new();
    assert!(tls.came(start, &mut reply).plain.is_empty());
    assert_eq!(tls.held.capacity(), 3000);
    // What is held does not keep the other direction from being used.
    let mut out = Vec::new();
    tls.seal(b"PING 1\r\n", &mut out);
    assert_eq!(heard(&mut client, &out), b"PING 1\r\n");
    assert_eq!(tls.came(end, &mut reply).plain, [b'x'; 5000]);
    assert_eq!(tls.held.capacity(), 0);
}

#[test]
fn new_keys_are_answered() {
    let (mut tls, mut client) = greeted(&TLS13, 1_000_000);
    for number in 0..3 {
        client.refresh_traffic_keys().unwrap();
        let line = format!("PING {number}\r\n");
        client.writer().write_all(line.as_bytes()).unwrap();
        assert_eq!(fed(&mut tls, &mut client, 11).0, line.as_bytes());
        let mut out = Vec::new();
        tls.seal(line.as_bytes(), &mut out);
        assert_eq!(heard(&mut client, &out), line.as_bytes());
    }
}

#[test]
fn the_end_is_heard_and_can_be_answered() {
    let (mut tls, mut client) = greeted(&TLS13, 1_000_000);
    client.writer().write_all(b"QUIT\r\n").unwrap();
    client.send_close_notify();
    let mut reply = Vec::new();
    let opened = tls.came(&sent(&mut client), &mut reply);
    assert_eq!(opened.plain, b"QUIT\r\n");
    assert_eq!(opened.ended, Some("Connection closed"));
    tls.seal(b"ERROR :Closing link\r\n", &mut reply);
    assert_eq!(heard(&mut client, &reply), b"ERROR :Closing link\r\n");
}

#[test]
fn the_servers_own_end_is_told_once() {
    for version in [&TLS12, &TLS13] {
        let (mut tls, mut client) = ends(version);
        let mut out = Vec::new();
        tls.close(&mut out);
        assert!(out.is_empty(), "there is nobody yet to be told");
        for _ in 0..4 {
            fed(&mut tls, &mut client, 1_000_000);
        }
        tls.seal(b"ERROR :bye\r\n", &mut out);
        assert_eq!(heard(&mut client, &out), b"ERROR :bye\r\n");
        out.clear();
        tls.close(&mut out);
        client.read_tls(&mut out.as_slice()).unwrap();
        assert!(client.process_new_packets().unwrap().peer_has_closed());
        out.clear();
        tls.close(&mut out);
        tls.seal(b"more", &mut out);
        assert!(out.is_empty());
    }
}

#[test]
fn a_broken_record_ends_it_with_an_alert() {
    let (mut tls, mut client) = greeted(&TLS13, 1_000_000);
    client.writer().write_all(b"NICK ada\r\n").unwrap();
    let mut records = sent(&mut client);
    *records.last_mut().unwrap() ^= 1;
    let mut reply = Vec::new();
    let opened = tls.came(&records, &mut reply);
    assert_eq!(opened.ended, Some("TLS error"));
    assert!(opened.plain.is_empty());
    assert!(client.read_tls(&mut reply.as_slice()).unwrap() > 0);
    let told = client.process_new_packets().unwrap_err().to_string();
    assert!(told.contains("BadRecordMac"), "{told}");
    // Who is no longer trusted hears nothing.
    let sealed_from = reply.len();
    tls.seal(b"ERROR :Closing link\r\n", &mut reply);
    assert_eq!(reply.len(), sealed_from);
}

#[test]
fn who_breaks_the_rules_in_the_same_breath_as_the_handshake_ends_says_nothing() {
    let (mut tls, mut client) = ends(&TLS13);
    fed(&mut tls, &mut client, 1_000_000);
    assert!(!client.is_handshaking());
    // The handshake's last message, a line, and another in a broken record.
    client.writer().write_all(b"NICK ada\r\n").unwrap();
    let mut records = sent(&mut client);
    client.writer().write_all(b"USER ada 0 * :Ada\r\n").unwrap();
    records.extend(sent(&mut client));
    *records.last_mut().unwrap() ^= 1;
    let opened = tls.came(&records, &mut Vec::new());
    assert_eq!(opened.ended, Some("TLS error"));
    assert_eq!((opened.is_greeted, opened.plain), (false, Vec::new()));
}

/// The suite of another, with keys that are good for few records.
fn short_lived(suite: SupportedCipherSuite) -> Option<SupportedCipherSuite> {
    let SupportedCipherSuite::Tls12(suite) = suite else {
        return None;
    };
    let common = CipherSuiteCommon {
        suite: suite.common.suite,
        hash_provider: suite.common.hash_provider,
        confidentiality_limit: 3,
    };
    let suite = Tls12CipherSuite {
        common,
        prf_provider: suite.prf_provider,
        kx: suite.kx,
        sign: suite.sign,
        aead_alg: suite.aead_alg,
    };
    Some(SupportedCipherSuite::Tls12(Box::leak(Box::new(suite))))
}

#[test]
fn who_hears_nothing_more_because_keys_are_used_up_is_told_that_it_is_over() {
    let mut provider = default_provider();
    let suites = provider.cipher_suites.into_iter();
    provider.cipher_suites = suites.filter_map(short_lived).collect();
    let (mut tls, mut client) = ends_with(&TLS12, provider);
    for _ in 0..4 {
        fed(&mut tls, &mut client, 1_000_000);
    }
    let mut told = 0;
    let end = loop {
        let mut out = Vec::new();
        tls.seal(b"PING 1\r\n", &mut out);
        client.read_tls(&mut out.as_slice()).unwrap();
        let state = client.process_new_packets().unwrap();
        if state.plaintext_bytes_to_read() == 0 {
            break state;
        }
        told += state.plaintext_bytes_to_read();
        client.reader().read_exact(&mut [0; 8]).unwrap();
        assert!(told < 80, "the keys last");
    };
    assert!(told > 0 && end.peer_has_closed(), "{told}: {end:?}");
    let mut out = Vec::new();
    tls.seal(b"PING 1\r\n", &mut out);
    assert!(out.is_empty());
}

#[test]
fn what_is_no_tls_ends_at_once_and_nothing_is_said_before_the_handshake() {
    let (mut tls, _) = ends(&TLS13);
    let mut reply = Vec::new();
    tls.seal(b"ERROR :Closing link\r\n", &mut reply);
    assert!(reply.is_empty());
    let opened = tls.came(b"NICK ada\r\nUSER ada 0 * :Ada\r\n", &mut reply);
    assert_eq!(opened.ended, Some("TLS error"));
    assert!(!opened.is_greeted);
}

#[test]
fn a_handshake_without_an_end_is_not_held_for_ever() {
    let (mut tls, _) = ends(&TLS13);
    let mut reply = Vec::new();
    // A ClientHello of 64 KiB less one byte, as its header says, in records of 16 KiB.
    let mut first = vec![22, 3, 1, 0x40, 0, 1, 0, 0xff, 0xff];
    first.resize(5 + RECORD_BYTES, 0);
    let mut record = vec![22, 3, 1, 0x40, 0];
    record.resize(5 + RECORD_BYTES, 0);
    let mut ended = tls.came(&first, &mut reply).ended;
    for _ in 0..6 {
        ended = ended.or_else(|| tls.came(&record, &mut reply).ended);
        assert!(tls.held.len() <= HELD_BYTES_MAX);
    }
    assert_eq!(ended, Some("TLS error"));
}
