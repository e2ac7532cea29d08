//! Where the server is: this machine or another, and whether the link to it is encrypted.
//! It must never resolve a name: what is decided here is decided before anything is sent.

use std::net::IpAddr;

use crate::config::network::Tls;

/// Whether a host is this machine, by its name alone.
pub fn is_this_machine(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Whether the link is encrypted.
pub fn wants_tls(host: &str, tls: Tls) -> bool {
    match tls {
        Tls::Auto => !is_this_machine(host),
        Tls::On => true,
        Tls::Off => false,
    }
}

/// The address as people write it, IPv6 in brackets.
pub fn shown(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_this_machine_unencrypted_unless_told_so() {
        for here in [
            "127.0.0.1",
            "127.8.8.8",
            "::1",
            "localhost",
            "LOCALHOST.",
            "a.localhost",
        ] {
            assert!(!wants_tls(here, Tls::Auto), "{here}");
            assert!(wants_tls(here, Tls::On), "{here}");
        }
        for there in [
            "192.168.0.2",
            "chat.example",
            "0.0.0.0",
            "::",
            "localhost.example",
        ] {
            assert!(wants_tls(there, Tls::Auto), "{there}");
            assert!(!wants_tls(there, Tls::Off), "{there}");
        }
    }
}
