//! Certificates from an authority that is strict, and that fails as authorities do; the clock is the test's own.

use std::net::SocketAddr;

use socket2::{Domain, Socket, Type};

use super::*;
use authority::{Authority, Fault};

mod authority;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
/// When the tests begin: some day in 2026, in milliseconds since 1970.
const START: u64 = 20_500 * DAY;

struct World {
    folder: PathBuf,
    authority: Arc<Authority>,
    keeper: Keeper,
    _proofs: Option<Socket>,
}

impl World {
    async fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("parlord-acme-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let (proofs, proofs_at) = free_address();
        let (authority, root) = Authority::open(&folder, proofs_at).await;
        let mut config = Config {
            data_dir: folder.display().to_string(),
            ..Config::default()
        };
        config.tls.acme_hosts = ["chat.example.org", "irc.example.org"]
            .map(str::to_owned)
            .to_vec();
        config.tls.acme_email = "me@example.org".to_owned();
        config.tls.acme_directory = authority.directory.clone();
        config.tls.acme_root = root.display().to_string();
        config.tls.acme_listen = vec![proofs_at];
        let certs = Arc::new(Certs::load(&config).unwrap());
        let keeper = Keeper::new(config, certs);
        Self {
            folder,
            authority,
            keeper,
            _proofs: proofs,
        }
    }

    /// The server looks what is due, so long after the start; when it looks again, as long after the start.
    async fn step(&mut self, after: u64) -> u64 {
        let now = START + after;
        self.authority
            .set_clock(i64::try_from(now / 1000).unwrap(), 90 * 86_400);
        self.keeper.step(now).await - START
    }

    fn given(&self) -> Option<Facts> {
        let pem = std::fs::read(self.keeper.certificate()).ok()?;
        Some(Facts::of_chain(&pem).unwrap())
    }

