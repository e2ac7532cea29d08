//! What is counted, for Prometheus. It never names a person or a room.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A figure that grows, or that goes up and down.
#[derive(Debug, Default)]
pub(crate) struct Figure(AtomicU64);

impl Figure {
    /// So many more.
    pub(crate) fn add(&self, count: u64) {
        // One thread writes; a reader may be late, which costs nothing.
        self.0.store(
            self.0.load(Ordering::Relaxed).wrapping_add(count),
            Ordering::Relaxed,
        );
    }

    /// One less.
    pub(crate) fn sink(&self) {
        self.0.store(
            self.0.load(Ordering::Relaxed).saturating_sub(1),
            Ordering::Relaxed,
        );
    }

    /// It is so many now.
    fn set(&self, value: usize) {
        self.0
            .store(u64::try_from(value).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Upper bounds of the classes of commits, in microseconds.
const COMMIT_CLASSES_US: [u64; 11] = [
    250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000,
];

/// How long commits of the log take, as a histogram, and what they leave to be settled. One thread notes, others read.
#[derive(Debug, Default)]
pub(crate) struct Commits {
    classes: [Figure; COMMIT_CLASSES_US.len()],
    count: Figure,
    microseconds: Figure,
    writes: Figure,
    intake_entries: Figure,
    intake_bytes: Figure,
}

impl Commits {
    /// A commit of so many writes took so long, from the first of them to the disk's answer.
    pub(crate) fn note(&self, writes: usize, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let classes = COMMIT_CLASSES_US.iter().zip(&self.classes);
        for (_, class) in classes.filter(|(bound, _)| took <= **bound) {
            class.add(1);
        }
        self.count.add(1);
        self.microseconds.add(took);
        self.writes.add(u64::try_from(writes).unwrap_or(u64::MAX));
    }

    /// So many entries wait in the intake, of so many bytes.
    pub(crate) fn wait(&self, (entries, bytes): (usize, usize)) {
        self.intake_entries.set(entries);
        self.intake_bytes.set(bytes);
    }

    /// These figures in Prometheus' text format.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        let does = "How long commits of the log took.";
        head(text, "commit_seconds", "histogram", does);
        let name = "parlord_commit_seconds";
        for (bound, class) in COMMIT_CLASSES_US.iter().zip(&self.classes) {
            let (bound, count) = (seconds(*bound), class.value());
            let _ = writeln!(text, "{name}_bucket{{le=\"{bound}\"}} {count}");
        }
        let count = self.count.value();
        let _ = writeln!(text, "{name}_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(text, "{name}_sum {}", seconds(self.microseconds.value()));
        let _ = writeln!(text, "{name}_count {count}");
        head(
            text,
            "writes_total",
            "counter",
            "Writes that were committed.",
        );
        let _ = writeln!(text, "parlord_writes_total {}", self.writes.value());
        for (name, help, figure) in [
            (
                "intake_entries",
                "Entries of the log that are stored, and not yet where they are read.",
                &self.intake_entries,
            ),
            ("intake_bytes", "Bytes of these.", &self.intake_bytes),
        ] {
            head(text, name, "gauge", help);
            let _ = writeln!(text, "parlord_{name} {}", figure.value());
        }
    }
}

/// Microseconds in seconds, as a decimal.
fn seconds(microseconds: u64) -> String {
    format!(
        "{}.{:06}",
        microseconds / 1_000_000,
        microseconds % 1_000_000
    )
}

/// All figures.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    /// Connections there are, by door: TCP, TLS, WebSocket, plain.
    pub(crate) connections: [Figure; 4],
    /// Connections there have been, by door.
    pub(crate) accepted: [Figure; 4],
    /// Connections turned away because there were too many.
    pub(crate) refused: Figure,
    /// Lines that came, by door.
    lines: [Figure; 4],
    /// Messages that were said.
    pub(crate) messages: Figure,
    /// Lines times members who heard them.
    pub(crate) deliveries: Figure,
    /// Connections dropped because they did not read, by door.
    queue_drops: [Figure; 4],
    /// Batches handled.
    pub(crate) batches: Figure,
    /// Panics caught.
    pub(crate) panics: Figure,
    /// How long commits take; the storage's own thread notes it.
    pub(crate) commits: Arc<Commits>,
}

/// The doors' names, in the order of the figures.
const DOORS: [&str; 4] = ["tcp", "tls", "websocket", "plain"];

/// The place of a door among the figures.
fn place(door: server_core::Door) -> usize {
    match door {
        server_core::Door::Tcp => 0,
        server_core::Door::Tls => 1,
        server_core::Door::WebSocket => 2,
        server_core::Door::Plain => 3,
    }
}

impl Metrics {
    /// A connection more.
    pub(crate) fn opened(&self, door: server_core::Door) {
        for figures in [&self.accepted, &self.connections] {
            if let Some(figure) = figures.get(place(door)) {
                figure.add(1);
            }
        }
    }

    /// A connection less.
    pub(crate) fn closed(&self, door: server_core::Door) {
        if let Some(figure) = self.connections.get(place(door)) {
            figure.sink();
        }
    }

    /// A line more.
    pub(crate) fn line_came(&self, door: server_core::Door) {
        if let Some(figure) = self.lines.get(place(door)) {
            figure.add(1);
        }
    }

    /// Somebody was dropped for not reading.
    pub(crate) fn queue_overflowed(&self, door: server_core::Door) {
        if let Some(figure) = self.queue_drops.get(place(door)) {
            figure.add(1);
        }
    }

    /// All connections there are.
    pub(crate) fn connected(&self) -> u64 {
        self.connections.iter().map(Figure::value).sum()
    }

    /// All figures in Prometheus' text format.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let doors = [
            (
                "connections",
                "gauge",
                "Connections there are.",
                &self.connections,
            ),
            (
                "accepted_total",
                "counter",
                "Connections there have been.",
                &self.accepted,
            ),
            ("lines_total", "counter", "Lines that came.", &self.lines),
            (
                "queue_drops_total",
                "counter",
                "Connections dropped: they did not read.",
                &self.queue_drops,
            ),
        ];
        for (name, kind, help, figures) in doors {
            head(&mut text, name, kind, help);
            for (door, figure) in DOORS.iter().zip(figures) {
                let _ = writeln!(text, "parlord_{name}{{door=\"{door}\"}} {}", figure.value());
            }
        }
        for (name, help, figure) in [
            (
                "refused_total",
                "Connections turned away: too many.",
                &self.refused,
            ),
            ("messages_total", "Messages that were said.", &self.messages),
            (
                "deliveries_total",
                "Lines times members who heard them.",
                &self.deliveries,
            ),
            ("batches_total", "Batches of inputs handled.", &self.batches),
            (
                "panics_total",
                "Panics caught; each is a bug.",
                &self.panics,
            ),
        ] {
            head(&mut text, name, "counter", help);
            let _ = writeln!(text, "parlord_{name} {}", figure.value());
        }
        text + &self.commits.text()
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(
        text,
        "# HELP parlord_{name} {help}\n# TYPE parlord_{name} {kind}\n"
    );
}
