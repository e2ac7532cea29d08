//! SCRAM-SHA-256 (RFC 5802, RFC 7677), the client's side, as values: it proves that we know a password without
//! sending it, and has the server prove the same. It must never go on with a server whose proof is wrong.

use std::num::NonZeroU32;

use base64ct::{Base64, Encoding};
use ring::{digest, hmac, pbkdf2};

/// The header that says: no binding to the channel, and nobody else's account.
const HEADER: &str = "n,,";
/// The fewest rounds that RFC 7677 allows: with less, a false server could guess the password from our proof.
const ROUNDS_MIN: u32 = 4096;
/// The most rounds that we do: some 0.3 s of work, in which nothing else is done.
const ROUNDS_MAX: u32 = 1_000_000;
/// Bytes of a SHA-256.
const HASH_BYTES: usize = 32;

/// Why an exchange cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The server says what cannot be understood, or asks for too little or too much work.
    Garbled,
    /// The server does not know the password.
    Impostor,
}

/// An exchange: `Asked -> Proven -> Trusted`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scram {
    /// Our first message is out.
    Asked {
        /// That message, without its header.
        bare: String,
        /// Our part of the nonce.
        nonce: String,
    },
    /// Our proof is out; the server's has to be this one.
    Proven {
        /// The signature in base64.
        signature: String,
    },
    /// The server knows the password, too.
    Trusted,
}

/// Our first message, and the exchange that it begins. `nonce` is fresh, printable, and has no comma.
pub(crate) fn begin(account: &str, nonce: &str) -> (Scram, String) {
    let name = account.replace('=', "=3D").replace(',', "=2C");
    let bare = format!("n={name},r={nonce}");
    let message = format!("{HEADER}{bare}");
    let nonce = nonce.to_owned();
    (Scram::Asked { bare, nonce }, message)
}

impl Scram {
    /// Takes what the server says; what we say to that.
    pub(crate) fn hear(&mut self, message: &str, password: &str) -> Result<String, Trouble> {
        match self {
            Self::Asked { bare, nonce } => {
                let challenge = Challenge::parse(message, nonce).ok_or(Trouble::Garbled)?;
                let (answer, signature) = challenge.answered(bare, message, password);
                *self = Self::Proven { signature };
                Ok(answer)
            }
            Self::Proven { signature } => {
                let shown = message.split(',').next().and_then(|v| v.strip_prefix("v="));
                if shown != Some(signature.as_str()) {
                    return Err(Trouble::Impostor);
                }
                *self = Self::Trusted;
                Ok(String::new())
            }
            Self::Trusted => Err(Trouble::Garbled),
        }
    }
}

/// `r=nonce,s=salt,i=rounds`
struct Challenge<'m> {
    nonce: &'m str,
    salt: Vec<u8>,
    rounds: NonZeroU32,
}

impl<'m> Challenge<'m> {
    fn parse(message: &'m str, own_nonce: &str) -> Option<Self> {
        let mut parts = message.split(',');
        let nonce = parts.next()?.strip_prefix("r=")?;
        let salt = Base64::decode_vec(parts.next()?.strip_prefix("s=")?).ok()?;
        let rounds: u32 = parts.next()?.strip_prefix("i=")?.parse().ok()?;
        let is_longer = nonce.len() > own_nonce.len() && nonce.starts_with(own_nonce);
        let is_bearable = (ROUNDS_MIN..=ROUNDS_MAX).contains(&rounds);
        (is_longer && is_bearable && !salt.is_empty()).then_some(())?;
        Some(Self {
            nonce,
            salt,
            rounds: NonZeroU32::new(rounds)?,
        })
    }

    /// Our answer with its proof, and the signature that the server has to show.
    fn answered(&self, bare: &str, challenge: &str, password: &str) -> (String, String) {
        let mut salted = [0; HASH_BYTES];
        let sha256 = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::derive(
            sha256,
            self.rounds,
            &self.salt,
            password.as_bytes(),
            &mut salted,
        );
        let client_key = signed(&salted, b"Client Key");
        let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
        let header = Base64::encode_string(HEADER.as_bytes());
        let unproven = format!("c={header},r={}", self.nonce);
        let whole = format!("{bare},{challenge},{unproven}");
        let signature = signed(stored_key.as_ref(), whole.as_bytes());
        let proof: Vec<u8> = client_key
            .as_ref()
            .iter()
            .zip(signature.as_ref())
            .map(|(a, b)| a ^ b)
            .collect();
        let server_key = signed(&salted, b"Server Key");
        let expected = signed(server_key.as_ref(), whole.as_bytes());
        let proof = Base64::encode_string(&proof);
        (
            format!("{unproven},p={proof}"),
            Base64::encode_string(expected.as_ref()),
        )
    }
}

fn signed(key: &[u8], bytes: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7677, section 3.
    #[test]
    fn the_example_of_the_rfc() {
        let (mut scram, first) = begin("user", "rOprNGfwEbeRWgbNEkqO");
        assert_eq!(first, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        assert_eq!(
            scram.hear(challenge, "pencil").unwrap(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        let mut deceived = scram.clone();
        let shown = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(scram.hear(shown, "pencil").unwrap(), "");
        assert_eq!(scram, Scram::Trusted);
        let false_one = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=";
        assert_eq!(deceived.hear(false_one, "pencil"), Err(Trouble::Impostor));
        assert_eq!(
            deceived.hear("e=other-error", "pencil"),
            Err(Trouble::Impostor)
        );
    }

    #[test]
    fn a_challenge_that_is_too_cheap_too_dear_or_not_ours_is_refused() {
        for challenge in [
            "r=abcXYZ,s=c2FsdA==,i=1",
            "r=abcXYZ,s=c2FsdA==,i=2000000000",
            "r=other,s=c2FsdA==,i=4096",
            "r=abc,s=c2FsdA==,i=4096",
            "r=abcXYZ,s=,i=4096",
            "r=abcXYZ,s=!,i=4096",
            "m=x,r=abcXYZ,s=c2FsdA==,i=4096",
            "",
        ] {
            let (mut scram, _) = begin("ada", "abc");
            assert_eq!(
                scram.hear(challenge, "p"),
                Err(Trouble::Garbled),
                "{challenge}"
            );
        }
    }

    #[test]
    fn a_name_is_escaped() {
        assert_eq!(begin("a=b,c", "n").1, "n,,n=a=3Db=2Cc,r=n");
    }
}
