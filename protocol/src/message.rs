//! One IRC line as a value. It never owns text and never judges what a command means.

use crate::PARAMS_MAX;
use crate::source::Source;
use crate::tags::Tags;

/// A line taken apart, borrowed from the line itself.
///
/// Grammar (Modern IRC, "Message format"): `['@' tags SPACE] [':' source SPACE] command [params]`, where a
/// space may be any number of spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The message tags, still escaped.
    pub tags: Tags<'a>,
    /// Who it comes from; clients send none.
    pub source: Option<Source<'a>>,
    /// The verb or the three digits, as written.
    pub command: &'a str,
    params: [&'a str; PARAMS_MAX],
    count: usize,
}

/// Why a line is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// Nothing but spaces.
    Empty,
    /// Tags or a source, and then nothing.
    NoCommand,
    /// A NUL, CR or LF inside the line, which no message may carry.
    ForbiddenByte,
}

impl<'a> Message<'a> {
    /// Takes a line apart that has lost its line end.
    pub fn parse(line: &'a str) -> Result<Self, ParseError> {
        if memchr::memchr3(0, b'\r', b'\n', line.as_bytes()).is_some() {
            return Err(ParseError::ForbiddenByte);
        }
        let mut rest = line.trim_start_matches(' ');
        if rest.is_empty() {
            return Err(ParseError::Empty);
        }
        let mut tags = Tags::default();
        if let Some(tagged) = rest.strip_prefix('@') {
            let (section, after) = tagged.split_once(' ').ok_or(ParseError::NoCommand)?;
            tags = Tags::new(section);
            rest = after.trim_start_matches(' ');
        }
        let mut source = None;
        if let Some(sourced) = rest.strip_prefix(':') {
            let (whole, after) = sourced.split_once(' ').ok_or(ParseError::NoCommand)?;
            source = Some(Source::parse(whole));
            rest = after.trim_start_matches(' ');
        }
        let (command, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        if command.is_empty() {
            return Err(ParseError::NoCommand);
        }
        let mut message = Self {
            tags,
            source,
            command,
            params: [""; PARAMS_MAX],
            count: 0,
        };
        message.take_params(rest);
        Ok(message)
    }

    fn take_params(&mut self, mut rest: &'a str) {
        for slot in 0..PARAMS_MAX {
            rest = rest.trim_start_matches(' ');
            if rest.is_empty() {
                return;
            }
            let (param, after) = match rest.strip_prefix(':') {
                Some(trailing) => (trailing, ""),
                None if slot == PARAMS_MAX - 1 => (rest, ""),
                None => rest.split_once(' ').unwrap_or((rest, "")),
            };
            if let Some(place) = self.params.get_mut(slot) {
                *place = param;
            }
            self.count = slot + 1;
            rest = after;
        }
    }

    /// All parameters, the last one without its colon.
    pub fn params(&self) -> &[&'a str] {
        self.params.get(..self.count).unwrap_or(&[])
    }

    /// The parameter at `index`, counted from 0, if it was given.
    pub fn param(&self, index: usize) -> Option<&'a str> {
        self.params().get(index).copied()
    }

    /// Whether the command is `verb`, whatever its case.
    pub fn is(&self, verb: &str) -> bool {
        self.command.eq_ignore_ascii_case(verb)
    }

    /// The numeric, if the command is three digits.
    pub fn numeric(&self) -> Option<u16> {
        let digits = self.command.len() == 3 && self.command.bytes().all(|b| b.is_ascii_digit());
        if digits {
            self.command.parse().ok()
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;
