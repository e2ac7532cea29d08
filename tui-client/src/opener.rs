//! Opens a link with the user's own programs.
//! It must never hand an address to a shell, nor let a program write to our terminal.

use std::process::{Child, Command, Stdio};

/// Programs that may run at a time: each is gone as soon as the browser has the address.
const RUNNING_MAX: usize = 4;

/// Longer addresses are no honest ones.
const ADDRESS_BYTES_MAX: usize = 2_000;

/// What may be opened: nothing that leads back here or to a program.
const SCHEMES: &[&str] = &["https://", "http://", "gemini://", "ftp://", "mailto:"];

/// What opens links, and the programs that it started.
#[derive(Debug, Default)]
pub struct Opener {
    running: Vec<Child>,
}

/// Whether an address is one that may be opened.
pub fn may_open(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    address.len() <= ADDRESS_BYTES_MAX
        && SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
        && !address.contains(|char: char| char.is_control() || char.is_whitespace())
}

impl Opener {
    /// Opens an address; whether anything was there to open it.
    pub fn open(&mut self, address: &str) -> bool {
        self.running
            .retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        if !may_open(address) || !has_screen() || self.running.len() >= RUNNING_MAX {
            return false;
        }
        let program = if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        let started = Command::new(program)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let is_started = started.is_ok();
        self.running.extend(started);
        is_started
    }
}

/// Whether there is a screen beside the terminal: over SSH the browser would open on the wrong machine, or in here.
fn has_screen() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(target_os = "macos") || is_set("WAYLAND_DISPLAY") || is_set("DISPLAY")
}

#[cfg(test)]
mod tests;
