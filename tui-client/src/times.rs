//! How the time beside a message is written: in the user's format, and in a column that is as wide whatever the time.
//! It must never write anything that is not text in one line.

use jiff::civil::{DateTime, date};
use jiff::fmt::strtime;

use crate::width;

/// Cells that a time may take; the words are what one looks at.
pub const WIDTH_MAX: u16 = 20;

/// Dates and times on which a format is tried, from each other so many hours: over a year they meet every month, day of
/// the week and hour.
const SAMPLES: usize = 366;
const STEP_HOURS: i64 = 25;

/// A format of strftime, and the cells that its longest time takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeFormat {
    format: String,
    width: u16,
}

impl Default for TimeFormat {
    fn default() -> Self {
        Self {
            format: "%H:%M".to_owned(),
            width: 5,
        }
    }
}

impl TimeFormat {
    /// A format such as `%H:%M:%S`; `None` where it has something that no time has, breaks the line, or takes more than
    /// [`WIDTH_MAX`] cells. An empty one shows no times.
    pub fn new(format: &str) -> Option<Self> {
        let mut at = date(2025, 1, 1).at(0, 59, 59, 999_000_000);
        let mut width = 0;
        for _ in 0..SAMPLES {
            let text = strtime::format(format, at).ok()?;
            if text.contains(char::is_control) {
                return None;
            }
            width = width.max(width::of(&text));
            at = at.checked_add(jiff::Span::new().hours(STEP_HOURS)).ok()?;
        }
        (width <= WIDTH_MAX).then(|| Self {
            format: format.to_owned(),
            width,
        })
    }

    /// A time.
    pub fn write(&self, at: DateTime) -> String {
        // It was tried.
        strtime::format(&self.format, at).unwrap_or_default()
    }

    /// How many cells the times take.
    pub fn width(&self) -> u16 {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_wide_as_its_longest_time() {
        let at = date(2025, 11, 21).at(9, 5, 7, 0);
        for (format, written, width) in [
            ("%H:%M", "09:05", 5),
            ("%H:%M:%S", "09:05:07", 8),
            ("%-I:%M %p", "9:05 AM", 8),
            ("%A", "Friday", 9),
            ("%B", "November", 9),
            ("%k時", " 9時", 4),
            ("[%H:%M]", "[09:05]", 7),
            ("", "", 0),
        ] {
            let format = TimeFormat::new(format).unwrap();
            assert_eq!(
                (format.write(at).as_str(), format.width()),
                (written, width)
            );
        }
        assert_eq!(TimeFormat::new("%H:%M"), Some(TimeFormat::default()));
    }

    #[test]
    fn what_is_no_time_or_too_wide_is_refused() {
        for format in [
            "%",
            "%H:%!",
            "%Z",
            "%n",
            "a\\tb",
            "\u{1b}[31m",
            "%A %d %B %H:%M",
        ] {
            assert_eq!(
                TimeFormat::new(&format.replace("\\t", "\t")),
                None,
                "{format}"
            );
        }
    }
}
