//! People come, wave after wave, and what that costs on the way. It never decides what they do once they are in.

use std::fmt;
use std::time::Duration;

use crate::crowd::{Crowd, Place};
use crate::process::Use;
use crate::scene::Scene;
use crate::{Failure, say};

/// Where on the way, as thousandths of all: more often at first, to see what a start costs.
const STEPS: [usize; 13] = [
    10, 20, 50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000,
];

/// What it cost until there were so many.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// How many there are.
    pub connections: usize,
    /// Since the first came.
    pub took: Duration,
    /// Processor time of one that came since the step before, in microseconds.
    pub micros_each: f64,
    /// Bytes of the server's memory that one connection takes on average, and in all.
    pub bytes: (u64, u64),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            connections, took, ..
        } = self;
        write!(
            f,
            "{connections} in after {took:.1?}: {:.1} µs of processor for each that came last, {} bytes each, {} MiB in all",
            self.micros_each,
            self.bytes.0,
            self.bytes.1 >> 20
        )
    }
}

/// Everybody comes, and enters unless that is what is measured; what it cost on the way.
pub async fn gather(
    scene: &Scene,
    place: &Place,
    (pid, before): (u32, Use),
) -> Result<(Crowd, Vec<Step>), Failure> {
    let mut crowd = Crowd::new(scene);
    let mut steps: Vec<Step> = Vec::new();
    let (mut last, mut first) = (before, 0);
    while first < scene.members {
        let count = crowd.arrive(place).await?;
        if !scene.storm {
            crowd.enter(first).await?;
        }
        let mut marks = STEPS.iter().map(|step| scene.members * step / 1000);
        if scene.steps && marks.any(|mark| (first + 1..=count).contains(&mark)) {
            let here = Use::of(pid)?;
            let came = count - steps.last().map_or(0, |step| step.connections);
            let bytes = here.bytes.saturating_sub(before.bytes) / u64::try_from(count)?;
            let spent = here.processor.saturating_sub(last.processor);
            let step = Step {
                connections: count,
                took: here.at - before.at,
                micros_each: micros(spent, u64::try_from(came)?),
                bytes: (bytes, here.bytes),
            };
            say(format_args!("{}: {step}", scene.name))?;
            steps.push(step);
            last = here;
        }
        first = count;
    }
    // What others hear of the last who enter is not to be counted as what is measured next.
    tokio::time::sleep(Duration::from_millis(200)).await;
    Ok((crowd, steps))
}

/// Processor time of one of so many, in microseconds.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn micros(processor: Duration, count: u64) -> f64 {
    processor.as_secs_f64() * 1e6 / count.max(1) as f64
}
