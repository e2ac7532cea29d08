//! The configuration in force, and what becomes of it when it is read again. It never drops anybody.

use std::time::Duration;

use protocol::Stamp;
use server_core::Settings;

use crate::config::changed::changed;
use crate::config::{Config, features};
use crate::house::House;
use crate::outbox::QueueLimits;
use crate::settings::settings;

/// Bytes that wait for a session before it is not read from any more.
const LOW_MARK_BYTES: usize = 64 * 1024;

/// Changed keys that are named, so that they fit into one line.
const NAMED_MAX: usize = 8;

/// Reads the configuration again, command line included; why it cannot be, in words for operators.
pub type ReadAgain = Box<dyn FnMut() -> Result<Config, String> + Send>;

/// What may wait for a slow reader, and how long.
#[derive(Clone, Debug)]
pub(crate) struct Queues {
    /// How much may wait.
    pub(crate) limits: QueueLimits,
    /// How long a socket may take nothing.
    pub(crate) patience: Duration,
}

/// What a configuration says of queues.
pub(crate) fn queues(config: &Config) -> Queues {
    Queues {
        limits: QueueLimits {
            broadcast_bytes_max: number(config.limits.send_queue_bytes),
            bytes_max: number(config.limits.reply_queue_bytes),
            low_mark_bytes: LOW_MARK_BYTES,
        },
        patience: Duration::from_secs(config.limits.write_timeout_s),
    }
}

/// What a configuration that was read again changes.
pub(crate) struct Fresh {
    /// For the core.
    pub(crate) settings: Settings,
    /// For the delivery.
    pub(crate) queues: Queues,
    /// For operators: what was read, and what of it does not change before the next start.
    pub(crate) told: String,
}

/// The configuration in force, and all that depends on it outside the core.
pub(crate) struct Renewal {
    /// How to read it again.
    pub(crate) read: Option<ReadAgain>,
    /// The doors; `None` once they are closed for good.
    pub(crate) house: Option<House>,
    /// When the server started.
    pub(crate) started: Stamp,
    /// The secret from which cloaked addresses are made.
    pub(crate) cloak_key: [u8; 32],
    /// What is in force.
    pub(crate) running: Config,
}

impl Renewal {
    /// What the core is told of the configuration in force.
    pub(crate) fn settings(&self) -> Settings {
        let mut settings = settings(&self.running, self.started, self.cloak_key);
        // Clients that remember to come back encrypted only would find a certificate that they cannot trust, for days.
        let is_vouched_for = |house: &House| house.is_vouched_for();
        settings.sts = settings
            .sts
            .filter(|_| self.house.as_ref().is_some_and(is_vouched_for));
        settings
    }

    /// Reads the configuration again and puts it in force; with the reason, everything stays as it was.
    pub(crate) fn again(&mut self) -> Result<Fresh, String> {
        let Some(read) = &mut self.read else {
            return Err("this server reads its configuration only when it starts".to_owned());
        };
        let fresh = read()?;
        self.put(fresh)
    }

    /// Puts another configuration in force; with the reason, everything stays as it was.
    pub(crate) fn put(&mut self, fresh: Config) -> Result<Fresh, String> {
        features::check(&fresh)?;
        let waiting = waits_for_a_restart(&self.running, &fresh);
        let fresh = with_what_stays(&self.running, fresh);
        let is_recertified = match &mut self.house {
            Some(house) => house.rearrange(&fresh)?,
            None => false,
        };
        let changed = changed(&self.running, &fresh);
        self.running = fresh;
        Ok(Fresh {
            settings: self.settings(),
            queues: queues(&self.running),
            told: told(&changed, is_recertified, &waiting),
        })
    }

    /// Nobody comes in any more.
    pub(crate) fn close_doors(&mut self) {
        self.house = None;
    }
}

/// What was read, in words for operators.
fn told(changed: &[String], is_recertified: bool, waiting: &[&str]) -> String {
    let (named, more) = changed.split_at(changed.len().min(NAMED_MAX));
    let named = named.join(", ");
    let changed = match (named.as_str(), more.len()) {
        ("", _) if is_recertified => String::new(),
        ("", _) => "; nothing in force is other than before".to_owned(),
        (named, 0) => format!("; changed: {named}"),
        (named, more) => format!("; changed: {named}, and {more} more"),
    };
    let mut text = format!("the configuration was read again{changed}");
    if is_recertified {
        text.push_str("; the certificate is another");
    }
    if !waiting.is_empty() {
        text.extend(["; from the next start on only: ", &waiting.join(", ")]);
    }
    text
}

/// Keys that cannot change under a running server, where they were changed.
fn waits_for_a_restart(running: &Config, fresh: &Config) -> Vec<&'static str> {
    [
        ("name", running.name != fresh.name),
        ("data_dir", running.data_dir != fresh.data_dir),
        ("log.format", running.log.format != fresh.log.format),
        (
            "history.enabled",
            !running.history.enabled && fresh.history.enabled,
        ),
        (
            "history.durability",
            running.history.durability != fresh.history.durability,
        ),
        ("mail", running.mail != fresh.mail),
        (
            "accounts.registration_requires_email",
            running.accounts.registration_requires_email
                != fresh.accounts.registration_requires_email,
        ),
        (
            "accounts.password_hash",
            running.accounts.password_hash != fresh.accounts.password_hash,
        ),
    ]
    .into_iter()
    .filter_map(|(key, changed)| changed.then_some(key))
    .collect()
}

/// The new configuration, but for what an open database and people's clients know already.
fn with_what_stays(running: &Config, mut fresh: Config) -> Config {
    fresh.name.clone_from(&running.name);
    fresh.data_dir.clone_from(&running.data_dir);
    fresh.log = running.log.clone();
    // What was kept of rooms and people is recalled at the start. Without that, a name that somebody else has taken
    // meanwhile would be written over its founder's.
    fresh.history.enabled &= running.history.enabled;
    fresh.history.durability = running.history.durability;
    fresh.mail.clone_from(&running.mail);
    fresh.accounts.registration_requires_email = running.accounts.registration_requires_email;
    fresh.accounts.password_hash = running.accounts.password_hash;
    fresh
}

fn number(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_told_and_nothing_only_if_nothing_did() {
        let keys = |count: usize| vec!["key".to_owned(); count];
        for (changed, is_recertified, waiting, expected) in [
            (0, false, &[][..], "; nothing in force is other than before"),
            (0, true, &[], "; the certificate is another"),
            (
                2,
                true,
                &[],
                "; changed: key, key; the certificate is another",
            ),
            (
                9,
                false,
                &["name", "mail"],
                "; changed: key, key, key, key, key, key, key, key, and 1 more; from the next start on only: name, mail",
            ),
        ] {
            let text = told(&keys(changed), is_recertified, waiting);
            let rest = text.strip_prefix("the configuration was read again");
            assert_eq!(rest, Some(expected));
        }
    }
}
