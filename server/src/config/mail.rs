//! What contradicts what in `[server.mail]`. It never asks a relay.

use std::net::IpAddr;

use super::shape::{Mail, MailTls};
use crate::accounts::mail::is_address;

/// A key, why its value cannot work, and what would be right.
type Wrong = (&'static str, &'static str, &'static str);

/// The first contradiction, if there is one.
pub(crate) fn contradiction(mail: &Mail) -> Option<Wrong> {
    if mail.relay.is_empty() {
        return None;
    }
    if !is_address(&mail.from) {
        let reason = "is no e-mail address, and letters need a sender";
        return Some(("server.mail.from", reason, "such as \"chat@example.org\""));
    }
    if mail.tls == MailTls::Off && !is_here(&mail.relay) {
        let reason = "is off, but the relay is not this machine: codes and the password could be read on the way";
        return Some(("server.mail.tls", reason, "\"starttls\" or \"implicit\""));
    }
    if mail.user.is_empty() != mail.password.0.is_empty() {
        return Some((
            "server.mail.password",
            "and `user` go together",
            "both, or neither",
        ));
    }
    None
}

fn is_here(relay: &str) -> bool {
    relay == "localhost" || relay.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn what_could_not_be_sent_is_refused() {
        for (keys, words) in [
            ("relay = \"mail.example.org\"", "need a sender"),
            (
                "relay = \"mail.example.org\"\nfrom = \"chat\"",
                "need a sender",
            ),
            (
                "relay = \"mail.example.org\"\nfrom = \"chat@example.org\"\ntls = \"off\"",
                "could be read on the way",
            ),
            (
                "relay = \"localhost\"\nfrom = \"chat@example.org\"\nuser = \"me\"",
                "go together",
            ),
        ] {
            let error = Config::parse(&format!("[server.mail]\n{keys}\n"), "f").expect_err(keys);
            assert!(error.to_string().contains(words), "{error}");
        }
        let here =
            "[server.mail]\nrelay = \"127.0.0.1\"\ntls = \"off\"\nfrom = \"chat@example.org\"\n";
        Config::parse(here, "f").expect("a relay on this machine");
    }
}
