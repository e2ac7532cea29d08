//! Puts one line together, byte by byte, into a buffer. It never allocates on its own and never lets a
//! CR, LF or NUL out of a parameter into the stream: what comes from people cannot end a line.

use crate::stamp::Stamp;
use crate::tags::escape_into;

/// Writes one line into a buffer: tags, source, command, parameters, in that order, then [`LineWriter::end`].
#[derive(Debug)]
pub struct LineWriter<'b> {
    out: &'b mut Vec<u8>,
    tagged: bool,
}

impl<'b> LineWriter<'b> {
    /// Starts a line at the end of `out`.
    pub fn new(out: &'b mut Vec<u8>) -> Self {
        Self { out, tagged: false }
    }

    /// Adds a tag; an empty value is written as a bare key.
    pub fn tag(&mut self, key: &str, value: &str) -> &mut Self {
        self.tag_key(key);
        if !value.is_empty() {
            self.out.push(b'=');
            escape_into(self.out, value);
        }
        self
    }

    /// Adds the tag of a moment (IRCv3 server-time).
    pub fn time(&mut self, time: Stamp) -> &mut Self {
        self.tag_key("time");
        self.out.push(b'=');
        time.push(self.out);
        self
    }

    /// Adds a tag whose value is escaped already, as it was received.
    pub fn tag_raw(&mut self, key: &str, raw: &str) -> &mut Self {
        self.tag_key(key);
        if !raw.is_empty() {
            self.out.push(b'=');
            self.push_clean(raw.as_bytes(), true);
        }
        self
    }

    fn tag_key(&mut self, key: &str) {
        self.out.push(if self.tagged { b';' } else { b'@' });
        self.tagged = true;
        self.push_clean(key.as_bytes(), true);
    }

    /// Sets the source, without its colon.
    pub fn source(&mut self, source: &str) -> &mut Self {
        self.source_parts(&[source])
    }

    /// Sets a source of several pieces, such as nick, `!`, user, `@`, host.
    pub fn source_parts(&mut self, parts: &[&str]) -> &mut Self {
        self.close_tags();
        self.out.push(b':');
        for part in parts {
            self.push_clean(part.as_bytes(), true);
        }
        self.out.push(b' ');
        self
    }

    fn close_tags(&mut self) {
        if self.tagged {
            self.out.push(b' ');
            self.tagged = false;
        }
    }

    /// Sets the verb.
    pub fn command(&mut self, verb: &str) -> &mut Self {
        self.close_tags();
        self.push_clean(verb.as_bytes(), true);
        self
    }

    /// Sets a numeric, as three digits.
    pub fn numeric(&mut self, numeric: u16) -> &mut Self {
        self.close_tags();
        for unit in [100, 10, 1] {
            // A digit is below ten, so the cast loses nothing.
            self.out
                .push(b'0' + u8::try_from(numeric / unit % 10).unwrap_or(0));
        }
        self
    }

    /// Adds a parameter in the middle of a line; spaces become `_`, and an empty one or one with a leading colon
    /// is written as `*`, because neither can stand there.
    pub fn param(&mut self, param: &str) -> &mut Self {
        self.out.push(b' ');
        if param.is_empty() || param.starts_with(':') {
            self.out.push(b'*');
        } else {
            self.push_clean(param.as_bytes(), true);
        }
        self
    }

    /// Adds a number as a parameter.
    pub fn number(&mut self, number: usize) -> &mut Self {
        self.param(&number.to_string())
    }

    /// Adds the last parameter, which may be empty and hold spaces.
    pub fn trailing(&mut self, text: &str) -> &mut Self {
        self.out.extend_from_slice(b" :");
        self.push_clean(text.as_bytes(), false);
        self
    }

    /// Adds the last parameter, with a colon only where it needs one.
    pub fn last(&mut self, text: &str) -> &mut Self {
        if text.is_empty() || text.starts_with(':') || text.contains(' ') {
            self.trailing(text)
        } else {
            self.param(text)
        }
    }

    /// Ends the line with CR LF.
    pub fn end(&mut self) {
        self.out.extend_from_slice(b"\r\n");
    }

    fn push_clean(&mut self, bytes: &[u8], no_space: bool) {
        let dirty = memchr::memchr3(0, b'\r', b'\n', bytes).is_some()
            || (no_space && memchr::memchr(b' ', bytes).is_some());
        if !dirty {
            return self.out.extend_from_slice(bytes);
        }
        for byte in bytes {
            match byte {
                0 | b'\r' | b'\n' => {}
                b' ' if no_space => self.out.push(b'_'),
                plain => self.out.push(*plain),
            }
        }
    }
}

/// The longest start of `text` that is at most `bytes_max` bytes and ends at a character's end.
pub fn clip(text: &str, bytes_max: usize) -> &str {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_a_parameter_ends_the_line() {
        let mut out = Vec::new();
        let mut line = LineWriter::new(&mut out);
        line.tag("a", "x y;")
            .tag("b", "")
            .source_parts(&["n", "!", "u@h"]);
        line.command("PRIVMSG")
            .param("#a b")
            .trailing("hi\r\nQUIT :\0x")
            .end();
        assert_eq!(out, b"@a=x\\sy\\:;b :n!u@h PRIVMSG #a_b :hiQUIT :x\r\n");
    }

    #[test]
    fn a_clipped_text_ends_at_a_character() {
        assert_eq!(clip("aé", 2), "a");
        assert_eq!(clip("aé", 3), "aé");
        assert_eq!(clip("", 3), "");
    }
}
