//! The book of accounts as a port: what is written down of each. It never checks a secret.

use std::fmt;

use protocol::Stamp;
use server_core::News;
use server_core::accounts::Device;

pub use super::scram::ScramKeys;

pub mod memory;
pub mod sqlite;

/// Certificates of one account: devices that a person has.
pub const CERTIFICATES_MAX: u32 = 16;

/// Why the book could not be read or written, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookError(pub String);

/// What is kept of a password. Its debug form shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The argon2id hash as a PHC string.
    pub password: Box<str>,
    /// Its keys for SCRAM.
    pub scram: ScramKeys,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(credentials)")
    }
}

/// A code that finishes an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: Box<str>,
    /// Until when it holds.
    pub until: Stamp,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(code)")
    }
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name, as its owner writes it.
    pub name: Box<str>,
    /// Where to write to.
    pub email: Option<Box<str>>,
    /// When it was made.
    pub created: Stamp,
    /// When somebody last logged in, to the hour.
    pub seen: Stamp,
    /// Its password, if it has one.
    pub credentials: Option<Credentials>,
    /// Set until the code was given: until then nobody can log in.
    pub pending: Option<Code>,
}

/// Where accounts are written down. Names are compared folded (`ascii`). Each call is whole or not at all, and durable
/// when it returns. It may block for some milliseconds.
pub trait Book: Send {
    /// The account of that name.
    fn find(&mut self, name: &str) -> Result<Option<Account>, BookError>;
    /// Writes a new account down, with a certificate that may log in. `false`: the name or the certificate is taken.
    fn insert(&mut self, account: &Account, certificate: Option<&str>) -> Result<bool, BookError>;
    /// Changes an account that is there: everything but its name.
    fn update(&mut self, account: &Account) -> Result<(), BookError>;
    /// Writes down that somebody logged in to an account, and nothing else of it: whoever logs in may have begun before
    /// its password was changed.
    fn seen(&mut self, name: &str, now: Stamp) -> Result<(), BookError>;
    /// Takes away all by which somebody could log in to an account, and with `erase` has its words erased; a server that
    /// runs is told. The name stays, so that nobody else gets it and with it the private conversations that are kept
    /// under it. `false`: there is no such account.
    fn close(&mut self, name: &str, erase: bool) -> Result<bool, BookError>;
    /// The accounts whose words are to be erased, folded.
    fn erasures(&mut self) -> Result<Vec<Box<str>>, BookError>;
    /// The words of such an account are gone.
    fn erased(&mut self, name: &str) -> Result<(), BookError>;
    /// Has a server that runs told that an account has another password.
    fn tell_of_password(&mut self, name: &str) -> Result<(), BookError>;
    /// What was done beside the server since this was asked last: the oldest, and each is handed out once.
    fn news(&mut self) -> Result<Vec<News>, BookError>;
    /// Accounts whose code no relay has taken yet.
    fn letters(&mut self) -> Result<Vec<Account>, BookError>;
    /// The relay has the code of an account.
    fn letter_sent(&mut self, name: &str) -> Result<(), BookError>;
    /// Takes an account out, its certificates as well.
    fn remove(&mut self, name: &str) -> Result<(), BookError>;
    /// The account that a certificate belongs to.
    fn holder(&mut self, certificate: &str) -> Result<Option<Account>, BookError>;
    /// Lets a certificate log in. `false`: it belongs to an account already, or there are [`CERTIFICATES_MAX`].
    fn add_certificate(&mut self, name: &str, device: &Device) -> Result<bool, BookError>;
    /// Lets a certificate log in to this account, and to the one that it belonged to no longer. `false`: nothing has
    /// changed, because there is no such account, or there are [`CERTIFICATES_MAX`].
    fn hand_over(&mut self, name: &str, device: &Device) -> Result<bool, BookError>;
    /// The certificates that log in to an account, the oldest first.
    fn devices(&mut self, name: &str) -> Result<Vec<Device>, BookError>;
    /// Writes down that a certificate logged in, unless that was written less than `every_ms` ago.
    fn met(&mut self, certificate: &str, now: Stamp, every_ms: u64) -> Result<(), BookError>;
    /// Lets a certificate log in no longer. `false`: it did not belong to that account.
    fn remove_certificate(&mut self, name: &str, certificate: &str) -> Result<bool, BookError>;
    /// Random bytes of this server, the same for ever once they are made of `fresh`.
    fn secret(&mut self, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], BookError>;
}

#[cfg(test)]
mod tests;
