//! Real handshakes over loopback with certificates made here: who is believed, who is refused, and that nothing is
//! ever sent to whom we do not know.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::config::network::Tls;
use crate::dial::{Encrypted, Failure, Target, Wire};
use crate::trust::Known;

/// A certificate with its key.
struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Identity {
    fn own() -> Self {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["parlor.local".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { certificate, key }
    }

    fn print(&self) -> Fingerprint {
        fingerprint_of(&self.key.subject_public_key_info())
    }
}

/// Somebody whom the system trusts to sign, and what they signed for these names.
fn signed(names: &[&str]) -> (Arc<RootCertStore>, Identity) {
    signed_for(names, KeyPair::generate().unwrap())
}

/// The same for a key that is there.
fn signed_for(names: &[&str], key: KeyPair) -> (Arc<RootCertStore>, Identity) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(issuer.der().clone()).unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let params = CertificateParams::new(names).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap().der().clone();
    (Arc::new(roots), Identity { certificate, key })
}

/// Shows a certificate and signs with a key that need not be its own.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

fn config(certificate: &Identity, key: &Identity, is_old: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(ring::default_provider());
    let versions = if is_old { &TLS12 } else { &TLS13 };
    let secret = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.key.serialize_der()));
    let secret = provider.key_provider.load_private_key(secret).unwrap();
    let shown = CertifiedKey::new(vec![certificate.certificate.clone()], secret);
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[versions])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Shown(Arc::new(shown))));
    Arc::new(config)
}

/// A server for links one after the other; says "hi" to each, and what it heard of each counts.
struct Server {
    port: u16,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(config: Arc<ServerConfig>, port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let accepted = TlsAcceptor::from(Arc::clone(&config)).accept(stream).await;
                if let Ok(mut stream) = accepted {
                    let _ = stream.write_all(b"hi").await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        Self { port, task }
    }

    async fn stop(self) -> u16 {
        self.task.abort();
        let _ = self.task.await;
        self.port
    }
}

/// A server that answers whatever comes with these bytes, and keeps what it heard of all links.
async fn raw(answer: &'static [u8]) -> (u16, Arc<std::sync::Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = Arc::clone(&heard);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            let count = stream.read(&mut bytes).await.unwrap_or(0);
            bytes.truncate(count);
            kept.lock().unwrap().push(bytes);
            let _ = stream.write_all(answer).await;
        }
    });
    (port, heard)
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("parlor-tls-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

fn target(port: u16, folder: &std::path::Path) -> Target {
    Target {
        name: String::new(),
        host: "127.0.0.1".to_owned(),
        port,
        tls: Tls::On,
        folder: Some(folder.to_owned()),
        roots: Some(Arc::new(RootCertStore::empty())),
        certificate: crate::login::Key::Own,
        invited: None,
        has_token: false,
    }
}

/// What there is to tell about a good link that says "hi".
async fn met(target: &Target) -> Option<String> {
    let Wire::Encrypted(Encrypted {
        mut stream, word, ..
    }) = target.open().await.unwrap()
    else {
        panic!("not encrypted");
    };
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "hi");
    word
}

async fn distrust(target: &Target) -> Distrust {
    match target.open().await.unwrap_err() {
        Failure::Distrusted(distrust) => distrust,
        other => panic!("{other:?}"),
    }
}

async fn failure(target: &Target) -> String {
    target.open().await.unwrap_err().explained("here")
}

