//! What a delivery costs as rooms grow and as there are more of them, and entering as there are more people. It never
//! compares servers.

use std::path::PathBuf;

use crate::crowd::Place;
use crate::host::{History, Host};
use crate::play;
use crate::plot::{self, Line};
use crate::scene::{SCENES, STILL, Scene, Tempo};
use crate::{Failure, connections_max, say};

/// Deliveries of one point: enough to be measured, not so many that one waits.
const DELIVERIES: usize = 2_000_000;

/// Members of a room where the number of rooms grows.
const ROOM: usize = 10;

/// Groups of people who share their rooms; where there are more rooms, each is in several.
const GROUPS_MAX: usize = 100;

/// The pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Picture {
    /// A delivery, as one room grows.
    Members,
    /// A delivery, as there are more rooms.
    Rooms,
    /// Entering, as there are more connections.
    Connections,
}

/// What is plotted.
#[derive(Debug, clap::Args)]
pub struct Growth {
    /// Where the pictures are written to
    folder: PathBuf,
    /// Which; without any, all
    pictures: Vec<Picture>,
    /// The most members of a room
    #[arg(long, default_value_t = 10_000)]
    members: usize,
    /// The most connections; fewer where the system lets a process open fewer files
    #[arg(long, default_value_t = 100_000)]
    connections: usize,
}

/// Measures, and writes `growth-members.svg`, `growth-rooms.svg` and `growth-connections.svg`.
pub fn plot_all(growth: &Growth) -> Result<(), Failure> {
    let is_asked = |picture| growth.pictures.is_empty() || growth.pictures.contains(&picture);
    if is_asked(Picture::Members) {
        plot_members(growth)?;
    }
    if is_asked(Picture::Rooms) {
        plot_rooms(growth)?;
    }
    if is_asked(Picture::Connections) {
        plot_connections(growth)?;
    }
    Ok(())
}

fn plot_members(growth: &Growth) -> Result<(), Failure> {
    let sizes = [10, 30, 100, 300, 1000, 3000, 10_000];
    let most = growth.members.min(connections_max());
    let members: Vec<usize> = sizes.iter().map(|size| most.min(*size)).collect();
    let lines = lines(&members, |members| Scene {
        name: "members",
        members,
        senders: 4,
        messages: (DELIVERIES / members).min(50_000),
        ..STILL
    })?;
    write(growth, "members", [DELIVERY, "members of one room"], &lines)
}

fn plot_rooms(growth: &Growth) -> Result<(), Failure> {
    let rooms = [1, 10, 100, 1000, 10_000];
    let lines = lines(&rooms, |rooms| {
        let groups = rooms.min(GROUPS_MAX);
        Scene {
            name: "rooms",
            members: groups * ROOM,
            groups,
            rooms,
            senders: groups * ROOM,
            messages: (DELIVERIES / 4 / ROOM).min(groups * 2000),
            tempo: Tempo::Window(4),
            ..STILL
        }
    })?;
    let words = [DELIVERY, "rooms of ten members"];
    write(growth, "rooms", words, &lines)
}

/// What a delivery costs.
const DELIVERY: &str = "Processor µs a delivery";

/// One crowd for each line: what those cost who come while the others are there.
fn plot_connections(growth: &Growth) -> Result<(), Failure> {
    let many = SCENES.iter().find(|scene| scene.steps);
    let mut scene = *many.ok_or("there is no scene in steps")?;
    scene.resize(growth.connections.min(connections_max()));
    let mut lines = Vec::new();
    for history in [History::Off, History::Disk] {
        let host = Host::start(history)?;
        let outcome = play::play(&scene, &Place::plain(host.plain, ""), host.pid())?;
        say(format_args!("many, history {history:?}: {outcome}"))?;
        let steps = outcome.steps.iter();
        let points = steps.map(|step| (float(step.connections), step.micros_each));
        lines.push((name(history), points.collect()));
    }
    let words = ["Processor µs of one who connects and enters", "connections"];
    write(growth, "connections", words, &lines)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are small")]
fn float(size: usize) -> f64 {
    size as f64
}

fn name(history: History) -> String {
    format!("history {history:?}").to_lowercase()
}

/// A line for each way of keeping history.
fn lines(sizes: &[usize], scene: impl Fn(usize) -> Scene) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for history in [History::Off, History::Disk] {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for size in sizes {
            let scene = scene(*size);
            let host = Host::start(history)?;
            let outcome = play::play(&scene, &Place::plain(host.plain, ""), host.pid())?;
            say(format_args!(
                "{} {size}, history {history:?}: {outcome}",
                scene.name
            ))?;
            points.push((float(*size), outcome.micros_each()));
        }
        points.dedup_by_key(|point| point.0.to_bits());
        lines.push((name(history), points));
    }
    Ok(lines)
}

fn write(growth: &Growth, name: &str, words: [&str; 2], lines: &[Line]) -> Result<(), Failure> {
    let [title, across] = words;
    let picture = plot::svg(title, across, lines);
    std::fs::write(growth.folder.join(format!("growth-{name}.svg")), picture)?;
    Ok(())
}
