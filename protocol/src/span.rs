//! A span of time as people write it: `7d`, `12h`, `30m`, `90s`. It never knows what time it is.

/// The units, with their seconds.
const UNITS: &[(char, u64)] = &[('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// The seconds of a span; a number alone is seconds.
pub fn seconds(text: &str) -> Option<u64> {
    let unit = UNITS.iter().find(|(unit, _)| text.ends_with(*unit));
    let (number, seconds) = match unit {
        Some((unit, seconds)) => (text.strip_suffix(*unit)?, *seconds),
        None => (text, 1),
    };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = number.parse().ok().filter(|_| is_number)?;
    number.checked_mul(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, right) in [
            ("7d", Some(604_800)),
            ("12h", Some(43_200)),
            ("30m", Some(1_800)),
            ("90s", Some(90)),
            ("90", Some(90)),
            ("", None),
            ("d", None),
            ("+1d", None),
            ("1w", None),
            ("1.5h", None),
            ("99999999999999999d", None),
        ] {
            assert_eq!(seconds(text), right, "{text}");
        }
    }
}
