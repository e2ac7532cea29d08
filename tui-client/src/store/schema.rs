//! The store's file: made, opened, refused, or set aside.
//! It must never touch a file that a newer parlor wrote, nor begin anew over one that can be read.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use crate::folder;

/// The file in the data folder.
pub const FILE_NAME: &str = "client.db";
/// Held by the one parlor that writes it.
const LOCK_NAME: &str = "client.db.lock";
/// What marks a file as ours: "Parc".
const APPLICATION_ID: i64 = 0x5061_7263;
/// Step `n` takes a file from version `n` to version `n + 1`. What was released is never changed.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
];
/// How long a program that looks into the file may hold us up.
const BUSY: Duration = Duration::from_secs(5);
/// KiB of pages kept in memory: the store shares a small program's memory.
const CACHE_KIB: i32 = 256;
/// Pages (4 KiB) after which the write-ahead log is folded into the file.
const CHECKPOINT_PAGES: u32 = 1000;
/// Bytes that the write-ahead log keeps on the disk once it is folded in.
const WAL_BYTES_MAX: u32 = 8 << 20;
/// Damaged files that are kept.
const ASIDE_MAX: u32 = 100;

/// An open store.
#[derive(Debug)]
pub struct Opened {
    /// The file.
    pub connection: Connection,
    /// What the user should know.
    pub word: Option<String>,
    /// Held as long as the store is open.
    pub lock: File,
}

/// Opens the store in a data folder; a damaged one is set aside, and a new one begun.
///
/// # Errors
/// Why there is none in this run, as a sentence.
pub fn open(folder: &Path) -> Result<Opened, String> {
    let lock = lock(folder)?;
    let path = folder.join(FILE_NAME);
    make_private(&path);
    let (connection, word) = match prepare(&path) {
        Ok(connection) => (connection, None),
        Err(Fault::Newer) => {
            return Err(format!(
                "{} was written by a newer parlor; nothing is kept on this machine in this run",
                path.display()
            ));
        }
        Err(Fault::Sql(error)) if is_damage(&error) => {
            let aside = set_aside(&path)?;
            make_private(&path);
            let fresh = prepare(&path).map_err(|fault| fault.sentence(&path))?;
            let word = format!(
                "What was kept on this machine is damaged ({error}) and was set aside as {}.",
                aside.display()
            );
            (fresh, Some(word))
        }
        Err(fault) => return Err(fault.sentence(&path)),
    };
    Ok(Opened {
        connection,
        word,
        lock,
    })
}

/// The version that this program writes.
fn version_now() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Why a file cannot be used.
enum Fault {
    Newer,
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl Fault {
    fn sentence(&self, path: &Path) -> String {
        match self {
            Self::Newer => format!("{} was written by a newer parlor", path.display()),
            Self::Sql(error) => failed(path, error),
        }
    }
}

/// That the store cannot be used, as a sentence.
pub fn failed(path: &Path, error: &rusqlite::Error) -> String {
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::ReadOnly) => "it cannot be written".to_owned(),
        Some(ErrorCode::CannotOpen) => "it cannot be opened".to_owned(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds it".to_owned()
        }
        _ => error.to_string(),
    };
    format!(
        "{} cannot be used ({why}); nothing is kept on this machine in this run",
        path.display()
    )
}

/// Whether the file itself is broken, so that trying again is useless.
pub fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}

fn lock(folder: &Path) -> Result<File, String> {
    let path = folder.join(LOCK_NAME);
    let made = folder::make(folder)
        .and_then(|()| File::options().create(true).append(true).open(&path))
        .map_err(|error| {
            format!(
                "{} cannot be used ({error}); nothing is kept on this machine in this run",
                path.display()
            )
        })?;
    made.try_lock().map_err(|_| {
        "Another parlor keeps what is said on this machine; this one keeps nothing.".to_owned()
    })?;
    Ok(made)
}

/// Makes the file for its owner only. SQLite gives the files beside it the same mode; if it cannot be made, opening
/// it says why.
fn make_private(path: &Path) {
    let mut options = fs::OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

fn prepare(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    let ask = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (id, version) = (ask("application_id")?, ask("user_version")?);
    let is_empty = connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", (), |row| {
        row.get::<_, bool>(0)
    })?;
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > STEPS.len() {
        return Err(Fault::Newer);
    }
    if id != APPLICATION_ID && !is_empty {
        let why = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB);
        return Err(rusqlite::Error::SqliteFailure(why, None).into());
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A loss of power may take the last moments; the server has them, and nothing here was promised.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES_MAX)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Words that were taken back must not stay readable in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(32);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in STEPS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version_now())?;
    transaction.commit()?;
    Ok(connection)
}

/// Gives a damaged file another name; the answer is that name.
///
/// # Errors
/// When it cannot be moved, as a sentence.
pub fn set_aside(path: &Path) -> Result<PathBuf, String> {
    let names = (1..=ASIDE_MAX).map(|number| beside(path, &format!(".damaged-{number}")));
    let Some(aside) = names.into_iter().find(|name| !name.exists()) else {
        return Err(format!(
            "{} is damaged, and so are {ASIDE_MAX} beside it; nothing is kept on this machine",
            path.display()
        ));
    };
    fs::rename(path, &aside).map_err(|error| {
        format!(
            "{} is damaged and cannot be set aside ({error}); nothing is kept on this machine",
            path.display()
        )
    })?;
    for rest in ["-wal", "-shm"] {
        // They belong to the damaged one, and must not be taken for the next one's.
        drop(fs::rename(beside(path, rest), beside(&aside, rest)));
    }
    Ok(aside)
}

/// For tests: an empty store in memory.
#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    for step in STEPS {
        db.execute_batch(step).unwrap();
    }
    db
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
