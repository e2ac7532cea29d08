//! Passwords as they are kept: an argon2id hash for PLAIN, and keys for SCRAM, which cannot be checked against that.
//! It never keeps a password itself.
//!
//! Passwords are taken as the bytes that were sent. SASLprep (RFC 4013) would change only those with characters
//! outside of ASCII, and most clients do without it.

use std::num::NonZeroU32;
use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use ring::pbkdf2;

use super::HashCost;
use super::book::Credentials;
use super::scram::{self, ScramKeys};

/// Bytes of a password: more only costs time.
pub(super) const PASSWORD_BYTES_MAX: usize = 1024;

/// Bytes of a salt (RFC 9106 recommends 16).
const SALT_BYTES: usize = 16;

/// Makes and checks hashes. Each takes tens of milliseconds: never on the hub.
#[derive(Debug)]
pub(super) struct Hasher {
    cost: HashCost,
    /// A hash of nothing, checked where there is no account, so that this takes as long as where there is one.
    nothing: OnceLock<Option<String>>,
}

impl Hasher {
    /// A hasher of that cost.
    pub(super) fn new(cost: HashCost) -> Self {
        Self {
            cost,
            nothing: OnceLock::new(),
        }
    }

    /// What is kept of a password. `None`: the system gives no random bytes, or no memory.
    pub(super) fn hash(&self, password: &[u8]) -> Option<Credentials> {
        let salt = random::<SALT_BYTES>()?;
        Some(Credentials {
            password: self.argon2(password, &random::<SALT_BYTES>()?)?.into(),
            scram: scram_keys(password, &salt, self.scram_rounds()),
        })
    }

    /// Whether a password is the one that was hashed; without credentials it takes as long, and is not.
    pub(super) fn is_right(&self, password: &[u8], credentials: Option<&Credentials>) -> bool {
        let nothing = || {
            let made = self
                .nothing
                .get_or_init(|| self.argon2(b"", &[0; SALT_BYTES]));
            made.as_deref()
        };
        let kept = credentials.map(|credentials| &*credentials.password);
        let Some(Ok(hash)) = kept.or_else(nothing).map(PasswordHash::new) else {
            return false;
        };
        // The hash says with which parameters it was made.
        let same = Argon2::default().verify_password(password, &hash).is_ok();
        same && credentials.is_some()
    }

    /// Rounds of SCRAM: the client has to do them at each login, too.
    pub(super) fn scram_rounds(&self) -> NonZeroU32 {
        match self.cost {
            HashCost::Strong => const { NonZeroU32::new(100_000).unwrap() },
            // The least that RFC 7677 allows.
            HashCost::Minimum => const { NonZeroU32::new(4096).unwrap() },
        }
    }

    fn argon2(&self, password: &[u8], salt: &[u8]) -> Option<String> {
        let params = match self.cost {
            HashCost::Strong => Params::default(),
            HashCost::Minimum => Params::new(Params::MIN_M_COST, 1, 1, None).ok()?,
        };
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: PasswordHash = argon2.hash_password_with_salt(password, salt).ok()?;
        Some(hash.to_string())
    }
}

/// The keys of a password for SCRAM-SHA-256 (RFC 5802, 3).
pub(super) fn scram_keys(password: &[u8], salt: &[u8], rounds: NonZeroU32) -> ScramKeys {
    let mut salted = [0; scram::KEY_BYTES];
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        rounds,
        salt,
        password,
        &mut salted,
    );
    ScramKeys {
        salt: salt.into(),
        rounds: rounds.get(),
        stored_key: scram::hash(&scram::hmac(&salted, b"Client Key")),
        server_key: scram::hmac(&salted, b"Server Key"),
    }
}

/// Random bytes of the system, if it gives any.
pub(super) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests;
