//! The command line of `parlord`. It never starts anything.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use protocol::name::is_host;
use server_core::invites::{LASTS_S_MAX, LASTS_S_MIN, USES_DEFAULT, USES_MAX};

/// The chat server: rooms for everybody who comes, over IRC.
#[derive(Clone, Debug, Parser)]
#[command(name = "parlord", version, max_term_width = 100)]
pub struct Arguments {
    /// The configuration file. Without it: $PARLOR_CONFIG, else the user's own, else the defaults.
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// Where to listen for IRC, in place of the configured addresses.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Vec<SocketAddr>,

    /// Where to keep what must outlast the program.
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,

    /// Write down what is said, as `nick: words`, on standard error.
    #[arg(long)]
    pub transcript: bool,

    /// Only say whether the configuration is right.
    #[arg(long)]
    pub check_config: bool,

    /// What to do in place of serving.
    #[command(subcommand)]
    pub errand: Option<Errand>,
}

/// What is done without starting a server; most of it also while one runs.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Names with a password.
    #[command(subcommand)]
    Account(AccountErrand),
    /// Copy all that is kept into a new file, also while the server runs.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
    /// Put a backup in the place of what is kept; what was there stays beside it.
    Restore {
        /// The backup.
        file: PathBuf,
    },
    /// Say whether all that is kept is whole, also while the server runs; or whether a backup is.
    Check {
        /// The backup; without one, what the server keeps.
        file: Option<PathBuf>,
    },
    /// Print a link by which friends come into a room, also while the server runs.
    Invite(InviteErrand),
}

/// What is done about invite links.
#[derive(Clone, Debug, Args)]
pub struct InviteErrand {
    /// The room, with or without its #.
    #[arg(value_name = "ROOM", required_unless_present_any = ["list", "revoke"])]
    pub room: Option<String>,
    /// The name or address by which friends find this server.
    #[arg(long, value_name = "HOST", value_parser = host)]
    pub host: Option<String>,
    /// How many people it lets in.
    #[arg(long, value_name = "NUMBER", default_value_t = USES_DEFAULT)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(USES_MAX)))]
    pub uses: u32,
    /// For how long: 30m, 12h, 7d; a year at most.
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = span)]
    pub expires: u64,
    /// List the links, of a room or of all.
    #[arg(long, conflicts_with_all = ["host", "uses", "expires", "revoke"])]
    pub list: bool,
    /// Take the link of this number back: nobody comes in by it any more.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["room", "host", "uses", "expires"])]
    pub revoke: Option<u64>,
}

fn host(text: &str) -> Result<String, String> {
    if is_host(text) {
        Ok(text.to_owned())
    } else {
        Err("not the name or address of a machine; the port does not belong to it".to_owned())
    }
}

fn span(text: &str) -> Result<u64, String> {
    let seconds = protocol::span::seconds(text);
    let seconds = seconds.filter(|seconds| (LASTS_S_MIN..=LASTS_S_MAX).contains(seconds));
    seconds.ok_or_else(|| "a time is 30m, 12h or 7d, from a minute to a year".to_owned())
}

/// What is done about accounts.
#[derive(Clone, Debug, Subcommand)]
pub enum AccountErrand {
    /// Make an account; its password is a line on standard input.
    Add {
        /// Its name.
        name: String,
    },
    /// Give an account another password, which is a line on standard input.
    Password {
        /// Its name.
        name: String,
    },
    /// Print the code that an account with an unverified e-mail address waits for.
    Code {
        /// Its name.
        name: String,
    },
    /// Write all that an account said, and nobody else, as lines of JSON.
    Export {
        /// Its name.
        name: String,
        /// The file to make; without one, standard output.
        file: Option<PathBuf>,
    },
    /// Take all that an account said out of the log and the search, for ever, also while the server runs.
    Erase {
        /// Its name.
        name: String,
        /// Close the account before that: nobody logs in to it any more, and nobody else gets its name.
        #[arg(long)]
        close: bool,
    },
    /// List all accounts.
    List,
}
