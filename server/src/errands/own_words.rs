//! What one account said: written out for its owner, or erased. It never shows what anybody else said.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::say::say;
use crate::accounts::book::sqlite::SqliteBook;
use crate::accounts::book::{Account, Book};
use crate::bar::Bar;
use crate::storage::sqlite::own;

/// Writes it to a new file that only its owner can read, or to standard output.
pub(super) fn export(
    mut book: SqliteBook,
    name: &str,
    file: Option<&Path>,
    database: &Path,
) -> Result<(), String> {
    let account = find(&mut book, name)?;
    let mut bar = Bar::new("exporting");
    let mut write = |out: &mut dyn Write| {
        own::export(database, &account.name, out, &mut |done, total| {
            bar.set(done, total);
            true
        })
    };
    let Some(file) = file else {
        // Whoever closed the output has seen enough.
        return write(&mut BufWriter::new(io::stdout().lock())).map(|_| ());
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.open(file);
    let made = made.map_err(|error| format!("{}: {error}", file.display()))?;
    let written = write(&mut BufWriter::new(&made));
    // Half of it must not be taken for all.
    let count = written.inspect_err(|_| drop(std::fs::remove_file(file)))?;
    made.sync_all()
        .map_err(|error| format!("{}: {error}", file.display()))?;
    drop(bar);
    say(&format!(
        "{} has {count} of {}",
        file.display(),
        account.name
    ));
    Ok(())
}

/// Erases it, the account closed before that if asked for.
pub(super) fn erase(
    mut book: SqliteBook,
    name: &str,
    is_to_close: bool,
    database: &Path,
) -> Result<(), String> {
    let account = find(&mut book, name)?;
    if is_to_close {
        // What is said until a server that runs has heard of it is erased by that one, or by the next.
        book.close(&account.name, true).map_err(|error| error.0)?;
        say(&format!("the account {} is closed", account.name));
    }
    drop(book);
    let mut bar = Bar::new("erasing");
    let erased = own::erase(database, &account.name, &mut None, &mut |done, total| {
        bar.set(done, total);
        true
    });
    drop(bar);
    say(&format!("{} of {} are erased", erased?, account.name));
    Ok(())
}

fn find(book: &mut SqliteBook, name: &str) -> Result<Account, String> {
    let found = book.find(name).map_err(|error| error.0)?;
    found.ok_or_else(|| format!("there is no account {name}"))
}
