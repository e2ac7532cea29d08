//! Accounts at the command line. It never shows a password, and never takes one as an argument: the whole machine can
//! read those.

use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;

use protocol::Stamp;
use server_core::accounts::{AccountsReply, AccountsRequest, Secret};

use super::hidden::Unseen;
use super::own_words;
use super::say::say;
use crate::accounts::AccountsSettings;
use crate::accounts::book::Account;
use crate::accounts::book::sqlite::SqliteBook;
use crate::accounts::desk::Desk;
use crate::accounts::keeper::system_clock;
use crate::accounts::mail::NoMail;
use crate::cli::AccountErrand;
use crate::config::Config;
use crate::data_folder::make_private_dir;
use crate::parts::accounts_settings;

/// Bytes of standard input that are read for a password; one that long is refused.
const PASSWORD_BYTES_READ: u64 = 4096;

/// Runs an errand about accounts.
pub(super) fn run(errand: &AccountErrand, config: &Config, database: &Path) -> Result<(), String> {
    let folder = config.data_dir();
    make_private_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let book = SqliteBook::open(database).map_err(|error| error.to_string())?;
    match errand {
        AccountErrand::Add { name } => {
            let desk = desk(config, book)?;
            let request = AccountsRequest::Register {
                account: name.as_str().into(),
                password: Secret(password()?),
                email: None,
                address: std::net::Ipv4Addr::LOCALHOST.into(),
            };
            done(desk.answer(request), &format!("the account {name} is made"))
        }
        AccountErrand::Password { name } => {
            let desk = desk(config, book)?;
            let reply = desk.reset_password(name, &password()?);
            done(Some(reply), &format!("{name} has another password"))
        }
        AccountErrand::Code { name } => match desk(config, book)?.waiting_code(name) {
            Ok(Some(code)) => {
                say(&code);
                Ok(())
            }
            Ok(None) => Err(format!("no account {name} waits for a code")),
            Err(error) => Err(error.0),
        },
        AccountErrand::Export { name, file } => {
            own_words::export(book, name, file.as_deref(), database)
        }
        AccountErrand::Erase { name, close } => own_words::erase(book, name, *close, database),
        AccountErrand::List => list(&book).map_err(|error| error.0),
    }
}

fn desk(config: &Config, book: SqliteBook) -> Result<Desk, String> {
    let settings = AccountsSettings {
        expire_ms: None,
        // Whoever may write the database needs no e-mail address.
        requires_email: false,
        ..accounts_settings(config)
    };
    Desk::new(settings, Box::new(book), Box::new(NoMail), system_clock()).map_err(|error| error.0)
}

fn done(reply: Option<AccountsReply>, said: &str) -> Result<(), String> {
    match reply {
        Some(AccountsReply::Registered { .. } | AccountsReply::Changed) => {
            say(said);
            Ok(())
        }
        Some(AccountsReply::Refused { text, .. }) => Err(text),
        _ => Err("the keeper of accounts gave no answer: a bug".to_owned()),
    }
}

/// The first line of standard input, without its end.
fn password() -> Result<Vec<u8>, String> {
    let input = io::stdin();
    let _unseen = if input.is_terminal() {
        drop(io::stderr().write_all(b"Password: "));
        Unseen::new()
    } else {
        None
    };
    let mut bytes = Vec::new();
    let mut byte = [0];
    let mut input = input.lock().take(PASSWORD_BYTES_READ);
    while let Ok(1) = input.read(&mut byte) {
        if byte == *b"\n" {
            break;
        }
        bytes.extend(byte);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    if bytes.is_empty() {
        return Err("the password is missing: it is a line on standard input".to_owned());
    }
    Ok(bytes)
}

fn list(book: &SqliteBook) -> Result<(), crate::accounts::book::BookError> {
    let mut out = io::stdout().lock();
    let mut first = true;
    book.each(&mut |account, keys| {
        let head = "NAME                     MADE        SEEN        LOGS IN BY\n";
        if std::mem::take(&mut first) && out.write_all(head.as_bytes()).is_err() {
            return false;
        }
        // Whoever closed the output has seen enough.
        writeln!(out, "{}", row(account, keys)).is_ok()
    })
}

fn row(account: &Account, keys: u32) -> String {
    let mut ways = Vec::new();
    if account.credentials.is_some() {
        ways.push("password".to_owned());
    }
    match keys {
        0 => {}
        1 => ways.push("a key".to_owned()),
        _ => ways.push(format!("{keys} keys")),
    }
    if account.pending.is_some() {
        let address = account.email.as_deref().unwrap_or_default();
        ways = vec![format!("nothing yet: {address} is not verified")];
    }
    let name = &account.name;
    let (made, seen) = (day(account.created), day(account.seen));
    let ways = ways.join(", ");
    format!("{name:<24} {made:<11} {seen:<11} {ways}")
}

fn day(time: Stamp) -> String {
    let text = time.to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
