//! A moment of the log, and how it is written on the wire (IRCv3 server-time). It never reads a clock.

use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub u64);

const DAY_MS: u64 = 86_400_000;

impl Stamp {
    /// Whole seconds since 1970.
    pub const fn seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Year, month and day in UTC.
    pub fn date(self) -> (u64, u64, u64) {
        // Days to a civil date, counting from 0000-03-01 so that the leap day is a year's last.
        let days = self.0 / DAY_MS + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        (year_of_era + era * 400 + u64::from(month <= 2), month, day)
    }

    /// Reads `2011-10-19T16:40:51.620Z`; fractions of a second may be missing or longer.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let mut date = date.splitn(3, '-').map(|part| part.parse::<u64>().ok());
        let (year, month, day) = (date.next()??, date.next()??, date.next()??);
        let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let mut clock = clock.splitn(3, ':').map(|part| part.parse::<u64>().ok());
        let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
        let plausible = (1970..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60
            && fraction.bytes().all(|b| b.is_ascii_digit());
        if !plausible {
            return None;
        }
        let mut millis = 0;
        for place in 0..3 {
            let digit = fraction
                .as_bytes()
                .get(place)
                .map_or(0, |b| u64::from(b - b'0'));
            millis = millis * 10 + digit;
        }
        let shifted_year = if month <= 2 { year - 1 } else { year };
        let era = shifted_year / 400;
        let year_of_era = shifted_year % 400;
        let shifted_month = if month > 2 { month - 3 } else { month + 9 };
        let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = (era * 146_097 + day_of_era).checked_sub(719_468)?;
        Some(Self(
            days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millis,
        ))
    }
}

/// A form with all its signs; digits are put over the noughts.
const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";

impl Stamp {
    /// The 24 bytes of a moment up to the year 9999. Every line to a member has one, so it is made without `fmt`.
    fn bytes(self) -> Option<[u8; 24]> {
        let (year, month, day) = self.date();
        let of_day = self.0 % DAY_MS;
        let mut bytes = *FORM;
        let fields = [
            (0..4, year),
            (5..7, month),
            (8..10, day),
            (11..13, of_day / 3_600_000),
            (14..16, of_day / 60_000 % 60),
            (17..19, of_day / 1000 % 60),
            (20..23, of_day % 1000),
        ];
        for (place, mut number) in fields {
            for byte in bytes.get_mut(place)?.iter_mut().rev() {
                // A digit is below ten, so nothing is lost.
                *byte += u8::try_from(number % 10).unwrap_or(0);
                number /= 10;
            }
        }
        (year <= 9999).then_some(bytes)
    }

    /// Writes it at the end of a line.
    pub(crate) fn push(self, out: &mut Vec<u8>) {
        match self.bytes() {
            Some(bytes) => out.extend_from_slice(&bytes),
            None => out.extend_from_slice(self.to_string().as_bytes()),
        }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(bytes) = self.bytes()
            && let Ok(text) = std::str::from_utf8(&bytes)
        {
            return f.write_str(text);
        }
        let (year, month, day) = self.date();
        let of_day = self.0 % DAY_MS;
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, milli) = (of_day / 1000 % 60, of_day % 1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments() {
        assert_eq!(Stamp(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(
            Stamp(1_319_042_451_620).to_string(),
            "2011-10-19T16:40:51.620Z"
        );
        assert_eq!(
            Stamp(1_709_164_800_000).to_string(),
            "2024-02-29T00:00:00.000Z"
        );
        assert_eq!(
            Stamp::parse("2011-10-19T16:40:51Z"),
            Some(Stamp(1_319_042_451_000))
        );
        assert_eq!(Stamp::parse("1969-10-19T16:40:51Z"), None);
        assert_eq!(Stamp::parse("yesterday"), None);
    }

    proptest! {
        #[test]
        fn every_moment_is_read_as_it_was_written(ms in 0..253_402_300_799_999_u64) {
            prop_assert_eq!(Stamp::parse(&Stamp(ms).to_string()), Some(Stamp(ms)));
        }
    }
}
