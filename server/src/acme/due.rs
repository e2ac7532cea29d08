//! When the next certificate is asked for. It never reads a clock: it is told the time.

/// How long a failure is waited out at first, in milliseconds.
const REST_FIRST_MS: u64 = 60_000;
/// By how much longer after each further one: public authorities count five failures an hour and name.
const REST_FACTOR: u64 = 4;
/// At most: a day, of which a certificate has thirty left when it is renewed.
const REST_MOST_MS: u64 = 24 * 3_600_000;

/// When a certificate is renewed: after two thirds of its life, and up to a thirtieth of it later, so that not
/// everybody's come due in one hour. `spice` says how much; all in milliseconds.
pub(super) fn renewal(since: u64, until: u64, spice: u8) -> u64 {
    let life = until.saturating_sub(since);
    since + life / 3 * 2 + life / 30 / 256 * u64::from(spice)
}

/// How long nothing is tried after so many failures in a row, in milliseconds; `spice` shortens it by up to a quarter.
pub(super) fn rest(failures: u32, spice: u8) -> u64 {
    let steps = failures.saturating_sub(1);
    let whole = REST_FIRST_MS
        .saturating_mul(REST_FACTOR.saturating_pow(steps))
        .min(REST_MOST_MS);
    whole - whole / 4 / 256 * u64::from(spice)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400_000;

    #[test]
    fn a_certificate_is_renewed_when_a_third_of_its_life_is_left_or_a_little_later() {
        assert_eq!(renewal(0, 90 * DAY, 0), 60 * DAY);
        let latest = renewal(0, 90 * DAY, 255);
        assert!((62 * DAY..63 * DAY).contains(&latest), "{latest}");
        assert_eq!(renewal(5, 5, 9), 5);
    }

    #[test]
    fn rests_grow_to_a_day() {
        let minutes: Vec<u64> = (1..8).map(|failures| rest(failures, 0) / 60_000).collect();
        assert_eq!(minutes, [1, 4, 16, 64, 256, 1024, 1440]);
        assert_eq!(rest(u32::MAX, 0), DAY);
        assert!((44_000..46_000).contains(&rest(1, 255)), "{}", rest(1, 255));
    }
}
