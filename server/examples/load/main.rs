//! Puts a load on a chat server and says what it cost: `cargo run --release -p server --example load -- SCENE`. It never
//! pushes a server over its queues: a sender waits until its messages were heard.
//!
//! Without `--server` it starts a server of its own in another process, with a fresh folder, and without flood control.
//! Processor time and memory are those of the server's process alone (Linux).

mod board;
mod crowd;
mod growth;
mod host;
mod plot;
mod process;
mod scene;
mod talk;

use std::io::Write as _;
use std::net::SocketAddr;

use clap::{Parser, Subcommand};

use crate::crowd::Place;
use crate::host::{History, Host};
use crate::scene::{Outcome, SCENES, Scene};

/// Whatever ends the program, in words for people.
type Failure = Box<dyn std::error::Error>;

/// Puts a load on a chat server.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Run scenes: fan, rooms, pace, idle, storm, many
    Run(Run),
    /// Plot what a delivery costs as a room, and the number of rooms, grows
    Growth {
        /// Where the pictures are written to
        folder: std::path::PathBuf,
        /// The most members of a room: as many files as the system lets a process open
        #[arg(long, default_value_t = 10_000)]
        members: usize,
    },
    /// Be the server that is measured
    #[command(hide = true)]
    Serve {
        folder: std::path::PathBuf,
        history: History,
    },
}

#[derive(Debug, clap::Args)]
struct Run {
    /// Which scenes
    #[arg(required = true)]
    scenes: Vec<String>,
    /// A server that listens already, its flood control and connection limits off
    #[arg(long, requires = "pid")]
    server: Option<SocketAddr>,
    /// Its process
    #[arg(long)]
    pid: Option<u32>,
    /// Whether the own server keeps history
    #[arg(long, default_value = "disk")]
    history: History,
    /// Connect with TLS to the own server
    #[arg(long, conflicts_with = "server")]
    tls: bool,
    /// Capabilities that every member asks for
    #[arg(long, default_value = "")]
    caps: String,
    /// Connections, in place of the scene's
    #[arg(long)]
    members: Option<usize>,
    /// Messages, in place of the scene's
    #[arg(long)]
    messages: Option<usize>,
    /// How often
    #[arg(long, default_value_t = 1)]
    rounds: usize,
}

fn main() -> Result<(), Failure> {
    match Arguments::parse().what {
        What::Run(run) => measure(&run),
        What::Growth { folder, members } => growth::plot_all(&folder, members),
        What::Serve { folder, history } => host::serve(&folder, history),
    }
}

fn measure(run: &Run) -> Result<(), Failure> {
    for _ in 0..run.rounds {
        for name in &run.scenes {
            let scene = SCENES.iter().find(|scene| scene.name == name);
            let mut scene = *scene.ok_or_else(|| format!("there is no scene {name}"))?;
            scene.messages = run.messages.unwrap_or(scene.messages);
            if let Some(members) = run.members {
                scene.resize(members);
            }
            let outcome = match (run.server, run.pid) {
                (Some(address), Some(pid)) => {
                    let place = Place::plain(address, &run.caps);
                    scene::play(&scene, &place, pid)?
                }
                _ => on_own_server(&scene, run)?,
            };
            say(format_args!("{name}: {outcome}"))?;
        }
    }
    Ok(())
}

/// Each time a new server: what one scene leaves behind does not slow down the next.
fn on_own_server(scene: &Scene, run: &Run) -> Result<Outcome, Failure> {
    let host = Host::start(run.history)?;
    let place = if run.tls {
        Place::encrypted(host.tls, &host.certificate()?, &run.caps)?
    } else {
        Place::plain(host.plain, &run.caps)
    };
    scene::play(scene, &place, host.pid())
}

fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
