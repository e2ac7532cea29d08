//! Bytes in, whole lines out, with the length limits of IRC. It never keeps more than one line, and never cuts one.

use crate::{CLIENT_TAG_BYTES_MAX, LINE_BYTES_MAX};

/// What the bytes held.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A line without its end.
    Line(&'a [u8]),
    /// A line that was longer than allowed; none of it is kept. Its first bytes are given, so that an answer can be
    /// addressed (a label, a verb).
    TooLong(&'a [u8]),
}

/// Cuts a stream of bytes into lines.
///
/// LF ends a line, and so does CR: a bare CR is no part of any message, and CR LF is one end because empty lines are
/// passed over.
#[derive(Debug, Default)]
pub struct Framer {
    held: Vec<u8>,
    skipping: bool,
    skipped_bytes: usize,
    limits: Limits,
}

/// How long a line may be, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tag section, `@` and space included.
    pub tag_bytes_max: usize,
    /// All behind the tags, CR LF included.
    pub body_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tag_bytes_max: CLIENT_TAG_BYTES_MAX,
            body_bytes_max: LINE_BYTES_MAX,
        }
    }
}

impl Limits {
    /// Whether `line`, without its end, is within the limits.
    pub fn allow(&self, line: &[u8]) -> bool {
        let tag_bytes = if line.first() == Some(&b'@') {
            memchr::memchr(b' ', line).map_or(line.len(), |space| space + 1)
        } else {
            0
        };
        tag_bytes <= self.tag_bytes_max && line.len() - tag_bytes + 2 <= self.body_bytes_max
    }

    fn line_bytes_max(&self) -> usize {
        self.tag_bytes_max + self.body_bytes_max
    }
}

impl Framer {
    /// A framer with limits of its own.
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Hands every line that `bytes` completes to `each`, in order.
    pub fn feed(&mut self, bytes: &[u8], mut each: impl FnMut(Frame<'_>)) {
        let mut start = 0;
        for end in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let piece = bytes.get(start..end).unwrap_or(&[]);
            start = end + 1;
            self.complete(piece, &mut each);
        }
        self.hold(bytes.get(start..).unwrap_or(&[]));
    }

    /// How many bytes are held back, waiting for their line's end.
    pub fn held_bytes(&self) -> usize {
        self.held.len()
    }

    /// How many bytes of an endless line have been thrown away since it began.
    pub fn skipped_bytes(&self) -> usize {
        self.skipped_bytes
    }

    fn complete(&mut self, piece: &[u8], each: &mut impl FnMut(Frame<'_>)) {
        if !self.skipping && self.held.is_empty() {
            if !piece.is_empty() {
                each(self.judge(piece));
            }
            return;
        }
        self.hold(piece);
        let line = std::mem::take(&mut self.held);
        if self.skipping {
            self.skipping = false;
            self.skipped_bytes = 0;
            each(Frame::TooLong(&line));
        } else {
            each(self.judge(&line));
        }
    }

    fn judge<'a>(&self, line: &'a [u8]) -> Frame<'a> {
        if self.limits.allow(line) {
            Frame::Line(line)
        } else {
            Frame::TooLong(line)
        }
    }

    fn hold(&mut self, piece: &[u8]) {
        let room = self.limits.line_bytes_max().saturating_sub(self.held.len());
        if piece.len() > room {
            self.skipping = true;
        }
        let kept = piece.len().min(room);
        self.held
            .extend_from_slice(piece.get(..kept).unwrap_or(&[]));
        if self.skipping {
            self.skipped_bytes += piece.len() - kept;
        }
    }
}

#[cfg(test)]
mod tests;
