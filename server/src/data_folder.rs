//! The folder for what must outlast the program: made private, and used by one server at a time. It never looks into
//! what others keep there.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The file that a server holds while it runs.
const LOCK_NAME: &str = "parlor.lock";

/// Bytes of that file that are read: the number of a process.
const HOLDER_BYTES_MAX: u64 = 20;

/// A data folder that nobody else may use; free again when this is dropped, and when the process ends in any way.
#[derive(Debug)]
pub struct Held {
    _file: File,
}

/// Why a data folder cannot be had.
#[derive(Debug)]
pub enum HoldError {
    /// A server uses it; its process, where that is known.
    InUse(PathBuf, Option<String>),
    /// It cannot be made or written.
    Unusable(PathBuf, io::Error),
}

impl std::fmt::Display for HoldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::InUse(folder, holder) => {
                write!(f, "another server")?;
                if let Some(process) = holder {
                    write!(f, " (process {process})")?;
                }
                write!(
                    f,
                    " uses the data folder {}: stop that one, or give this one a folder of its own \
                     (`data_dir` in the configuration, or --data)",
                    folder.display()
                )
            }
            Self::Unusable(path, error) => {
                write!(
                    f,
                    "the data folder cannot be used: {}: {error}",
                    path.display()
                )
            }
        }
    }
}

impl std::error::Error for HoldError {}

/// Makes the folder if there is none, and holds it.
pub fn hold(folder: &Path) -> Result<Held, HoldError> {
    let unusable = |path: &Path, error| HoldError::Unusable(path.to_owned(), error);
    make_private_dir(folder).map_err(|error| unusable(folder, error))?;
    let path = folder.join(LOCK_NAME);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(&path)
        .map_err(|error| unusable(&path, error))?;
    match file.try_lock() {
        // What stands in the file is only for people; a disk that is full is found out about elsewhere.
        Ok(()) => drop(write_holder(&mut file)),
        Err(TryLockError::WouldBlock) => {
            return Err(HoldError::InUse(folder.to_owned(), holder(&mut file)));
        }
        // Some network file systems have no locks. They are no reason not to start.
        Err(TryLockError::Error(error)) => {
            tracing::warn!("{} cannot be locked: {error}", path.display());
        }
    }
    Ok(Held { _file: file })
}

fn write_holder(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    write!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.take(HOLDER_BYTES_MAX).read_to_string(&mut text).ok()?;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(text)
}

/// Makes a folder that only this user can enter, unless it is there.
pub(crate) fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a file that only this user can read; it is whole or not there.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests;
