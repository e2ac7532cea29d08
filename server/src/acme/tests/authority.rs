//! An authority for tests, strict as RFC 8555 is: nonces hold once, signatures are checked, proofs are fetched, requests
//! are read, and it signs with a root of its own. It never listens but on this machine.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64ct::{Base64UrlUnpadded as Url64, Encoding};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair,
};
use ring::digest::{SHA256, digest};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use rustls::pki_types::{CertificateSigningRequestDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use x509_parser::prelude::FromDer;

/// What goes wrong, once each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A nonce is not taken though it is good.
    BadNonce,
    /// No order is taken for so many seconds.
    RateLimited(u32),
    /// The order is gone when the certificate is asked for.
    OrderExpired,
    /// The account is not known any more.
    AccountForgotten,
    /// What is signed is for another name.
    WrongName,
}

struct Asked {
    names: Vec<String>,
    account: String,
    token: String,
    /// What came of the look at each name: whether it is proven, or why not.
    proofs: Vec<Option<Result<(), String>>>,
    chain: Option<String>,
}

#[derive(Default)]
struct Books {
    nonces: BTreeSet<String>,
    accounts: BTreeMap<String, Value>,
    orders: Vec<Asked>,
    faults: VecDeque<Fault>,
    contacts: Vec<Value>,
    count: usize,
}

/// The authority.
pub(super) struct Authority {
    /// Where its directory is.
    pub(super) directory: String,
    base: String,
    proofs_at: SocketAddr,
    issuer: Issuer<'static, KeyPair>,
    root: String,
    /// The time on its clock, in seconds since 1970, and for how many it signs.
    now: Mutex<(i64, i64)>,
    books: Mutex<Books>,
}

