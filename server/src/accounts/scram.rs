//! SCRAM-SHA-256 (RFC 5802, RFC 7677), the server's side, as values. It never sees a password, and never remembers an
//! exchange: its owner does.

use std::fmt;

use base64ct::{Base64, Encoding};
use ring::{digest, hmac as ring_hmac};
use server_core::secret::is_same;

/// Bytes of a key: those of SHA-256.
pub(super) const KEY_BYTES: usize = 32;
/// Bytes of a client's message: names and nonces are short.
const MESSAGE_BYTES_MAX: usize = 2048;

/// A key of SCRAM.
pub(super) type ScramKey = [u8; KEY_BYTES];

/// What is kept of a password for SCRAM. Its debug form shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct ScramKeys {
    /// Random bytes of this password.
    pub(super) salt: Box<[u8]>,
    /// Rounds of PBKDF2.
    pub(super) rounds: u32,
    /// The hash of the client's key: who knows it can tell who knows the password.
    pub(super) stored_key: ScramKey,
    /// By which the server shows that it knows the password as well.
    pub(super) server_key: ScramKey,
}

impl fmt::Debug for ScramKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(keys)")
    }
}

/// The client's first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClientFirst {
    /// Whose account.
    pub(super) account: String,
    header: String,
    bare: String,
    nonce: String,
}

/// An exchange in which the server has sent its challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Challenged {
    /// What the server sent.
    pub(super) challenge: String,
    header: String,
    /// Both first messages, as both sides sign them.
    signed: String,
    nonce: String,
    keys: ScramKeys,
}

impl ClientFirst {
    /// Reads `n,a=authzid,n=name,r=nonce`. Refused: binding to the TLS channel, which was not offered; an extension that
    /// must be understood; and who asks to be somebody else (authzid).
    pub(super) fn parse(message: &[u8]) -> Option<Self> {
        if message.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        let message = std::str::from_utf8(message).ok()?;
        let (binding, rest) = message.split_once(',')?;
        let (as_whom, bare) = rest.split_once(',')?;
        if !matches!(binding, "n" | "y") {
            return None;
        }
        let (name, rest) = bare.strip_prefix("n=")?.split_once(",r=")?;
        let account = unescape(name)?;
        let nonce = rest.split(',').next()?;
        if !as_whom.is_empty() {
            let as_whom = unescape(as_whom.strip_prefix("a=")?)?;
            if !protocol::casemap::same(&as_whom, &account) {
                return None;
            }
        }
        if nonce.is_empty() || account.is_empty() {
            return None;
        }
        Some(Self {
            account,
            header: format!("{binding},{as_whom},"),
            bare: bare.to_owned(),
            nonce: nonce.to_owned(),
        })
    }

    /// The challenge, for the keys of that account. `server_nonce` is fresh, printable, and has no comma.
    pub(super) fn challenge(self, server_nonce: &str, keys: ScramKeys) -> Challenged {
        let nonce = format!("{}{server_nonce}", self.nonce);
        let salt = Base64::encode_string(&keys.salt);
        let challenge = format!("r={nonce},s={salt},i={}", keys.rounds);
        Challenged {
            signed: format!("{},{challenge}", self.bare),
            challenge,
            header: self.header,
            nonce,
            keys,
        }
    }
}

impl Challenged {
    /// Reads `c=header,r=nonce,p=proof`. The answer shows the client that the server knows the password, too; `None`:
    /// the client does not.
    pub(super) fn check(&self, message: &[u8]) -> Option<String> {
        if message.len() > MESSAGE_BYTES_MAX {
            return None;
        }
        let message = std::str::from_utf8(message).ok()?;
        let (unproven, proof) = message.rsplit_once(",p=")?;
        let (header, rest) = unproven.strip_prefix("c=")?.split_once(",r=")?;
        let nonce = rest.split(',').next()?;
        if header != Base64::encode_string(self.header.as_bytes()) || nonce != self.nonce {
            return None;
        }
        let proof = Base64::decode_vec(proof).ok()?;
        let signed = format!("{},{unproven}", self.signed);
        let signature = hmac(&self.keys.stored_key, signed.as_bytes());
        if proof.len() != KEY_BYTES {
            return None;
        }
        let client_key: Vec<u8> = proof.iter().zip(signature).map(|(a, b)| a ^ b).collect();
        if !is_same(&hash(&client_key), &self.keys.stored_key) {
            return None;
        }
        let shown = hmac(&self.keys.server_key, signed.as_bytes());
        Some(format!("v={}", Base64::encode_string(&shown)))
    }
}

/// SHA-256.
pub(super) fn hash(bytes: &[u8]) -> ScramKey {
    let mut key = [0; KEY_BYTES];
    for (to, from) in key
        .iter_mut()
        .zip(digest::digest(&digest::SHA256, bytes).as_ref())
    {
        *to = *from;
    }
    key
}

/// HMAC-SHA-256.
pub(super) fn hmac(key: &[u8], bytes: &[u8]) -> ScramKey {
    let tag = ring_hmac::sign(&ring_hmac::Key::new(ring_hmac::HMAC_SHA256, key), bytes);
    let mut key = [0; KEY_BYTES];
    for (to, from) in key.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    key
}

/// Takes `=2C` and `=3D` back; no other `=` may be in a name, nor may it be empty.
fn unescape(name: &str) -> Option<String> {
    let mut parts = name.split('=');
    let mut plain = parts.next()?.to_owned();
    for part in parts {
        let (c, rest) = part
            .strip_prefix("2C")
            .map(|rest| (',', rest))
            .or_else(|| part.strip_prefix("3D").map(|rest| ('=', rest)))?;
        plain.push(c);
        plain.push_str(rest);
    }
    Some(plain)
}

#[cfg(test)]
mod tests;
