//! What a delivery costs as rooms grow, and as there are more of them. It never compares servers.

use std::path::Path;

use crate::crowd::Place;
use crate::host::{History, Host};
use crate::plot::{self, Line};
use crate::scene::{self, Scene, Tempo};
use crate::{Failure, say};

/// Deliveries of one point: enough to be measured, not so many that one waits.
const DELIVERIES: usize = 2_000_000;

/// Members of a room where the number of rooms grows.
const ROOM: usize = 10;

/// Groups of people who share their rooms; where there are more rooms, each is in several.
const GROUPS_MAX: usize = 100;

/// Measures, and writes `growth-members.svg` and `growth-rooms.svg`.
pub fn plot_all(folder: &Path, members_max: usize) -> Result<(), Failure> {
    let sizes = [10, 30, 100, 300, 1000, 3000, 10_000];
    let members: Vec<usize> = sizes.iter().map(|size| members_max.min(*size)).collect();
    let by_members = lines(&members, |members| Scene {
        name: "members",
        members,
        groups: 1,
        rooms: 1,
        senders: 4,
        messages: (DELIVERIES / members).min(50_000),
        tempo: Tempo::Window(32),
        storm: false,
    })?;
    write(folder, "members", "members of one room", &by_members)?;
    let rooms = [1, 10, 100, 1000, 10_000];
    let by_rooms = lines(&rooms, |rooms| {
        let groups = rooms.min(GROUPS_MAX);
        Scene {
            name: "rooms",
            members: groups * ROOM,
            groups,
            rooms,
            senders: groups * ROOM,
            messages: (DELIVERIES / 4 / ROOM).min(groups * 2000),
            tempo: Tempo::Window(4),
            storm: false,
        }
    })?;
    write(folder, "rooms", "rooms of ten members", &by_rooms)
}

/// A line for each way of keeping history.
fn lines(sizes: &[usize], scene: impl Fn(usize) -> Scene) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for history in [History::Off, History::Disk] {
        let mut points: Vec<(f64, f64)> = Vec::new();
        for size in sizes {
            let scene = scene(*size);
            let host = Host::start(history)?;
            let outcome = scene::play(&scene, &Place::plain(host.plain, ""), host.pid())?;
            say(format_args!(
                "{} {size}, history {history:?}: {outcome}",
                scene.name
            ))?;
            #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
            points.push((*size as f64, outcome.micros_each()));
        }
        points.dedup_by_key(|point| point.0.to_bits());
        lines.push((format!("history {history:?}").to_lowercase(), points));
    }
    Ok(lines)
}

fn write(folder: &Path, name: &str, across: &str, lines: &[Line]) -> Result<(), Failure> {
    let title = "Processor µs a delivery";
    let picture = plot::svg(title, across, lines);
    std::fs::write(folder.join(format!("growth-{name}.svg")), picture)?;
    Ok(())
}
