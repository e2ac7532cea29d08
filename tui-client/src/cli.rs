//! The command line of `parlor`: its words, and how they change the config.
//! It must never start anything; `main` does.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use protocol::invite::Invite;
use protocol::name::{is_host, is_room};

use crate::address::wants_tls;
use crate::config::Config;
use crate::config::network::{DEFAULT_PORT, DEFAULT_TLS_PORT, Network, Tls};

/// What scripts have to know; also in the man page.
pub(crate) const ENDS: &str = "\
Ends with 0 when all went well, with 2 on a bad command line or config file, and with 1 when something failed: a line on \
standard error says what and why. With --linear in a pipe that is: the server was not reached, a room not entered, a \
message not confirmed as stored within 30 seconds, or a command unknown or refused.";

/// Group chat in the terminal. Without arguments: enters the room on this machine, and hosts it if nobody does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Parser)]
#[command(name = "parlor", version, max_term_width = 100)]
#[command(disable_help_subcommand = true, after_help = ENDS)]
pub struct Cli {
    /// The config file; else $PARLOR_CONFIG, else config.toml in your config folder
    #[arg(long, value_name = "FILE", global = true)]
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
    /// Lines in, lines out, without the full screen: for pipes, scripts and screen readers
    #[arg(long)]
    pub linear: bool,
    /// An invite: parlor://HOST[:PORT][/ROOM][?key=FINGERPRINT][&token=TOKEN]
    #[arg(value_name = "parlor://INVITE")]
    pub invite: Option<Invite>,
    /// What to do instead of opening the chat.
    #[command(subcommand)]
    pub order: Option<Order>,
}

/// What `parlor` does besides.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Order {
    /// Print a link with which a friend comes in, without any question
    Invite(ToInvite),
    /// Print completions for a shell, for packages
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
        /// Of which program
        #[arg(value_enum, default_value_t)]
        program: Program,
    },
    /// Print a man page, for packages
    #[command(hide = true)]
    Man {
        /// Of which program
        #[arg(value_enum, default_value_t)]
        program: Program,
    },
}

/// One of the two programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Program {
    /// The client.
    #[default]
    Parlor,
    /// The server.
    Parlord,
}

/// What an invite is to say.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct ToInvite {
    /// The room; else the first of the config
    #[arg(value_name = "ROOM", value_parser = room)]
    pub room: Option<String>,
    /// The address by which the friend finds the server
    #[arg(long, value_name = "ADDRESS", value_parser = host)]
    pub host: Option<String>,
}

fn host(text: &str) -> Result<String, String> {
    if is_host(text) {
        Ok(text.to_owned())
    } else {
        Err("not the name or address of a machine; the port does not belong to it".to_owned())
    }
}

fn nick(text: &str) -> Result<String, String> {
    if protocol::name::may_be_nick(text, 64) {
        return Ok(text.to_owned());
    }
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

impl Cli {
    /// Lets the command line have the last word.
    pub fn apply(&self, config: &mut Config) {
        self.apply_to(&mut config.first);
        for network in std::iter::once(&mut config.first).chain(&mut config.others) {
            // Whoever names no port means the usual one, and an encrypted link has another.
            let is_named = !network.name.is_empty() || self.port.is_none();
            let is_usual = network.port == DEFAULT_PORT;
            if is_named && is_usual && wants_tls(&network.host, network.tls) {
                network.port = DEFAULT_TLS_PORT;
            }
        }
    }

    /// What the words say is about the network at the top of the config.
    fn apply_to(&self, config: &mut Network) {
        if let Some(invite) = &self.invite {
            config.host.clone_from(&invite.host);
            config.rooms = invite.room.iter().cloned().collect();
            if invite.fingerprint.is_some() && config.tls == Tls::Auto {
                // A door with a key is encrypted, also on this machine.
                config.tls = Tls::On;
            }
        }
        if let Some(host) = &self.host {
            config.host.clone_from(host);
        }
        let is_invited = self.host.is_none();
        let invited = self.invite.as_ref().filter(|_| is_invited);
        let invited = invited.map(|invite| invite.port.unwrap_or(DEFAULT_PORT));
        config.port = match self.port.or(invited) {
            Some(port) => port,
            None => config.port,
        };
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
        let config = config.first;
        assert_eq!((config.host.as_str(), config.port), ("h", 7000));
        assert_eq!(config.rooms, ["#ops", "#x"]);
    }

    #[test]
    fn an_invite_says_where_to_go() {
        let cli = parse(&["parlor://[::1]:7000/%23ops"]).unwrap();
        let mut config = Config::default();
        cli.apply(&mut config);
        let config = config.first;
        assert_eq!((config.host.as_str(), config.port), ("::1", 7000));
        assert_eq!(config.rooms, ["#ops"]);
        assert_eq!(config.tls, Tls::Auto);
        // A door that shows a key is encrypted, also on this machine.
        let key = "ab".repeat(32);
        let cli = parse(&[&format!("parlor://127.0.0.1:7000/ops?key={key}")]).unwrap();
        let mut config = Config::default();
        cli.apply(&mut config);
        assert_eq!(config.first.tls, Tls::On);
    }

    fn port(words: &[&str], first: Network) -> u16 {
        let mut config = Config {
            first,
            ..Config::default()
        };
        parse(words).unwrap().apply(&mut config);
        config.first.port
    }

    #[test]
    fn an_encrypted_link_has_a_usual_port_of_its_own() {
        let with = |host: &str, port, tls| Network {
            host: host.to_owned(),
            port,
            tls,
            ..Network::default()
        };
        let plain = Network::default();
        assert_eq!(port(&[], plain.clone()), 6667);
        assert_eq!(port(&["--host", "localhost"], plain.clone()), 6667);
        assert_eq!(port(&["--host", "h.example"], plain.clone()), 6697);
        assert_eq!(
            port(&["--host", "h.example", "--port", "6667"], plain.clone()),
            6667
        );
        assert_eq!(port(&["parlor://h.example/lobby"], plain), 6697);
        assert_eq!(port(&[], with("h.example", 6667, Tls::Auto)), 6697);
        assert_eq!(port(&[], with("h.example", 7000, Tls::Auto)), 7000);
        assert_eq!(port(&[], with("h.example", 6667, Tls::Off)), 6667);
        assert_eq!(port(&[], with("127.0.0.1", 6667, Tls::On)), 6697);
        let other = with("h.example", 7000, Tls::Auto);
        assert_eq!(port(&["parlor://g.example"], other), 6697);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for words in [
            ["--port", "0"],
            ["--nick", "a b"],
            ["--room", "a b"],
            ["--host", ""],
            ["--host", "h.example:6697"],
            ["--colour", "x"],
            ["http://x", "y"],
            ["parlor://", ""],
        ] {
            assert_eq!(parse(&words).unwrap_err().exit_code(), 2, "{words:?}");
        }
    }
}
