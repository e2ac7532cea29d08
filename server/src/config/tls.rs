//! What contradicts what in `[server.tls]`, and whether a certificate could be had by ACME. It never asks anybody.

use std::net::IpAddr;

use super::shape::{LETS_ENCRYPT, Tls};

/// Names of one certificate: what every authority allows.
const HOSTS_MAX: usize = 100;

/// Endings that nobody owns on the internet, so that no public authority vouches for them (RFC 6761, RFC 6762,
/// RFC 7686, RFC 8375, and ICANN's `internal`).
const NOT_PUBLIC: [&str; 9] = [
    "arpa",
    "example",
    "internal",
    "invalid",
    "lan",
    "local",
    "localhost",
    "onion",
    "test",
];

/// A key, why its value cannot work, and what would be right.
type Wrong = (&'static str, String, &'static str);

/// The first contradiction, if there is one.
pub(crate) fn contradiction(tls: &Tls) -> Option<Wrong> {
    if tls.certificate.is_empty() != tls.key.is_empty() {
        let reason = "and `certificate` go together".to_owned();
        return Some(("server.tls.key", reason, "both, or neither"));
    }
    if tls.sts_port > 0 && tls.certificate.is_empty() && tls.acme_hosts.is_empty() {
        let reason = "would lock clients out: they do not trust the certificate that is made here";
        let hint = "0, or a `certificate` that they trust, or `acme_hosts`";
        return Some(("server.tls.sts_port", reason.to_owned(), hint));
    }
    acme(tls)
}

fn acme(tls: &Tls) -> Option<Wrong> {
    let hosts = "server.tls.acme_hosts";
    if tls.acme_hosts.is_empty() {
        return None;
    }
    if !tls.certificate.is_empty() {
        let reason = "is set, and so is `certificate`: only one of them can be shown".to_owned();
        return Some((hosts, reason, "[], or `certificate` and `key` empty"));
    }
    if tls.acme_hosts.len() > HOSTS_MAX {
        let reason = format!("has more than {HOSTS_MAX} names");
        return Some((hosts, reason, "fewer"));
    }
    for host in &tls.acme_hosts {
        if let Some((why, hint)) = not_a_host(host, tls.acme_directory == LETS_ENCRYPT) {
            return Some((hosts, format!("has {host:?}, which {why}"), hint));
        }
    }
    if !tls.acme_directory.starts_with("https://") {
        let reason = "is not reached by https".to_owned();
        return Some(("server.tls.acme_directory", reason, LETS_ENCRYPT));
    }
    if tls.acme_listen.is_empty() {
        let reason = "is empty: nobody could see that the names are yours".to_owned();
        return Some((
            "server.tls.acme_listen",
            reason,
            "[\"0.0.0.0:80\", \"[::]:80\"]",
        ));
    }
    if !tls.acme_email.is_empty() && !crate::accounts::mail::is_address(&tls.acme_email) {
        let reason = "is no e-mail address".to_owned();
        return Some((
            "server.tls.acme_email",
            reason,
            "such as \"me@example.org\"",
        ));
    }
    None
}

/// Why no certificate can be had for a name, and what would be right.
fn not_a_host(host: &str, is_public: bool) -> Option<(&'static str, &'static str)> {
    let example = "a name such as \"chat.example.org\"";
    if host.parse::<IpAddr>().is_ok() {
        return Some(("is an address, not a name", example));
    }
    if host.contains('*') {
        return Some((
            "stands for many names, and each is looked at here",
            "each name by itself",
        ));
    }
    let is_label = |label: &str| {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(is_plain)
    };
    if host.len() > 253 || !host.contains('.') || !host.split('.').all(is_label) {
        return Some(("is no whole host name in lower-case letters", example));
    }
    let ending = host.rsplit('.').next().unwrap_or_default();
    if is_public && NOT_PUBLIC.contains(&ending) {
        let why = "nobody owns on the internet: a public authority does not vouch for it";
        return Some((why, "a public name, or an `acme_directory` of your own"));
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[track_caller]
    fn refused(keys: &str, words: &str) {
        let text = format!("[server.tls]\nlisten = [\"127.0.0.1:6697\"]\n{keys}\n");
        let error = Config::parse(&text, "f").expect_err(keys).to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn what_cannot_be_had_is_refused() {
        for (hosts, words) in [
            ("192.0.2.1", "is an address"),
            ("*.example.org", "each name by itself"),
            ("chat", "no whole host name"),
            ("Chat.example.org", "lower-case"),
            ("chat..example.org", "no whole host name"),
            ("-chat.example.org", "no whole host name"),
            ("chat.local", "nobody owns on the internet"),
            ("chat.campus.internal", "nobody owns on the internet"),
        ] {
            refused(&format!("acme_hosts = [\"{hosts}\"]"), words);
        }
        let host = "acme_hosts = [\"chat.example.org\"]\n";
        for (keys, words) in [
            ("certificate = \"c\"\nkey = \"k\"", "only one of them"),
            ("acme_directory = \"http://ca.example.org\"", "https"),
            ("acme_listen = []", "nobody could see"),
            ("acme_listen = [\"127.0.0.1:6697\"]", "and so has"),
            ("acme_email = \"me\"", "no e-mail address"),
        ] {
            refused(&format!("{host}{keys}"), words);
        }
    }

    #[test]
    fn a_public_name_will_do_and_a_private_one_with_an_authority_of_ones_own() {
        for keys in [
            "acme_hosts = [\"chat.example.org\"]\nsts_port = 6697",
            "acme_hosts = [\"chat.campus.internal\"]\nacme_directory = \"https://ca.campus.internal/acme\"",
        ] {
            Config::parse(&format!("[server.tls]\n{keys}\n"), "f").expect(keys);
        }
    }
}
