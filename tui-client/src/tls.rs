//! TLS as the client speaks it: 1.3 and 1.2, by ring alone; and whose certificate is believed.
//! It must never accept a signature that it has not checked, nor a certificate that `trust` did not judge.

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use protocol::fingerprint::Fingerprint;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::keyring::Pair;
use crate::trust::{Belief, Distrust, Expected, fingerprint_of, judge};

/// A handshake that takes longer has nobody at the other end who knows what it is.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a link could not be made safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insecure {
    /// The certificate is not believed.
    Distrusted(Distrust),
    /// There is no handshake to be had; why, in words without a final full stop.
    Failed(String),
}

/// A certificate that was believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Which.
    pub fingerprint: Fingerprint,
    /// Why.
    pub belief: Belief,
}

/// Those whom this system trusts to sign certificates; none where it has no list of them.
pub fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    // What cannot be read is not trusted; there is nothing else to be done about it here.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// Makes a stream safe, or not at all. `own` is shown to a server that asks who we are.
///
/// # Errors
/// Why it is not safe. Nothing but the handshake was sent.
pub async fn secure<S>(
    stream: S,
    host: &str,
    roots: &Arc<RootCertStore>,
    expected: Expected,
    own: Option<Pair>,
) -> Result<(TlsStream<S>, Sight), Insecure>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let failed = |error: &dyn std::fmt::Display| Insecure::Failed(error.to_string());
    let name = name_of(host).ok_or_else(|| failed(&"no certificate can be for such a name"))?;
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Verifier {
        // Without any roots the system trusts nobody.
        system: WebPkiServerVerifier::builder_with_provider(
            Arc::clone(roots),
            Arc::clone(&provider),
        )
        .build()
        .ok(),
        provider: Arc::clone(&provider),
        expected,
        judged: OnceLock::new(),
    });
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&verifier) as Arc<dyn ServerCertVerifier>);
    let mut config = match own {
        Some(own) => builder
            .with_client_auth_cert(own.chain, own.key)
            .map_err(|error| Insecure::Failed(format!("our own key does not fit: {error}")))?,
        None => builder.with_no_client_auth(),
    };
    // A resumed session shows no certificate.
    config.resumption = rustls::client::Resumption::disabled();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, stream);
    let connected = timeout(HANDSHAKE_TIMEOUT, connecting).await;
    let judged = verifier.judged.get().cloned();
    match (connected, judged) {
        (_, Some(Err(distrust))) => Err(Insecure::Distrusted(distrust)),
        (Ok(Ok(stream)), Some(Ok(sight))) => Ok((stream, sight)),
        (Ok(Ok(_)), None) => Err(failed(&"it showed no certificate")),
        (Ok(Err(error)), _) => Err(Insecure::Failed(explained(&error))),
        (Err(_), _) => Err(failed(
            &"it did not answer the TLS handshake; perhaps that is its port for unencrypted IRC",
        )),
    }
}

/// The name that a certificate must be for.
fn name_of(host: &str) -> Option<ServerName<'static>> {
    // A zone (`fe80::1%eth0`) means something on this machine only.
    let bare = host.split('%').next().unwrap_or(host);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(ServerName::from(ip));
    }
    ServerName::try_from(host.trim_end_matches('.').to_owned()).ok()
}

/// What went wrong, in plain words.
fn explained(error: &io::Error) -> String {
    const NO_TLS: &str = "it does not speak TLS there; perhaps that is its port for unencrypted IRC, and the \
                          encrypted one is 6697";
    const OLD: &str = "it knows no TLS that is still safe: 1.3 or 1.2 is needed";
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(Error::InvalidMessage(_) | Error::InappropriateMessage { .. }) => NO_TLS.to_owned(),
        Some(
            Error::PeerIncompatible(_)
            | Error::AlertReceived(
                AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure,
            ),
        ) => OLD.to_owned(),
        Some(Error::InvalidCertificate(CertificateError::BadSignature)) => {
            "it does not have the key of the certificate that it shows".to_owned()
        }
        Some(error) => format!("TLS: {error}"),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            format!("it closed the link during the TLS handshake; {NO_TLS}")
        }
        None if error.kind() == io::ErrorKind::ConnectionReset => {
            format!("it broke the link during the TLS handshake; {NO_TLS}")
        }
        None => error.to_string(),
    }
}

/// Judges the certificate by `trust`, and checks for real that the server has its key.
#[derive(Debug)]
struct Verifier {
    system: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
    expected: Expected,
    judged: OnceLock<Result<Sight, Distrust>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let is_system = self.system.as_ref().is_some_and(|system| {
            let verified = system.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            );
            verified.is_ok()
        });
        let key = ParsedCertificate::try_from(end_entity)?.subject_public_key_info();
        let fingerprint = fingerprint_of(&key);
        let judged = judge(&fingerprint, is_system, &self.expected);
        let is_believed = judged.is_ok();
        let sight = judged.map(|belief| Sight {
            fingerprint,
            belief,
        });
        // A handshake shows one certificate; a second one would find the first one's word.
        let is_first = self.judged.set(sight).is_ok();
        if is_believed && is_first {
            Ok(ServerCertVerified::assertion())
        } else {
            let why = CertificateError::ApplicationVerificationFailure;
            Err(Error::InvalidCertificate(why))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let known = &self.provider.signature_verification_algorithms;
        known.supported_schemes()
    }
}

#[cfg(test)]
mod tests;
