//! The command line of `parlor`: its words, and what an invite link holds.
//! It must never start anything; `main` does.

use std::path::PathBuf;

use clap::Parser;

use crate::config::{Config, is_host, is_room};

/// Group chat in the terminal. Without arguments: enters the room on this machine, and hosts it if nobody does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Parser)]
#[command(name = "parlor", version, about, max_term_width = 100)]
pub struct Cli {
    /// The config file; else $PARLOR_CONFIG, else config.toml in your config folder
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The machine the server runs on
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub host: Option<String>,
    /// The server's port
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// The nick you want
    #[arg(long, value_name = "NICK", value_parser = nick)]
    pub nick: Option<String>,
    /// A room to enter; may be given several times
    #[arg(long = "room", value_name = "ROOM", value_parser = room)]
    pub rooms: Vec<String>,
    /// Never host a server in this process
    #[arg(long)]
    pub no_host: bool,
    /// An invite: parlor://HOST[:PORT][/ROOM]
    #[arg(value_name = "parlor://INVITE", value_parser = invite)]
    pub invite: Option<Invite>,
}

/// What an invite link says: `parlor://host[:port][/room][?key=fingerprint]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Where the server is.
    pub host: String,
    /// Its port, if it is not the usual one.
    pub port: Option<u16>,
    /// The room, with its `#`.
    pub room: Option<String>,
    /// The fingerprint of the server's key.
    pub fingerprint: Option<String>,
}

fn host(text: &str) -> Result<String, String> {
    if is_host(text) {
        Ok(text.to_owned())
    } else {
        Err("not the name or address of a machine".to_owned())
    }
}

fn nick(text: &str) -> Result<String, String> {
    let checked = protocol::name::check_nick(text, 64);
    checked.map_err(|error| error.text().to_owned())?;
    Ok(text.to_owned())
}

/// A room may be given without its `#`, which a shell takes for a comment.
fn room(text: &str) -> Result<String, String> {
    let name = if is_room(text) {
        text.to_owned()
    } else {
        format!("#{text}")
    };
    if is_room(&name) {
        Ok(name)
    } else {
        Err("a room is # and a name without spaces or commas".to_owned())
    }
}

fn invite(text: &str) -> Result<Invite, String> {
    let wrong = || "an invite looks like parlor://chat.example:6697/lobby".to_owned();
    let rest = text.strip_prefix("parlor://").ok_or_else(wrong)?;
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (name, number) = match authority.strip_prefix('[') {
        // An IPv6 address stands in brackets.
        Some(rest) => {
            let (name, after) = rest.split_once(']').ok_or_else(wrong)?;
            (name, after.strip_prefix(':'))
        }
        None => match authority.split_once(':') {
            Some((name, number)) => (name, Some(number)),
            None => (authority, None),
        },
    };
    let port = match number {
        Some(number) => Some(
            number
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or_else(wrong)?,
        ),
        None => None,
    };
    let path = path.replace("%23", "#");
    let fingerprint = query.split('&').find_map(|pair| pair.strip_prefix("key="));
    Ok(Invite {
        host: host(name)?,
        port,
        room: if path.is_empty() {
            None
        } else {
            Some(room(&path)?)
        },
        fingerprint: fingerprint.map(str::to_owned),
    })
}

impl Cli {
    /// Lets the command line have the last word.
    pub fn apply(&self, config: &mut Config) {
        if let Some(invite) = &self.invite {
            config.host.clone_from(&invite.host);
            config.port = invite.port.unwrap_or(config.port);
            config.rooms = invite.room.iter().cloned().collect();
        }
        if let Some(host) = &self.host {
            config.host.clone_from(host);
        }
        config.port = self.port.unwrap_or(config.port);
        if let Some(nick) = &self.nick {
            config.nickname.clone_from(nick);
        }
        if !self.rooms.is_empty() {
            config.rooms.clone_from(&self.rooms);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once(&"parlor").chain(words))
    }

    #[test]
    fn the_command_line_has_the_last_word() {
        let cli = parse(&[
            "--host", "h", "--port", "7000", "--room", "ops", "--room", "#x",
        ])
        .unwrap();
        let mut config = Config::default();
        cli.apply(&mut config);
        assert_eq!((config.host.as_str(), config.port), ("h", 7000));
        assert_eq!(config.rooms, ["#ops", "#x"]);
    }

    #[test]
    fn an_invite_says_where_to_go() {
        let cli = parse(&["parlor://[::1]:6697/%23ops?key=ab12"]).unwrap();
        let invite = cli.invite.clone().unwrap();
        assert_eq!(invite.fingerprint.as_deref(), Some("ab12"));
        let mut config = Config::default();
        cli.apply(&mut config);
        assert_eq!((config.host.as_str(), config.port), ("::1", 6697));
        assert_eq!(config.rooms, ["#ops"]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for words in [
            ["--port", "0"],
            ["--nick", "a b"],
            ["--room", "a b"],
            ["--host", ""],
            ["--colour", "x"],
            ["http://x", "y"],
            ["parlor://", ""],
        ] {
            assert_eq!(parse(&words).unwrap_err().exit_code(), 2, "{words:?}");
        }
    }
}
