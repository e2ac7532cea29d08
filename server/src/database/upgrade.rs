//! Brings the database of an older server up to date, and looks before that whether the disk has room for it. It never
//! leaves it half-way: all steps are one transaction, which a kill undoes.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::Connection;

use super::{OpenError, refusal, schema};

/// The first version whose entries are not written anew on the way to the present one.
const ENTRIES_STAY: i64 = 4;
/// How often it is looked how far it has come.
const LOOK: Duration = Duration::from_millis(200);

/// Brings the schema up to date. `progress` is told of how many bytes how many are written, roughly, where it takes long.
///
/// Refused: where the disk has less room than that needs.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    path: &Path,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<(), OpenError> {
    let refuse = |error: rusqlite::Error| refusal(path, &error);
    let found: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(refuse)?;
    if found == 0 || found >= ENTRIES_STAY {
        return schema::bring_up_to_date(connection).map_err(refuse);
    }
    let bytes = length(path);
    if let Some(reason) = no_room(bytes, free(path), found) {
        return Err(OpenError {
            path: path.to_owned(),
            reason,
        });
    }
    tracing::info!(
        "the database is brought from schema {found} to {}",
        schema::version()
    );
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    let (log, is_done) = (Path::new(&log), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            // What changes stands in the write-ahead log until all of it has.
            while !is_done.load(Ordering::Acquire) {
                progress(length(log).min(bytes), bytes);
                std::thread::park_timeout(LOOK);
            }
        });
        let brought = schema::bring_up_to_date(connection).map_err(refuse);
        is_done.store(true, Ordering::Release);
        watch.thread().unpark();
        brought
    })
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

/// Why there is too little room: every entry is written once more, beside the file, and then into it, and is sorted.
fn no_room(bytes: u64, free: Option<u64>, found: i64) -> Option<String> {
    let needed = bytes.saturating_mul(2);
    let free = free.filter(|free| *free < needed)?;
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    Some(format!(
        "it must be brought from schema {found} to {}, which needs {} MiB on its disk, and {} are free: make room, or \
         start the parlord that wrote it",
        schema::version(),
        mib(needed),
        free >> 20
    ))
}

/// Bytes that may still be written where a file is; `None`: that cannot be known.
fn free(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let found = rustix::fs::statvfs(path).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn a_disk_without_room_is_a_reason_with_figures() {
        assert_eq!(no_room(GIB, Some(2 * GIB), 3), None);
        assert_eq!(no_room(GIB, None, 3), None);
        let why = no_room(GIB, Some(GIB), 3).unwrap();
        assert!(
            why.contains("needs 2048 MiB on its disk, and 1024 are free"),
            "{why}"
        );
        assert!(free(&std::env::temp_dir()).is_none_or(|free| free > 0));
    }
}
