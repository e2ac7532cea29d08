//! Invites: links that hold all that a friend needs, `parlor://host[:port][/room][?key=fingerprint]`.
//! It must never hold a secret: whoever reads a link knows where a room is and by what its server is known.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::address;
use crate::config::{is_host, is_room};
use crate::trust::Fingerprint;

/// How every invite begins.
const SCHEME: &str = "parlor://";

/// What an invite link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Where the server is.
    pub host: String,
    /// Its port, if it is not the usual one.
    pub port: Option<u16>,
    /// The room, with its `#`.
    pub room: Option<String>,
    /// The fingerprint of the server's certificate.
    pub fingerprint: Option<Fingerprint>,
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
        let key = query.split('&').find_map(|pair| pair.strip_prefix("key="));
        let fingerprint = match key {
            None => None,
            Some(key) => Some(Fingerprint::parse(key).ok_or(NO_KEY)?),
        };
        Ok(Self {
            host: host.to_owned(),
            port,
            room: room(path)?,
            fingerprint,
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
        match self.port {
            Some(port) => f.write_str(&address::shown(&self.host, port))?,
            None if self.host.contains(':') => write!(f, "[{}]", self.host)?,
            None => f.write_str(&self.host)?,
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
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_again() {
        let key = Fingerprint::of(b"x");
        for host in ["chat.example", "::1", "10.0.0.1"] {
            for port in [None, Some(6697)] {
                for room in [
                    None,
                    Some("#lobby"),
                    Some("##c++"),
                    Some("&a?b"),
                    Some("#世/%#"),
                ] {
                    for fingerprint in [None, Some(key.clone())] {
                        let invite = Invite {
                            host: host.to_owned(),
                            port,
                            room: room.map(str::to_owned),
                            fingerprint,
                        };
                        let text = invite.to_string();
                        assert!(text.is_ascii(), "{text}");
                        assert_eq!(text.parse(), Ok(invite), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn people_may_write_them_too() {
        let invite: Invite = "parlor://[::1]:6697/%23ops".parse().unwrap();
        assert_eq!((invite.host.as_str(), invite.port), ("::1", Some(6697)));
        assert_eq!(invite.room.as_deref(), Some("#ops"));
        let invite: Invite = "parlor://h/#ops?new=1".parse().unwrap();
        assert_eq!(invite.room.as_deref(), Some("#ops"));
        assert_eq!(invite.fingerprint, None);
    }

    #[test]
    fn what_cannot_be_read_is_no_invite() {
        for text in [
            "",
            "irc://h",
            "parlor://",
            "parlor://h:0",
            "parlor://h:x",
            "parlor://[::1",
            "parlor://h/a b",
            "parlor://h/%zz",
            "parlor://h/%ff",
            "parlor://h/lobby?key=ab12",
        ] {
            assert!(text.parse::<Invite>().is_err(), "{text}");
        }
    }
}
