//! What `--check-config` looks at beyond what every start does: settings that are allowed one by one, but by which
//! nobody could mean what they would do. It never changes a file, and never opens a door.

use std::path::Path;

use server_core::modes::UserMode;

use crate::certs::Certs;
use crate::config::{Config, ConfigError, Persistence};

/// A key, why its value cannot be meant, and what would be right.
type Finding = (&'static str, String, &'static str);

/// Refuses what cannot be meant. `file` is where the configuration came from, for people.
pub fn check(config: &Config, file: &str) -> Result<(), ConfigError> {
    for look in [
        features,
        doors,
        plain_door,
        certificate,
        accounts,
        people,
        files,
    ] {
        if let Some((key, reason, hint)) = look(config) {
            return Err(ConfigError {
                file: file.to_owned(),
                line: 0,
                key: key.to_owned(),
                reason,
                hint: hint.to_owned(),
            });
        }
    }
    Ok(())
}

fn found(key: &'static str, reason: &str, hint: &'static str) -> Option<Finding> {
    Some((key, reason.to_owned(), hint))
}

fn features(config: &Config) -> Option<Finding> {
    let (key, feature) = crate::config::features::missing(config)?;
    let reason = format!("is set, but this program was built without `{feature}`");
    Some((key, reason, "nothing, or parlord as it is built by default"))
}

fn has_tls(config: &Config) -> bool {
    !config.tls.listen.is_empty() || !config.websocket.listen_tls.is_empty()
}

fn doors(config: &Config) -> Option<Finding> {
    let web = &config.websocket;
    if config.listen.is_empty()
        && web.listen.is_empty()
        && config.plain.listen.is_empty()
        && !has_tls(config)
    {
        let reason = "is empty, and so is the list of every other door: nobody could come in";
        return found("server.listen", reason, "such as [\"127.0.0.1:6667\"]");
    }
    if !web.origins.is_empty() && web.listen.is_empty() && web.listen_tls.is_empty() {
        let reason = "lets pages in, but there is no WebSocket door";
        let hint = "[], or an address in `listen` or `listen_tls` of [server.websocket]";
        return found("server.websocket.origins", reason, hint);
    }
    let limits = &config.limits;
    if limits.connections_per_address > limits.connections {
        let reason = "is more than `connections`, which is for all addresses together";
        let hint = "less, or 0 for no limit";
        return found("server.limits.connections_per_address", reason, hint);
    }
    None
}

fn plain_door(config: &Config) -> Option<Finding> {
    if config.plain.listen.is_empty() {
        return None;
    }
    if !config.password.0.is_empty() {
        let reason =
            "has an address, but whoever comes in there cannot give the `password` of [server]";
        let hint = "[], or no password";
        return found("server.plain.listen", reason, hint);
    }
    let room = config.plain.room.len();
    let most = usize::try_from(config.limits.channel_length).unwrap_or(usize::MAX);
    if room > most {
        let reason = format!("has {room} bytes, and `channel_length` of [server.limits] is {most}");
        return Some(("server.plain.room", reason, "a shorter name"));
    }
    None
}

fn certificate(config: &Config) -> Option<Finding> {
    if !config.tls.acme_hosts.is_empty() && !has_tls(config) {
        let reason = "would get a certificate that is never shown: there is no encrypted door";
        let hint = "[], or an address in `listen` of [server.tls]";
        return found("server.tls.acme_hosts", reason, hint);
    }
    #[cfg(feature = "acme")]
    if let Err(why) = crate::acme::look_at_root(&config.tls.acme_root) {
        let reason = format!("cannot be used: {why}");
        return Some(("server.tls.acme_root", reason, "a PEM file, or \"\""));
    }
    if config.tls.certificate.is_empty() {
        return None;
    }
    if !has_tls(config) {
        let reason = "is never shown: there is no encrypted door";
        let hint = "\"\", or an address in `listen` of [server.tls]";
        return found("server.tls.certificate", reason, hint);
    }
    // With a certificate of the operator's nothing is made; it is only read.
    let why = Certs::load(config).err()?;
    let reason = format!("and its key cannot be used: {why}");
    let hint = "PEM files of a certificate and of its own private key, which this user can read";
    Some(("server.tls.certificate", reason, hint))
}

fn accounts(config: &Config) -> Option<Finding> {
    let accounts = &config.accounts;
    if accounts.registration_requires_email && config.mail.relay.is_empty() {
        let reason = "is true, but without a `relay` in [server.mail] nothing is sent: nobody would get their code, \
                      unless the operator hands out what `parlord account code NAME` says";
        return found(
            "server.accounts.registration_requires_email",
            reason,
            "a `relay`, or false",
        );
    }
    #[cfg(feature = "mail")]
    if !config.mail.relay.is_empty()
        && let Err(why) = crate::accounts::mail::relay::look_at(config)
    {
        let reason = format!("cannot be used: {why}");
        return Some(("server.mail.relay", reason, "\"\", or what is said there"));
    }
    let persistent = matches!(
        accounts.persistent_sessions,
        Persistence::OptOut | Persistence::Mandatory
    );
    if persistent && !accounts.enabled {
        let reason = "keeps people with an account, but `enabled` is false: there are none";
        let hint = "\"disabled\"";
        return found("server.accounts.persistent_sessions", reason, hint);
    }
    None
}

fn people(config: &Config) -> Option<Finding> {
    let known =
        |letter: char| letter == '+' || UserMode::ALL.iter().any(|(_, one, _)| *one == letter);
    if let Some(letter) = config.default_user_modes.chars().find(|c| !known(*c)) {
        let reason = format!("has {letter:?}, which is no user mode");
        return Some(("server.default_user_modes", reason, "such as \"i\""));
    }
    if config.default_user_modes.contains(['o', 'Z']) {
        let reason = "would make everybody an operator or encrypted, which a mode cannot";
        return found("server.default_user_modes", reason, "neither o nor Z");
    }
    let operators = &config.operators;
    for (place, operator) in operators.iter().enumerate() {
        let name = &operator.name;
        if name.is_empty() || name.contains(' ') {
            let reason = format!("is {name:?}, which nobody can give to OPER");
            return Some(("server.operator.name", reason, "a word without spaces"));
        }
        if operators
            .iter()
            .take(place)
            .any(|other| other.name == *name)
        {
            let reason = format!("is {name:?} twice");
            return Some((
                "server.operator.name",
                reason,
                "a name of their own for each",
            ));
        }
    }
    for gateway in &config.gateways {
        if gateway.addresses.is_empty() && !gateway.password.0.is_empty() {
            let reason = "is empty: the gateway is never believed";
            return found("server.gateway.addresses", reason, "where it connects from");
        }
    }
    None
}

fn files(config: &Config) -> Option<Finding> {
    let folder = config.data_dir();
    // What is not there yet is made at the first start; what stands in its way is not moved.
    let there = folder.ancestors().find(|path| path.exists());
    if let Some(path) = there.filter(|path| !path.is_dir() && *path != Path::new("")) {
        let reason = format!("is below {}, which is no folder", path.display());
        return Some(("server.data_dir", reason, "a folder that may be made there"));
    }
    None
}

#[cfg(test)]
mod tests;
