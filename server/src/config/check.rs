//! What is wrong with a configuration, in words with file, line, key and what would be right. It never mends it.

use std::fmt;
use std::net::SocketAddr;

use protocol::name::check_channel;

use super::mail;
use super::shape::Config;
use super::tls;

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 if no line is to blame.
    pub line: usize,
    /// The key, with its sections.
    pub key: String,
    /// Why.
    pub reason: String,
    /// What would be right; may be empty.
    pub hint: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        f.write_str(": ")?;
        if !self.key.is_empty() {
            write!(f, "`{}` ", self.key)?;
        }
        f.write_str(&self.reason)?;
        if !self.hint.is_empty() {
            write!(f, "; right would be: {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

impl ConfigError {
    /// A file that cannot be read at all.
    pub(crate) fn unreadable(file: &str, why: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            key: String::new(),
            reason: format!("cannot be read: {why}"),
            hint: String::new(),
        }
    }
}

/// Where a key stood in the file.
pub(crate) type Seen = (String, usize);

/// The text errors point into.
#[derive(Clone, Copy)]
pub(crate) struct Place<'t> {
    /// The file's name.
    pub(crate) file: &'t str,
    /// What it holds.
    pub(crate) text: &'t str,
}

impl Place<'_> {
    /// An error at a byte of the text.
    pub(crate) fn error(&self, offset: usize, key: &str, reason: &str, hint: &str) -> ConfigError {
        let before = self.text.as_bytes().get(..offset).unwrap_or(&[]);
        ConfigError {
            file: self.file.to_owned(),
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            hint: hint.to_owned(),
        }
    }

    /// A key that does not exist.
    pub(crate) fn unknown(&self, offset: usize, key: &str, near: Option<String>) -> ConfigError {
        let hint = near.map_or_else(String::new, |near| format!("`{near}`"));
        self.error(offset, key, "is no known key", &hint)
    }
}

/// The known word that is most like this one.
pub(crate) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    known
        .map(|one| (strsim::damerau_levenshtein(word, one), one))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, one)| one.to_owned())
}

/// Refuses settings that cannot work, or that contradict each other.
pub(crate) fn check(config: &Config, at: &Place<'_>, seen: &[Seen]) -> Result<(), ConfigError> {
    let place = |key: &str| {
        seen.iter()
            .find(|(name, _)| name == key)
            .map_or(0, |(_, place)| *place)
    };
    let wrong = |key: &str, reason: &str, hint: &str| Err(at.error(place(key), key, reason, hint));
    let name = &config.name;
    if !name.contains('.') || name.contains([' ', '!', '@', '*', '?', ':']) || name.len() > 63 {
        return wrong(
            "server.name",
            "is no server's name",
            "letters, digits, - and at least one dot",
        );
    }
    if config.network.is_empty() || config.network.contains(' ') {
        return wrong(
            "server.network",
            "is no network's name",
            "a word without spaces",
        );
    }
    if let Some((key, reason, hint)) = tls::contradiction(&config.tls) {
        return wrong(key, &reason, hint);
    }
    if let Some((key, reason, hint)) = mail::contradiction(&config.mail) {
        return wrong(key, reason, hint);
    }
    if let Err(error) = check_channel(&config.plain.room, 64) {
        let reason = format!("is no room's name: {}", error.text());
        return wrong("server.plain.room", &reason, "such as \"#lobby\"");
    }
    if let Some(address) = config.metrics.listen.iter().find(|a| !a.ip().is_loopback()) {
        let reason = format!("is {address}: others could read it");
        return wrong(
            "server.metrics.listen",
            &reason,
            "a loopback address such as \"127.0.0.1:9667\"",
        );
    }
    if config.limits.reply_queue_bytes < config.limits.send_queue_bytes {
        return wrong(
            "server.limits.reply_queue_bytes",
            "is less than `send_queue_bytes`",
            "at least as much",
        );
    }
    if config.limits.registration_timeout_s > config.limits.ping_timeout_s * 100 {
        return wrong(
            "server.limits.registration_timeout_s",
            "is out of all proportion",
            "60",
        );
    }
    if config.accounts.registration_requires_email && !config.accounts.registration {
        let key = "server.accounts.registration_requires_email";
        return wrong(key, "is true although `registration` is false", "false");
    }
    check_addresses(config, at, &place)
}

/// Refuses one address for two doors.
fn check_addresses(
    config: &Config,
    at: &Place<'_>,
    place: &dyn Fn(&str) -> usize,
) -> Result<(), ConfigError> {
    let mut used: Vec<(&str, SocketAddr)> = Vec::new();
    let unused = Vec::new();
    let proofs = if config.tls.acme_hosts.is_empty() {
        &unused
    } else {
        &config.tls.acme_listen
    };
    for (key, addresses) in [
        ("server.listen", &config.listen),
        ("server.tls.listen", &config.tls.listen),
        ("server.websocket.listen", &config.websocket.listen),
        ("server.websocket.listen_tls", &config.websocket.listen_tls),
        ("server.plain.listen", &config.plain.listen),
        ("server.metrics.listen", &config.metrics.listen),
        ("server.tls.acme_listen", proofs),
    ] {
        for address in addresses {
            if address.port() != 0
                && let Some((other, _)) = used.iter().find(|(_, a)| is_same_place(a, address))
            {
                let reason = format!("has {address}, and so has `{other}`");
                let hint = "an address of its own for each door";
                return Err(at.error(place(key), key, &reason, hint));
            }
            used.push((key, *address));
        }
    }
    Ok(())
}

/// Whether two addresses cannot both be listened on: the address of all interfaces is that of each of them, too.
fn is_same_place(a: &SocketAddr, b: &SocketAddr) -> bool {
    let is_for_all = a.ip().is_unspecified() || b.ip().is_unspecified();
    a.port() == b.port() && (a.ip() == b.ip() || (is_for_all && a.is_ipv4() == b.is_ipv4()))
}
