//! Keeps a certificate for the public names of this machine: asks for it, renews it in time, and puts it in use. It
//! never takes one out of use: whatever fails, what is shown stays until there is better.
//!
//! The key is that of the server's own certificate, and stays the same at each renewal. So whoever has pinned the key,
//! or was invited by it, knows the server again, before the first certificate comes and after each new one.

mod challenge;
mod due;
mod facts;
mod order;
mod web;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::KeyPair;
use tokio::task::AbortHandle;

use self::facts::Facts;
use self::order::Failure;
use crate::certs::{self, Certs};
use crate::config::Config;
use crate::data_folder::write_private;
use crate::inbox::{Happening, Happenings};

/// The file with the key of our account at the authority.
const ACCOUNT: &str = "acme-account.json";

/// How long one order may take in all.
const ORDER_MAX: Duration = Duration::from_secs(600);

/// The longest sleep: a machine that was suspended, or whose clock was set, finds out within a day.
const SLEEP_MAX: Duration = Duration::from_secs(24 * 3600);

/// Keeps the certificate up to date from now on, where the configuration wants one.
pub(crate) fn keep(
    config: &Config,
    certs: &Arc<Certs>,
    happenings: Happenings,
) -> Option<AbortHandle> {
    if config.tls.acme_hosts.is_empty() {
        return None;
    }
    let mut keeper = Keeper::new(config.clone(), Arc::clone(certs));
    let task = tokio::spawn(async move {
        loop {
            let was_vouched_for = keeper.certs.is_vouched_for();
            let next = keeper.step(now()).await;
            if keeper.certs.is_vouched_for() != was_vouched_for {
                // A hub that is gone needs to know nothing more.
                drop(happenings.send(Happening::Certified).await);
            }
            let wait = Duration::from_millis(next.saturating_sub(now()));
            tokio::time::sleep(wait.min(SLEEP_MAX)).await;
        }
    });
    Some(task.abort_handle())
}

/// Whether the root by which an authority is known can be read; why not, for operators.
pub(crate) fn look_at_root(root: &str) -> Result<(), String> {
    if root.is_empty() {
        return Ok(());
    }
    web::Web::new(root).map(drop)
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since_1970.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// What is known of the certificate and of the attempts to get a new one.
struct Keeper {
    config: Config,
    certs: Arc<Certs>,
    /// Failures in a row.
    failures: u32,
    /// Before that nothing is tried, in milliseconds since 1970.
    resting_until: u64,
}

impl Keeper {
    fn new(config: Config, certs: Arc<Certs>) -> Self {
        Self {
            config,
            certs,
            failures: 0,
            resting_until: 0,
        }
    }

    /// Does what is due, and says when to look again. All times are milliseconds since 1970.
    async fn step(&mut self, now: u64) -> u64 {
        let due = self.due();
        if now < due {
            return due;
        }
        match self.renew(now).await {
            Ok(facts) => {
                self.failures = 0;
                self.resting_until = 0;
                tracing::info!(
                    "a new certificate for {} is in use; it holds for {} days",
                    self.config.tls.acme_hosts.join(", "),
                    facts.until.saturating_sub(now) / 86_400_000
                );
            }
            Err(failure) => self.rest(now, &failure),
        }
        // Never at once: a certificate that is due as soon as it comes must not make a busy loop.
        self.due().max(now + due::rest(1, u8::MAX))
    }

    fn due(&self) -> u64 {
        let kept = std::fs::read(self.certificate()).ok();
        let facts = kept.and_then(|pem| Facts::of_chain(&pem).ok());
        let renewal = facts
            .filter(|facts| facts.are_for(&self.config.tls.acme_hosts))
            .map_or(0, |facts| {
                due::renewal(facts.since, facts.until, facts.spice)
            });
        renewal.max(self.resting_until)
    }

    async fn renew(&self, now: u64) -> Result<Facts, Failure> {
        let key = self.own_key()?;
        let account = self.config.data_dir().join(ACCOUNT);
        let ordered = order::place(&self.config.tls, &account, &key);
        let late = || Failure::new("the authority takes too long", "nothing: it is tried again");
        let ordered = tokio::time::timeout(ORDER_MAX, ordered).await;
        let pem = ordered.unwrap_or_else(|_| Err(late()))?;
        self.put_in_use(&pem, now)
    }

    /// Looks at a new certificate, writes it down, and shows it from now on.
    fn put_in_use(&self, pem: &str, now: u64) -> Result<Facts, Failure> {
        let bad = |why: String| {
            let hint = "another `acme_directory`: what this one gave is of no use";
            Failure::new(format!("the new certificate cannot be used: {why}"), hint)
        };
        let facts = Facts::of_chain(pem.as_bytes()).map_err(bad)?;
        if !facts.are_for(&self.config.tls.acme_hosts) {
            return Err(bad(format!("it is for {:?}", facts.names)));
        }
        if facts.until <= now {
            return Err(bad("it holds no longer".to_owned()));
        }
        certs::fits(pem.as_bytes(), &self.key()).map_err(bad)?;
        let hint = "let this user write in `data_dir`";
        let at = |path: &Path, why: &dyn std::fmt::Display| {
            Failure::new(format!("{}: {why}", path.display()), hint)
        };
        let file = self.certificate();
        write_private(&file, pem.as_bytes()).map_err(|error| at(&file, &error))?;
        self.certs
            .reload(&self.config)
            .map_err(|why| at(&file, &why))?;
        Ok(facts)
    }

    fn rest(&mut self, now: u64, failure: &Failure) {
        self.failures = self.failures.saturating_add(1);
        let mut spice = [0];
        // Without chance everybody rests as long as everybody else: no harm for one.
        let _ = getrandom::fill(&mut spice);
        let rest = Duration::from_millis(due::rest(self.failures, spice[0]));
        let rest = rest.max(failure.wait.unwrap_or_default());
        let ms = u64::try_from(rest.as_millis()).unwrap_or(u64::MAX);
        self.resting_until = now.saturating_add(ms);
        tracing::warn!(
            "no new certificate from {}: {}. What to do: {}. The one in use stays; it is tried again in {} minutes",
            self.config.tls.acme_directory,
            failure.why,
            failure.hint,
            rest.as_secs().div_ceil(60)
        );
    }

    fn own_key(&self) -> Result<KeyPair, Failure> {
        let path = self.key();
        let failed = |why: &dyn std::fmt::Display| {
            let hint = "the server's own key must be there and readable";
            Failure::new(format!("{}: {why}", path.display()), hint)
        };
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&error))?;
        KeyPair::from_pem(&text).map_err(|error| failed(&error))
    }

    fn certificate(&self) -> PathBuf {
        self.config.data_dir().join(certs::ACME_CERTIFICATE)
    }

    fn key(&self) -> PathBuf {
        self.config.data_dir().join(certs::OWN_KEY)
    }
}

#[cfg(test)]
mod tests;
