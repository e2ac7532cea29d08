//! Tokens of invites: drawn, and what is kept of them. It never keeps one: whoever reads the database can open nothing.

use base64ct::{Base64UrlUnpadded, Encoding};
use protocol::invite::Token;
use server_core::invites::Guest;

/// Random bytes of a token: nobody finds one by trying.
const TOKEN_BYTES: usize = 16;

/// A new token.
pub(crate) fn draw() -> Result<Token, String> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no chance: {error}"))?;
    let text = Base64UrlUnpadded::encode_string(&bytes);
    Token::parse(&text).ok_or_else(|| "a token could not be written: a bug".to_owned())
}

/// What is kept of a token. Chance of this size needs no slow hash.
pub(crate) fn digest(token: &Token) -> Vec<u8> {
    let digest = ring::digest::digest(&ring::digest::SHA256, token.as_str().as_bytes());
    digest.as_ref().to_vec()
}

/// By what a guest is known again, as it is kept.
pub(crate) fn marks(guest: &Guest) -> Vec<String> {
    let word = guest.word.as_ref().map(|word| {
        let digest = digest(word);
        format!("word {}", Base64UrlUnpadded::encode_string(&digest))
    });
    let account = guest.account.as_ref().map(|name| format!("account {name}"));
    let certificate = guest.certificate.as_ref();
    let certificate = certificate.map(|print| format!("certificate {print}"));
    [word, account, certificate].into_iter().flatten().collect()
}
