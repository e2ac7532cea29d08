//! Storage, the keeper of accounts, and the server's secret, as the configuration wants them. It never uses them.

use std::io;
use std::path::Path;
use std::sync::Arc;

use server_core::storage::DAY_MS;

use crate::accounts::book::sqlite::SqliteBook;
use crate::accounts::desk::Desk;
use crate::accounts::keeper::{Eraser, Keeper, Told, system_clock};
#[cfg(feature = "mail")]
use crate::accounts::mail::relay::Relay;
use crate::accounts::mail::{Mailer, NoMail};
use crate::accounts::{self, Accounts, AccountsSettings, HashCost};
use crate::config::{Config, PasswordHash};
use crate::data_folder::{make_private_dir, write_private};
use crate::database;
use crate::metrics::Commits;
use crate::storage::sqlite::{SqliteStorage, newest_id, own};
use crate::storage::{self, Storage};

/// The file with the secret from which cloaked addresses are made.
const CLOAK_KEY: &str = "cloak.key";

/// What the hub asks.
pub(crate) struct Parts {
    /// Where the log is.
    pub(crate) storage: Box<dyn Storage>,
    /// Who keeps the accounts.
    pub(crate) accounts: Box<dyn Accounts>,
    /// The `msgid` of the newest message, if there is one.
    pub(crate) newest: Option<Box<str>>,
    /// The secret from which cloaked addresses are made.
    pub(crate) cloak_key: [u8; 32],
}

/// Builds them; their answers go where the two say.
pub(crate) fn build(
    config: &Config,
    stored: &storage::Answers,
    (answered, told): (&accounts::Answers, Told),
    commits: &Arc<Commits>,
) -> Result<Parts, String> {
    let data = config.data_dir();
    let at = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    make_private_dir(&data).map_err(|error| at(&data, &error))?;
    let key_file = data.join(CLOAK_KEY);
    let cloak_key = secret(&key_file).map_err(|error| at(&key_file, &error))?;
    let file = data.join(database::FILE_NAME);
    let durability = config.history.durability;
    let storage = SqliteStorage::open_counted(&file, durability, stored, commits)
        .map_err(|error| error.to_string())?;
    let newest = newest_id(&file).map_err(|error| error.to_string())?;
    let book = SqliteBook::open(&file).map_err(|error| error.to_string())?;
    let desk = Desk::new(
        accounts_settings(config),
        Box::new(book),
        mailer(config)?,
        system_clock(),
    )
    .map_err(|error| {
        format!(
            "the database {} cannot be used: {}",
            file.display(),
            error.0
        )
    })?;
    let eraser: Eraser =
        Box::new(move |account, done, go_on| own::erase(&file, account, done, &mut |_, _| go_on()));
    let keeper = Keeper::start(desk, answered, told, eraser).map_err(|error| error.to_string())?;
    Ok(Parts {
        newest,
        storage: Box::new(storage),
        accounts: Box::new(keeper),
        cloak_key,
    })
}

/// Who sends codes.
fn mailer(config: &Config) -> Result<Box<dyn Mailer>, String> {
    #[cfg(feature = "mail")]
    if !config.mail.relay.is_empty() {
        let relay = Relay::start(config, system_clock())?;
        return Ok(Box::new(relay));
    }
    // Without the feature no server starts that should have a relay.
    let _ = config;
    Ok(Box::new(NoMail))
}

/// What the configuration says of accounts.
pub(crate) fn accounts_settings(config: &Config) -> AccountsSettings {
    AccountsSettings {
        cost: match config.accounts.password_hash {
            PasswordHash::Strong => HashCost::Strong,
            PasswordHash::Minimum => HashCost::Minimum,
        },
        requires_email: config.accounts.registration_requires_email,
        expire_ms: Some(config.accounts.expire_days)
            .filter(|days| *days > 0)
            .map(|days| days * DAY_MS),
        name_bytes_max: usize::try_from(config.limits.nick_length).unwrap_or(usize::MAX),
    }
}

/// The secret in a file; a new one where there is none.
fn secret(path: &Path) -> io::Result<[u8; 32]> {
    match std::fs::read(path) {
        Ok(bytes) => bytes
            .try_into()
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it does not have 32 bytes")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut fresh = [0; 32];
            getrandom::fill(&mut fresh).map_err(|error| io::Error::other(error.to_string()))?;
            write_private(path, &fresh)?;
            Ok(fresh)
        }
        Err(error) => Err(error),
    }
}
