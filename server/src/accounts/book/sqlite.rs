//! Accounts in the server's database, with a connection of their own. It never keeps the database locked for longer
//! than one change takes.

use std::path::Path;

use protocol::{Folded, Stamp};
use rusqlite::{Connection, OptionalExtension, Result, Row, TransactionBehavior, params};

use server_core::News;
use server_core::accounts::Device;

use super::{Account, Book, BookError, CERTIFICATES_MAX, Code, Credentials, ScramKeys};
use crate::database::{self, OpenError, news, time_number, time_of};
use crate::storage::Durability;

const COLUMNS: &str = "name, email, created, seen, password, scram_salt, scram_iterations, \
                       scram_stored_key, scram_server_key, code, code_until";

/// A book in one SQLite file, which it may share with the log.
#[derive(Debug)]
pub struct SqliteBook {
    connection: Connection,
}

impl SqliteBook {
    /// Opens the file, or makes it. An account that was confirmed is on the disk, however messages are kept.
    pub fn open(path: &Path) -> std::result::Result<Self, OpenError> {
        let connection = database::open_to_write(path, Durability::Disk)?;
        Ok(Self { connection })
    }

    /// Hands over each account, by name, with the number of its certificates, until `take` says that it has enough.
    pub fn each(
        &self,
        take: &mut dyn FnMut(&Account, u32) -> bool,
    ) -> std::result::Result<(), BookError> {
        let select = format!(
            "SELECT {COLUMNS}, (SELECT count(*) FROM certificate \
             WHERE certificate.folded = account.folded) FROM account ORDER BY folded"
        );
        let mut select = self.connection.prepare(&select)?;
        let mut rows = select.query(())?;
        while let Some(row) = rows.next()? {
            if !take(&decode(row)?, row.get(11)?) {
                break;
            }
        }
        Ok(())
    }

    fn find_where(&self, clause: &str, value: &str) -> Result<Option<Account>> {
        let select = format!("SELECT {COLUMNS} FROM account WHERE {clause}");
        let mut select = self.connection.prepare_cached(&select)?;
        select.query_row([value], decode).optional()
    }

    /// Carries out a change as one transaction, if it says that it is one.
    fn change(&mut self, work: impl FnOnce(&Connection) -> Result<bool>) -> Result<bool> {
        let immediate = TransactionBehavior::Immediate;
        let transaction = self.connection.transaction_with_behavior(immediate)?;
        let changed = work(&transaction)?;
        if changed {
            transaction.commit()?;
        }
        Ok(changed)
    }
}

impl Book for SqliteBook {
    fn find(&mut self, name: &str) -> std::result::Result<Option<Account>, BookError> {
        Ok(self.find_where("folded = ?1", Folded::new(name).as_str())?)
    }

