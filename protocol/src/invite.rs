//! Invites: links that hold all that a friend needs, `parlor://host[:port][/room][?key=fingerprint][&token=token]`,
//! and how a token is shown at the door. It never decides whether a token is good.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::fingerprint::Fingerprint;
use crate::name::{is_host, is_room};

/// The port that a link without one means: IRC over TLS.
pub const USUAL_PORT: u16 = 6697;

/// How every invite begins.
const SCHEME: &str = "parlor://";

/// What an invite link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Where the server is.
    pub host: String,
    /// Its port, if it is not [`USUAL_PORT`].
    pub port: Option<u16>,
    /// The room, with its `#`.
    pub room: Option<String>,
    /// The fingerprint of the server's key.
    pub fingerprint: Option<Fingerprint>,
    /// What lets the friend in: whoever has it may come.
    pub token: Option<Token>,
}

/// Most characters of a token, and of the word of whoever shows it.
const WORD_CHARS_MAX: usize = 64;

/// A secret word of a link. Its debug form shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(token)")
    }
}

impl Token {
    /// Letters, digits, `-` and `_`, as base64 for links has them.
    pub fn parse(text: &str) -> Option<Self> {
        let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let is_word = (1..=WORD_CHARS_MAX).contains(&text.len()) && text.bytes().all(is_fine);
        is_word.then(|| Self(text.to_owned()))
    }

    /// The characters, for the wire and for hashing.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody shows at the door in place of the server's password (PASS) or a room's key (JOIN):
/// `parlor.chat/invite:<token>[:<word>]`. The word is the friend's own, always the same for one link: by it the server
/// knows them again, so that coming back is no second use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The token of the link.
    pub token: Token,
    /// By what the friend is known again.
    pub word: Option<Token>,
}

/// How every credential begins.
const CREDENTIAL: &str = "parlor.chat/invite:";

impl Credential {
    /// Reads one; `None` is a password or a key like any other.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(CREDENTIAL)?;
        let (token, word) = match rest.split_once(':') {
            Some((token, word)) => (token, Some(Token::parse(word)?)),
            None => (rest, None),
        };
        let token = Token::parse(token)?;
        Some(Self { token, word })
    }

    /// As it is shown. It is a secret, so that it has no `Display`.
    pub fn text(&self) -> String {
        let word = self.word.as_ref();
        let word = word.map_or_else(String::new, |word| format!(":{}", word.0));
        format!("{CREDENTIAL}{}{word}", self.token.0)
    }
}

/// Why a word is no invite, in words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoInvite(&'static str);

impl fmt::Display for NoInvite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NoInvite {}

const WRONG: NoInvite = NoInvite("an invite looks like parlor://chat.example:6697/lobby");
const NO_KEY: NoInvite =
    NoInvite("the key of an invite has 64 hexadecimal digits; is the link whole?");
const NO_TOKEN: NoInvite =
    NoInvite("the token of an invite has letters, digits, - and _ only; is the link whole?");

impl FromStr for Invite {
    type Err = NoInvite;

    fn from_str(text: &str) -> Result<Self, NoInvite> {
        let rest = text.trim().strip_prefix(SCHEME).ok_or(WRONG)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, number) = match authority.strip_prefix('[') {
            // An IPv6 address stands in brackets.
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or(WRONG)?;
                (host, after.strip_prefix(':'))
            }
            None => match authority.split_once(':') {
                Some((host, number)) => (host, Some(number)),
                None => (authority, None),
            },
        };
        if !is_host(host) {
            return Err(WRONG);
        }
        let port = match number.map(str::parse) {
            None => None,
            Some(Ok(0) | Err(_)) => return Err(WRONG),
            Some(Ok(port)) => Some(port),
        };
        // What we do not know may be for a newer program; a key that we cannot read is no key that we may leave out.
        let value = |key| query.split('&').find_map(|pair| pair.strip_prefix(key));
        let fingerprint = match value("key=") {
            None => None,
            Some(key) => Some(Fingerprint::parse(key).ok_or(NO_KEY)?),
        };
        let token = match value("token=") {
            None => None,
            Some(token) => Some(Token::parse(token).ok_or(NO_TOKEN)?),
        };
        Ok(Self {
            host: host.to_owned(),
            port,
            room: room(path)?,
            fingerprint,
            token,
        })
    }
}

/// The room that a path names, if it names one.
fn room(path: &str) -> Result<Option<String>, NoInvite> {
    if path.is_empty() {
        return Ok(None);
    }
    let name = decode(path).ok_or(WRONG)?;
    let name = if is_room(&name) {
        name
    } else {
        format!("#{name}")
    };
    if is_room(&name) {
        Ok(Some(name))
    } else {
        Err(WRONG)
    }
}

impl fmt::Display for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SCHEME)?;
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        if let Some(room) = &self.room {
            // The usual first character is left out: it would have to be written as %23.
            let plain = room
                .strip_prefix('#')
                .filter(|rest| !rest.is_empty() && !is_room(rest));
            write!(f, "/{}", encode(plain.unwrap_or(room)))?;
        }
        if let Some(fingerprint) = &self.fingerprint {
            write!(f, "?key={fingerprint}")?;
        }
        if let Some(token) = &self.token {
            let sign = if self.fingerprint.is_some() { '&' } else { '?' };
            write!(f, "{sign}token={}", token.as_str())?;
        }
        Ok(())
    }
}

/// A word as it stands in a link.
fn encode(word: &str) -> String {
    let mut text = String::new();
    for byte in word.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to memory cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// And back.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
