//! Message tags: `key=value;key`, with their escapes (IRCv3 message-tags). It never decides which tags may pass.

use std::borrow::Cow;

/// The tags of one line, borrowed and still escaped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tags<'a>(&'a str);

/// One tag as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The key, with a leading `+` where it is a client-only tag.
    pub key: &'a str,
    /// The value, still escaped; empty where there is none.
    pub raw: &'a str,
}

impl<'a> Tags<'a> {
    /// The tags of a section that has lost its `@` and the space behind it.
    pub const fn new(section: &'a str) -> Self {
        Self(section)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The section's length in bytes, without `@` and space.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Every tag in order, empty ones passed over.
    pub fn iter(&self) -> impl Iterator<Item = Tag<'a>> + use<'a> {
        self.0.split(';').filter(|tag| !tag.is_empty()).map(|tag| {
            let (key, raw) = tag.split_once('=').unwrap_or((tag, ""));
            Tag { key, raw }
        })
    }

    /// The unescaped value of `key`; of duplicates the last counts (IRCv3 message-tags, "Rules for receiving").
    pub fn value_of(&self, key: &str) -> Option<Cow<'a, str>> {
        self.iter()
            .filter(|tag| tag.key == key)
            .last()
            .map(|tag| unescape(tag.raw))
    }
}

impl<'a> Tag<'a> {
    /// The value with its escapes undone.
    pub fn value(&self) -> Cow<'a, str> {
        unescape(self.raw)
    }

    /// Whether clients own this tag, and servers only pass it on.
    pub fn is_client_only(&self) -> bool {
        self.key.starts_with('+')
    }
}

/// Undoes the escapes of a tag's value: `\:` `\s` `\\` `\r` `\n`; a lone backslash at the end is dropped.
pub fn unescape(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some(':') => value.push(';'),
            Some('s') => value.push(' '),
            Some('r') => value.push('\r'),
            Some('n') => value.push('\n'),
            Some(other) => value.push(other),
            None => {}
        }
    }
    Cow::Owned(value)
}

/// Appends `value` with the escapes a tag's value needs. NUL cannot be escaped, and is left out.
pub fn escape_into(out: &mut Vec<u8>, value: &str) {
    for byte in value.bytes() {
        match byte {
            b';' => out.extend_from_slice(b"\\:"),
            b' ' => out.extend_from_slice(b"\\s"),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0 => {}
            plain => out.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_their_escapes_and_the_last_duplicate_counts() {
        let tags = Tags::new("a=1;+draft/reply=x\\:y\\s\\\\z\\;a=2;b;;c=");
        assert_eq!(tags.value_of("a").as_deref(), Some("2"));
        assert_eq!(tags.value_of("+draft/reply").as_deref(), Some("x;y \\z"));
        assert_eq!(tags.value_of("b").as_deref(), Some(""));
        assert_eq!(tags.value_of("c").as_deref(), Some(""));
        assert_eq!(tags.value_of("d"), None);
        assert_eq!(tags.iter().filter(Tag::is_client_only).count(), 1);
    }
}
