//! The client's part of the one config file: its shape, its defaults, and what is wrong with it, in words.
//! It must never touch the terminal, nor guess what a key that it does not know might mean.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::invite::USUAL_PORT;
use protocol::name::{is_host, is_room};
use server::config::ConfigError;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::keymap::Keymap;
use crate::login::{Key as LoginKey, Login, MECHANISMS, Secret};
use crate::theme;

/// The usual port of a server for links that are not encrypted.
pub const DEFAULT_PORT: u16 = 6667;
/// And for those that are; it takes the place of the other one where no port was named.
pub const DEFAULT_TLS_PORT: u16 = USUAL_PORT;

/// When the link is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Off for this machine, on for every other.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// What the user may choose. `config.example.toml` explains each field, and a test holds the two together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the server is.
    pub host: String,
    /// And its port.
    pub port: u16,
    /// The nick that is wanted; empty: the login name.
    pub nickname: String,
    /// The rooms to begin with.
    pub rooms: Vec<String>,
    /// Whether they are entered at once.
    pub join_at_start: bool,
    /// When the link is encrypted.
    pub tls: Tls,
    /// How we log in.
    pub login: Login,
    /// How the screen is coloured.
    pub theme: theme::Choice,
    /// Which key means what.
    pub keymap: Keymap,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: DEFAULT_PORT,
            nickname: String::new(),
            rooms: vec!["#lobby".to_owned()],
            join_at_start: true,
            tls: Tls::Auto,
            login: Login::default(),
            theme: theme::Choice::Auto,
            keymap: Keymap::default(),
        }
    }
}

/// Both parts of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Both {
    /// The client's.
    pub client: Config,
    /// The server's, for when we host.
    pub server: server::config::Config,
}

/// A key, how it is taken over, and what would be right.
struct Key {
    name: &'static str,
    right: &'static str,
    set: fn(&mut Config, &DeValue<'_>) -> Option<()>,
}

/// Every key at the top of the file, but for the tables.
const KEYS: &[Key] = &[
    Key {
        name: "host",
        right: "the name or address of a machine, such as \"127.0.0.1\" or \"chat.example\"",
        set: |config, value| {
            let host = value.as_str().filter(|host| is_host(host))?;
            host.clone_into(&mut config.host);
            Some(())
        },
    },
    Key {
        name: "port",
        right: "a number from 1 to 65535, such as 6667",
        set: |config, value| {
            let number = value.as_integer()?;
            let port = u16::from_str_radix(number.as_str(), number.radix()).ok()?;
            config.port = Some(port).filter(|port| *port > 0)?;
            Some(())
        },
    },
    Key {
        name: "nickname",
        right: "letters, digits and any of -_[]\\`^{}|, not beginning with a digit, such as \"ada\"",
        set: |config, value| {
            let nick = value.as_str()?;
            if !nick.is_empty() {
                protocol::name::check_nick(nick, NICK_BYTES_MAX).ok()?;
            }
            nick.clone_into(&mut config.nickname);
            Some(())
        },
    },
    Key {
        name: "rooms",
        right: "a list of rooms, such as [\"#lobby\", \"#ops\"]",
        set: |config, value| {
            let rooms = value.as_array()?.iter().map(|room| {
                let room = room.get_ref().as_str()?;
                is_room(room).then(|| room.to_owned())
            });
            config.rooms = rooms.collect::<Option<_>>()?;
            Some(())
        },
    },
    Key {
        name: "join_at_start",
        right: "true or false",
        set: |config, value| {
            config.join_at_start = value.as_bool()?;
            Some(())
        },
    },
    Key {
        name: "tls",
        right: "\"auto\", \"on\" or \"off\"",
        set: |config, value| {
            config.tls = match value.as_str()? {
                "auto" => Tls::Auto,
                "on" => Tls::On,
                "off" => Tls::Off,
                _ => return None,
            };
            Some(())
        },
    },
    Key {
        name: "server_password",
        right: "what the server wants of everybody who comes in, such as \"sesame\"",
        set: |config, value| {
            config.login.server_password = Secret(line(value)?);
            Some(())
        },
    },
    Key {
        name: "account",
        right: "the name of your account, such as \"ada\"; \"\": your nick",
        set: |config, value| {
            config.login.account = line(value)?;
            Some(())
        },
    },
    Key {
        name: "password",
        right: "the password of your account, such as \"correct horse\"",
        set: |config, value| {
            config.login.password = Secret(line(value)?);
            Some(())
        },
    },
    Key {
        name: "password_command",
        right: "a program and its words, such as [\"pass\", \"show\", \"irc\"]",
        set: |config, value| {
            let words = value.as_array()?.iter().map(|word| line(word.get_ref()));
            config.login.password_command = words.collect::<Option<_>>()?;
            Some(())
        },
    },
    Key {
        name: "mechanism",
        right: "\"auto\", \"external\", \"scram-sha-256\", \"plain\" or \"none\"",
        set: |config, value| {
            let wanted = value.as_str()?;
            let known = MECHANISMS.iter().find(|(name, _)| *name == wanted)?;
            config.login.mechanism = known.1;
            Some(())
        },
    },
    Key {
        name: "certificate",
        right: "\"own\", \"none\", or the path of a file with a certificate and its key, as PEM",
        set: |config, value| {
            config.login.key = match line(value)?.as_str() {
                "" => return None,
                "own" => LoginKey::Own,
                "none" => LoginKey::None,
                path => LoginKey::File(path.into()),
            };
            Some(())
        },
    },
    Key {
        name: "theme",
        right: "\"auto\", \"dark\", \"light\", \"ansi\" or \"contrast\"",
        set: |config, value| {
            let wanted = value.as_str()?;
            let known = theme::CHOICES.iter().find(|(name, _)| *name == wanted)?;
            config.theme = known.1;
            Some(())
        },
    },
];

/// The tables that the file may have beside the keys.
const TABLES: &[&str] = &["keys", "server"];

/// A text of one line: what has more, or a NUL, could end a line on the wire.
fn line(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?;
    let is_plain = !text.contains(['\r', '\n', '\0']) && text.len() <= TEXT_BYTES_MAX;
    is_plain.then(|| text.to_owned())
}

/// The longest password or path; more than that would not fit a line.
const TEXT_BYTES_MAX: usize = 1024;
/// The longest nick in a config; the server may allow less and says so.
const NICK_BYTES_MAX: usize = 64;

impl Both {
    /// Reads the file that was asked for, or else the one that is found, or else takes the defaults.
    ///
    /// # Errors
    /// The first thing that is wrong with the file.
    pub fn load(asked: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = server::config::find(asked) else {
            return Ok(Self::default());
        };
        let file = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| ConfigError {
            file: file.clone(),
            line: 0,
            key: String::new(),
            reason: format!("cannot be read: {error}"),
            hint: "a file that exists and is yours to read".to_owned(),
        })?;
        Ok(Self {
            client: Config::parse(&text, &file)?,
            server: server::config::Config::parse(&text, &file)?,
        })
    }
}

