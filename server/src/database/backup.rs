//! A copy of the database while the server runs, and its way back. It never overwrites anything: not an older backup,
//! not the database that was there before.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{OpenError, open_to_read, refusal, schema};

/// Pages copied between two reports: 4 MiB.
const PAGES_A_STEP: i32 = 1024;

/// Databases that restoring keeps beside the one in use.
const SET_ASIDE_MAX: u32 = 1000;

/// Told how many of how many pages are done.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// Copies the database at `path` to a new file at `to`: all that is stored at this moment and nothing later, while the
/// server goes on writing.
///
/// Refused: where `to` exists; what cannot be read, or is no database of ours; what cannot be written.
pub fn backup(path: &Path, to: &Path, progress: Progress<'_>) -> Result<(), OpenError> {
    if to.exists() {
        return Err(refused(
            to,
            "it exists already: a backup is not overwritten",
        ));
    }
    let partial = beside(to, ".partial");
    let copied = copy(path, &partial, progress).and_then(|()| rename(&partial, to));
    if copied.is_err() {
        drop(fs::remove_file(&partial));
    }
    copied
}

/// Puts a backup in the place of the database at `path`. What was there before is kept beside it; its name is the
/// answer.
///
/// Refused: while a server has the database open; a backup that is damaged, newer than this program, or not ours.
pub fn restore(
    from: &Path,
    path: &Path,
    progress: Progress<'_>,
) -> Result<Option<PathBuf>, OpenError> {
    let partial = beside(path, ".partial");
    let copied = copy(from, &partial, progress).and_then(|()| {
        let findings = super::check::check(&partial, &mut |_, _| ())?;
        match findings.first() {
            Some(finding) => Err(refused(from, finding)),
            None => Ok(()),
        }
    });
    let restored = copied.and_then(|()| {
        let before = if path.exists() {
            Some(set_aside(path)?)
        } else {
            None
        };
        rename(&partial, path)?;
        Ok(before)
    });
    if restored.is_err() {
        drop(fs::remove_file(&partial));
    }
    restored
}

fn copy(from: &Path, to: &Path, progress: Progress<'_>) -> Result<(), OpenError> {
    drop(fs::remove_file(to));
    let source = open_to_read(from)?;
    schema::check(&source).map_err(|reason| refused(from, &reason))?;
    let mut run = || -> rusqlite::Result<()> {
        // An open read transaction: the copy is of one moment, and a write does not make it begin anew.
        source.execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")?;
        super::make_private(to);
        let mut target = Connection::open(to)?;
        let backup = Backup::new(&source, &mut target)?;
        loop {
            let step = backup.step(PAGES_A_STEP)?;
            let pages = backup.progress();
            let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
            let total = count(pages.pagecount);
            progress(total.saturating_sub(count(pages.remaining)), total);
            match step {
                StepResult::Done => break,
                // The connection has waited for its time already.
                StepResult::Busy | StepResult::Locked => {
                    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
                    return Err(rusqlite::Error::SqliteFailure(busy, None));
                }
                _ => {}
            }
        }
        drop(backup);
        // A copy is one file, and stays that when it is read; who serves it makes its write-ahead log anew.
        target.pragma_update(None, "journal_mode", "DELETE")
    };
    run().map_err(|error| refusal(to, &error))
}

/// Folds the write-ahead log into the file and gives it another name.
fn set_aside(path: &Path) -> Result<PathBuf, OpenError> {
    let alone = || -> rusqlite::Result<()> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::ZERO)?;
        // Whoever has it open holds a lock that this does not get.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.execute_batch("BEGIN EXCLUSIVE; COMMIT")?;
        connection.pragma_update(None, "journal_mode", "DELETE")
    };
    match alone() {
        Err(error) if is_busy(&error) => {
            return Err(refused(path, "a server has it open: stop that first"));
        }
        // A damaged one is set aside as it is.
        Ok(()) | Err(_) => {}
    }
    let free = |number: u32| beside(path, &format!(".before-restore-{number}"));
    let mut names = (1..=SET_ASIDE_MAX).map(free);
    let Some(aside) = names.find(|aside| !aside.exists()) else {
        return Err(refused(
            path,
            "too many older ones are beside it: remove some",
        ));
    };
    rename(path, &aside)?;
    for rest in ["-wal", "-shm"] {
        // There are none unless it was damaged; they must not be taken for the restored one's.
        drop(fs::rename(beside(path, rest), beside(&aside, rest)));
    }
    Ok(aside)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

/// Renames a file once the disk has it.
fn rename(from: &Path, to: &Path) -> Result<(), OpenError> {
    let run = || -> std::io::Result<()> {
        File::open(from)?.sync_all()?;
        fs::rename(from, to)?;
        if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            // So that the name survives a loss of power as well, where folders can be opened.
            if let Ok(folder) = File::open(folder) {
                folder.sync_all()?;
            }
        }
        Ok(())
    };
    run().map_err(|error| refused(to, &error.to_string()))
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn refused(path: &Path, reason: &str) -> OpenError {
    OpenError {
        path: path.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests;
