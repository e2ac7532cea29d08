//! The user's data folder: where it is, and files in it that are whole or not there.
//! It must never know what the files hold.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often, and how long in all, another program is waited for that changes the same file. It takes milliseconds; one
/// that was stopped meanwhile must not stop this one.
const TURN_LOOK: Duration = Duration::from_millis(2);
const TURN_LOOKS_MAX: u32 = 500;

/// The folder, if this system has a place for it. It may not be there yet.
pub fn find() -> Option<PathBuf> {
    let found = directories::ProjectDirs::from("", "", "parlor")?;
    Some(found.data_dir().to_owned())
}

/// What a file holds; `None` if there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a folder that only this user can enter, unless it is there.
///
/// # Errors
/// When it cannot be made.
pub fn make(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only this user can read; whoever reads it sees the old text or the new one.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let fresh = write_beside(path, text)?;
    std::fs::rename(&fresh, path)
}

/// Changes a file, if `change` makes another text of what it holds: what two programs change at once is changed by both,
/// one after the other.
///
/// # Errors
/// When the folder or the file cannot be read or written.
pub fn change(path: &Path, change: impl FnOnce(&str) -> Option<String>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    let _turn = turn(path)?;
    let old = read(path)?.unwrap_or_default();
    match change(&old) {
        Some(text) if text != old => write(path, &text),
        _ => Ok(()),
    }
}

/// This program's turn to change a file; it ends when the file that is handed out is closed.
fn turn(path: &Path) -> io::Result<File> {
    let mut options = private();
    let held = options
        .create(true)
        .truncate(false)
        .open(beside(path, ".lock"))?;
    for _ in 0..TURN_LOOKS_MAX {
        match held.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(TURN_LOOK),
            // Some network file systems have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => break,
        }
    }
    Ok(held)
}

/// How a file is opened for writing that only this user can read.
fn private() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(end);
    PathBuf::from(name)
}

/// The same as [`write`], and waits until the disk has it, so that no loss of power takes it away.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let fresh = write_beside(path, text)?;
    File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, path)?;
    settle_name(path)
}

/// Opens a file that only this user can read, to write behind what it holds; makes it if there is none.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn append(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Waits until the disk has a new name of a file, where folders can be opened.
///
/// # Errors
/// When the disk does not take it.
pub fn settle_name(path: &Path) -> io::Result<()> {
    match path.parent().map(File::open) {
        Some(Ok(folder)) => folder.sync_all(),
        _ => Ok(()),
    }
}

/// The same, for a file that must not be there yet: of two who write at once, the first one's text stays for both.
///
/// # Errors
/// When the folder or the file cannot be written; not when there is such a file.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let fresh = write_beside(path, text)?;
    let linked = File::open(&fresh)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::hard_link(&fresh, path));
    std::fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => settle_name(path),
    }
}

/// Writes what a file will hold, beside it; where.
fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        make(folder)?;
    }
    // Two programs that write at once must not write into one file.
    let fresh = beside(path, &format!(".new{}", std::process::id()));
    let mut file = private().create(true).truncate(true).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    Ok(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_change_at_once_is_changed_by_all() {
        let name = format!("parlor-folder-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let path = folder.join("lines");
        let add = &|who: usize| {
            for number in 0..25 {
                change(&path, |old| Some(format!("{old}{who} {number}\n"))).unwrap();
            }
        };
        std::thread::scope(|scope| {
            for who in 0..4 {
                scope.spawn(move || add(who));
            }
        });
        let text = read(&path).unwrap().unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines.len(), 100, "{text}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
