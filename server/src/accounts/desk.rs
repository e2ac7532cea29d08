//! Decides who may log in and who may have an account. It never starts a thread: it answers where it is called, and
//! takes tens of milliseconds where a password is hashed.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::casemap::same;
use protocol::name::check_nick;
use server_core::Ticket;
use server_core::accounts::{AccountsReply, AccountsRequest};

use super::book::{Account, Book, BookError};
use super::mail::Mailer;
use super::password::{Hasher, PASSWORD_BYTES_MAX};
use super::throttle::{Key, Throttle};
use super::{Accounts, AccountsSettings, Clock};

mod beside;
mod devices;
mod login;
mod register;

use devices::Codes;
use login::Exchanges;

/// Milliseconds for which a second login is not written down: a write for each would cost more than it tells.
const SEEN_EVERY_MS: u64 = 3_600_000;

/// The desk at which accounts are asked for. Several threads may ask at once; a hash holds up nobody else.
pub struct Desk {
    settings: AccountsSettings,
    clock: Clock,
    hasher: Hasher,
    mailer: Box<dyn Mailer>,
    book: Mutex<Box<dyn Book>>,
    throttle: Mutex<Throttle>,
    exchanges: Mutex<Exchanges>,
    /// Codes for second devices.
    codes: Mutex<Codes>,
    /// From which the salts of accounts are made that do not exist.
    secret: [u8; 32],
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// Why it was not done: a code of the standard replies, and words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    code: &'static str,
    text: String,
}

type Answer = Result<AccountsReply, Refusal>;

impl Desk {
    /// A desk with that book.
    pub fn new(
        settings: AccountsSettings,
        mut book: Box<dyn Book>,
        mailer: Box<dyn Mailer>,
        clock: Clock,
    ) -> Result<Self, BookError> {
        let no_random = || BookError("the system gives no random bytes".to_owned());
        let fresh = super::password::random().ok_or_else(no_random)?;
        Ok(Self {
            secret: book.secret("scram salts", fresh)?,
            settings,
            clock,
            hasher: Hasher::new(settings.cost),
            mailer,
            book: Mutex::new(book),
            throttle: Mutex::default(),
            exchanges: Mutex::default(),
            codes: Mutex::default(),
        })
    }

    /// Answers; `None` to `GiveUp` alone.
    pub fn answer(&self, request: AccountsRequest) -> Option<AccountsReply> {
        let answer = match request {
            AccountsRequest::Authenticate {
                exchange,
                mechanism,
                response,
                certificate,
                address,
            } => {
                let step = login::Step {
                    exchange,
                    mechanism: &mechanism,
                    response: &response.0,
                    certificate: certificate.as_deref(),
                    address,
                };
                self.authenticate(&step)
            }
            AccountsRequest::GiveUp { exchange } => {
                lock(&self.exchanges).take(exchange);
                return None;
            }
            AccountsRequest::Register {
                account,
                password,
                email,
                address,
            } => self.register(&account, &password.0, email.as_deref(), address),
            AccountsRequest::RegisterKey {
                account,
                certificate,
                address,
            } => self.register_key(&account, &certificate, address),
            AccountsRequest::MakeCode { account } => self.make_code(&account),
            AccountsRequest::AddByCode {
                account,
                certificate,
                code,
                address,
            } => self.add_by_code(&account, &certificate, &code.0, address),
            AccountsRequest::Devices { account } => self.devices(&account),
            AccountsRequest::VerifyCode {
                account,
                code,
                address,
            } => self.verify_code(&account, &code, address),
            AccountsRequest::AddCertificate {
                account,
                certificate,
            } => self.add_certificate(&account, &certificate),
            AccountsRequest::RemoveCertificate {
                account,
                certificate,
            } => self.remove_certificate(&account, &certificate),
            AccountsRequest::SetPassword { account, old, new } => {
                self.set_password(&account, old.as_ref().map(|old| &*old.0), &new.0)
            }
            AccountsRequest::Erase { account } => self.erase(&account),
            AccountsRequest::Look { account } => self.look(&account),
        };
        Some(answer.unwrap_or_else(|Refusal { code, text }| AccountsReply::Refused { code, text }))
    }

    fn look(&self, account: &str) -> Answer {
        let now = (self.clock)().wall;
        // An account that nobody has used for so long gives its nick up; it stays its owner's, and has the nick again
        // with the next login. Its name is never another's: private conversations are kept under it.
        let is_kept = |account: &Account| {
            let expiry = self.settings.expire_ms;
            expiry.is_none_or(|ms| account.seen.0.saturating_add(ms) > now.0)
        };
        let found = self.finished(account)?.filter(is_kept);
        Ok(AccountsReply::Known(found.map(|account| account.name)))
    }