    /// What somebody who connects is shown.
    async fn shown(&self) -> String {
        let (here, there) = tokio::io::duplex(16_384);
        let accept = tokio_rustls::TlsAcceptor::from(self.keeper.certs.current()).accept(there);
        let any = Arc::new(Anybody);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(any)
            .with_no_client_auth();
        let name = "chat.example.org".try_into().unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let (server, client) = tokio::join!(accept, connector.connect(name, here));
        server.unwrap();
        let client = client.unwrap();
        certs::fingerprint(&client.get_ref().1.peer_certificates().unwrap()[0])
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Believes everybody: what is looked at is what it is shown.
#[derive(Debug)]
struct Anybody;

impl rustls::client::danger::ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &[rustls::pki_types::CertificateDer<'_>],
        _: &rustls::pki_types::ServerName<'_>,
        _: &[u8],
        _: rustls::pki_types::UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &rustls::pki_types::CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// An address that nobody uses, nor gets as long as the socket is there: proofs listen there only for a moment, and
/// other tests are given ports meanwhile.
fn free_address() -> (Option<Socket>, SocketAddr) {
    let kept = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    // Who listens may share the port with who does not, on Linux.
    kept.set_reuse_address(true).unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    kept.bind(&any.into()).unwrap();
    let address = kept.local_addr().unwrap().as_socket().unwrap();
    (cfg!(target_os = "linux").then_some(kept), address)
}

#[tokio::test]
async fn a_certificate_is_fetched_shown_and_renewed_in_time() {
    let mut world = World::new("life").await;
    let own = world.shown().await;
    assert!(!world.keeper.certs.is_vouched_for());
    let next = world.step(0).await;
    assert!(world.keeper.certs.is_vouched_for());
    let given = world.given().unwrap();
    assert_eq!(given.names, ["chat.example.org", "irc.example.org"]);
    assert_eq!((given.since, given.until), (START, START + 90 * DAY));
    let first = world.shown().await;
    assert_ne!(first, own);
    assert!((60 * DAY..63 * DAY).contains(&next), "{next}");
    assert_eq!(
        world.authority.contacts(),
        [serde_json::json!(["mailto:me@example.org"])]
    );
    #[cfg(unix)]
    for file in [ACCOUNT, certs::ACME_CERTIFICATE] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(world.folder.join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    // Nothing is asked before its time, also not by a server that was started again.
    assert_eq!(world.step(next - 1).await, next);
    let again = Certs::load(&world.keeper.config).unwrap();
    world.keeper = Keeper::new(world.keeper.config.clone(), Arc::new(again));
    assert_eq!(world.step(next - 1).await, next);
    assert_eq!(world.shown().await, first);
    assert_eq!(world.authority.counts(), (1, 1));
    let later = world.step(next).await;
    assert!(later > next + 60 * DAY, "{later}");
    assert_eq!(world.authority.counts(), (1, 2));
    assert_ne!(world.shown().await, first);
}

#[tokio::test]
async fn the_key_stays_the_same() {
    let mut world = World::new("key").await;
    let key = || std::fs::read(world.folder.join(certs::OWN_KEY)).unwrap();
    let before = key();
    let spki = |pem: &[u8]| {
        use rustls::pki_types::pem::PemObject;
        let leaf = rustls::pki_types::CertificateDer::from_pem_slice(pem).unwrap();
        let parsed = rustls::server::ParsedCertificate::try_from(&leaf).unwrap();
        parsed.subject_public_key_info().to_vec()
    };
    let own = std::fs::read(world.folder.join("certificate.pem")).unwrap();
    let own = spki(&own);
    let mut next = 0;
    for _ in 0..3 {
        next = world.step(next).await;
        let given = std::fs::read(world.keeper.certificate()).unwrap();
        assert_eq!(spki(&given), own);
    }
    assert_eq!(
        std::fs::read(world.folder.join(certs::OWN_KEY)).unwrap(),
        before
    );
}

#[tokio::test]
async fn a_nonce_that_is_not_taken_is_no_failure() {
    let mut world = World::new("nonce").await;
    world.authority.fail(Fault::BadNonce);
    world.authority.fail(Fault::BadNonce);
    world.step(0).await;
    assert!(world.given().is_some() && world.authority.is_done());
}

#[tokio::test]
async fn a_rate_limit_is_waited_out_as_long_as_the_authority_says() {
    let mut world = World::new("limit").await;
    world.authority.fail(Fault::RateLimited(7200));
    assert_eq!(world.step(0).await, 2 * HOUR);
    assert_eq!(world.step(HOUR).await, 2 * HOUR);
    assert_eq!((world.given(), world.authority.counts()), (None, (1, 0)));
    world.step(2 * HOUR).await;
    assert!(world.given().is_some());
}

#[tokio::test]
async fn a_proof_that_cannot_be_seen_is_tried_again_ever_less_often() {
    let mut world = World::new("proof").await;
    let (_kept, wrong) = free_address();
    let own = world.shown().await;
    let right = std::mem::replace(&mut world.keeper.config.tls.acme_listen, vec![wrong]);
    let mut now = 0;
    let mut rests = Vec::new();
    for _ in 0..7 {
        let next = world.step(now).await;
        rests.push((next - now).div_ceil(60_000));
        now = next;
    }
    for (rest, most) in rests.iter().zip([1, 4, 16, 64, 256, 1024, 1440]) {
        assert!(*rest <= most && *rest * 4 >= most * 3, "{rests:?}");
    }
    assert_eq!(world.shown().await, own, "what is in use stays");
    world.keeper.config.tls.acme_listen = right;
    world.step(now).await;
    assert!(world.given().is_some());
    assert_eq!(world.keeper.failures, 0);
}

#[tokio::test]
async fn what_goes_wrong_leaves_the_old_certificate_in_use() {
    let mut world = World::new("wrong").await;
    let mut now = world.step(0).await;
    let first = world.shown().await;
    for fault in [Fault::OrderExpired, Fault::WrongName] {
        world.authority.fail(fault);
        let next = world.step(now).await;
        assert!(next < now + 5 * 60_000, "{fault:?}");
        assert_eq!(world.shown().await, first, "{fault:?}");
        now = next;
    }
    world.step(now).await;
    assert_ne!(world.shown().await, first);
    assert!(world.authority.is_done());
}

#[tokio::test]
async fn an_account_that_the_authority_has_forgotten_is_made_again() {
    let mut world = World::new("account").await;
    let next = world.step(0).await;
    world.authority.fail(Fault::AccountForgotten);
    world.step(next).await;
    assert_eq!(world.authority.counts(), (2, 2));
    assert_eq!(world.keeper.failures, 0);
}

#[tokio::test]
async fn other_names_and_a_damaged_file_are_reasons_for_a_new_one() {
    let mut world = World::new("names").await;
    world.step(0).await;
    world
        .keeper
        .config
        .tls
        .acme_hosts
        .push("talk.example.org".to_owned());
    world.step(HOUR).await;
    assert_eq!(world.given().unwrap().names.len(), 3);
    std::fs::write(world.keeper.certificate(), "no certificate").unwrap();
    let certs = Certs::load(&world.keeper.config).expect("the server's own is shown");
    world.keeper.certs = Arc::new(certs);
    assert!(world.step(2 * HOUR).await > 60 * DAY);
    assert_eq!(world.authority.counts(), (1, 3));
}

#[tokio::test]
async fn an_authority_that_is_not_the_one_of_the_root_is_told_nothing() {
    let mut world = World::new("root").await;
    world.keeper.config.tls.acme_root = world.folder.join("certificate.pem").display().to_string();
    world.step(0).await;
    assert_eq!(world.authority.counts(), (0, 0));
    assert_eq!(world.keeper.failures, 1);
}