    fn insert(
        &mut self,
        account: &Account,
        certificate: Option<&str>,
    ) -> std::result::Result<bool, BookError> {
        let folded = Folded::new(&account.name);
        Ok(self.change(|connection| {
            let made = connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO account (folded, name, created, seen) \
                     VALUES (?1, ?2, 0, 0)",
                )?
                .execute([folded.as_str(), &account.name])?;
            if made == 0 {
                return Ok(false);
            }
            write(connection, &folded, account)?;
            if account.pending.is_some() {
                connection
                    .prepare_cached("UPDATE account SET letter = 1 WHERE folded = ?1")?
                    .execute([folded.as_str()])?;
            }
            match certificate {
                Some(certificate) => {
                    let device = Device {
                        certificate: certificate.into(),
                        added: account.created,
                        seen: account.created,
                    };
                    add_certificate(connection, &folded, &device)
                }
                None => Ok(true),
            }
        })?)
    }

    fn update(&mut self, account: &Account) -> std::result::Result<(), BookError> {
        let folded = Folded::new(&account.name);
        self.change(|connection| write(connection, &folded, account).map(|()| true))?;
        Ok(())
    }

    fn seen(&mut self, name: &str, now: Stamp) -> std::result::Result<(), BookError> {
        self.connection
            .prepare_cached("UPDATE account SET seen = max(seen, ?2) WHERE folded = ?1")?
            .execute(params![Folded::new(name).as_str(), time_number(now)])?;
        Ok(())
    }

    fn close(&mut self, name: &str, erase: bool) -> std::result::Result<bool, BookError> {
        let folded = Folded::new(name);
        Ok(self.change(|connection| {
            let closed = connection
                .prepare_cached(
                    "UPDATE account SET email = NULL, password = NULL, scram_salt = NULL, \
                     scram_iterations = NULL, scram_stored_key = NULL, scram_server_key = NULL, \
                     code = NULL, code_until = NULL, letter = 0 WHERE folded = ?1",
                )?
                .execute([folded.as_str()])?;
            connection
                .prepare_cached("DELETE FROM certificate WHERE folded = ?1")?
                .execute([folded.as_str()])?;
            if erase && closed > 0 {
                connection
                    .prepare_cached("INSERT OR IGNORE INTO erasure (folded) VALUES (?1)")?
                    .execute([folded.as_str()])?;
            }
            news::account_closed(connection, folded.as_str())?;
            Ok(closed > 0)
        })?)
    }

    fn erasures(&mut self) -> std::result::Result<Vec<Box<str>>, BookError> {
        let mut select = self
            .connection
            .prepare_cached("SELECT folded FROM erasure ORDER BY folded")?;
        let rows = select.query_map((), |row| row.get(0))?;
        Ok(rows.collect::<Result<_>>()?)
    }

    fn erased(&mut self, name: &str) -> std::result::Result<(), BookError> {
        self.connection
            .prepare_cached("DELETE FROM erasure WHERE folded = ?1")?
            .execute([Folded::new(name).as_str()])?;
        Ok(())
    }

    fn tell_of_password(&mut self, name: &str) -> std::result::Result<(), BookError> {
        Ok(news::password_changed(
            &self.connection,
            Folded::new(name).as_str(),
        )?)
    }

    fn news(&mut self) -> std::result::Result<Vec<News>, BookError> {
        Ok(news::take(&mut self.connection)?)
    }

    fn letters(&mut self) -> std::result::Result<Vec<Account>, BookError> {
        let select = format!(
            "SELECT {COLUMNS} FROM account WHERE code IS NOT NULL AND letter = 1 ORDER BY created"
        );
        let mut select = self.connection.prepare_cached(&select)?;
        let rows = select.query_map((), decode)?;
        Ok(rows.collect::<Result<_>>()?)
    }

    fn letter_sent(&mut self, name: &str) -> std::result::Result<(), BookError> {
        self.connection
            .prepare_cached("UPDATE account SET letter = 0 WHERE folded = ?1")?
            .execute([Folded::new(name).as_str()])?;
        Ok(())
    }

    fn remove(&mut self, name: &str) -> std::result::Result<(), BookError> {
        let folded = Folded::new(name);
        self.connection
            .prepare_cached("DELETE FROM account WHERE folded = ?1")?
            .execute([folded.as_str()])?;
        Ok(())
    }

    fn holder(&mut self, certificate: &str) -> std::result::Result<Option<Account>, BookError> {
        let clause = "folded = (SELECT folded FROM certificate WHERE fingerprint = ?1)";
        Ok(self.find_where(clause, certificate)?)
    }

    fn add_certificate(
        &mut self,
        name: &str,
        device: &Device,
    ) -> std::result::Result<bool, BookError> {
        let folded = Folded::new(name);
        Ok(self.change(|connection| add_certificate(connection, &folded, device))?)
    }

    fn hand_over(&mut self, name: &str, device: &Device) -> std::result::Result<bool, BookError> {
        let folded = Folded::new(name);
        Ok(self.change(|connection| {
            connection
                .prepare_cached("DELETE FROM certificate WHERE fingerprint = ?1")?
                .execute([&device.certificate])?;
            add_certificate(connection, &folded, device)
        })?)
    }

    fn devices(&mut self, name: &str) -> std::result::Result<Vec<Device>, BookError> {
        let mut select = self.connection.prepare_cached(
            "SELECT fingerprint, added, seen FROM certificate WHERE folded = ?1 \
             ORDER BY added, fingerprint",
        )?;
        let rows = select.query_map([Folded::new(name).as_str()], |row| {
            Ok(Device {
                certificate: row.get::<_, String>(0)?.into(),
                added: time_of(row.get(1)?),
                seen: time_of(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_>>()?)
    }

    fn met(
        &mut self,
        certificate: &str,
        now: Stamp,
        every_ms: u64,
    ) -> std::result::Result<(), BookError> {
        let before = Stamp(now.0.saturating_sub(every_ms));
        self.connection
            .prepare_cached(
                "UPDATE certificate SET seen = ?2 WHERE fingerprint = ?1 AND seen <= ?3",
            )?
            .execute(params![certificate, time_number(now), time_number(before)])?;
        Ok(())
    }

    fn remove_certificate(
        &mut self,
        name: &str,
        certificate: &str,
    ) -> std::result::Result<bool, BookError> {
        let folded = Folded::new(name);
        let removed = self
            .connection
            .prepare_cached("DELETE FROM certificate WHERE fingerprint = ?1 AND folded = ?2")?
            .execute([certificate, folded.as_str()])?;
        Ok(removed > 0)
    }

    fn secret(&mut self, name: &str, fresh: [u8; 32]) -> std::result::Result<[u8; 32], BookError> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO secret (name, value) VALUES (?1, ?2)")?
            .execute(params![name, fresh])?;
        let mut select = self
            .connection
            .prepare_cached("SELECT value FROM secret WHERE name = ?1")?;
        Ok(select.query_row([name], |row| row.get(0))?)
    }
}

impl From<rusqlite::Error> for BookError {
    fn from(error: rusqlite::Error) -> Self {
        Self(database::reason(&error))
    }
}

/// `false`: the certificate is held, the account is not there, or it has enough of them.
fn add_certificate(connection: &Connection, folded: &Folded, device: &Device) -> Result<bool> {
    let added = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO certificate (fingerprint, folded, added, seen) \
             SELECT ?1, folded, ?4, ?5 FROM account WHERE folded = ?2 AND (SELECT count(*) FROM certificate WHERE folded = ?2) < ?3",
        )?
        .execute(params![
            device.certificate,
            folded.as_str(),
            CERTIFICATES_MAX,
            time_number(device.added),
            time_number(device.seen)
        ])?;
    Ok(added > 0)
}

fn write(connection: &Connection, folded: &Folded, account: &Account) -> Result<()> {
    let credentials = account.credentials.as_ref();
    let scram = credentials.map(|credentials| &credentials.scram);
    let pending = account.pending.as_ref();
    connection
        .prepare_cached(
            "UPDATE account SET email = ?2, created = ?3, seen = ?4, password = ?5, \
             scram_salt = ?6, scram_iterations = ?7, scram_stored_key = ?8, scram_server_key = ?9, \
             code = ?10, code_until = ?11 WHERE folded = ?1",
        )?
        .execute(params![
            folded.as_str(),
            account.email,
            time_number(account.created),
            time_number(account.seen),
            credentials.map(|credentials| &credentials.password),
            scram.map(|keys| &keys.salt),
            scram.map(|keys| keys.rounds),
            scram.map(|keys| keys.stored_key),
            scram.map(|keys| keys.server_key),
            pending.map(|code| &code.code),
            pending.map(|code| time_number(code.until)),
        ])?;
    Ok(())
}

fn decode(row: &Row<'_>) -> Result<Account> {
    let password: Option<Box<str>> = row.get(4)?;
    let credentials = match password {
        Some(password) => Some(Credentials {
            password,
            scram: ScramKeys {
                salt: row.get::<_, Vec<u8>>(5)?.into(),
                rounds: row.get(6)?,
                stored_key: row.get(7)?,
                server_key: row.get(8)?,
            },
        }),
        None => None,
    };
    let code: Option<Box<str>> = row.get(9)?;
    let pending = match code {
        Some(code) => Some(Code {
            code,
            until: time_of(row.get(10)?),
        }),
        None => None,
    };
    Ok(Account {
        name: row.get(0)?,
        email: row.get(1)?,
        created: time_of(row.get(2)?),
        seen: time_of(row.get(3)?),
        credentials,
        pending,
    })
}
