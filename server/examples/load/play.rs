//! Does to a server what a scene says, and tells what came of it. It never knows how a member connects.

use std::fmt;
use std::time::Duration;

use crate::crowd::Place;
use crate::entering::{self, Step};
use crate::process::Use;
use crate::scene::Scene;
use crate::{Failure, talk};

/// What came of a scene.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Lines that members heard, of those they were to hear.
    pub heard: u64,
    /// Lines they were to hear.
    pub expected: u64,
    /// From the first line to the last.
    pub took: Duration,
    /// Processor time of the server meanwhile.
    pub processor: Duration,
    /// How long until everybody was in, and the processor time of that.
    pub entering: (Duration, Duration),
    /// From sending to hearing, sorted.
    pub waits: Vec<Duration>,
    /// Bytes of the server's memory that one connection takes, and in all.
    pub bytes: (u64, u64),
    /// Connections that were lost.
    pub lost: usize,
    /// What those cost who entered since the step before.
    pub steps: Vec<Step>,
    connections: usize,
}

impl Outcome {
    /// Processor time of one delivery, in microseconds.
    pub fn micros_each(&self) -> f64 {
        entering::micros(self.processor, self.heard)
    }

    fn wait(&self, per_mille: usize) -> Duration {
        let place = self.waits.len() * per_mille / 1000;
        let wait = self
            .waits
            .get(place.min(self.waits.len().saturating_sub(1)));
        wait.copied().unwrap_or_default()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (wall, processor) = self.entering;
        write!(
            f,
            "{} connections entered in {wall:.2?} ({processor:.2?} of processor), {} bytes each, {} MiB in all",
            self.connections,
            self.bytes.0,
            self.bytes.1 >> 20
        )?;
        if self.expected > 0 {
            let (took, processor) = (self.took, self.processor);
            write!(
                f,
                "; {} of {} deliveries in {took:.2?}, {processor:.2?} of processor, {:.3} µs each",
                self.heard,
                self.expected,
                self.micros_each(),
            )?;
        }
        if !self.waits.is_empty() {
            let (p50, p99, most) = (self.wait(500), self.wait(990), self.wait(1000));
            write!(f, "; p50 {p50:.2?}, p99 {p99:.2?}, longest {most:.2?}")?;
        }
        if self.lost > 0 {
            write!(f, "; {} CONNECTIONS LOST", self.lost)?;
        }
        Ok(())
    }
}

/// Plays a scene on a server, whose process is measured.
pub fn play(scene: &Scene, place: &Place, pid: u32) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, act(scene, place, pid))
}

async fn act(scene: &Scene, place: &Place, pid: u32) -> Result<Outcome, Failure> {
    let before = Use::of(pid)?;
    let (mut crowd, steps) = entering::gather(scene, place, (pid, before)).await?;
    let calm = Use::of(pid)?;
    let members = u64::try_from(scene.members)?;
    let mut outcome = Outcome {
        entering: (
            calm.at - before.at,
            calm.processor.saturating_sub(before.processor),
        ),
        bytes: (
            calm.bytes.saturating_sub(before.bytes) / members.max(1),
            calm.bytes,
        ),
        connections: scene.members,
        steps,
        ..Outcome::default()
    };
    let start = if scene.storm {
        // Whoever enters hears everybody who comes later, and itself.
        outcome.expected = members * (members + 1) / 2;
        crowd.enter_at_once(outcome.expected).await?;
        calm
    } else if scene.senders > 0 {
        let listeners = u64::try_from(scene.size() - 1)?;
        outcome.expected = u64::try_from(scene.messages)? * listeners;
        talk::talk(scene, &mut crowd, outcome.expected).await?;
        calm
    } else {
        return Ok(outcome);
    };
    let end = Use::of(pid)?;
    outcome.took = end.at - start.at;
    outcome.processor = end.processor.saturating_sub(start.processor);
    outcome.heard = crowd.board.heard.get();
    outcome.lost = crowd.board.lost.get();
    outcome.waits = crowd.board.waits.take();
    outcome.waits.sort_unstable();
    Ok(outcome)
}
