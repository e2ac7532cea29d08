//! Where the server is: this machine or another, and whether it may be spoken to unencrypted.
//! It must never resolve a name: what is decided here is decided before anything is sent.

use std::net::IpAddr;

use crate::config::Tls;

/// Whether a host is this machine, by its name alone.
pub fn is_this_machine(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Whether the link goes unencrypted; otherwise why it cannot be made, in a sentence for people.
///
/// # Errors
/// The sentence.
pub fn check_plain(host: &str, port: u16, tls: Tls) -> Result<(), String> {
    let wants_tls = match tls {
        Tls::Auto => !is_this_machine(host),
        Tls::On => true,
        Tls::Off => false,
    };
    if wants_tls {
        return Err(format!(
            "An encrypted link to {host}:{port} is wanted and this build cannot make one. \
             tls = \"off\" in the config would send every word in the clear: use it only on a network that you trust"
        ));
    }
    Ok(())
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
            assert!(check_plain(here, 6667, Tls::Auto).is_ok(), "{here}");
            assert!(check_plain(here, 6667, Tls::On).is_err(), "{here}");
        }
        for there in [
            "192.168.0.2",
            "chat.example",
            "0.0.0.0",
            "::",
            "localhost.example",
        ] {
            assert!(check_plain(there, 6667, Tls::Auto).is_err(), "{there}");
            assert!(check_plain(there, 6667, Tls::Off).is_ok(), "{there}");
        }
    }
}
