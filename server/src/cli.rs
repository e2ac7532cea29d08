//! The command line of `parlord`. It never starts anything.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// The chat server: rooms for everybody who comes, over IRC.
#[derive(Clone, Debug, Parser)]
#[command(name = "parlord", version, about, max_term_width = 100)]
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
    /// Say whether all that is kept is whole, also while the server runs.
    Check,
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
    /// List all accounts.
    List,
}
