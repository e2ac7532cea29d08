//! The tables, version by version. It never changes a version that was released: it adds the next one.

use rusqlite::{Connection, TransactionBehavior};

/// What marks a file as ours: "Parl".
const APPLICATION_ID: i64 = 0x5061_726c;

/// Step `n` takes a database from version `n` to version `n + 1`.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
];

/// The version this program writes.
pub fn version() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// Whether the file is ours and not newer than this program. It changes nothing.
pub fn check(connection: &Connection) -> Result<(), String> {
    let ask = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let read = || {
        Ok((
            ask("application_id")?,
            ask("user_version")?,
            tables(connection)?,
        ))
    };
    let (application, found, tables) =
        read().map_err(|error: rusqlite::Error| super::reason(&error))?;
    let empty = application == 0 && found == 0 && tables == 0;
    if !empty && application != APPLICATION_ID {
        return Err("it belongs to another program".to_owned());
    }
    if found > version() {
        return Err(format!(
            "it was written by a newer parlord (schema {found}; this one knows up to {}). \
             Start the newer one, or restore a backup made before",
            version()
        ));
    }
    Ok(())
}

/// Brings the schema to [`version`], all or nothing.
pub fn bring_up_to_date(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found < version() {
        let done = usize::try_from(found).unwrap_or(0);
        for step in STEPS.iter().skip(done) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", version())?;
    }
    transaction.commit()
}

fn tables(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))
}
