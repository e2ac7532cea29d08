//! The way out to one session: at once where its socket takes it, else a bounded queue. It never waits.
//!
//! Who does not read is treated by whose bytes wait: answers to its own commands stop it from being read (the hub
//! closes its gate), and never end it before a hard cap; what others said ends it, once more than a queue's worth of
//! that waits.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice};

use bytes::Bytes;

use crate::batch::Parcel;

/// How much may wait for one session, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueLimits {
    /// Of what others said; more drops the session.
    pub(crate) broadcast_bytes_max: usize,
    /// Of everything; more drops the session whatever it is.
    pub(crate) bytes_max: usize,
    /// Above this the session is not read from.
    pub(crate) low_mark_bytes: usize,
}

/// A socket that takes bytes or says that it would block.
pub(crate) trait Sink {
    /// Takes some of the bytes.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;
    /// Takes some of the bytes of several buffers.
    fn write_many(&self, buffers: &[IoSlice<'_>]) -> io::Result<usize>;
}

/// What became of bytes that were to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All are out.
    Sent,
    /// Some wait until the socket takes them.
    Waits,
    /// More wait than may; the session is to be dropped.
    Overflowed,
    /// The connection is broken.
    Lost(ErrorKind),
}

/// The bytes that wait for one session. Empty, and without memory of its own, for whoever reads.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    waiting: Option<Box<Waiting>>,
}

#[derive(Debug, Default)]
struct Waiting {
    pieces: VecDeque<Bytes>,
    bytes: usize,
    /// Of what others said, since the queue was last empty.
    broadcast_bytes: usize,
}

/// Most buffers handed to the system in one call.
const BUFFERS_MAX: usize = 64;

impl Outbox {
    /// Sends a parcel, or what the socket takes of it; the rest waits.
    pub(crate) fn send(
        &mut self,
        sink: &impl Sink,
        parcel: &Parcel<'_>,
        limits: &QueueLimits,
    ) -> Outcome {
        let mut sent = 0;
        if self.waiting.is_none() {
            match sink.write(parcel.bytes) {
                Ok(count) if count >= parcel.bytes.len() => return Outcome::Sent,
                Ok(count) => sent = count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Outcome::Lost(error.kind()),
            }
        }
        let rest = match parcel.shared {
            Some(shared) => shared.slice(sent.min(shared.len())..),
            None => Bytes::copy_from_slice(parcel.bytes.get(sent..).unwrap_or(&[])),
        };
        let waiting = self.waiting.get_or_insert_default();
        waiting.bytes += rest.len();
        waiting.broadcast_bytes += parcel.broadcast_bytes.min(rest.len());
        waiting.pieces.push_back(rest);
        let heard_too_little = waiting.bytes > limits.broadcast_bytes_max
            && waiting.broadcast_bytes > limits.broadcast_bytes_max;
        if heard_too_little || waiting.bytes > limits.bytes_max {
            Outcome::Overflowed
        } else {
            Outcome::Waits
        }
    }

    /// Goes on where the socket stopped.
    pub(crate) fn resume(&mut self, sink: &impl Sink) -> Outcome {
        while let Some(waiting) = &mut self.waiting {
            let mut buffers = [IoSlice::new(&[]); BUFFERS_MAX];
            let mut count = 0;
            for (buffer, piece) in buffers.iter_mut().zip(&waiting.pieces) {
                *buffer = IoSlice::new(piece);
                count += 1;
            }
            let written = match sink.write_many(buffers.get(..count).unwrap_or(&[])) {
                Ok(written) => written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Outcome::Waits,
                Err(error) => return Outcome::Lost(error.kind()),
            };
            waiting.advance(written);
            if waiting.pieces.is_empty() {
                self.waiting = None;
            }
        }
        Outcome::Sent
    }

    /// Throws away what waits, but for the line that is half out, and puts a last word behind it.
    pub(crate) fn give_up(&mut self, last_word: &[u8]) {
        let mut rest = Vec::new();
        if let Some(waiting) = &self.waiting {
            for piece in &waiting.pieces {
                if let Some(end) = memchr::memchr(b'\n', piece) {
                    rest.extend_from_slice(piece.get(..=end).unwrap_or(&[]));
                    break;
                }
                rest.extend_from_slice(piece);
            }
        }
        rest.extend_from_slice(last_word);
        let waiting = self.waiting.insert(Box::default());
        waiting.bytes = rest.len();
        waiting.pieces.push_back(Bytes::from(rest));
    }

    /// How many bytes wait.
    pub(crate) fn bytes(&self) -> usize {
        self.waiting.as_ref().map_or(0, |waiting| waiting.bytes)
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_none()
    }
}

impl Waiting {
    fn advance(&mut self, written: usize) {
        self.bytes = self.bytes.saturating_sub(written);
        let mut left = written;
        while let Some(piece) = self.pieces.front_mut() {
            if left < piece.len() {
                *piece = piece.slice(left..);
                return;
            }
            left -= piece.len();
            self.pieces.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
