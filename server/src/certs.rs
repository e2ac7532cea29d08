//! The server's certificate: the configured one, or one of its own that is made once and kept, so that whoever has
//! seen it knows it again. It never replaces a key by itself.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};

use crate::config::Config;
use crate::data_folder::{make_private_dir, write_private};

/// The files of the server's own certificate, in the data folder.
const OWN_CERTIFICATE: &str = "certificate.pem";
pub(crate) const OWN_KEY: &str = "certificate.key";
/// The file of the certificate that an authority gave for that key.
pub(crate) const ACME_CERTIFICATE: &str = "acme.pem";

/// How long what was seen of the files is believed: a rush of newcomers looks once.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What every new TLS connection is given; changed as a whole on a reload, or when the configured files change.
#[derive(Debug)]
pub(crate) struct Certs {
    shown: Mutex<Shown>,
}

#[derive(Debug)]
struct Shown {
    current: Arc<ServerConfig>,
    /// The certificate's file as it was read.
    pem: Vec<u8>,
    /// Whether somebody vouches for it: the operator, or an authority that they asked.
    is_vouched_for: bool,
    /// The operator's files, which others may renew; `None`: the server's own, which change by `reload` only.
    files: Option<Watched>,
}

/// Files that are looked at when somebody comes, so that nothing wakes while nobody does.
#[derive(Debug)]
struct Watched {
    certificate: PathBuf,
    key: PathBuf,
    seen: [Option<Seen>; 2],
    looked: Instant,
}

/// What tells a file from the one before it.
type Seen = (Option<SystemTime>, u64);

impl Watched {
    fn new(config: &Config) -> Option<Self> {
        if config.tls.certificate.is_empty() {
            return None;
        }
        let (certificate, key) = (&config.tls.certificate, &config.tls.key);
        let (certificate, key) = (PathBuf::from(certificate), PathBuf::from(key));
        Some(Self {
            seen: [seen(&certificate), seen(&key)],
            looked: Instant::now(),
            certificate,
            key,
        })
    }

    /// Whether the files are others than at the last look.
    fn have_changed(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.looked) < LOOK_AGAIN {
            return false;
        }
        self.looked = now;
        let fresh = [seen(&self.certificate), seen(&self.key)];
        std::mem::replace(&mut self.seen, fresh) != fresh
    }
}

fn seen(path: &Path) -> Option<Seen> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.modified().ok(), found.len()))
}

impl Certs {
    /// Reads the configured certificate, or the server's own, which is made where there is none.
    pub(crate) fn load(config: &Config) -> Result<Self, String> {
        Ok(Self {
            shown: Mutex::new(shown(config)?),
        })
    }

    /// Reads it again; whether it is another. The old one stays where the new one cannot be used; connections keep what
    /// they have.
    pub(crate) fn reload(&self, config: &Config) -> Result<bool, String> {
        let fresh = shown(config)?;
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = shown.pem != fresh.pem;
        *shown = fresh;
        Ok(is_other)
    }

    /// Whether clients that know nothing of this server may trust what they are shown: it is not its own alone.
    pub(crate) fn is_vouched_for(&self) -> bool {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.is_vouched_for
    }

    /// What a new connection is given.
    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        self.current_at(Instant::now())
    }

    fn current_at(&self, now: Instant) -> Arc<ServerConfig> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let Shown {
            current,
            pem,
            files,
            ..
        } = &mut *shown;
        if let Some(files) = files
            && files.have_changed(now)
        {
            // A certificate that came before its key is no pair yet; when the key comes, the files have changed again.
            match pair(&files.certificate, &files.key) {
                Ok(fresh) => (*current, *pem) = fresh,
                Err(why) => tracing::warn!("the certificate stays as it was: {why}"),
            }
        }
        Arc::clone(current)
    }
}

fn shown(config: &Config) -> Result<Shown, String> {
    // Looked at before they are read: what changes meanwhile is read again.
    let watched = Watched::new(config);
    let Files {
        certificate,
        key,
        are_vouched_for,
    } = files(config)?;
    let (current, pem) = pair(&certificate, &key)?;
    Ok(Shown {
        current,
        pem,
        is_vouched_for: are_vouched_for,
        files: watched,
    })
}

/// Where the certificate and its key are.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
    are_vouched_for: bool,
}

