//! What an operator does at the command line in place of serving. It never starts a server, and says what it did on
//! standard output.

mod files;
mod hidden;
mod invites;
mod own_words;
mod people;
mod say;

use crate::cli::Errand;
use crate::config::Config;

/// Runs an errand; the error is why it could not be done, in words for people.
pub fn run(errand: &Errand, config: &Config) -> Result<(), String> {
    let database = config.data_dir().join(crate::database::FILE_NAME);
    match errand {
        Errand::Account(errand) => people::run(errand, config, &database),
        Errand::Backup { file } => files::backup(&database, file),
        Errand::Restore { file } => files::restore(file, config, &database),
        Errand::Check { file } => files::check(file.as_deref(), &database),
        Errand::Invite(errand) => invites::run(errand, config, &database),
    }
}
