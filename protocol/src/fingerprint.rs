//! By what a server is known again: the SHA-256 of its public key, as people compare it. It never computes one.

use std::fmt::{self, Write as _};

/// Bytes of a fingerprint.
const DIGEST_BYTES: usize = 32;

/// SHA-256 of a public key, in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of a digest that was computed.
    pub fn of_digest(digest: [u8; DIGEST_BYTES]) -> Self {
        let mut text = String::with_capacity(2 * DIGEST_BYTES);
        for byte in digest {
            // Writing to memory cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// As people write it: in either case, with or without colons.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| *c != ':').collect();
        let is_whole =
            text.len() == 2 * DIGEST_BYTES && text.chars().all(|c| c.is_ascii_hexdigit());
        is_whole.then(|| Self(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
