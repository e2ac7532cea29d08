//! A token bucket over a given time. It never decides what happens to who is out of tokens.

/// Holds up to `burst` tokens and gains `per_second` of them each second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Thousandths of a token, so that whole milliseconds count.
    millis: u64,
    filled_at: u64,
}

impl Bucket {
    /// A full bucket.
    pub fn full(burst: u32, now: u64) -> Self {
        Self {
            millis: u64::from(burst) * 1000,
            filled_at: now,
        }
    }

    /// Takes one token, or says in how many milliseconds there will be one.
    pub fn take(&mut self, burst: u32, per_second: u32, now: u64) -> Result<(), u64> {
        let per_second = u64::from(per_second.max(1));
        let gained = now
            .saturating_sub(self.filled_at)
            .saturating_mul(per_second);
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
            None => Err((1000 - self.millis).div_ceil(per_second)),
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
    }
}
