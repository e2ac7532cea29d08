//! Backups, and whether the database is whole. It never touches a database that a server has, but to read it.

use std::path::Path;

use super::say::say;
use crate::bar::Bar;
use crate::config::Config;
use crate::data_folder;
use crate::database::{OpenError, backup as copies, check as checks};

/// Copies the database.
pub(super) fn backup(database: &Path, to: &Path) -> Result<(), String> {
    there(database)?;
    if to.exists() {
        let to = to.display();
        return Err(format!(
            "{to} exists already, and a backup is never written over another: give it a new name"
        ));
    }
    let mut bar = Bar::new("copying");
    let copied = copies::backup(database, to, &mut |done, total| bar.set(done, total));
    drop(bar);
    copied.map_err(|error| match error.path {
        path if path == database => OpenError { path, ..error }.to_string(),
        path => format!("{} cannot be written: {}", path.display(), error.reason),
    })?;
    let size = std::fs::metadata(to).map_or(0, |about| about.len());
    say(&format!("{} has it all: {}", to.display(), words(size)));
    Ok(())
}

/// Puts a backup in the place of the database, while nobody serves it.
pub(super) fn restore(from: &Path, config: &Config, database: &Path) -> Result<(), String> {
    if !from.is_file() {
        return Err(format!("there is no backup {}", from.display()));
    }
    let folder = config.data_dir();
    let _held = data_folder::hold(&folder).map_err(|error| error.to_string())?;
    let mut bar = Bar::new("copying");
    let restored = copies::restore(from, database, &mut |done, total| bar.set(done, total));
    drop(bar);
    let before = restored.map_err(|error| error.to_string())?;
    say(&format!("{} is restored", database.display()));
    if let Some(before) = before {
        say(&format!("what was there before is {}", before.display()));
    }
    Ok(())
}

/// Says what is wrong with the database, or with a backup.
pub(super) fn check(file: Option<&Path>, database: &Path) -> Result<(), String> {
    let what_to_do = match file {
        None => "Stop the server, keep a copy of the file, and restore a backup",
        Some(_) => "Make a new backup",
    };
    let database = match file {
        None => {
            there(database)?;
            database
        }
        Some(file) if file.is_file() => file,
        Some(file) => return Err(format!("there is no file {}", file.display())),
    };
    let mut bar = Bar::new("checking");
    let checked = checks::check(database, &mut |done, total| bar.set(done, total));
    drop(bar);
    let findings = checked.map_err(|error| error.to_string())?;
    if findings.is_empty() {
        say(&format!("{} is whole", database.display()));
        return Ok(());
    }
    Err(format!(
        "{} is damaged: {}. {what_to_do}",
        database.display(),
        findings.join("; ")
    ))
}

/// Whether there is a database at all: SQLite would only say that it cannot open it.
fn there(database: &Path) -> Result<(), String> {
    if database.exists() {
        return Ok(());
    }
    Err(format!(
        "there is no database {}: no server has kept anything there yet",
        database.display()
    ))
}

fn words(bytes: u64) -> String {
    const MIB: u64 = 1 << 20;
    if bytes >= MIB {
        return format!("{} MiB", bytes.div_ceil(MIB));
    }
    format!("{} KiB", bytes.div_ceil(1024))
}
