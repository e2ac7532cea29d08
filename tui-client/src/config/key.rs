//! A key of the config file: its name, how its value is taken over, and what would be right.
//! It must never say what is wrong; only what would not be.

use toml::de::DeValue;

/// A key of a part of the config.
pub(crate) struct Key<T> {
    /// As it stands in the file.
    pub(crate) name: &'static str,
    /// What would be right, for people.
    pub(crate) right: &'static str,
    /// Takes the value over; `None` if it cannot have that one.
    pub(crate) set: fn(&mut T, &DeValue<'_>) -> Option<()>,
}
