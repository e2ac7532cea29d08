//! Devices: keys that log in without a password, each added by one that is in already, or by a code that was read from
//! its screen. It never writes a code down: a restart forgets them all, and a new one is quickly made.

use std::collections::HashMap;
use std::net::IpAddr;

use protocol::Folded;
use server_core::accounts::{AccountsReply, Device, Secret};
use server_core::secret::is_same;

use super::register::letters;
use super::{Answer, Desk, Refusal, SEEN_EVERY_MS, busy, fingerprint, lock, login, refusal};
use crate::accounts::book::{Account, BookError};
use crate::accounts::scram;

/// For how long a code holds (seconds): long enough to walk to the other machine.
const CODE_TTL_S: u64 = 600;
/// Wrong codes after which the right one holds no longer.
const CODE_TRIES_MAX: u32 = 5;
/// Characters of a code: 40 bits, of which five may be guessed.
const CODE_LENGTH: usize = 8;
/// Accounts with a code at a time; past it nobody else gets one until some have ended.
const CODES_MAX: usize = 10_000;
/// Characters of a fingerprint by which a device is meant, at least.
const MEANT_MIN: usize = 4;

/// A code that waits for a second device.
#[derive(Debug)]
pub(super) struct Waiting {
    /// The code's SHA-256.
    hash: scram::ScramKey,
    /// Until when it holds (steady milliseconds).
    until: u64,
    /// How often a wrong one was given.
    tries: u32,
}

/// The codes that hold, by account.
pub(super) type Codes = HashMap<Folded, Waiting>;

impl Desk {
    pub(super) fn make_code(&self, name: &str) -> Answer {
        let account = self.finished(name)?.ok_or_else(super::no_account)?;
        let code = letters::<CODE_LENGTH>().ok_or_else(busy)?;
        let now = (self.clock)().steady;
        let mut codes = lock(&self.codes);
        codes.retain(|_, waiting| waiting.until > now);
        if codes.len() >= CODES_MAX {
            return Err(busy());
        }
        let waiting = Waiting {
            hash: scram::hash(code.as_bytes()),
            until: now + CODE_TTL_S * 1000,
            tries: 0,
        };
        codes.insert(Folded::new(&account.name), waiting);
        let (begin, end) = code.split_at(CODE_LENGTH / 2);
        Ok(AccountsReply::Code {
            code: Secret(format!("{begin}-{end}").into_bytes()),
            seconds: CODE_TTL_S,
        })
    }

    pub(super) fn add_by_code(
        &self,
        name: &str,
        certificate: &str,
        given: &[u8],
        address: IpAddr,
    ) -> Answer {
        let certificate = fingerprint(certificate)?;
        let keys = login::keys(address, name);
        self.charge(&keys)?;
        let account = self.finished(name)?.ok_or_else(wrong)?;
        if !self.is_code(&account, given) {
            return Err(wrong());
        }
        lock(&self.throttle).refund(&keys);
        let mut book = lock(&self.book);
        let holder = book.holder(&certificate)?;
        let is_here = holder.is_some_and(|holder| holder.name == account.name);
        if !is_here && !book.hand_over(&account.name, &self.device(&certificate))? {
            return Err(unacceptable());
        }
        drop(book);
        Ok(self.welcome(account))
    }

    /// Whether it is the code; the right one is used up by that.
    fn is_code(&self, account: &Account, given: &[u8]) -> bool {
        let now = (self.clock)().steady;
        let meant: Vec<u8> = given
            .iter()
            .filter(|byte| byte.is_ascii_alphanumeric())
            .map(u8::to_ascii_lowercase)
            .collect();
        let folded = Folded::new(&account.name);
        let mut codes = lock(&self.codes);
        let Some(waiting) = codes.get_mut(&folded) else {
            return false;
        };
        let is_right = is_same(&waiting.hash, &scram::hash(&meant)) && waiting.until > now;
        waiting.tries += 1;
        if is_right || waiting.tries >= CODE_TRIES_MAX || waiting.until <= now {
            codes.remove(&folded);
        }
        is_right
    }

    pub(super) fn add_certificate(&self, name: &str, certificate: &str) -> Answer {
        let certificate = fingerprint(certificate)?;
        let mut book = lock(&self.book);
        let holder = book.holder(&certificate)?;
        if !holder.is_some_and(|holder| protocol::casemap::same(&holder.name, name)) {
            add(&mut **book, name, &self.device(&certificate))?;
        }
        Ok(AccountsReply::Changed)
    }

    pub(super) fn devices(&self, name: &str) -> Answer {
        Ok(AccountsReply::Devices(lock(&self.book).devices(name)?))
    }

    pub(super) fn remove_certificate(&self, name: &str, meant: &str) -> Answer {
        let account = self.finished(name)?.ok_or_else(super::no_account)?;
        let meant = meant.to_ascii_lowercase();
        let mut book = lock(&self.book);
        let devices = book.devices(name)?;
        let mut fitting = devices
            .iter()
            .filter(|device| device.certificate.starts_with(&meant));
        let (Some(device), None) = (fitting.next(), fitting.next()) else {
            let text = "no device of yours, or more than one, has a fingerprint that begins so";
            return Err(refusal("NO_SUCH_DEVICE", text));
        };
        if meant.len() < MEANT_MIN {
            let text = "give more of the fingerprint";
            return Err(refusal("NO_SUCH_DEVICE", text));
        }
        if devices.len() == 1 && account.credentials.is_none() {
            let text =
                "that is the only way into your account: set a password or add a device first";
            return Err(refusal("LAST_DEVICE", text));
        }
        book.remove_certificate(name, &device.certificate)?;
        Ok(AccountsReply::Removed {
            certificate: device.certificate.clone(),
        })
    }

    /// Writes down that a device logged in; the login counts even if that cannot be written.
    pub(super) fn met(&self, certificate: &str) {
        let now = (self.clock)().wall;
        let written = lock(&self.book).met(certificate, now, SEEN_EVERY_MS);
        if let Err(BookError(reason)) = written {
            tracing::warn!(reason, "a login was not written down");
        }
    }

    fn device(&self, certificate: &str) -> Device {
        let now = (self.clock)().wall;
        Device {
            certificate: certificate.into(),
            added: now,
            seen: now,
        }
    }
}

fn add(
    book: &mut dyn crate::accounts::book::Book,
    name: &str,
    device: &Device,
) -> Result<(), Refusal> {
    if book.add_certificate(name, device)? {
        return Ok(());
    }
    Err(unacceptable())
}

fn unacceptable() -> Refusal {
    let text = "that key belongs to another account, or you have too many devices";
    refusal("UNACCEPTABLE_KEY", text)
}

fn wrong() -> Refusal {
    refusal(
        "INVALID_CODE",
        "the code is wrong, is used up, or is older than ten minutes",
    )
}