impl Config {
    /// Reads the client's part of a file's text; `file` is its name, for people.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let place = Place { text, file };
        let document = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            place.error(offset, "", error.message(), "")
        })?;
        let mut config = Self::default();
        for (name, value) in document.get_ref() {
            let offset = name.span().start;
            let name = name.get_ref().as_ref();
            if let Some(key) = KEYS.iter().find(|key| key.name == name) {
                let value = value.get_ref();
                let set = (key.set)(&mut config, value);
                set.ok_or_else(|| {
                    place.error(offset, name, "has a value it cannot have", key.right)
                })?;
            } else if name == "keys" {
                config.keymap = keymap(value, place)?;
            } else if !TABLES.contains(&name) {
                return Err(place.unknown(offset, name));
            }
        }
        Ok(config)
    }
}

/// `[keys]`: an action's name, and its chord or a list of them.
fn keymap(value: &Spanned<DeValue<'_>>, place: Place<'_>) -> Result<Keymap, ConfigError> {
    let table = value.get_ref().as_table().ok_or_else(|| {
        let right = "a table: [keys], and below it lines such as join = \"F2\"";
        place.error(value.span().start, "keys", "is no table", right)
    })?;
    let mut keys = BTreeMap::new();
    let mut offsets = BTreeMap::new();
    for (name, value) in table {
        let offset = name.span().start;
        let name = name.get_ref().as_ref();
        let chords = chords(value.get_ref()).ok_or_else(|| {
            let right = "a key such as \"F2\", or a list of them, such as [\"ctrl-o\", \"F2\"]";
            place.error(
                offset,
                &format!("keys.{name}"),
                "has a value it cannot have",
                right,
            )
        })?;
        keys.insert(name.to_owned(), chords);
        offsets.insert(name.to_owned(), offset);
    }
    Keymap::remapped(&keys).map_err(|faults| {
        // The first in the file is the one to mend first.
        let at = |key: &str| offsets.get(key).copied().unwrap_or(0);
        let first = faults.iter().min_by_key(|fault| at(fault.key()));
        let key = first.map_or("", |fault| fault.key());
        let reason = first.map_or_else(String::new, |fault| format!("is wrong: {fault}"));
        place.error(at(key), &format!("keys.{key}"), &reason, "")
    })
}

fn chords(value: &DeValue<'_>) -> Option<Vec<String>> {
    if let Some(chord) = value.as_str() {
        return Some(vec![chord.to_owned()]);
    }
    let list = value.as_array()?.iter();
    list.map(|chord| chord.get_ref().as_str().map(str::to_owned))
        .collect()
}

/// The text errors point into.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    file: &'t str,
}

impl Place<'_> {
    fn error(self, offset: usize, key: &str, reason: &str, hint: &str) -> ConfigError {
        let before = self.text.get(..offset).unwrap_or("");
        ConfigError {
            file: self.file.to_owned(),
            line: 1 + before.matches('\n').count(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            hint: hint.to_owned(),
        }
    }

    fn unknown(self, offset: usize, name: &str) -> ConfigError {
        let known = KEYS
            .iter()
            .map(|key| key.name)
            .chain(TABLES.iter().copied());
        let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(name, known));
        let hint = nearest.map_or_else(String::new, |known| format!("`{known}`"));
        self.error(offset, name, "is no known key", &hint)
    }
}

#[cfg(test)]
mod tests;
