//! One order of a certificate, from the account to the chain (RFC 8555). It never decides when, and never keeps what it
//! gets.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Error, Identifier, NewAccount,
    NewOrder, Order, OrderStatus, RetryPolicy,
};
use rcgen::{CertificateParams, DistinguishedName, KeyPair};

use super::challenge;
use super::web::Web;
use crate::config::Tls;
use crate::data_folder::write_private;

/// How long an authority may take to look, and to sign.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is asked whether it has, at first; then ever less often.
const ASK_AGAIN: Duration = Duration::from_millis(250);

/// Why there is no certificate.
#[derive(Debug)]
pub(super) struct Failure {
    /// Why, for operators.
    pub(super) why: String,
    /// What to do about it.
    pub(super) hint: &'static str,
    /// How long nothing is to be tried, where the authority says so.
    pub(super) wait: Option<Duration>,
}

impl Failure {
    pub(super) fn new(why: impl Into<String>, hint: &'static str) -> Self {
        Self {
            why: why.into(),
            hint,
            wait: None,
        }
    }
}

/// Asks for a certificate of `key` for the hosts of the configuration; the account is kept in the file `account`. What
/// comes back is a chain, as it is written into a file.
pub(super) async fn place(tls: &Tls, account: &Path, key: &KeyPair) -> Result<String, Failure> {
    let root = "PEM with the root of the authority itself in `acme_root` of [server.tls]";
    let file = tls.acme_root.clone();
    // The system's roots are some hundred files, and everybody's messages go through this thread.
    let web = tokio::task::spawn_blocking(move || Web::new(&file)).await;
    let web = web.unwrap_or_else(|error| Err(error.to_string()));
    let web = web.map_err(|why| Failure::new(why, root))?;
    let ordered = order(tls, account, key, &web).await;
    ordered.map_err(|mut failure| {
        failure.wait = web.wait();
        failure
    })
}

async fn order(tls: &Tls, file: &Path, key: &KeyPair, web: &Web) -> Result<String, Failure> {
    let names: Vec<Identifier> = tls
        .acme_hosts
        .iter()
        .cloned()
        .map(Identifier::Dns)
        .collect();
    let known = known(tls, file, web).await.map_err(explained)?;
    let is_known = known.is_some();
    let account = match known {
        Some(account) => account,
        None => join(tls, file, web).await?,
    };
    let mut order = match account.new_order(&NewOrder::new(&names)).await {
        // An authority may forget accounts; one is made again, once.
        Err(Error::Api(problem))
            if is_known && is_kind(problem.r#type.as_deref(), "accountDoesNotExist") =>
        {
            let account = join(tls, file, web).await?;
            account.new_order(&NewOrder::new(&names)).await
        }
        ordered => ordered,
    }
    .map_err(explained)?;
    prove(tls, &mut order).await?;
    let csr = request(&tls.acme_hosts, key)?;
    order.finalize_csr(&csr).await.map_err(explained)?;
    order.poll_certificate(&policy()).await.map_err(explained)
}

/// The account that is kept, if it is one of this authority.
async fn known(tls: &Tls, file: &Path, web: &Web) -> Result<Option<Account>, Error> {
    let Ok(bytes) = std::fs::read(file) else {
        return Ok(None);
    };
    let at = serde_json::from_slice::<serde_json::Value>(&bytes)
        .ok()
        .and_then(|kept| Some(kept.get("directory")?.as_str()? == tls.acme_directory));
    let Ok(kept) = serde_json::from_slice::<AccountCredentials>(&bytes) else {
        return Ok(None);
    };
    if at != Some(true) {
        return Ok(None);
    }
    let builder = Account::builder_with_http(Box::new(web.clone()));
    builder.from_credentials(kept).await.map(Some)
}

/// Makes an account and keeps it.
async fn join(tls: &Tls, file: &Path, web: &Web) -> Result<Account, Failure> {
    let contact = format!("mailto:{}", tls.acme_email);
    let contacts = [contact.as_str()];
    let wanted = NewAccount {
        contact: if tls.acme_email.is_empty() {
            &[]
        } else {
            &contacts
        },
        terms_of_service_agreed: true,
        only_return_existing: false,
    };
    let builder = Account::builder_with_http(Box::new(web.clone()));
    let made = builder.create(&wanted, tls.acme_directory.clone(), None);
    let (account, secret) = made.await.map_err(explained)?;
    let hint = "let this user write in `data_dir`";
    serde_json::to_vec(&secret)
        .map_err(std::io::Error::other)
        .and_then(|bytes| write_private(file, &bytes))
        .map_err(|error| Failure::new(format!("{}: {error}", file.display()), hint))?;
    Ok(account)
}

/// Shows that the names are ours.
async fn prove(tls: &Tls, order: &mut Order) -> Result<(), Failure> {
    let mut answers = BTreeMap::new();
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.map_err(explained)?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        let challenge = authorization.challenge(ChallengeType::Http01);
        let challenge = challenge.ok_or_else(|| {
            let why = "the authority does not look over HTTP (http-01)";
            Failure::new(
                why,
                "another `acme_directory`, or a `certificate` of your own",
            )
        })?;
        let answer = challenge.key_authorization().as_str().to_owned();
        answers.insert(challenge.token.clone(), answer);
    }
    if answers.is_empty() {
        return Ok(());
    }
    let listening = challenge::answer(&tls.acme_listen, answers).map_err(|error| {
        let hint = "free the port, allow parlord to use it (CAP_NET_BIND_SERVICE), or set `acme_listen` to one that \
                    port 80 is passed on to";
        Failure::new(format!("cannot listen on {error}"), hint)
    })?;
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.map_err(explained)?;
        if authorization.status == AuthorizationStatus::Valid {
            continue;
        }
        if let Some(mut challenge) = authorization.challenge(ChallengeType::Http01) {
            challenge.set_ready().await.map_err(explained)?;
        }
    }
    let status = order.poll_ready(&policy()).await.map_err(explained)?;
    drop(listening);
    if status == OrderStatus::Ready {
        return Ok(());
    }
    Err(refused(order).await)
}

