//! Everybody comes and goes, again and again, on one server: what stays behind. It never says anything in a room.

use std::time::Duration;

use crate::crowd::Place;
use crate::entering;
use crate::host::{History, Host};
use crate::process::Use;
use crate::scene::{SCENES, Scene};
use crate::{Failure, enough_files, say};

/// How long the server has to put away what is left of those who went.
const REST: Duration = Duration::from_secs(2);

/// How often everybody comes, and how many that are.
#[derive(Debug, clap::Args)]
pub struct Tides {
    /// Connections
    #[arg(long, default_value_t = 19_000)]
    members: usize,
    /// How often they come
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Whether the server keeps history
    #[arg(long, default_value = "disk")]
    history: History,
    /// Connect with TLS
    #[arg(long)]
    tls: bool,
}

/// Measures what is left after each time.
pub fn measure(tides: &Tides) -> Result<(), Failure> {
    enough_files(tides.members)?;
    let idle = SCENES.iter().find(|scene| scene.name == "idle");
    let mut scene = *idle.ok_or("there is no scene of people at rest")?;
    scene.resize(tides.members);
    let host = Host::start(tides.history)?;
    let place = if tides.tls {
        Place::encrypted(host.tls, &host.certificate()?, "")?
    } else {
        Place::plain(host.plain, "")
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, come_and_go(&scene, &place, &host, tides.rounds))
}

async fn come_and_go(
    scene: &Scene,
    place: &Place,
    host: &Host,
    rounds: usize,
) -> Result<(), Failure> {
    let start = Use::of(host.pid())?;
    let (kib, files) = (start.bytes >> 10, start.files);
    say(format_args!("at first {kib} KiB, {files} files"))?;
    for round in 1..=rounds {
        let (crowd, _) = entering::gather(scene, place, (host.pid(), start)).await?;
        let full = Use::of(host.pid())?;
        crowd.leave().await?;
        tokio::time::sleep(REST).await;
        let empty = Use::of(host.pid())?;
        say(format_args!(
            "tide {round}: {} KiB, {} files with {} connections; {} KiB, {} files after they left",
            full.bytes >> 10,
            full.files,
            scene.members,
            empty.bytes >> 10,
            empty.files,
        ))?;
    }
    Ok(())
}
