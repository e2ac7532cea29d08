//! What the config says about one network: the keys at the top of the file, and those of each `[[network]]`.
//! It must never hold what belongs to the screen.

use protocol::invite::USUAL_PORT;
use protocol::name::{is_host, is_room};
use toml::de::DeValue;

use crate::config::key::Key;
use crate::login::{Key as LoginKey, Login, MECHANISMS, Secret};

/// The usual port of a server for links that are not encrypted.
pub const DEFAULT_PORT: u16 = 6667;
/// And for those that are; it takes the place of the other one where no port was named.
pub const DEFAULT_TLS_PORT: u16 = USUAL_PORT;

/// The longest password or path; more than that would not fit a line.
const TEXT_BYTES_MAX: usize = 1024;
/// The longest nick in a config; the server may allow less and says so.
const NICK_BYTES_MAX: usize = 64;
/// The longest name of a network, in bytes: it stands in a narrow list.
const NAME_BYTES_MAX: usize = 32;

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

/// A network. `config.example.toml` explains each field, and a test holds the two together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// What the user calls it; empty for the one at the top of the file.
    pub name: String,
    /// Where the server is.
    pub host: String,
    /// And its port.
    pub port: u16,
    /// The nick that is wanted; empty: that of the network at the top, and there the login name.
    pub nickname: String,
    /// The rooms to begin with.
    pub rooms: Vec<String>,
    /// Whether they are entered at once.
    pub join_at_start: bool,
    /// When the link is encrypted.
    pub tls: Tls,
    /// How we log in.
    pub login: Login,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            name: String::new(),
            host: "127.0.0.1".to_owned(),
            port: DEFAULT_PORT,
            nickname: String::new(),
            rooms: vec!["#lobby".to_owned()],
            join_at_start: true,
            tls: Tls::Auto,
            login: Login::default(),
        }
    }
}

impl Network {
    /// A `[[network]]` before its keys are read: nothing is assumed of it, neither where it is nor what rooms it has.
    pub(crate) fn blank() -> Self {
        Self {
            host: String::new(),
            rooms: Vec::new(),
            ..Self::default()
        }
    }
}

/// The key that only a `[[network]]` has.
pub(crate) const NAME: Key<Network> = Key {
    name: "name",
    right: "a word without spaces, such as \"libera\"",
    set: |network, value| {
        let name = value.as_str().filter(|name| is_name(name))?;
        name.clone_into(&mut network.name);
        Some(())
    },
};

/// Every key that a network has, at the top of the file and in `[[network]]`.
pub(crate) const KEYS: &[Key<Network>] = &[
    Key {
        name: "host",
        right: "the name or address of a machine, such as \"127.0.0.1\" or \"chat.example\"",
        set: |network, value| {
            let host = value.as_str().filter(|host| is_host(host))?;
            host.clone_into(&mut network.host);
            Some(())
        },
    },
    Key {
        name: "port",
        right: "a number from 1 to 65535, such as 6667",
        set: |network, value| {
            let number = value.as_integer()?;
            let port = u16::from_str_radix(number.as_str(), number.radix()).ok()?;
            network.port = Some(port).filter(|port| *port > 0)?;
            Some(())
        },
    },
    Key {
        name: "nickname",
        right: "a word without any of ,*?!@:.#&$%~+, not beginning with a digit or -, such as \"ada\"",
        set: |network, value| {
            let nick = value.as_str()?;
            if !nick.is_empty() {
                let may_be = protocol::name::may_be_nick(nick, NICK_BYTES_MAX);
                may_be.then_some(())?;
            }
            nick.clone_into(&mut network.nickname);
            Some(())
        },
    },
    Key {
        name: "rooms",
        right: "a list of rooms, such as [\"#lobby\", \"#ops\"]",
        set: |network, value| {
            let rooms = value.as_array()?.iter().map(|room| {
                let room = room.get_ref().as_str()?;
                is_room(room).then(|| room.to_owned())
            });
            network.rooms = rooms.collect::<Option<_>>()?;
            Some(())
        },
    },
    Key {
        name: "join_at_start",
        right: "true or false",
        set: |network, value| {
            network.join_at_start = value.as_bool()?;
            Some(())
        },
    },
    Key {
        name: "tls",
        right: "\"auto\", \"on\" or \"off\"",
        set: |network, value| {
            network.tls = match value.as_str()? {
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
        set: |network, value| {
            network.login.server_password = Secret(line(value)?);
            Some(())
        },
    },
    Key {
        name: "account",
        right: "the name of your account, such as \"ada\"; \"\": your nick",
        set: |network, value| {
            network.login.account = line(value)?;
            Some(())
        },
    },
    Key {
        name: "password",
        right: "the password of your account, such as \"correct horse\"",
        set: |network, value| {
            network.login.password = Secret(line(value)?);
            Some(())
        },
    },
    Key {
        name: "password_command",
        right: "a program and its words, such as [\"pass\", \"show\", \"irc\"]",
        set: |network, value| {
            let words = value.as_array()?.iter().map(|word| line(word.get_ref()));
            network.login.password_command = words.collect::<Option<_>>()?;
            Some(())
        },
    },
    Key {
        name: "mechanism",
        right: "\"auto\", \"external\", \"scram-sha-256\", \"plain\", \"nickserv\" or \"none\"",
        set: |network, value| {
            let wanted = value.as_str()?;
            let known = MECHANISMS.iter().find(|(name, _)| *name == wanted)?;
            network.login.mechanism = known.1;
            Some(())
        },
    },
    Key {
        name: "on_connect",
        right: "a list of lines of IRC, such as [\"MODE ada +x\"]",
        set: |network, value| {
            let lines = value.as_array()?.iter();
            let lines = lines.map(|one| line(one.get_ref()).map(Secret));
            network.login.on_connect = lines.collect::<Option<_>>()?;
            Some(())
        },
    },
    Key {
        name: "regain_nick",
        right: "true or false",
        set: |network, value| {
            network.login.leaves_nick = !value.as_bool()?;
            Some(())
        },
    },
    Key {
        name: "certificate",
        right: "\"own\", \"none\", or the path of a file with a certificate and its key, as PEM",
        set: |network, value| {
            network.login.key = match line(value)?.as_str() {
                "" => return None,
                "own" => LoginKey::Own,
                "none" => LoginKey::None,
                path => LoginKey::File(path.into()),
            };
            Some(())
        },
    },
];

/// A text of one line: what has more, or a NUL, could end a line on the wire.
fn line(value: &DeValue<'_>) -> Option<String> {
    let text = value.as_str()?;
    let is_plain = !text.contains(['\r', '\n', '\0']) && text.len() <= TEXT_BYTES_MAX;
    is_plain.then(|| text.to_owned())
}

/// Whether a word can be what the user calls a network.
pub fn is_name(word: &str) -> bool {
    let bad = |c: char| c.is_whitespace() || c.is_control();
    !word.is_empty() && word.len() <= NAME_BYTES_MAX && !word.contains(bad)
}