/// An answer: status, headers, body.
type Answer = (u16, Vec<(&'static str, String)>, String);

impl Authority {
    /// Opens one that looks for proofs at an address; its own certificate goes to a file in the folder.
    pub(super) async fn open(folder: &Path, proofs_at: SocketAddr) -> (Arc<Self>, PathBuf) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!(
            "https://localhost:{}",
            listener.local_addr().unwrap().port()
        );
        let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let file = folder.join("authority.pem");
        std::fs::write(&file, own.cert.pem()).unwrap();
        let secret = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], secret)
            .unwrap();
        let mut root = CertificateParams::new(vec![]).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = root.self_signed(&key).unwrap().pem();
        let authority = Arc::new(Self {
            directory: format!("{base}/dir"),
            base,
            proofs_at,
            issuer: Issuer::new(root, key),
            root: pem,
            now: Mutex::new((0, 0)),
            books: Mutex::default(),
        });
        let (serving, acceptor) = (
            Arc::clone(&authority),
            tokio_rustls::TlsAcceptor::from(Arc::new(tls)),
        );
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (serving, acceptor) = (Arc::clone(&serving), acceptor.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let (head, body) = read(&mut stream).await;
                    let (status, headers, body) = serving.answer(&head, &body).await;
                    let mut text = format!(
                        "HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n",
                        body.len()
                    );
                    for (name, value) in headers {
                        text.extend([name, ": ", &value, "\r\n"]);
                    }
                    text += "\r\n";
                    if !head.starts_with("HEAD") {
                        text += &body;
                    }
                    stream.write_all(text.as_bytes()).await.unwrap();
                    let _ = stream.shutdown().await;
                });
            }
        });
        (authority, file)
    }

    /// It is so late, in seconds since 1970, and what is signed holds for so many.
    pub(super) fn set_clock(&self, now: i64, life: i64) {
        *self.now.lock().unwrap() = (now, life);
    }

    /// From now on this goes wrong, once.
    pub(super) fn fail(&self, fault: Fault) {
        self.books.lock().unwrap().faults.push_back(fault);
    }

    /// How many accounts and orders there are.
    pub(super) fn counts(&self) -> (usize, usize) {
        let books = self.books.lock().unwrap();
        (books.contacts.len(), books.orders.len())
    }

    /// The addresses that accounts were made with.
    pub(super) fn contacts(&self) -> Vec<Value> {
        self.books.lock().unwrap().contacts.clone()
    }

    /// Whether everything that was to go wrong has.
    pub(super) fn is_done(&self) -> bool {
        self.books.lock().unwrap().faults.is_empty()
    }

    async fn answer(&self, head: &str, body: &[u8]) -> Answer {
        let mut words = head.split_whitespace();
        let (verb, path) = (words.next().unwrap(), words.next().unwrap());
        let (status, mut headers, body) = match (verb, path) {
            ("GET", "/dir") => (200, vec![], self.directory().to_string()),
            ("HEAD", "/nonce") => (200, vec![], String::new()),
            ("POST", _) => {
                let json = head
                    .to_ascii_lowercase()
                    .contains("content-type: application/jose+json");
                assert!(json, "{head}");
                match self.opened(path, body) {
                    Ok((account, payload)) => self.post(path, &account, &payload).await,
                    Err(problem) => problem,
                }
            }
            other => panic!("{other:?}"),
        };
        let mut books = self.books.lock().unwrap();
        books.count += 1;
        let nonce = Url64::encode_string(digest(&SHA256, &books.count.to_le_bytes()).as_ref());
        books.nonces.insert(nonce.clone());
        headers.push(("Replay-Nonce", nonce));
        (status, headers, body)
    }

    fn directory(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.base);
        json!({"newNonce": at("/nonce"), "newAccount": at("/account"), "newOrder": at("/orders"),
            "revokeCert": at("/revoke"), "keyChange": at("/key")})
    }

    fn took(&self, fault: Fault) -> bool {
        let faults = &mut self.books.lock().unwrap().faults;
        let is_next = faults.front() == Some(&fault);
        if is_next {
            faults.pop_front();
        }
        is_next
    }

    /// Checks a signed request (section 6.2 to 6.5): whose it is, and what is in it.
    fn opened(&self, path: &str, body: &[u8]) -> Result<(String, Value), Answer> {
        let jws: Value = serde_json::from_slice(body).unwrap();
        let part = |name: &str| jws[name].as_str().unwrap();
        let decoded = |text: &str| Url64::decode_vec(text).unwrap();
        let head: Value = serde_json::from_slice(&decoded(part("protected"))).unwrap();
        assert_eq!(head["alg"], "ES256");
        assert_eq!(
            head["url"],
            format!("{}{path}", self.base),
            "a signature for another place"
        );
        let is_fresh = self
            .books
            .lock()
            .unwrap()
            .nonces
            .remove(head["nonce"].as_str().unwrap());
        if !is_fresh || self.took(Fault::BadNonce) {
            return Err(problem(400, "badNonce", "not one of mine"));
        }
        let (account, key) = match (&head["jwk"], &head["kid"]) {
            (key, Value::Null) if path == "/account" => (thumbprint(key), key.clone()),
            (Value::Null, Value::String(id)) if path != "/account" => {
                if path == "/orders" && self.took(Fault::AccountForgotten) {
                    self.books.lock().unwrap().accounts.remove(id);
                }
                let known = self.books.lock().unwrap().accounts.get(id).cloned();
                let Some(known) = known else {
                    return Err(problem(400, "accountDoesNotExist", "who is that?"));
                };
                (id.clone(), known)
            }
            other => panic!("either the key or the account: {other:?}"),
        };
        let mut point = vec![4];
        point.extend(decoded(key["x"].as_str().unwrap()));
        point.extend(decoded(key["y"].as_str().unwrap()));
        let signed = format!("{}.{}", part("protected"), part("payload"));
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(signed.as_bytes(), &decoded(part("signature")))
            .expect("a good signature");
        if path == "/account" {
            let id = format!("{}/account/{account}", self.base);
            let mut books = self.books.lock().unwrap();
            books.accounts.insert(id.clone(), key);
            let payload = serde_json::from_slice(&decoded(part("payload"))).unwrap();
            return Ok((id, payload));
        }
        let payload = decoded(part("payload"));
        let payload = if payload.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&payload).unwrap()
        };
        Ok((account, payload))
    }

    async fn post(&self, path: &str, account: &str, payload: &Value) -> Answer {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let number = |place: usize| parts[place].parse::<usize>().unwrap();
        match parts[0] {
            "account" => {
                assert_eq!(payload["termsOfServiceAgreed"], true);
                self.books
                    .lock()
                    .unwrap()
                    .contacts
                    .push(payload["contact"].clone());
                let location = vec![("Location", account.to_owned())];
                (201, location, json!({"status": "valid"}).to_string())
            }
            "orders" => self.new_order(account, payload),
            "order" => (200, vec![], self.order(number(1)).to_string()),
            "authorization" => (
                200,
                vec![],
                self.authorization(number(1), number(2)).to_string(),
            ),
            "challenge" => {
                assert_eq!(*payload, json!({}));
                let (order, place) = (number(1), number(2));
                let seen = self.look(order, place).await;
                self.books.lock().unwrap().orders[order].proofs[place] = Some(seen);
                (
                    200,
                    vec![],
                    self.authorization(order, place)["challenges"][0].to_string(),
                )
            }
            "finalize" => self.finalize(number(1), payload),
            "certificate" => {
                let books = self.books.lock().unwrap();
                let order = &books.orders[number(1)];
                assert_eq!(order.account, account);
                (200, vec![], order.chain.clone().unwrap())
            }
            other => panic!("{other}"),
        }
    }

    fn new_order(&self, account: &str, payload: &Value) -> Answer {
        let next = self.books.lock().unwrap().faults.front().copied();
        if let Some(Fault::RateLimited(seconds)) = next {
            self.took(Fault::RateLimited(seconds));
            let mut refusal = problem(429, "rateLimited", "too many certificates already");
            refusal.1.push(("Retry-After", seconds.to_string()));
            return refusal;
        }
        let names: Vec<String> = payload["identifiers"]
            .as_array()
            .unwrap()
            .iter()
            .inspect(|one| assert_eq!(one["type"], "dns"))
            .map(|one| one["value"].as_str().unwrap().to_owned())
            .collect();
        let mut books = self.books.lock().unwrap();
        let number = books.orders.len();
        books.orders.push(Asked {
            proofs: vec![None; names.len()],
            names,
            account: account.to_owned(),
            token: Url64::encode_string(digest(&SHA256, &[u8::try_from(number).unwrap()]).as_ref()),
            chain: None,
        });
        drop(books);
        let location = vec![("Location", format!("{}/order/{number}", self.base))];
        (201, location, self.order(number).to_string())
    }

    fn order(&self, number: usize) -> Value {
        let books = self.books.lock().unwrap();
        let order = &books.orders[number];
        let is_proven = order
            .proofs
            .iter()
            .all(|proof| matches!(proof, Some(Ok(()))));
        let is_lost = order
            .proofs
            .iter()
            .any(|proof| matches!(proof, Some(Err(_))));
        let status = match (&order.chain, is_proven, is_lost) {
            (Some(_), _, _) => "valid",
            (None, true, _) => "ready",
            (None, _, true) => "invalid",
            (None, false, false) => "pending",
        };
        let authorizations: Vec<String> = (0..order.names.len())
            .map(|place| format!("{}/authorization/{number}/{place}", self.base))
            .collect();
        let mut told = json!({"status": status, "authorizations": authorizations,
            "identifiers": order.names.iter().map(|name| json!({"type": "dns", "value": name})).collect::<Vec<_>>(),
            "finalize": format!("{}/finalize/{number}", self.base)});
        if order.chain.is_some() {
            told["certificate"] = json!(format!("{}/certificate/{number}", self.base));
        }
        told
    }

    fn authorization(&self, number: usize, place: usize) -> Value {
        let books = self.books.lock().unwrap();
        let order = &books.orders[number];
        let (status, error) = match &order.proofs[place] {
            None => ("pending", Value::Null),
            Some(Ok(())) => ("valid", Value::Null),
            Some(Err(why)) => (
                "invalid",
                json!({"type": "urn:ietf:params:acme:error:unauthorized", "detail": why}),
            ),
        };
        let mut challenge = json!({"type": "http-01", "token": order.token, "status": status,
            "url": format!("{}/challenge/{number}/{place}", self.base)});
        if !error.is_null() {
            challenge["error"] = error;
        }
        json!({"status": status, "challenges": [challenge],
            "identifier": {"type": "dns", "value": order.names[place]}})
    }

    /// Really fetches the proof (section 8.3).
    async fn look(&self, number: usize, place: usize) -> Result<(), String> {
        let (name, token, expected) = {
            let books = self.books.lock().unwrap();
            let order = &books.orders[number];
            let key = thumbprint(&books.accounts[&order.account]);
            let expected = format!("{}.{key}", order.token);
            (order.names[place].clone(), order.token.clone(), expected)
        };
        let stream = TcpStream::connect(self.proofs_at).await;
        let mut stream = stream.map_err(|error| format!("{name}: {error}"))?;
        let request =
            format!("GET /.well-known/acme-challenge/{token} HTTP/1.1\r\nHost: {name}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let (head, body) = read(&mut stream).await;
        if head.starts_with("HTTP/1.1 200 ") && body == expected.as_bytes() {
            return Ok(());
        }
        Err(format!(
            "{name} answers {}",
            head.lines().next().unwrap_or_default()
        ))
    }

    fn finalize(&self, number: usize, payload: &Value) -> Answer {
        if self.took(Fault::OrderExpired) {
            return problem(404, "malformed", "the order has expired");
        }
        assert_eq!(self.order(number)["status"], "ready");
        let der = Url64::decode_vec(payload["csr"].as_str().unwrap()).unwrap();
        let (_, csr) =
            x509_parser::certification_request::X509CertificationRequest::from_der(&der).unwrap();
        assert_eq!(csr.certification_request_info.subject.iter().count(), 0);
        // This checks the signature of the request as well.
        let der = CertificateSigningRequestDer::from(der);
        let mut request = CertificateSigningRequestParams::from_der(&der).unwrap();
        let names: Vec<String> = request
            .params
            .subject_alt_names
            .iter()
            .map(|name| match name {
                rcgen::SanType::DnsName(name) => name.as_str().to_owned(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(names, self.books.lock().unwrap().orders[number].names);
        if self.took(Fault::WrongName) {
            let other = "other.example.org".try_into().unwrap();
            request.params.subject_alt_names = vec![rcgen::SanType::DnsName(other)];
        }
        let (now, life) = *self.now.lock().unwrap();
        let at = |seconds: i64| {
            rcgen::date_time_ymd(1970, 1, 1)
                + std::time::Duration::from_secs(seconds.unsigned_abs())
        };
        request.params.not_before = at(now);
        request.params.not_after = at(now + life);
        let leaf = request.signed_by(&self.issuer).unwrap().pem();
        self.books.lock().unwrap().orders[number].chain = Some(leaf + &self.root);
        (200, vec![], self.order(number).to_string())
    }
}

fn problem(status: u16, kind: &str, detail: &str) -> Answer {
    let kind = format!("urn:ietf:params:acme:error:{kind}");
    (
        status,
        vec![],
        json!({"type": kind, "detail": detail, "status": status}).to_string(),
    )
}

/// RFC 7638: of the members in alphabetical order.
fn thumbprint(key: &Value) -> String {
    let text = format!(
        r#"{{"crv":{},"kty":{},"x":{},"y":{}}}"#,
        key["crv"], key["kty"], key["x"], key["y"]
    );
    Url64::encode_string(digest(&SHA256, text.as_bytes()).as_ref())
}

/// The head and the body of a request or an answer.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse::<usize>().unwrap());
            if bytes.len() >= end + 4 + length {
                return (head, bytes[end + 4..end + 4 + length].to_vec());
            }
        }
        assert_ne!(stream.read_buf(&mut bytes).await.unwrap_or(0), 0, "cut off");
    }
}
