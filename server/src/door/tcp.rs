//! IRC over TCP: bytes to lines. It never judges a line but for its length, and for one that no IRC client sends.

use protocol::frame::{Frame, Framer};

use super::browser;
use super::heard::{Hear, Heard};

/// Bytes of a line without an end that are thrown away before the connection is.
const ENDLESS_BYTES_MAX: usize = 64 * 1024;

/// The state of an IRC connection's bytes.
#[derive(Debug, Default)]
pub(crate) struct Tcp {
    framer: Framer,
    met: bool,
}

impl Tcp {
    /// Bytes came.
    pub(crate) fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        let Self { framer, met } = self;
        let mut refused = false;
        framer.feed(bytes, |frame| {
            if refused {
                return;
            }
            match frame {
                Frame::Line(line) if !*met && browser::is_request(line) => {
                    // A page in a browser must not be able to post commands here as somebody's form.
                    refused = true;
                    reply.extend_from_slice(browser::ANSWER);
                    hear(Heard::Ended(browser::REASON));
                }
                Frame::Line(line) => hear(Heard::Line(line)),
                Frame::TooLong(start) => hear(Heard::LongLine(start)),
            }
            *met = true;
        });
        if framer.skipped_bytes() > ENDLESS_BYTES_MAX {
            reply.extend_from_slice(b"ERROR :Closing link: a line without an end\r\n");
            hear(Heard::Ended("A line without an end"));
        }
    }
}

#[cfg(test)]
mod tests;
