//! Folds the write-ahead log into the file on a thread of its own, while the writer goes on. It never truncates what a
//! reader still needs, and never holds up a commit.
//!
//! SQLite would do it in the commit that makes the log too long, and the messages of that commit would wait for two
//! syncs of all of it. It still does, far later, if this does not come to an end because a commit always comes between:
//! then little is left to be done.

use std::path::Path;
use std::sync::mpsc::Receiver;

use rusqlite::{Connection, Result};

use crate::database::{self, CHECKPOINT_PAGES, OpenError};

/// Tries at one time: each leaves what was written during the one before.
const ROUNDS: u32 = 3;
/// Pages that are left for the next time: 4 MiB.
const REST_PAGES: i64 = 1024;

/// A connection that folds.
#[derive(Debug)]
pub(super) struct Folder(Connection);

impl Folder {
    /// Opens it: the file must be there.
    pub(super) fn open(path: &Path) -> std::result::Result<Self, OpenError> {
        database::open_to_fold(path).map(Self)
    }

    /// Folds each time it is told to look and finds enough, until nobody can tell it any more.
    pub(super) fn run(self, told: &Receiver<()>) {
        for () in told {
            if let Err(error) = self.fold() {
                let reason = database::reason(&error);
                tracing::debug!(reason, "the write-ahead log could not be folded in");
            }
        }
    }

    fn fold(&self) -> Result<()> {
        let (pages, folded) = self.checkpoint("NOOP")?;
        if pages < i64::from(CHECKPOINT_PAGES) || pages - folded < REST_PAGES {
            return Ok(());
        }
        for _ in 0..ROUNDS {
            let (pages, folded) = self.checkpoint("PASSIVE")?;
            if folded >= pages {
                // The next commit begins the write-ahead log anew.
                break;
            }
        }
        Ok(())
    }

    /// Pages in the write-ahead log, and how many of them are in the file.
    fn checkpoint(&self, mode: &str) -> Result<(i64, i64)> {
        self.0
            .query_row(&format!("PRAGMA wal_checkpoint({mode})"), (), |row| {
                Ok((row.get(1)?, row.get(2)?))
            })
    }
}
