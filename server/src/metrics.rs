//! What is counted, for Prometheus. It never names a person or a room.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

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

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
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
    /// Lines that came.
    pub(crate) lines: Figure,
    /// Messages that were said.
    pub(crate) messages: Figure,
    /// Lines times members who heard them.
    pub(crate) deliveries: Figure,
    /// Connections dropped because they did not read.
    pub(crate) queue_drops: Figure,
    /// Batches handled.
    pub(crate) batches: Figure,
    /// Panics caught.
    pub(crate) panics: Figure,
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
            ("lines_total", "Lines that came.", &self.lines),
            ("messages_total", "Messages that were said.", &self.messages),
            (
                "deliveries_total",
                "Lines times members who heard them.",
                &self.deliveries,
            ),
            (
                "queue_drops_total",
                "Connections dropped: they did not read.",
                &self.queue_drops,
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
        text
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = write!(
        text,
        "# HELP parlord_{name} {help}\n# TYPE parlord_{name} {kind}\n"
    );
}
