//! The one SQLite file of a server: opened, with its schema brought up to date, or refused. It never knows what the
//! rows mean, and never makes another file than the one asked for.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::Stamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::storage::Durability;

pub mod backup;
pub mod check;
pub(crate) mod news;
pub mod schema;
mod upgrade;

/// The name of the file in the server's data folder.
pub const FILE_NAME: &str = "parlor.db";

/// How long a connection waits for another to finish writing. The log's commits take milliseconds.
const BUSY: Duration = Duration::from_secs(10);
/// Pages (4 KiB) after which the write-ahead log is folded into the file beside the writer: 16 MiB.
pub(crate) const CHECKPOINT_PAGES: u32 = 4096;
/// Pages after which a commit does it itself: only where that never came to an end.
const CHECKPOINT_PAGES_MAX: u32 = 3 * CHECKPOINT_PAGES;
/// Bytes the write-ahead log keeps on the disk once it is folded in.
const WAL_BYTES_MAX: u32 = 64 << 20;
/// KiB of pages a writing connection keeps in memory.
const CACHE_KIB: i32 = 32 << 10;
/// Bytes of the file that are read through the system's page cache without being copied.
const MMAP_BYTES: i64 = 1 << 30;

/// Why a database was refused, in a sentence for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError {
    /// Which file.
    pub path: PathBuf,
    /// Why, in words for people.
    pub reason: String,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the database {} cannot be used: {}",
            self.path.display(),
            self.reason
        )
    }
}

impl std::error::Error for OpenError {}

/// Opens the file to write, makes it if there is none, and brings its schema up to date.
///
/// Refused: a file of a newer `parlord`, of another program, a damaged one, and one that cannot be written; one of an older
/// `parlord` where the disk has no room to bring it up to date.
pub fn open_to_write(path: &Path, durability: Durability) -> Result<Connection, OpenError> {
    open(path, durability, &mut |_, _| ())
}

/// Brings a database that is there up to date, which may take minutes for one of many gigabytes: `progress` is told of
/// how many bytes how many are written, roughly.
pub fn upgrade(path: &Path, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<(), OpenError> {
    if path.exists() {
        open(path, Durability::Disk, progress)?;
    }
    Ok(())
}

fn open(
    path: &Path,
    durability: Durability,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Connection, OpenError> {
    let refuse = |error: rusqlite::Error| refusal(path, &error);
    make_private(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(refuse)?;
    connection.busy_timeout(BUSY).map_err(refuse)?;
    // Asked for before anything is written: a stranger's file must stay as it is.
    schema::check(&connection).map_err(|reason| OpenError {
        path: path.to_owned(),
        reason,
    })?;
    set_up(&connection, durability).map_err(refuse)?;
    upgrade::bring_up_to_date(&mut connection, path, progress)?;
    Ok(connection)
}

/// Opens the file to read. [`open_to_write`] must have been there before.
pub fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "mmap_size", MMAP_BYTES)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        keep_plans(&connection)?;
        Ok(connection)
    };
    open().map_err(|error| refusal(path, &error))
}

/// Opens the file to fold its write-ahead log into it. [`open_to_write`] must have been there before.
pub(crate) fn open_to_fold(path: &Path) -> Result<Connection, OpenError> {
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        // A sync before pages are copied, and one after that.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "journal_size_limit", WAL_BYTES_MAX)?;
        Ok(connection)
    };
    open().map_err(|error| refusal(path, &error))
}

/// Opens the file to suppose what is never committed: nothing of it is written to the disk. [`open_to_write`] must have
/// been there before.
pub(crate) fn open_to_suppose(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "cache_spill", false)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Whether commits of a connection wait for the disk. Without that they stay in order, and are on the disk with the next
/// one that does.
pub(crate) fn sync_commits(connection: &Connection, is_to: bool) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", if is_to { "FULL" } else { "NORMAL" })
}

/// Whether they do.
pub(crate) fn syncs_commits(connection: &Connection) -> rusqlite::Result<bool> {
    connection.pragma_query_value(None, "synchronous", |row| Ok(row.get::<_, i64>(0)? >= 2))
}

/// Makes the file, readable by its owner only: it holds what was said, and hashes of passwords. SQLite gives the files
/// beside it the same mode. If it cannot be made, opening it says why.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(path));
}

fn set_up(connection: &Connection, durability: Durability) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // In WAL mode FULL is an fsync at each commit; NORMAL syncs at checkpoints only, and stays consistent.
    let synchronous = match durability {
        Durability::Disk => "FULL",
        Durability::Process => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES_MAX)?;
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES_MAX)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is taken out is overwritten: redacted words must not stay readable in the file.
    connection.pragma_update(None, "secure_delete", true)?;
    keep_plans(connection)
}

/// Statements are planned once, for whatever values: else SQLite plans them anew at each execution where the file has
/// statistics with samples, and that is a quarter of the time of an append.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The same for a file that was opened before.
pub(crate) fn refusal(path: &Path, error: &rusqlite::Error) -> OpenError {
    OpenError {
        path: path.to_owned(),
        reason: reason(error),
    }
}

/// Why the database failed, in words for people.
pub fn reason(error: &rusqlite::Error) -> String {
    let words = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "the server's disk is full",
        Some(ErrorCode::ReadOnly) => "the server's disk cannot be written",
        Some(ErrorCode::CannotOpen) => "the server's database file cannot be opened",
        Some(ErrorCode::SystemIoFailure) => "the server's disk does not work",
        Some(ErrorCode::DatabaseCorrupt) => "the server's database is damaged",
        Some(ErrorCode::NotADatabase) => "it is no database",
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds the server's database"
        }
        Some(ErrorCode::TooBig) => "it is too big for the server's database",
        _ => return format!("the server's database failed ({error})"),
    };
    words.to_owned()
}

/// A moment as SQLite keeps it. Moments past the year 292 million are that year.
pub fn time_number(time: Stamp) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

/// A moment from SQLite.
pub fn time_of(number: i64) -> Stamp {
    Stamp(u64::try_from(number).unwrap_or(0))
}
