//! Accounts in memory, for tests and for servers that keep nothing. It never writes anything to a disk.

use std::collections::{BTreeSet, HashMap};

use protocol::Folded;

use protocol::Stamp;
use server_core::News;
use server_core::accounts::Device;

use super::{Account, Book, BookError, CERTIFICATES_MAX};

/// Accounts at most; past it no more can be made.
const ACCOUNTS_MAX: usize = 100_000;

/// A book that is gone when the program ends.
#[derive(Debug, Default)]
pub struct MemoryBook {
    accounts: HashMap<Folded, Account>,
    certificates: HashMap<Box<str>, (Folded, Device)>,
    secrets: HashMap<Box<str>, [u8; 32]>,
    erasures: BTreeSet<Box<str>>,
    letters: BTreeSet<Box<str>>,
    news: Vec<News>,
}

impl MemoryBook {
    /// An empty book.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Book for MemoryBook {
    fn find(&mut self, name: &str) -> Result<Option<Account>, BookError> {
        Ok(self.accounts.get(&Folded::new(name)).cloned())
    }

    fn insert(&mut self, account: &Account, certificate: Option<&str>) -> Result<bool, BookError> {
        if self.accounts.len() >= ACCOUNTS_MAX {
            return Err(BookError(
                "the server has no room for more accounts".to_owned(),
            ));
        }
        let folded = Folded::new(&account.name);
        let is_held = |certificate| self.certificates.contains_key(certificate);
        if self.accounts.contains_key(&folded) || certificate.is_some_and(is_held) {
            return Ok(false);
        }
        if let Some(certificate) = certificate {
            let device = device(certificate, account.created);
            self.certificates
                .insert(certificate.into(), (folded.clone(), device));
        }
        if account.pending.is_some() {
            self.letters.insert(folded.as_str().into());
        }
        self.accounts.insert(folded, account.clone());
        Ok(true)
    }

    fn update(&mut self, account: &Account) -> Result<(), BookError> {
        if let Some(kept) = self.accounts.get_mut(&Folded::new(&account.name)) {
            let name = kept.name.clone();
            *kept = Account {
                name,
                ..account.clone()
            };
        }
        Ok(())
    }

    fn seen(&mut self, name: &str, now: Stamp) -> Result<(), BookError> {
        if let Some(kept) = self.accounts.get_mut(&Folded::new(name)) {
            kept.seen = kept.seen.max(now);
        }
        Ok(())
    }

    fn close(&mut self, name: &str, erase: bool) -> Result<bool, BookError> {
        let folded = Folded::new(name);
        let Some(account) = self.accounts.get_mut(&folded) else {
            return Ok(false);
        };
        (account.email, account.credentials, account.pending) = (None, None, None);
        self.certificates.retain(|_, (holder, _)| *holder != folded);
        let account: Box<str> = folded.as_str().into();
        if erase {
            self.erasures.insert(account.clone());
        }
        self.news.push(News::AccountClosed { account });
        Ok(true)
    }

    fn erasures(&mut self) -> Result<Vec<Box<str>>, BookError> {
        Ok(self.erasures.iter().cloned().collect())
    }

    fn erased(&mut self, name: &str) -> Result<(), BookError> {
        self.erasures.remove(Folded::new(name).as_str());
        Ok(())
    }

    fn tell_of_password(&mut self, name: &str) -> Result<(), BookError> {
        let account = Folded::new(name).as_str().into();
        self.news.push(News::PasswordChanged { account });
        Ok(())
    }

    fn news(&mut self) -> Result<Vec<News>, BookError> {
        Ok(std::mem::take(&mut self.news))
    }

    fn letters(&mut self) -> Result<Vec<Account>, BookError> {
        let waiting = self
            .letters
            .iter()
            .filter_map(|name| self.accounts.get(&Folded::new(name)).cloned());
        Ok(waiting
            .filter(|account| account.pending.is_some())
            .collect())
    }

    fn letter_sent(&mut self, name: &str) -> Result<(), BookError> {
        self.letters.remove(Folded::new(name).as_str());
        Ok(())
    }

    fn remove(&mut self, name: &str) -> Result<(), BookError> {
        let folded = Folded::new(name);
        self.letters.remove(folded.as_str());
        self.accounts.remove(&folded);
        self.certificates.retain(|_, (holder, _)| *holder != folded);
        Ok(())
    }

    fn holder(&mut self, certificate: &str) -> Result<Option<Account>, BookError> {
        let holder = self.certificates.get(certificate);
        Ok(holder
            .and_then(|(folded, _)| self.accounts.get(folded))
            .cloned())
    }

    fn add_certificate(&mut self, name: &str, device: &Device) -> Result<bool, BookError> {
        let folded = Folded::new(name);
        let held = self.devices(name)?.len();
        if held >= CERTIFICATES_MAX as usize
            || self.certificates.contains_key(&device.certificate)
            || !self.accounts.contains_key(&folded)
        {
            return Ok(false);
        }
        self.certificates
            .insert(device.certificate.clone(), (folded, device.clone()));
        Ok(true)
    }

    fn hand_over(&mut self, name: &str, device: &Device) -> Result<bool, BookError> {
        let before = self.certificates.remove(&device.certificate);
        let is_added = self.add_certificate(name, device)?;
        if let Some(before) = before.filter(|_| !is_added) {
            self.certificates.insert(device.certificate.clone(), before);
        }
        Ok(is_added)
    }

    fn devices(&mut self, name: &str) -> Result<Vec<Device>, BookError> {
        let folded = Folded::new(name);
        let held = self.certificates.values();
        let mut held: Vec<Device> = held
            .filter(|(holder, _)| *holder == folded)
            .map(|(_, device)| device.clone())
            .collect();
        held.sort_by(|a, b| (a.added, &a.certificate).cmp(&(b.added, &b.certificate)));
        Ok(held)
    }

    fn met(&mut self, certificate: &str, now: Stamp, every_ms: u64) -> Result<(), BookError> {
        if let Some((_, device)) = self.certificates.get_mut(certificate)
            && now.0 >= device.seen.0.saturating_add(every_ms)
        {
            device.seen = now;
        }
        Ok(())
    }

    fn remove_certificate(&mut self, name: &str, certificate: &str) -> Result<bool, BookError> {
        let holder = self.certificates.get(certificate);
        let is_theirs = holder.is_some_and(|(holder, _)| *holder == Folded::new(name));
        if is_theirs {
            self.certificates.remove(certificate);
        }
        Ok(is_theirs)
    }

    fn secret(&mut self, name: &str, fresh: [u8; 32]) -> Result<[u8; 32], BookError> {
        Ok(*self.secrets.entry(name.into()).or_insert(fresh))
    }
}

fn device(certificate: &str, added: Stamp) -> Device {
    Device {
        certificate: certificate.into(),
        added,
        seen: added,
    }
}