#[tokio::test]
async fn the_first_one_counts_and_another_is_refused_until_the_user_takes_it() {
    let folder = folder("first");
    let (old, new) = (Identity::own(), Identity::own());
    let server = Server::start(config(&old, &old, false), 0).await;
    let mut target = target(server.port, &folder);
    let word = met(&target).await.unwrap();
    assert!(word.contains(&old.print().to_string()), "{word}");
    assert_eq!(met(&target).await, None);

    let server = Server::start(config(&new, &new, false), server.stop().await).await;
    let refused = distrust(&target).await;
    let (pinned, seen) = (old.print(), new.print());
    let changed = Distrust::Changed {
        pinned,
        seen: seen.clone(),
    };
    assert_eq!(refused, changed);
    assert_eq!(distrust(&target).await, changed, "and it stays refused");
    target.trust(&seen).unwrap();
    assert_eq!(met(&target).await, None);
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn what_the_system_trusts_needs_no_pin_and_must_stay_so() {
    let folder = folder("system");
    let (roots, identity) = signed(&["127.0.0.1"]);
    let server = Server::start(config(&identity, &identity, false), 0).await;
    let target = Target {
        roots: Some(roots),
        ..target(server.port, &folder)
    };
    assert_eq!(met(&target).await, None);
    let known = target.pins().find(&target.address()).unwrap();
    assert_eq!(known, Some(Known::System));

    let own = Identity::own();
    let server = Server::start(config(&own, &own, false), server.stop().await).await;
    let seen = own.print();
    assert_eq!(distrust(&target).await, Distrust::Downgraded { seen });
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_new_certificate_for_the_same_key_is_no_other_server() {
    let folder = folder("renewed");
    let own = Identity::own();
    let server = Server::start(config(&own, &own, false), 0).await;
    let known = target(server.port, &folder);
    assert!(met(&known).await.is_some());
    let key = KeyPair::from_pem(&own.key.serialize_pem()).unwrap();
    let (roots, given) = signed_for(&["127.0.0.1"], key);
    assert_ne!(given.certificate, own.certificate);

    let server = Server::start(config(&given, &given, false), server.stop().await).await;
    let invited = Some(own.print());
    let known = Target { invited, ..known };
    assert_eq!(met(&known).await, None, "an old invite and an old pin hold");
    let roots = Some(roots);
    let known = Target { roots, ..known };
    assert_eq!(met(&known).await, None);
    let kept = known.pins().find(&known.address()).unwrap();
    assert_eq!(kept, Some(Known::System));
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_good_signature_for_another_name_is_not_for_this_one() {
    let folder = folder("name");
    let (roots, identity) = signed(&["other.example"]);
    let server = Server::start(config(&identity, &identity, false), 0).await;
    let target = Target {
        roots: Some(roots),
        ..target(server.port, &folder)
    };
    assert!(met(&target).await.is_some(), "it is pinned like any other");
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_invite_asks_nothing_and_takes_no_other() {
    let folder = folder("invite");
    let (right, wrong) = (Identity::own(), Identity::own());
    let server = Server::start(config(&right, &right, false), 0).await;
    let invited = |print: Fingerprint| Target {
        invited: Some(print),
        ..target(server.port, &folder)
    };
    let refused = distrust(&invited(wrong.print())).await;
    assert_eq!(refused.seen(), &right.print());
    assert!(matches!(refused, Distrust::NotInvited { .. }));
    assert_eq!(
        target(server.port, &folder)
            .pins()
            .find(&format!("127.0.0.1:{}", server.port))
            .unwrap(),
        None
    );
    let word = met(&invited(right.print())).await.unwrap();
    assert!(word.contains("invite"), "{word}");
    assert_eq!(
        met(&target(server.port, &folder)).await,
        None,
        "it is known now"
    );
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_token_is_for_nobody_who_could_be_somebody_else() {
    let folder = folder("token");
    let (own, other) = (Identity::own(), Identity::own());
    let server = Server::start(config(&own, &own, false), 0).await;
    let mut target = Target {
        has_token: true,
        ..target(server.port, &folder)
    };
    let seen = own.print();
    let unproven = Distrust::Unproven { seen: seen.clone() };
    assert_eq!(distrust(&target).await, unproven);
    assert_eq!(target.pins().find(&target.address()).unwrap(), None);
    target.invited = Some(other.print());
    let refused = distrust(&target).await;
    assert!(matches!(refused, Distrust::NotInvited { .. }));
    target.invited = Some(seen);
    assert!(met(&target).await.unwrap().contains("invite"));
    server.stop().await;
    // Before anything is dialled: nobody listens there.
    let elsewhere = Target {
        host: "192.0.2.1".to_owned(),
        tls: Tls::Off,
        ..target
    };
    let why = failure(&elsewhere).await;
    assert!(why.contains("not encrypted"), "{why}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn whoever_shows_a_certificate_must_have_its_key() {
    let folder = folder("key");
    let (shown, other) = (Identity::own(), Identity::own());
    for is_old in [false, true] {
        let server = Server::start(config(&shown, &other, is_old), 0).await;
        let target = Target {
            invited: Some(shown.print()),
            ..target(server.port, &folder)
        };
        let why = failure(&target).await;
        assert!(why.contains("does not have the key"), "{why}");
        assert_eq!(target.pins().find(&target.address()).unwrap(), None);
        server.stop().await;
    }
}

#[tokio::test]
async fn tls_1_2_is_spoken_too() {
    let folder = folder("old");
    let own = Identity::own();
    let server = Server::start(config(&own, &own, true), 0).await;
    let target = target(server.port, &folder);
    assert!(met(&target).await.is_some());
    server.stop().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Nothing that was sent could be read by anybody: each link began, and ended, with the handshake.
fn check_silence(heard: &std::sync::Mutex<Vec<Vec<u8>>>, links: usize) {
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), links);
    assert!(heard.iter().all(|bytes| bytes.starts_with(&[22, 3])));
}

#[tokio::test]
async fn a_server_without_tls_hears_no_word() {
    let folder = folder("plain");
    let (port, heard) = raw(b":parlor.local NOTICE * :hello\r\n").await;
    let target = target(port, &folder);
    for _ in 0..2 {
        let why = failure(&target).await;
        assert!(
            why.contains("does not speak TLS") && why.contains("6697"),
            "{why}"
        );
    }
    check_silence(&heard, 2);
    let (port, heard) = raw(b"").await;
    let target = Target { port, ..target };
    let why = failure(&target).await;
    assert!(why.contains("does not speak TLS"), "{why}");
    check_silence(&heard, 1);
}

/// A ServerHello of TLS 1.1, with a cipher of its time and no extensions.
const HELLO: &[u8] = &[
    22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 0, 0, 47, 0,
];

#[tokio::test]
async fn older_tls_is_refused() {
    let folder = folder("older");
    // The alert with which a server of TLS 1.0 answers: protocol_version.
    let (port, heard) = raw(&[21, 3, 1, 0, 2, 2, 70]).await;
    let why = failure(&target(port, &folder)).await;
    assert!(why.contains("1.3 or 1.2 is needed"), "{why}");
    check_silence(&heard, 1);
    let (port, heard) = raw(HELLO).await;
    let why = failure(&target(port, &folder)).await;
    assert!(why.contains("1.3 or 1.2 is needed"), "{why}");
    check_silence(&heard, 1);
}
