//! The configuration: where it is found, and how a file becomes one. It never opens a socket, and never applies
//! anything by itself.

pub(crate) mod changed;
pub(crate) mod check;
pub(crate) mod features;
pub(crate) mod key;
pub(crate) mod list;
mod mail;
pub(crate) mod read;
pub(crate) mod shape;
mod tls;

use std::path::{Path, PathBuf};

pub use check::ConfigError;
pub use list::example;
pub use read::CLIENT_KEYS;
pub use shape::{
    Accounts, Config, Gateway, History, Limits, Log, Mail, MailTls, Metrics, Operator,
    PasswordHash, Persistence, Plain, PlainStyle, Proxy, Secret, Tls, WebSocket,
};

impl Config {
    /// Reads the `[server]` part of a file's text; `file` is its name, for people.
    pub fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        read::read(&mut config, text, file)?;
        Ok(config)
    }

    /// Reads the file that was asked for, or else the one that is found, or else takes the defaults.
    pub fn load(asked: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = find(asked) else {
            return Ok(Self::default());
        };
        let file = path.display().to_string();
        let text = std::fs::read_to_string(&path)
            .map_err(|error| ConfigError::unreadable(&file, &error.to_string()))?;
        Self::parse(&text, &file)
    }

    /// Where this server keeps what must outlast it.
    pub fn data_dir(&self) -> PathBuf {
        if !self.data_dir.is_empty() {
            return PathBuf::from(&self.data_dir);
        }
        directories::ProjectDirs::from("", "", "parlor").map_or_else(
            || PathBuf::from("parlor-data"),
            |dirs| dirs.data_dir().to_owned(),
        )
    }
}

/// The configuration file: the one asked for, else `$PARLOR_CONFIG`, else the user's own if there is one.
pub fn find(asked: Option<&Path>) -> Option<PathBuf> {
    let named = std::env::var_os("PARLOR_CONFIG").filter(|path| !path.is_empty());
    let is_named = asked.is_some() || named.is_some();
    place(asked).filter(|path| is_named || path.is_file())
}

/// Where the configuration file is, or would be.
pub fn place(asked: Option<&Path>) -> Option<PathBuf> {
    if let Some(path) = asked {
        return Some(path.to_owned());
    }
    if let Some(path) = std::env::var_os("PARLOR_CONFIG").filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path));
    }
    let found = directories::ProjectDirs::from("", "", "parlor")?;
    Some(found.config_dir().join("config.toml"))
}

#[cfg(test)]
mod tests;
