//! The user's data folder: where it is, and files in it that are whole or not there.
//! It must never know what the files hold.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

/// The same, and waits until the disk has it, so that no loss of power takes it away.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let fresh = write_beside(path, text)?;
    std::fs::File::open(&fresh)?.sync_all()?;
    std::fs::rename(&fresh, path)?;
    settle_name(path)
}

/// Waits until the disk has a new name of a file, where folders can be opened.
fn settle_name(path: &Path) -> io::Result<()> {
    match path.parent().map(std::fs::File::open) {
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
    let linked = std::fs::File::open(&fresh)
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
    let mut fresh = path.to_owned().into_os_string();
    // Two programs that write at once must not write into one file.
    fresh.push(format!(".new{}", std::process::id()));
    let fresh = PathBuf::from(fresh);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(text.as_bytes())?;
    Ok(fresh)
}
