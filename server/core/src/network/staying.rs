//! Who stays without a client, found by account. It never decides who may.

use std::collections::BTreeSet;

use crate::ids::UserId;
use crate::network::Network;
use crate::user::User;

impl Network {
    /// The person of an account who stays without a client, if there is one.
    pub fn persistent_of(&self, account: &str) -> Option<UserId> {
        let of_account = self.staying.get(&account.to_ascii_lowercase())?;
        of_account.first().copied()
    }

    /// From now on this person stays without a client, or does not. Nobody else may say so: it is indexed.
    pub fn put_staying(&mut self, id: UserId, stays: bool) {
        self.change_found(id, |user| user.persistent = stays);
    }

    /// This person is of that account from now on. Nobody else may say so: it is indexed.
    pub fn put_account(&mut self, id: UserId, account: &str) {
        self.change_found(id, |user| user.account = Some(account.into()));
    }

    fn change_found(&mut self, id: UserId, change: impl FnOnce(&mut User)) {
        let Some(user) = self.users.get_mut(id.0) else {
            return;
        };
        let before = found_by(user);
        change(user);
        let after = found_by(user);
        self.lose(id, before);
        self.find_by(id, after);
    }

    /// A person who came is found by that from now on.
    pub(super) fn find_by(&mut self, id: UserId, account: Option<String>) {
        if let Some(account) = account {
            self.staying.entry(account).or_default().insert(id);
        }
    }

    /// No longer.
    pub(super) fn lose(&mut self, id: UserId, account: Option<String>) {
        let Some(account) = account else { return };
        if let Some(of_account) = self.staying.get_mut(&account) {
            of_account.remove(&id);
            if of_account.is_empty() {
                self.staying.remove(&account);
            }
        }
    }

    /// Whether everybody who stays is found, and nobody else.
    pub(super) fn check_staying(&self) -> Result<(), String> {
        let found: usize = self.staying.values().map(BTreeSet::len).sum();
        let mut count = 0;
        for (id, user) in self.users() {
            let Some(account) = found_by(user) else {
                continue;
            };
            count += 1;
            if !self
                .staying
                .get(&account)
                .is_some_and(|ids| ids.contains(&id))
            {
                return Err(format!("{} stays, and is not found", user.nick));
            }
        }
        if found == count {
            Ok(())
        } else {
            Err("somebody is found who does not stay".to_owned())
        }
    }
}

/// The account by which somebody who stays is found; nobody else is.
pub(super) fn found_by(user: &User) -> Option<String> {
    let account = user.account.as_deref().filter(|_| user.persistent)?;
    Some(account.to_ascii_lowercase())
}
