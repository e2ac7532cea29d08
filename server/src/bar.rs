//! How far something has come, drawn on a terminal. Where standard error is none, it never writes anything.

use std::io::{self, IsTerminal, Write};

/// Cells of the whole bar.
const CELLS: u64 = 30;

/// A bar with what it is about before it; gone when it is dropped.
#[derive(Debug)]
pub struct Bar {
    about: &'static str,
    drawn: Option<String>,
    is_seen: bool,
}

impl Bar {
    /// A bar that is drawn if anybody sees it.
    pub fn new(about: &'static str) -> Self {
        Self {
            about,
            drawn: None,
            is_seen: io::stderr().is_terminal(),
        }
    }

    /// So many of so many are done.
    pub fn set(&mut self, done: u64, total: u64) {
        let picture = picture(self.about, done, total);
        if !self.is_seen || self.drawn.as_ref() == Some(&picture) {
            return;
        }
        put(&format!("\r{picture}"));
        self.drawn = Some(picture);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            // To the start of the line, and clear it.
            put("\r\x1b[K");
        }
    }
}

fn put(text: &str) {
    let mut out = io::stderr();
    // A terminal that is gone needs no bar.
    drop(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// `about [######......................]  20 %`
fn picture(about: &str, done: u64, total: u64) -> String {
    let of = |whole: u64| {
        let part = u128::from(done.min(total)) * u128::from(whole) / u128::from(total.max(1));
        usize::try_from(part).unwrap_or(0)
    };
    let full = "#".repeat(of(CELLS));
    let cells = usize::try_from(CELLS).unwrap_or(0);
    format!("{about} [{full:.<cells$}] {:>3} %", of(100))
}

#[cfg(test)]
mod tests;
