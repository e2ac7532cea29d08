//! The file that holds what waits to be sent to one server, so that the end of the program, or of the power, loses
//! nothing. It must never be written by two programs: the second one to come keeps nothing.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tokio::task::{JoinHandle, spawn_blocking};

use crate::folder;

/// The file of one server; without a path nothing is kept.
#[derive(Debug, Default)]
pub struct Unsent {
    path: Option<PathBuf>,
    /// What the file holds, or will when it is written.
    kept: String,
    /// What it is to hold.
    wanted: Option<String>,
    /// The writing that is under way; one at a time, so that none overtakes another.
    saving: Option<JoinHandle<io::Result<()>>>,
    /// Whether the last writing failed.
    has_failed: bool,
    /// Held as long as the program runs.
    _lock: Option<File>,
}

impl Unsent {
    /// Opens the file for a server, by its address as people write it; and what an earlier run left in it.
    pub fn open(folder: Option<&Path>, address: &str) -> (Self, String) {
        let opened = folder.and_then(|folder| open(folder, address).ok());
        opened.unwrap_or_default()
    }

    /// Wants this kept in place of what was kept.
    pub fn want(&mut self, text: String) {
        self.wanted = Some(text);
    }

    /// Waits until what is wanted is kept; what is new in it is on the disk then, not only on its way there. What
    /// it returns is why it cannot be kept, once. It may be given up while it waits, and called again.
    pub async fn settle(&mut self) -> Option<io::Error> {
        let mut failed = None;
        loop {
            if let Some(saving) = &mut self.saving {
                let saved = saving.await;
                self.saving = None;
                let saved = saved.unwrap_or_else(|error| Err(io::Error::other(error)));
                let was_failed = std::mem::replace(&mut self.has_failed, saved.is_err());
                failed = saved.err().filter(|_| !was_failed);
            } else if let Some(text) = self.wanted.take() {
                self.saving = self.save(text);
            } else {
                return failed;
            }
        }
    }

    /// Writes it where waiting for the disk holds up nobody.
    fn save(&mut self, text: String) -> Option<JoinHandle<io::Result<()>>> {
        let path = self.path.clone()?;
        let known: BTreeSet<&str> = self.kept.lines().collect();
        // What is only taken out needs no haste: were it still there, the server would know it again.
        let has_news = text.lines().any(|line| !known.contains(line));
        self.kept.clone_from(&text);
        Some(spawn_blocking(move || write(&path, &text, has_news)))
    }
}

fn write(path: &Path, text: &str, is_durable: bool) -> io::Result<()> {
    if text.is_empty() {
        return match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    if is_durable {
        folder::write_durably(path, text)
    } else {
        folder::write(path, text)
    }
}

fn open(folder: &Path, address: &str) -> io::Result<(Unsent, String)> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = address.to_ascii_lowercase().chars().map(plain).collect();
    let path = folder.join(format!("unsent-{name}"));
    let guard = folder.join(format!("unsent-{name}.lock"));
    folder::make(folder)?;
    let lock = File::options().create(true).append(true).open(&guard)?;
    lock.try_lock()?;
    let text = folder::read(&path)?.unwrap_or_default();
    let unsent = Unsent {
        path: Some(path),
        kept: text.clone(),
        _lock: Some(lock),
        ..Unsent::default()
    };
    Ok((unsent, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn keep(unsent: &mut Unsent, text: &str) {
        unsent.want(text.to_owned());
        assert!(unsent.settle().await.is_none());
    }

    #[tokio::test]
    async fn one_program_at_a_time_keeps_what_waits() {
        let name = format!("parlor-unsent-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (mut first, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "");
        keep(&mut first, "a\nb\n").await;
        let (mut second, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "", "it is the first one's");
        keep(&mut second, "c\n").await;
        drop(first);
        let (mut third, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "a\nb\n");
        keep(&mut third, "b\n").await;
        keep(&mut third, "").await;
        keep(&mut third, "").await;
        drop(third);
        assert_eq!(Unsent::open(Some(&folder), "[::1]:6697").1, "");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn who_stops_waiting_loses_nothing_and_the_last_wish_counts() {
        let name = format!("parlor-unsent-wish-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (mut unsent, _) = Unsent::open(Some(&folder), "h:1");
        unsent.want("a\n".to_owned());
        let given_up = tokio::time::timeout(std::time::Duration::ZERO, unsent.settle()).await;
        drop(given_up);
        keep(&mut unsent, "a\nb\n").await;
        drop(unsent);
        assert_eq!(Unsent::open(Some(&folder), "h:1").1, "a\nb\n");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
