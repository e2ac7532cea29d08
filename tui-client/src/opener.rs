//! Opens a link with the user's own programs.
//! It must never hand an address to a shell, nor let a program write to our terminal.

use std::process::{Child, Command, Stdio};

/// Programs that may run at a time: each is gone as soon as the browser has the address.
const RUNNING_MAX: usize = 4;

/// Longer addresses are no honest ones.
const ADDRESS_BYTES_MAX: usize = 2_000;

/// What may be opened: nothing that leads back here or to a program.
const SCHEMES: &[&str] = &["https://", "http://", "gemini://", "ftp://", "mailto:"];

/// Browsers that want the terminal, which is ours.
const IN_TERMINAL: &[&str] = &["lynx", "w3m", "links", "links2", "elinks", "www-browser"];

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
        if !may_open(address) || self.running.len() >= RUNNING_MAX {
            return false;
        }
        let own = std::env::var("BROWSER").unwrap_or_default();
        let of_desktop = if cfg!(target_os = "macos") {
            "open"
        } else {
            "xdg-open"
        };
        let of_desktop = has_screen().then(|| vec![of_desktop.to_owned(), address.to_owned()]);
        let all = of_desktop.into_iter().chain(browsers(&own, address));
        let started = all.into_iter().find_map(|words| start(&words));
        let is_started = started.is_some();
        self.running.extend(started);
        is_started
    }
}

/// What `BROWSER` names: programs with arguments, colons between them, the first one first. Those that would draw in
/// our terminal are passed over.
fn browsers(named: &str, address: &str) -> Vec<Vec<String>> {
    let words = |one: &str| {
        let mut words: Vec<String> = one.split_whitespace().map(str::to_owned).collect();
        let program = words.first()?.rsplit('/').next()?;
        if IN_TERMINAL.contains(&program) {
            return None;
        }
        if one.contains("%s") {
            for word in &mut words {
                *word = word.replace("%s", address);
            }
        } else {
            words.push(address.to_owned());
        }
        Some(words)
    };
    named.split(':').filter_map(words).collect()
}

/// Starts a program that says and hears nothing here.
fn start(words: &[String]) -> Option<Child> {
    let (program, arguments) = words.split_first()?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().ok()
}

/// Whether there is a screen beside the terminal: over SSH the browser would open on the wrong machine, or in here.
fn has_screen() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(target_os = "macos") || is_set("WAYLAND_DISPLAY") || is_set("DISPLAY")
}

#[cfg(test)]
mod tests;
