//! A terminal that does not show what is typed. It never stays that way.

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// What is typed is not shown as long as this lives.
pub(super) struct Unseen {
    #[cfg(unix)]
    before: Termios,
}

#[cfg(unix)]
impl Unseen {
    /// `None`: standard input is no terminal, or one that cannot do it.
    pub(super) fn new() -> Option<Self> {
        let before = tcgetattr(std::io::stdin()).ok()?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ECHO);
        // So that the end of the line is seen, at least.
        modes.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &modes).ok()?;
        Some(Self { before })
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Now, &self.before);
    }
}

#[cfg(not(unix))]
impl Unseen {
    /// Nobody knows how, there.
    pub(super) fn new() -> Option<Self> {
        None
    }
}
