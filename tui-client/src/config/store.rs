//! `[store]`: what is kept on this machine.
//! It must never be read for anything that the chat needs.

use crate::config::key::Key;
use crate::store::sweep::Limits;

/// What is kept on this machine, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Store {
    /// Whether anything is.
    pub enabled: bool,
    /// How many messages.
    pub limits: Limits,
}

impl Default for Store {
    fn default() -> Self {
        Self {
            enabled: true,
            limits: Limits {
                messages: 100_000,
                messages_in_all: 1_000_000,
            },
        }
    }
}

/// The most that can be asked for; a file of this size is some gigabytes.
const MESSAGES_MAX: u32 = 100_000_000;
/// What both limits may be.
const COUNT: &str = "a number of messages from 1 to 100000000, such as 100000";

/// Every key of the table.
pub(crate) const KEYS: &[Key<Store>] = &[
    Key {
        name: "enabled",
        right: "true or false",
        set: |store, value| {
            store.enabled = value.as_bool()?;
            Some(())
        },
    },
    Key {
        name: "keep_messages",
        right: COUNT,
        set: |store, value| {
            store.limits.messages = count(value)?;
            Some(())
        },
    },
    Key {
        name: "keep_messages_in_all",
        right: COUNT,
        set: |store, value| {
            store.limits.messages_in_all = count(value)?;
            Some(())
        },
    },
];

fn count(value: &toml::de::DeValue<'_>) -> Option<u32> {
    let number = value.as_integer()?;
    let count = u32::from_str_radix(number.as_str(), number.radix()).ok()?;
    (1..=MESSAGES_MAX).contains(&count).then_some(count)
}
