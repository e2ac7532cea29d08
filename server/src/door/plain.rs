//! The plain door: bytes to lines of text, whatever ends them, and text to the person. It never speaks IRC: its
//! dialect does.

use super::arrival::Setup;
use super::browser;
use super::dialect::{Dialect, Exchange};
use super::heard::{Hear, Heard};

/// Bytes of one message; the rest of a longer one is its own message.
const MESSAGE_BYTES_MAX: usize = 4096;

/// The state of a plain connection.
#[derive(Debug)]
pub(crate) struct Plain {
    held: Vec<u8>,
    dialect: Dialect,
    /// Whether anything was said yet.
    met: bool,
}

impl Plain {
    /// Somebody new, who came from that port.
    pub(crate) fn new(setup: &Setup, port: u16) -> Self {
        Self {
            held: Vec::new(),
            met: false,
            dialect: Dialect::new(setup.style, &setup.room, port, setup.nick_bytes_max),
        }
    }

    /// The connection is there.
    pub(crate) fn opened(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        hear(Heard::Opened);
        let mut exchange = Exchange::default();
        self.dialect.opened(&mut exchange);
        pass_on(&exchange, reply, hear);
    }

    /// Bytes came: whole lines are messages.
    pub(crate) fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r' | 0)) {
            let room = MESSAGE_BYTES_MAX.saturating_sub(self.held.len());
            if piece.len() > room {
                self.said(reply, hear);
            }
            for part in piece.chunks(MESSAGE_BYTES_MAX) {
                self.held.extend_from_slice(part);
                if self.held.len() >= MESSAGE_BYTES_MAX {
                    self.said(reply, hear);
                }
            }
            if matches!(piece.last(), Some(b'\n' | b'\r' | 0)) {
                self.said(reply, hear);
            }
        }
    }

    /// Silence: what came without a line end is a message.
    pub(crate) fn paused(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        self.said(reply, hear);
    }

    fn said(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        let line = std::mem::take(&mut self.held);
        if line.is_empty() {
            return;
        }
        if !std::mem::replace(&mut self.met, true) && browser::is_request(&line) {
            // A page in a browser must not be able to say anything here by a form of its own.
            reply.extend_from_slice(browser::ANSWER);
            return hear(Heard::Ended(browser::REASON));
        }
        let mut exchange = Exchange::default();
        self.dialect.said(&line, &mut exchange);
        pass_on(&exchange, reply, hear);
    }

    /// The core's lines, as this person reads them.
    pub(crate) fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>, hear: &mut Hear<'_>) {
        let mut exchange = Exchange::default();
        for line in lines.split(|byte| matches!(byte, b'\n' | b'\r')) {
            if let Ok(line) = std::str::from_utf8(line)
                && !line.is_empty()
            {
                self.dialect.heard(line, &mut exchange);
            }
        }
        pass_on(&exchange, out, hear);
    }
}

fn pass_on(exchange: &Exchange, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
    reply.extend_from_slice(exchange.to_person.as_bytes());
    for line in &exchange.to_core {
        hear(Heard::Line(line.as_bytes()));
    }
}
