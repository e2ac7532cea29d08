//! What the configuration asks of a program that was built without it. Reading the file does not fail by it: a client
//! that is built light may share the file with a server. It never turns anything off in silence.

use super::shape::Config;

/// A key, and which feature it needs.
pub(crate) fn missing(config: &Config) -> Option<(&'static str, &'static str)> {
    if !config.tls.acme_hosts.is_empty() && !cfg!(feature = "acme") {
        return Some(("server.tls.acme_hosts", "acme"));
    }
    if !config.mail.relay.is_empty() && !cfg!(feature = "mail") {
        return Some(("server.mail.relay", "mail"));
    }
    None
}

/// The same, in words for operators.
pub(crate) fn check(config: &Config) -> Result<(), String> {
    match missing(config) {
        None => Ok(()),
        Some((key, feature)) => Err(format!(
            "`{key}` is set, but this program was built without `{feature}`; parlord has it as it is built by default"
        )),
    }
}
