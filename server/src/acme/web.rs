//! Requests to an authority: HTTP/1.1 over TLS, a connection for each. It never follows anybody elsewhere, and never
//! reads more than a bound.

use std::error::Error as StdError;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{HOST, HeaderValue, RETRY_AFTER};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of an answer: a chain of certificates has a few thousand.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Seconds of waiting that are believed: a week, as the longest rate limits.
const WAIT_S_MAX: u64 = 7 * 86_400;

type Failure = Box<dyn StdError + Send + Sync>;

/// A way to an authority.
#[derive(Clone)]
pub(super) struct Web {
    tls: Arc<ClientConfig>,
    /// Seconds that the last refusal said to wait; 0: none.
    wait_s: Arc<AtomicU64>,
}

impl Web {
    /// One that knows the authority by the roots in a file, or with an empty path by those of the system.
    pub(super) fn new(root: &str) -> Result<Self, String> {
        let mut roots = RootCertStore::empty();
        if root.is_empty() {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        } else {
            let at = |error: &dyn std::fmt::Display| format!("{root}: {error}");
            let read =
                CertificateDer::pem_file_iter(Path::new(root)).map_err(|error| at(&error))?;
            for certificate in read {
                let certificate = certificate.map_err(|error| at(&error))?;
                roots.add(certificate).map_err(|error| at(&error))?;
            }
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            tls: Arc::new(tls),
            wait_s: Arc::default(),
        })
    }

    /// How long the last refusal said to wait, if it did.
    pub(super) fn wait(&self) -> Option<Duration> {
        let seconds = self.wait_s.load(Ordering::Relaxed);
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }

    async fn exchange(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Result<BytesResponse, Failure> {
        let (mut head, body) = request.into_parts();
        let uri = std::mem::take(&mut head.uri);
        if uri.scheme_str() != Some("https") {
            return Err(format!("{uri} is not reached by https").into());
        }
        let authority = uri.authority().ok_or("an address without a host")?.clone();
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let stream = TcpStream::connect((host.as_str(), authority.port_u16().unwrap_or(443)))
            .await
            .map_err(|error| format!("cannot connect to {authority}: {error}"))?;
        let stream = TlsConnector::from(Arc::clone(&self.tls))
            .connect(ServerName::try_from(host)?, stream)
            .await
            .map_err(|error| format!("{authority}: {error}"))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        head.uri = path.parse::<Uri>()?;
        head.headers
            .insert(HOST, HeaderValue::from_str(authority.as_str())?);
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let answer = async {
            let answer = sender.send_request(Request::from_parts(head, body)).await?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?;
            Ok::<_, Failure>(Response::from_parts(head, Full::new(body.to_bytes())))
        };
        // The connection ends with its one answer; alone it ends only where there is none.
        tokio::pin!(connection);
        tokio::pin!(answer);
        let answer = tokio::select! {
            answer = &mut answer => answer?,
            ended = &mut connection => {
                ended?;
                answer.await?
            }
        };
        self.note(&answer);
        Ok(answer.into())
    }

    fn note(&self, answer: &Response<Full<Bytes>>) {
        let refused = answer.status().is_client_error() || answer.status().is_server_error();
        let said = answer.headers().get(RETRY_AFTER).filter(|_| refused);
        // The other form, a date, is taken as if nothing had been said: the next rest is long enough.
        let seconds = said.and_then(|said| said.to_str().ok()?.trim().parse::<u64>().ok());
        self.wait_s
            .store(seconds.unwrap_or(0).min(WAIT_S_MAX), Ordering::Relaxed);
    }
}

impl HttpClient for Web {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let web = self.clone();
        Box::pin(async move {
            let late = || Failure::from(io::Error::from(io::ErrorKind::TimedOut));
            tokio::time::timeout(PATIENCE, web.exchange(request))
                .await
                .unwrap_or_else(|_| Err(late()))
                .map_err(Error::Other)
        })
    }
}