/// Where the certificate and its key are; its own is made where there is none.
fn files(config: &Config) -> Result<Files, String> {
    let files = |certificate, key, are_vouched_for| {
        Ok(Files {
            certificate,
            key,
            are_vouched_for,
        })
    };
    if !config.tls.certificate.is_empty() {
        let (certificate, key) = (&config.tls.certificate, &config.tls.key);
        return files(PathBuf::from(certificate), PathBuf::from(key), true);
    }
    let (own, key) = own(&config.data_dir(), &config.name)?;
    if config.tls.acme_hosts.is_empty() {
        return files(own, key, false);
    }
    // Until the authority has given one, and where that one is damaged, people find the server's own, of the same key.
    let given = config.data_dir().join(ACME_CERTIFICATE);
    let Ok(pem) = std::fs::read(&given) else {
        return files(own, key, false);
    };
    match fits(&pem, &key) {
        Ok(()) => files(given, key, true),
        Err(why) => {
            tracing::warn!(
                "{}: {why}; the server's own is shown instead",
                given.display()
            );
            files(own, key, false)
        }
    }
}

/// What is shown of these files, and the certificate's as it was read.
fn pair(certificate: &Path, key: &Path) -> Result<(Arc<ServerConfig>, Vec<u8>), String> {
    let pem = std::fs::read(certificate).map_err(|error| at(certificate, &error))?;
    let made = with(&pem, key).map_err(|why| at(certificate, &why))?;
    if let Ok(leaf) = CertificateDer::from_pem_slice(&pem) {
        tracing::info!(
            "TLS: the fingerprint of the key is {}",
            key_fingerprint(&leaf)?
        );
    }
    Ok((Arc::new(made), pem))
}

/// Whether a chain, as it stands in a file, can be shown with the key in another.
pub(crate) fn fits(pem: &[u8], key: &Path) -> Result<(), String> {
    with(pem, key).map(|_| ())
}

fn with(pem: &[u8], key: &Path) -> Result<ServerConfig, String> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| at(key, &error))?;
    let provider = Arc::new(ring::default_provider());
    let any = Arc::new(AnyClient(Arc::clone(&provider)));
    let mut made = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_client_cert_verifier(any)
        .with_single_cert(chain, secret)
        .map_err(|error| error.to_string())?;
    // A record is a burst of lines at most; and tickets would cost memory for each connection.
    made.send_tls13_tickets = 1;
    Ok(made)
}

fn at(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

/// The server's own certificate, made where there is none.
fn own(data: &Path, name: &str) -> Result<(PathBuf, PathBuf), String> {
    let (certificate, key) = (data.join(OWN_CERTIFICATE), data.join(OWN_KEY));
    if !certificate.exists() || !key.exists() {
        make_private_dir(data).map_err(|error| at(data, &error))?;
        let names = vec![name.to_owned(), "localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(|error| error.to_string())?;
        // The key first: a certificate without its key would be found whole on the next start.
        write_private(&key, made.signing_key.serialize_pem().as_bytes())
            .map_err(|error| at(&key, &error))?;
        write_private(&certificate, made.cert.pem().as_bytes())
            .map_err(|error| at(&certificate, &error))?;
    }
    Ok((certificate, key))
}

/// The fingerprint by which clients know a server of this configuration again: SHA-256 of its public key, in lower-case
/// hexadecimal. The key is made where there is none; it stays when an authority gives another certificate for it.
pub fn fingerprint_of(config: &Config) -> Result<String, String> {
    let certificate = files(config)?.certificate;
    let leaf = CertificateDer::from_pem_file(&certificate);
    let leaf = leaf.map_err(|error| at(&certificate, &error))?;
    key_fingerprint(&leaf).map_err(|why| at(&certificate, &why))
}

/// SHA-256 of the public key of a certificate (`SubjectPublicKeyInfo`, as RFC 7469 pins it).
fn key_fingerprint(certificate: &CertificateDer<'_>) -> Result<String, String> {
    let parsed = ParsedCertificate::try_from(certificate).map_err(|error| error.to_string())?;
    Ok(sha256(&parsed.subject_public_key_info()))
}

/// SHA-256 of a certificate, in lower-case hexadecimal.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    sha256(certificate)
}

fn sha256(bytes: &[u8]) -> String {
    let digest = ::ring::digest::digest(&::ring::digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Takes any certificate of a client, or none: it is a name (SASL EXTERNAL), not a permit. That the client has its key
/// is checked for real.
#[derive(Debug)]
struct AnyClient(Arc<CryptoProvider>);

impl ClientCertVerifier for AnyClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn verify_client_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
