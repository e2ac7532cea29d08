//! Logging in: PLAIN, SCRAM-SHA-256, EXTERNAL. It never says whether the name or the password was wrong.

use std::collections::BTreeMap;
use std::net::IpAddr;

use base64ct::{Base64, Encoding};
use protocol::casemap::same;
use server_core::accounts::AccountsReply;

use super::{Answer, Desk, Refusal, busy, fingerprint, is_other, lock, refusal};
use crate::accounts::book::{Account, ScramKeys};
use crate::accounts::password::{PASSWORD_BYTES_MAX, random};
use crate::accounts::plain;
use crate::accounts::scram::{self, Challenged, ClientFirst};
use crate::accounts::throttle::Key;

/// Exchanges that may be under way: one a connection; past it the oldest is given up.
const EXCHANGES_MAX: usize = 10_000;

/// Bytes of the server's part of a nonce.
const NONCE_BYTES: usize = 18;

/// One step of an exchange.
#[derive(Clone, Copy)]
pub(super) struct Step<'a> {
    pub(super) exchange: u64,
    pub(super) mechanism: &'a str,
    pub(super) response: &'a [u8],
    pub(super) certificate: Option<&'a str>,
    pub(super) address: IpAddr,
}

/// SCRAM: `Challenged` -> `Proven` -> logged in.
#[derive(Debug)]
pub(super) enum Exchange {
    /// The challenge is sent. No account: it fails in the end, and not before.
    Challenged(Box<Challenged>, Option<Box<Account>>, Vec<Key>),
    /// The client has proven itself, and was shown that the server knows the password, too; it has to agree.
    Proven(Box<Account>),
}

/// The exchanges that are under way, by number; numbers go up.
#[derive(Debug, Default)]
pub(super) struct Exchanges(BTreeMap<u64, Exchange>);

impl Exchanges {
    /// Takes one out.
    pub(super) fn take(&mut self, number: u64) -> Option<Exchange> {
        self.0.remove(&number)
    }

    /// Forgets all of one account: what they began with holds no longer.
    pub(super) fn forget(&mut self, name: &str) {
        self.0.retain(|_, exchange| {
            let account = match exchange {
                Exchange::Challenged(_, account, _) => account.as_deref(),
                Exchange::Proven(account) => Some(&**account),
            };
            account.is_none_or(|account| !same(&account.name, name))
        });
    }

    fn put(&mut self, number: u64, exchange: Exchange) {
        self.0.insert(number, exchange);
        if self.0.len() > EXCHANGES_MAX {
            self.0.pop_first();
        }
    }
}

impl Desk {
    /// One step. The exchange is over unless the answer is a challenge.
    pub(super) fn authenticate(&self, step: &Step<'_>) -> Answer {
        let under_way = lock(&self.exchanges).take(step.exchange);
        match step.mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => self.plain(step),
            "EXTERNAL" => self.external(step),
            "SCRAM-SHA-256" => match under_way {
                None => self.scram_first(step),
                Some(Exchange::Challenged(challenged, account, keys)) => {
                    self.scram_proof(step, &challenged, account, &keys)
                }
                Some(Exchange::Proven(account)) if step.response.is_empty() => {
                    Ok(self.welcome(*account))
                }
                Some(Exchange::Proven(_)) => Err(malformed()),
            },
            _ => Err(refusal("", "that way to log in is not known")),
        }
    }

    fn plain(&self, step: &Step<'_>) -> Answer {
        let message = plain::parse(step.response).ok_or_else(malformed)?;
        if message.password.len() > PASSWORD_BYTES_MAX {
            return Err(wrong());
        }
        let keys = keys(step.address, message.account);
        self.charge(&keys)?;
        let account = self.finished(message.account)?;
        let credentials = account
            .as_ref()
            .and_then(|account| account.credentials.as_ref());
        let is_right = self.hasher.is_right(message.password, credentials);
        match account {
            Some(account) if is_right => {
                lock(&self.throttle).refund(&keys);
                Ok(self.welcome(account))
            }
            _ => Err(wrong()),
        }
    }

    fn external(&self, step: &Step<'_>) -> Answer {
        let no_key = || refusal("", "your client sent no certificate");
        let certificate = fingerprint(step.certificate.ok_or_else(no_key)?)?;
        let as_whom = std::str::from_utf8(step.response).map_err(|_| malformed())?;
        let holder = lock(&self.book).holder(&certificate)?;
        match holder {
            Some(account) if account.pending.is_none() && !is_other(as_whom, &account.name) => {
                self.met(&certificate);
                Ok(self.welcome(account))
            }
            _ => Err(refusal(
                "",
                "your client's certificate belongs to no such account",
            )),
        }
    }

    fn scram_first(&self, step: &Step<'_>) -> Answer {
        let first = ClientFirst::parse(step.response).ok_or_else(malformed)?;
        let keys = keys(step.address, &first.account);
        self.charge(&keys)?;
        let account = self.finished(&first.account)?;
        let credentials = account
            .as_ref()
            .and_then(|account| account.credentials.as_ref());
        let scram = credentials.map(|credentials| credentials.scram.clone());
        let account = account.filter(|_| scram.is_some()).map(Box::new);
        let scram = match scram {
            Some(keys) => keys,
            None => self.nobodys_keys(&first.account),
        };
        let nonce = Base64::encode_string(&random::<NONCE_BYTES>().ok_or_else(busy)?);
        let challenged = first.challenge(&nonce, scram);
        let challenge = challenged.challenge.clone().into_bytes();
        let exchange = Exchange::Challenged(Box::new(challenged), account, keys);
        lock(&self.exchanges).put(step.exchange, exchange);
        Ok(AccountsReply::Challenge(challenge))
    }

    fn scram_proof(
        &self,
        step: &Step<'_>,
        challenged: &Challenged,
        account: Option<Box<Account>>,
        keys: &[Key],
    ) -> Answer {
        match (challenged.check(step.response), account) {
            (Some(shown), Some(account)) => {
                lock(&self.throttle).refund(keys);
                lock(&self.exchanges).put(step.exchange, Exchange::Proven(account));
                Ok(AccountsReply::Challenge(shown.into_bytes()))
            }
            _ => Err(wrong()),
        }
    }

    /// Keys for a name without an account: its salt is always the same, and nothing proves it.
    fn nobodys_keys(&self, name: &str) -> ScramKeys {
        let derived = |what: &str| {
            let text = format!("{what} {}", name.to_ascii_lowercase());
            scram::hmac(&self.secret, text.as_bytes())
        };
        ScramKeys {
            salt: derived("salt").into_iter().take(16).collect(),
            rounds: self.hasher.scram_rounds().get(),
            stored_key: derived("stored key"),
            server_key: derived("server key"),
        }
    }
}

/// What an attempt on an account is counted under.
pub(super) fn keys(address: IpAddr, account: &str) -> Vec<Key> {
    let account = Key::Account(account.to_ascii_lowercase().into());
    Key::address(address).into_iter().chain([account]).collect()
}

fn wrong() -> Refusal {
    refusal("", "the account or its password is wrong")
}

fn malformed() -> Refusal {
    refusal("", "your client's message could not be understood")
}
