//! Records that outlive the process, as text: pairs of key and value, escaped as message tags are. It never knows
//! what a record is about.

use protocol::tags::{Tags, escape_into};

/// A record that is being written. A key may stand several times.
#[derive(Debug, Default)]
pub struct Record(Vec<u8>);

impl Record {
    /// Adds a pair.
    pub fn pair(&mut self, key: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push(b';');
        }
        self.0.extend_from_slice(key.as_bytes());
        self.0.push(b'=');
        escape_into(&mut self.0, value);
    }

    /// The record as text.
    pub fn text(self) -> String {
        String::from_utf8(self.0).unwrap_or_default()
    }
}

/// The value of a key.
pub fn value(record: &str, key: &str) -> Option<String> {
    Tags::new(record)
        .value_of(key)
        .map(std::borrow::Cow::into_owned)
}

/// All pairs, in order.
pub fn pairs(record: &str) -> impl Iterator<Item = (&str, String)> {
    Tags::new(record)
        .iter()
        .map(|tag| (tag.key, tag.value().into_owned()))
}
