//! Making accounts, and finishing them by a code. It never makes one over another.

use std::net::IpAddr;

use protocol::Stamp;
use protocol::name::check_nick;
use server_core::accounts::AccountsReply;
use server_core::secret::is_same;

use super::{Answer, Desk, Refusal, busy, check_password, fingerprint, lock, login, refusal};
use crate::accounts::HashCost;
use crate::accounts::book::{Account, BookError, Code};
use crate::accounts::mail::is_address;
use crate::accounts::password::random;
use crate::accounts::throttle::Key;

/// Milliseconds for which a code holds: a day, because e-mail may be read in the evening.
const CODE_TTL_MS: u64 = 24 * 3_600_000;
/// Letters and digits of a code, without those that are mistaken for others: 32, so that every byte gives one alike.
const CODE_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Characters of a code: 50 bits, which nobody guesses in a day at the rate that is allowed. So a wrong code costs its
/// giver time, and never the account: else a stranger could end what somebody else has begun.
const CODE_LENGTH: usize = 10;

impl Desk {
    pub(super) fn register(
        &self,
        name: &str,
        password: &[u8],
        email: Option<&str>,
        address: IpAddr,
    ) -> Answer {
        self.check_name(name)?;
        check_password(password)?;
        if email.is_some_and(|email| !is_address(email)) {
            return Err(refusal("INVALID_EMAIL", "that is no e-mail address"));
        }
        if self.settings.requires_email && email.is_none() {
            return Err(refusal("INVALID_EMAIL", "an e-mail address is needed"));
        }
        self.free(name)?;
        self.charge_registration(address)?;
        self.charge_letter(name, email)?;
        let credentials = self.hasher.hash(password).ok_or_else(busy)?;
        let now = (self.clock)().wall;
        let pending = if self.settings.requires_email {
            Some(Code {
                code: letters::<CODE_LENGTH>().ok_or_else(busy)?,
                until: Stamp(now.0.saturating_add(CODE_TTL_MS)),
            })
        } else {
            None
        };
        let account = Account {
            email: email.map(Into::into),
            credentials: Some(credentials),
            pending,
            ..empty(name, now)
        };
        self.write_new(&account, None)?;
        match &account.pending {
            None => Ok(registered(account)),
            Some(code) => self.send(&account, &code.code),
        }
    }

    pub(super) fn register_key(&self, name: &str, certificate: &str, address: IpAddr) -> Answer {
        self.check_name(name)?;
        let certificate = fingerprint(certificate)?;
        let holder = lock(&self.book).holder(&certificate)?;
        if let Some(holder) = holder {
            self.met(&certificate);
            return Ok(self.welcome(holder));
        }
        if self.settings.requires_email {
            let text = "an account needs a verified e-mail address here";
            return Err(refusal("INVALID_EMAIL", text));
        }
        self.free(name)?;
        self.charge_registration(address)?;
        let account = empty(name, (self.clock)().wall);
        self.write_new(&account, Some(&certificate))?;
        Ok(registered(account))
    }

    pub(super) fn verify_code(&self, name: &str, given: &str, address: IpAddr) -> Answer {
        let wrong = || refusal("INVALID_CODE", "the code is wrong, or no longer holds");
        self.check_name(name)?;
        let keys = login::keys(address, name);
        self.charge(&keys)?;
        let now = (self.clock)().wall;
        let mut book = lock(&self.book);
        let Some(mut account) = book.find(name)? else {
            return Err(wrong());
        };
        let Some(code) = account.pending.as_ref() else {
            return Err(wrong());
        };
        if code.until < now {
            book.remove(name)?;
            return Err(wrong());
        }
        if is_same(
            code.code.as_bytes(),
            given.trim().to_ascii_lowercase().as_bytes(),
        ) {
            account.pending = None;
            book.update(&account)?;
            lock(&self.throttle).refund(&keys);
            return Ok(registered(account));
        }
        Err(wrong())
    }

    /// The code that an account waits for: for the operator at the command line, never for the wire.
    pub fn waiting_code(&self, name: &str) -> Result<Option<Box<str>>, BookError> {
        let found = lock(&self.book).find(name)?;
        Ok(found
            .and_then(|account| account.pending)
            .map(|code| code.code))
    }

    fn send(&self, account: &Account, code: &str) -> Answer {
        let address = account.email.as_deref().unwrap_or_default();
        if let Err(reason) = self.mailer.send_code(address, &account.name, code) {
            // Without the code it could never be finished; the name must not stay taken by it.
            lock(&self.book).remove(&account.name)?;
            tracing::warn!(reason, "a code could not be sent");
            let text = "the server could not write to that address";
            return Err(refusal("UNACCEPTABLE_EMAIL", text));
        }
        let text = if self.mailer.can_send() {
            format!("A code was sent to {address}: give it to finish the account")
        } else {
            "This server sends no e-mail: ask its operator for your code".to_owned()
        };
        Ok(AccountsReply::VerificationNeeded {
            account: account.name.clone(),
            text,
        })
    }

    fn check_name(&self, name: &str) -> Result<(), Refusal> {
        check_nick(name, self.settings.name_bytes_max).map_err(|error| Refusal {
            code: "BAD_ACCOUNT_NAME",
            text: format!("that cannot be an account's name: {}", error.text()),
        })
    }

    /// Whether a name can be had; an account whose code no longer holds, or never arrives, gives it back.
    fn free(&self, name: &str) -> Result<(), Refusal> {
        let now = (self.clock)().wall;
        let mut book = lock(&self.book);
        match book.find(name)? {
            None => Ok(()),
            Some(account)
                if account.pending.as_ref().is_some_and(|code| {
                    code.until < now || self.mailer.has_given_up(&account.name)
                }) =>
            {
                Ok(book.remove(name)?)
            }
            Some(_) => Err(exists()),
        }
    }

    fn write_new(&self, account: &Account, certificate: Option<&str>) -> Result<(), Refusal> {
        if lock(&self.book).insert(account, certificate)? {
            return Ok(());
        }
        Err(exists())
    }

    /// Counts a letter with a code, where one will be sent.
    fn charge_letter(&self, name: &str, email: Option<&str>) -> Result<(), Refusal> {
        match email {
            Some(email) if self.settings.requires_email => self.charge(&[
                Key::Mailbox(email.to_ascii_lowercase().into()),
                Key::Letters(name.to_ascii_lowercase().into()),
            ]),
            _ => Ok(()),
        }
    }

    fn charge_registration(&self, address: IpAddr) -> Result<(), Refusal> {
        let newcomer = Key::newcomer(address);
        let keys: Vec<Key> = newcomer.into_iter().chain([Key::Registration]).collect();
        match self.settings.cost {
            HashCost::Strong => self.charge(&keys),
            HashCost::Minimum => Ok(()),
        }
    }
}

fn empty(name: &str, now: Stamp) -> Account {
    Account {
        name: name.into(),
        email: None,
        created: now,
        seen: now,
        credentials: None,
        pending: None,
    }
}

fn registered(account: Account) -> AccountsReply {
    AccountsReply::Registered {
        account: account.name,
    }
}

fn exists() -> Refusal {
    refusal("ACCOUNT_EXISTS", "there is such an account already")
}

/// A code of that many letters and digits, 5 bits each.
pub(super) fn letters<const N: usize>() -> Option<Box<str>> {
    let letter = |byte: u8| {
        CODE_LETTERS
            .get(usize::from(byte % 32))
            .copied()
            .map(char::from)
    };
    random::<N>()?
        .into_iter()
        .map(letter)
        .collect::<Option<String>>()
        .map(Into::into)
}
