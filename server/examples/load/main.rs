//! Puts a load on a chat server and says what it cost: `cargo run --release -p server --example load -- SCENE`. It never
//! pushes a server over its queues: a sender waits until its messages were heard.
//!
//! Without `--server` it starts a server of its own in another process, with a fresh folder, and without flood control.
//! Processor time and memory are those of the server's process alone (Linux).

mod board;
mod comparison;
mod crowd;
mod entering;
mod growth;
mod host;
mod play;
mod plot;
mod process;
mod scene;
mod soak;
mod talk;
mod tides;

use std::io::Write as _;
use std::net::SocketAddr;

use clap::{Parser, Subcommand};
use server::files;

use crate::comparison::Comparison;
use crate::crowd::Place;
use crate::growth::Growth;
use crate::host::{History, Host};
use crate::play::Outcome;
use crate::scene::{SCENES, Scene};
use crate::soak::Soak;
use crate::tides::Tides;

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
    /// Plot what a delivery costs as a room, and the number of rooms, grows; and what entering costs
    Growth(Growth),
    /// Let everybody come and go, again and again, and say what memory and files stay behind
    Tides(Tides),
    /// Let people come, talk, rename, enter, leave and go for a long time, and watch what creeps
    Soak(Soak),
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
    /// Measure a server of our own as well, in turn with that one
    #[arg(long, requires = "server")]
    own: bool,
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
    files::raise_limit();
    match Arguments::parse().what {
        What::Run(run) => measure(&run),
        What::Growth(growth) => growth::plot_all(&growth),
        What::Tides(tides) => tides::measure(&tides),
        What::Soak(soak) => soak::measure(&soak),
        What::Serve { folder, history } => host::serve(&folder, history),
    }
}

fn measure(run: &Run) -> Result<(), Failure> {
    let other = run.server.zip(run.pid);
    let both = run.own && other.is_some();
    let mut compared = Comparison::default();
    for _ in 0..run.rounds {
        for name in &run.scenes {
            let scene = SCENES.iter().find(|scene| scene.name == name);
            let mut scene = *scene.ok_or_else(|| format!("there is no scene {name}"))?;
            scene.messages = run.messages.unwrap_or(scene.messages);
            if let Some(members) = run.members {
                scene.resize(members);
            }
            enough_files(scene.members)?;
            if both || other.is_none() {
                let outcome = on_own_server(&scene, run)?;
                say(format_args!("{name}: {outcome}"))?;
                compared.note(name, true, &outcome);
            }
            if let Some((address, pid)) = other {
                let place = Place::plain(address, &run.caps);
                let outcome = play::play(&scene, &place, pid)?;
                say(format_args!("{name} at {address}: {outcome}"))?;
                compared.note(name, false, &outcome);
            }
        }
    }
    if both && !compared.is_empty() {
        say(format_args!("{compared}"))?;
    }
    Ok(())
}

/// Files of this program that are no connections.
const OWN_FILES: usize = 64;

/// So many connections there can be at most.
fn connections_max() -> usize {
    let files = files::limit().and_then(|files| usize::try_from(files).ok());
    files.map_or(usize::MAX, |files| files.saturating_sub(OWN_FILES))
}

/// Both ends of a connection are files, of this process and of the server's.
fn enough_files(members: usize) -> Result<(), Failure> {
    let most = connections_max();
    if members <= most {
        return Ok(());
    }
    let files = most + OWN_FILES;
    let remedy = files::REMEDY;
    Err(format!(
        "{members} connections are as many files, and a process may open {files} here: {remedy}; \
         or measure fewer with --members {most}"
    )
    .into())
}

/// Each time a new server: what one scene leaves behind does not slow down the next.
fn on_own_server(scene: &Scene, run: &Run) -> Result<Outcome, Failure> {
    let host = Host::start(run.history)?;
    let place = if run.tls {
        Place::encrypted(host.tls, &host.certificate()?, &run.caps)?
    } else {
        Place::plain(host.plain, &run.caps)
    };
    play::play(scene, &place, host.pid())
}

fn say(line: std::fmt::Arguments<'_>) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
