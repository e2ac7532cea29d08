//! A token bucket over a given time. It never decides what happens to who is out of tokens.

/// Holds up to `burst` tokens and gains `per_second` of them each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Thousandths of a token, so that whole milliseconds count.
    millis: u64,
    filled_at: u64,
    debt: u64,
}

/// Most that can be owed, in thousandths of a token: after that it gets no worse.
const DEBT_MAX: u64 = 60_000;

impl Bucket {
    /// A full bucket.
    pub fn full(burst: u32, now: u64) -> Self {
        Self {
            millis: u64::from(burst) * 1000,
            filled_at: now,
            debt: 0,
        }
    }

    /// Takes tokens that may not be there: what is missing must be gained first.
    pub fn charge(&mut self, tokens: u32) {
        self.debt = self
            .debt
            .saturating_add(u64::from(tokens).saturating_mul(1000))
            .min(DEBT_MAX);
    }

    /// Takes one token, or says in how many milliseconds there will be one.
    pub fn take(&mut self, burst: u32, per_second: u32, now: u64) -> Result<(), u64> {
        let per_second = u64::from(per_second.max(1));
        let mut gained = now
            .saturating_sub(self.filled_at)
            .saturating_mul(per_second);
        let paid = self.debt.min(gained.saturating_add(self.millis));
        let from_gain = paid.min(gained);
        self.debt -= paid;
        gained -= from_gain;
        self.millis -= paid - from_gain;
        self.millis = self
            .millis
            .saturating_add(gained)
            .min(u64::from(burst.max(1)) * 1000);
        self.filled_at = now;
        match self.millis.checked_sub(1000) {
            Some(rest) => {
                self.millis = rest;
                Ok(())
            }
            None => Err((1000 - self.millis + self.debt).div_ceil(per_second)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_a_rate() {
        let mut bucket = Bucket::full(2, 0);
        assert_eq!(bucket.take(2, 4, 0), Ok(()));
        assert_eq!(bucket.take(2, 4, 0), Ok(()));
        assert_eq!(bucket.take(2, 4, 0), Err(250));
        assert_eq!(bucket.take(2, 4, 249), Err(1));
        assert_eq!(bucket.take(2, 4, 250), Ok(()));
        assert_eq!(bucket.take(2, 4, 1_000_000), Ok(()));
        bucket.charge(3);
        assert_eq!(bucket.take(2, 4, 1_000_000), Err(750));
        assert_eq!(bucket.take(2, 4, 1_000_750), Ok(()));
    }
}
