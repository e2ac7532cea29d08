//! Whether a database is whole: its pages, its index of words, and what the log promises. It never repairs anything.

use std::path::Path;

use rusqlite::{Connection, Result};

use super::{OpenError, open_to_read, reason, schema};
use crate::storage::sqlite::intake;

/// Findings that are told; the rest are more of the same.
const FINDINGS_MAX: u32 = 100;

/// What must hold, and how many do not.
const PROMISES: &[(&str, &str)] = &[
    (
        "SELECT count(*) FROM entry WHERE log NOT IN (SELECT log FROM log)",
        "entries belong to no log",
    ),
    (
        "SELECT count(*) FROM (SELECT time, lag(time) OVER (PARTITION BY log ORDER BY seq) AS last \
         FROM entry INDEXED BY entry_place) WHERE time < last",
        "entries are older than those before them in their log",
    ),
    (
        "SELECT count(*) FROM certificate WHERE folded NOT IN (SELECT folded FROM account)",
        "certificates belong to no account",
    ),
];

/// Looks through the database at `path`, also while a server runs. The answer is what is wrong with it, in sentences; it
/// reads the whole file, which takes a while. `progress` is told how many of how many steps are done.
pub fn check(
    path: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> std::result::Result<Vec<String>, OpenError> {
    let connection = open_to_read(path)?;
    let refuse = |reason| OpenError {
        path: path.to_owned(),
        reason,
    };
    schema::check(&connection).map_err(refuse)?;
    let steps = PROMISES.len() as u64 + 2;
    let mut findings = Vec::new();
    progress(0, steps);
    let whole = integrity(&connection).unwrap_or_else(|error| vec![reason(&error)]);
    findings.extend(whole);
    for (done, (question, what)) in (1..).zip(PROMISES) {
        progress(done, steps);
        match connection.query_row(question, (), |row| row.get::<_, i64>(0)) {
            Ok(0) => {}
            Ok(count) => findings.push(format!("{count} {what}")),
            Err(error) => findings.push(reason(&error)),
        }
    }
    progress(steps - 1, steps);
    let waiting = intake::findings(&connection).unwrap_or_else(|error| vec![reason(&error)]);
    findings.extend(waiting);
    progress(steps, steps);
    findings.dedup();
    Ok(findings)
}

/// Of pages, tables and indexes; SQLite asks the index of words as well.
fn integrity(connection: &Connection) -> Result<Vec<String>> {
    let mut pragma = connection.prepare(&format!("PRAGMA integrity_check({FINDINGS_MAX})"))?;
    let rows = pragma.query_map((), |row| row.get::<_, String>(0))?;
    let findings = rows.collect::<Result<Vec<_>>>()?;
    Ok(findings
        .into_iter()
        .filter(|finding| finding != "ok")
        .collect())
}