    fn set_password(&self, name: &str, old: Option<&[u8]>, new: &[u8]) -> Answer {
        let mut account = self.finished(name)?.ok_or_else(no_account)?;
        if account.credentials.is_some() || old.is_some() {
            let keys = [Key::Account(name.to_ascii_lowercase().into())];
            self.charge(&keys)?;
            let given = old.unwrap_or_default();
            if !self.hasher.is_right(given, account.credentials.as_ref()) {
                return Err(refusal("WRONG_PASSWORD", "the old password is wrong"));
            }
            lock(&self.throttle).refund(&keys);
        }
        self.write_password(&mut account, new)
    }

    /// Another password, whatever the old one is: for the operator at the command line, never for the wire.
    pub fn reset_password(&self, name: &str, new: &[u8]) -> AccountsReply {
        let answer = self
            .finished(name)
            .and_then(|account| account.ok_or_else(no_account))
            .and_then(|mut account| {
                let changed = self.write_password(&mut account, new)?;
                lock(&self.book).tell_of_password(name)?;
                Ok(changed)
            });
        answer.unwrap_or_else(|Refusal { code, text }| AccountsReply::Refused { code, text })
    }

    fn write_password(&self, account: &mut Account, new: &[u8]) -> Answer {
        check_password(new)?;
        account.credentials = Some(self.hasher.hash(new).ok_or_else(busy)?);
        lock(&self.book).update(account)?;
        // Who was half-way in with the old one is not let in by it.
        lock(&self.exchanges).forget(&account.name);
        Ok(AccountsReply::Changed)
    }

    /// The account of that name, if nothing is missing to log in to it.
    fn finished(&self, name: &str) -> Result<Option<Account>, Refusal> {
        // A name that cannot be one is not looked for: it may be anything, and long.
        if check_nick(name, self.settings.name_bytes_max).is_err() {
            return Ok(None);
        }
        let found = lock(&self.book).find(name)?;
        Ok(found.filter(|account| account.pending.is_none()))
    }

    fn charge(&self, keys: &[Key]) -> Result<(), Refusal> {
        let now = (self.clock)().steady;
        lock(&self.throttle)
            .charge(keys, now)
            .map_err(|wait_ms| Refusal {
                code: "TEMPORARILY_UNAVAILABLE",
                text: format!(
                    "too many attempts: try again in {} seconds",
                    wait_ms.div_ceil(1000)
                ),
            })
    }

    /// Somebody logged in.
    fn welcome(&self, account: Account) -> AccountsReply {
        let now = (self.clock)().wall;
        if now.0 >= account.seen.0.saturating_add(SEEN_EVERY_MS) {
            // The login counts even if that cannot be written down.
            if let Err(BookError(reason)) = lock(&self.book).seen(&account.name, now) {
                tracing::warn!(reason, "a login was not written down");
            }
        }
        AccountsReply::LoggedIn {
            account: account.name,
        }
    }
}

/// Answers at once, on the hub: for tests, with hashes at [`HashCost::Minimum`](super::HashCost::Minimum).
impl Accounts for Desk {
    fn request(&mut self, _ticket: Ticket, request: AccountsRequest) -> Option<AccountsReply> {
        self.answer(request)
    }

    fn finish(self: Box<Self>) {}
}

impl From<BookError> for Refusal {
    fn from(BookError(text): BookError) -> Self {
        tracing::error!(reason = text, "the accounts could not be read or written");
        refusal("TEMPORARILY_UNAVAILABLE", &text)
    }
}

/// What is behind a lock. It is whole even if a thread failed while it held it: each change is one call.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refusal(code: &'static str, text: &str) -> Refusal {
    Refusal {
        code,
        text: text.to_owned(),
    }
}

fn busy() -> Refusal {
    refusal(
        "TEMPORARILY_UNAVAILABLE",
        "the server is too busy: try again",
    )
}

fn no_account() -> Refusal {
    refusal("ACCOUNT_REQUIRED", "there is no such account")
}

/// Characters of a password at least: so many are not guessed at the rate that is allowed.
const PASSWORD_CHARS_MIN: usize = 6;

fn check_password(password: &[u8]) -> Result<(), Refusal> {
    let characters = String::from_utf8_lossy(password).chars().count();
    if characters < PASSWORD_CHARS_MIN {
        let text = format!("a password has at least {PASSWORD_CHARS_MIN} characters");
        return Err(refusal("WEAK_PASSWORD", &text));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(refusal("UNACCEPTABLE_PASSWORD", "the password is too long"));
    }
    if std::str::from_utf8(password).is_err() || password.contains(&0) {
        return Err(refusal("UNACCEPTABLE_PASSWORD", "the password is not text"));
    }
    Ok(())
}

/// A fingerprint in the one form in which it is kept.
fn fingerprint(text: &str) -> Result<String, Refusal> {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(refusal(
        "UNACCEPTABLE_KEY",
        "that is no SHA-256 fingerprint",
    ))
}

/// Whether somebody asks for another account than the one a secret belongs to.
fn is_other(asked: &str, name: &str) -> bool {
    !asked.is_empty() && !same(asked, name)
}

#[cfg(test)]
mod tests;
