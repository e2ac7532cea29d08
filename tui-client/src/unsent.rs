//! The file that holds what waits to be sent to one server, so that the end of the program loses nothing.
//! It must never be written by two programs: the second one to come keeps nothing.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::folder;

/// The file of one server; `None` inside: nothing is kept.
#[derive(Debug, Default)]
pub struct Unsent {
    path: Option<PathBuf>,
    /// Held as long as the program runs.
    _lock: Option<File>,
}

impl Unsent {
    /// Opens the file for a server, by its address as people write it; and what an earlier run left in it.
    pub fn open(folder: Option<&Path>, address: &str) -> (Self, String) {
        let opened = folder.and_then(|folder| open(folder, address).ok());
        opened.unwrap_or_default()
    }

    /// Keeps this in place of what was kept.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, text: &str) -> io::Result<()> {
        match &self.path {
            None => Ok(()),
            Some(path) if text.is_empty() => match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            Some(path) => folder::write(path, text),
        }
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
        _lock: Some(lock),
    };
    Ok((unsent, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_program_at_a_time_keeps_what_waits() {
        let name = format!("parlor-unsent-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (first, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "");
        first.keep("a\nb\n").unwrap();
        let (second, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "", "it is the first one's");
        second.keep("c\n").unwrap();
        drop(first);
        let (third, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "a\nb\n");
        third.keep("").unwrap();
        third.keep("").unwrap();
        drop(third);
        assert_eq!(Unsent::open(Some(&folder), "[::1]:6697").1, "");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
