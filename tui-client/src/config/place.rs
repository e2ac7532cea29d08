//! A file's text and its name, for errors that say where. It must never know what the file means.

use server::config::ConfigError;

/// The text errors point into.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    pub(super) text: &'t str,
    pub(super) file: &'t str,
}

impl Place<'_> {
    /// What is wrong at this offset.
    pub(super) fn error(self, offset: usize, key: &str, reason: &str, hint: &str) -> ConfigError {
        let before = self.text.get(..offset).unwrap_or("");
        ConfigError {
            file: self.file.to_owned(),
            line: 1 + before.matches('\n').count(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            hint: hint.to_owned(),
        }
    }

    /// A value that a key cannot have.
    pub(super) fn refused(self, offset: usize, key: &str, right: &str) -> ConfigError {
        self.error(offset, key, "has a value it cannot have", right)
    }

    /// A name that no key has.
    pub(super) fn unknown(self, offset: usize, name: &str, nearest: Option<&str>) -> ConfigError {
        let hint = nearest.map_or_else(String::new, |known| format!("`{known}`"));
        self.error(offset, name, "is no known key", &hint)
    }
}
