//! How often somebody may be wrong. It never reads a clock: it is told the time.

use std::collections::HashMap;
use std::net::IpAddr;

/// Keys that are remembered; past it, the one that is free soonest is forgotten.
const KEYS_MAX: usize = 20_000;

/// A rate: so many at once, and one more after each interval.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    burst: u64,
    interval_ms: u64,
}

/// Attempts from one address: enough for a shared one with some clumsy people, too few to guess with.
pub(super) const ADDRESS: Rate = Rate {
    burst: 10,
    interval_ms: 30_000,
};
/// Attempts on one account from anywhere: more than an address, so that one stranger cannot lock its owner out.
pub(super) const ACCOUNT: Rate = Rate {
    burst: 30,
    interval_ms: 10_000,
};
/// New accounts from one address: a family at once, then one an hour.
pub(super) const NEWCOMER: Rate = Rate {
    burst: 5,
    interval_ms: 3_600_000,
};
/// New accounts on the whole server.
pub(super) const REGISTRATION: Rate = Rate {
    burst: 200,
    interval_ms: 500,
};

/// Letters to one address, and for one account: a typing error or two, then one an hour, so that nobody's mailbox is
/// filled by strangers.
pub(super) const LETTERS: Rate = Rate {
    burst: 3,
    interval_ms: 3_600_000,
};

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// An address: one of IPv4, a /64 of IPv6, because that is what one home has.
    Address(u64),
    /// New accounts from an address, counted as attempts are.
    Newcomer(u64),
    /// An account, folded.
    Account(Box<str>),
    /// All new accounts.
    Registration,
    /// Letters to an e-mail address, folded.
    Mailbox(Box<str>),
    /// Letters for an account, folded.
    Letters(Box<str>),
}

impl Key {
    /// The key of an address; none for this machine, whose users share it.
    pub(super) fn address(address: IpAddr) -> Option<Self> {
        let address = address.to_canonical();
        match address {
            _ if address.is_loopback() => None,
            IpAddr::V4(address) => Some(Self::Address(u64::from(address.to_bits()))),
            IpAddr::V6(address) => {
                let network = address.to_bits() >> 64;
                // A /64 is never below 2^32 but for reserved ranges, so it is apart from the addresses of IPv4.
                Some(Self::Address(u64::try_from(network).unwrap_or(u64::MAX)))
            }
        }
    }

    /// The key of new accounts from an address; none for this machine.
    pub(super) fn newcomer(address: IpAddr) -> Option<Self> {
        match Self::address(address)? {
            Self::Address(number) => Some(Self::Newcomer(number)),
            other => Some(other),
        }
    }

    fn rate(&self) -> Rate {
        match self {
            Self::Newcomer(_) => NEWCOMER,
            Self::Address(_) => ADDRESS,
            Self::Account(_) => ACCOUNT,
            Self::Registration => REGISTRATION,
            Self::Mailbox(_) | Self::Letters(_) => LETTERS,
        }
    }
}

/// Counts per key: each is a moment (steady milliseconds) up to which the attempts so far are paid for.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    paid_until: HashMap<Key, u64>,
}

impl Throttle {
    /// Counts one attempt under each key, or under none: then in how many milliseconds one may be made.
    pub(super) fn charge(&mut self, keys: &[Key], now: u64) -> Result<(), u64> {
        let wait = keys.iter().map(|key| self.wait(key, now)).max();
        match wait {
            Some(wait) if wait > 0 => return Err(wait),
            _ => {}
        }
        for key in keys {
            let paid = self.paid_until.get(key).copied().unwrap_or(0).max(now);
            self.paid_until
                .insert(key.clone(), paid + key.rate().interval_ms);
        }
        if self.paid_until.len() > KEYS_MAX {
            self.forget(now);
        }
        Ok(())
    }

    /// Takes a counted attempt back: it was right.
    pub(super) fn refund(&mut self, keys: &[Key]) {
        for key in keys {
            if let Some(paid) = self.paid_until.get_mut(key) {
                *paid = paid.saturating_sub(key.rate().interval_ms);
            }
        }
    }

    fn wait(&self, key: &Key, now: u64) -> u64 {
        let Rate { burst, interval_ms } = key.rate();
        let paid = self.paid_until.get(key).copied().unwrap_or(0);
        (paid + interval_ms).saturating_sub(now + burst * interval_ms)
    }

    fn forget(&mut self, now: u64) {
        self.paid_until.retain(|_, paid| *paid > now);
        while self.paid_until.len() > KEYS_MAX {
            let soonest = self.paid_until.iter().min_by_key(|(_, paid)| **paid);
            let Some(key) = soonest.map(|(key, _)| key.clone()) else {
                return;
            };
            self.paid_until.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests;
