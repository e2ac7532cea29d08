//! What the program says of itself, to standard error. It never says what people said.

use std::fmt;
use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use crate::journal::{LogFormat, Paper, now};

/// Starts writing to standard error; `PARLOR_LOG` says how much (`info` by default).
pub fn start(format: LogFormat) -> io::Result<Paper> {
    let paper = Paper::start(io::stderr())?;
    let filter = EnvFilter::try_from_env("PARLOR_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = paper.clone();
    let written = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(move || Line(lines.clone()))
        .with_timer(Moment)
        .with_target(false)
        .with_ansi(false);
    // Only one can be; whoever hosts several servers in one process has set it.
    let _ = match format {
        LogFormat::Text => tracing::subscriber::set_global_default(written.finish()),
        LogFormat::Json => {
            let written = written.json().flatten_event(true);
            tracing::subscriber::set_global_default(written.finish())
        }
    };
    Ok(paper)
}

/// One line on its way to the paper.
struct Line(Paper);

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The moment, as in every line of the server.
struct Moment;

impl FormatTime for Moment {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", now())
    }
}
