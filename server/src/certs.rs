//! The server's certificate: the configured one, or one of its own that is made once and kept, so that whoever has
//! seen it knows it again. It never replaces a key by itself.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};

use crate::config::Config;
use crate::data_folder::{make_private_dir, write_private};

/// The files of the server's own certificate, in the data folder.
const OWN_CERTIFICATE: &str = "certificate.pem";
const OWN_KEY: &str = "certificate.key";

/// What every new TLS connection is given; changed as a whole on a reload.
#[derive(Debug)]
pub(crate) struct Certs {
    current: Mutex<Arc<ServerConfig>>,
}

impl Certs {
    /// Reads the configured certificate, or the server's own, which is made where there is none.
    pub(crate) fn load(config: &Config) -> Result<Self, String> {
        Ok(Self {
            current: Mutex::new(read(config)?),
        })
    }

    /// Reads it again. The old one stays where the new one cannot be used; connections keep what they have.
    pub(crate) fn reload(&self, config: &Config) -> Result<(), String> {
        let fresh = read(config)?;
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// What a new connection is given.
    pub(crate) fn current(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn read(config: &Config) -> Result<Arc<ServerConfig>, String> {
    let (certificate, key) = if config.tls.certificate.is_empty() {
        own(&config.data_dir(), &config.name)?
    } else {
        (
            PathBuf::from(&config.tls.certificate),
            PathBuf::from(&config.tls.key),
        )
    };
    let at = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect)
        .map_err(|error| at(&certificate, &error))?;
    let secret = PrivateKeyDer::from_pem_file(&key).map_err(|error| at(&key, &error))?;
    if let Some(leaf) = chain.first() {
        tracing::info!("TLS certificate {}", fingerprint(leaf));
    }
    let provider = Arc::new(ring::default_provider());
    let any = Arc::new(AnyClient(Arc::clone(&provider)));
    let mut made = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_client_cert_verifier(any)
        .with_single_cert(chain, secret)
        .map_err(|error| at(&certificate, &error))?;
    // A record is a burst of lines at most; and tickets would cost memory for each connection.
    made.send_tls13_tickets = 1;
    Ok(Arc::new(made))
}

/// The server's own certificate, made where there is none.
fn own(data: &Path, name: &str) -> Result<(PathBuf, PathBuf), String> {
    let (certificate, key) = (data.join(OWN_CERTIFICATE), data.join(OWN_KEY));
    if !certificate.exists() || !key.exists() {
        let at =
            |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
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

/// The fingerprint of the certificate that a server of this configuration shows, in lower-case hexadecimal. Its own is
/// made where there is none.
pub fn fingerprint_of(config: &Config) -> Result<String, String> {
    let certificate = if config.tls.certificate.is_empty() {
        own(&config.data_dir(), &config.name)?.0
    } else {
        PathBuf::from(&config.tls.certificate)
    };
    let leaf = CertificateDer::from_pem_file(&certificate);
    let leaf = leaf.map_err(|error| format!("{}: {error}", certificate.display()))?;
    Ok(fingerprint(&leaf))
}

/// SHA-256 of a certificate, in lower-case hexadecimal.
pub(crate) fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let digest = ::ring::digest::digest(&::ring::digest::SHA256, certificate);
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
