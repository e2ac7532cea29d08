//! What an errand says. It never minds that nobody listens.

use std::io::{self, Write};

/// Writes a line to standard output. Whoever closed that does not want it.
pub(super) fn say(line: &str) {
    drop(writeln!(io::stdout(), "{line}"));
}