/// Why an order has become invalid: the authority says it of the name that it could not see.
async fn refused(order: &mut Order) -> Failure {
    let hint = "each of `acme_hosts` must lead to this machine, and its port 80 to `acme_listen`";
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let Ok(state) = authorization.refresh().await else {
            break;
        };
        let said = state.challenges.iter().find_map(|one| one.error.as_ref());
        if let Some(problem) = said {
            let why = problem.detail.as_deref().unwrap_or("it does not say why");
            return Failure::new(
                format!("the authority could not see that it is ours: {why}"),
                hint,
            );
        }
    }
    Failure::new("the authority gave up the order", hint)
}

/// The request for a certificate of this key.
fn request(hosts: &[String], key: &KeyPair) -> Result<Vec<u8>, Failure> {
    let hint = "this is a bug: tell us";
    let failed = |error: rcgen::Error| Failure::new(error.to_string(), hint);
    let mut wanted = CertificateParams::new(hosts.to_vec()).map_err(failed)?;
    wanted.distinguished_name = DistinguishedName::new();
    let request = wanted.serialize_request(key).map_err(failed)?;
    Ok(request.der().to_vec())
}

fn policy() -> RetryPolicy {
    RetryPolicy::new()
        .initial_delay(ASK_AGAIN)
        .timeout(PATIENCE)
}

fn is_kind(kind: Option<&str>, name: &str) -> bool {
    kind.and_then(|kind| kind.strip_prefix("urn:ietf:params:acme:error:")) == Some(name)
}

/// What an error means, and what to do.
fn explained(error: Error) -> Failure {
    let problem = match error {
        Error::Api(problem) => problem,
        other => {
            let hint = "see that this machine reaches `acme_directory` over https";
            return Failure::new(other.to_string(), hint);
        }
    };
    let detail = problem.detail.as_deref().unwrap_or("it does not say why");
    let kind = problem.r#type.as_deref().unwrap_or("about:blank");
    let hint = if is_kind(Some(kind), "rateLimited") {
        "nothing: it is tried again when the authority allows it; meanwhile do not restart parlord again and again"
    } else if is_kind(Some(kind), "rejectedIdentifier") || is_kind(Some(kind), "caa") {
        "set `acme_hosts` to names for which this authority may give certificates"
    } else if is_kind(Some(kind), "invalidContact") || is_kind(Some(kind), "unsupportedContact") {
        "set `acme_email` to an address that the authority takes, or to \"\""
    } else if is_kind(Some(kind), "externalAccountRequired") {
        "another `acme_directory`: this one wants an account made elsewhere"
    } else {
        "each of `acme_hosts` must lead to this machine, and its port 80 to `acme_listen`"
    };
    Failure::new(format!("the authority refused: {detail} ({kind})"), hint)
}
