//! The command line of `parlord`. It never starts anything.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// The chat server: rooms for everybody who comes, over IRC.
#[derive(Clone, Debug, Parser)]
#[command(name = "parlord", version, about, max_term_width = 100)]
pub struct Arguments {
    /// The configuration file. Without it: $PARLOR_CONFIG, else the user's own, else the defaults.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Where to listen for IRC, in place of the configured addresses.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Vec<SocketAddr>,

    /// Where to keep what must outlast the program.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Write down what is said, as `nick: words`, on standard error.
    #[arg(long)]
    pub transcript: bool,

    /// Only say whether the configuration is right.
    #[arg(long)]
    pub check_config: bool,
}
