//! IRC over WebSocket (RFC 6455, IRCv3 websocket): a frame is a line, both ways. It never touches a socket.

use protocol::frame::Limits;

use super::arrival::Setup;
use super::heard::{Hear, Heard};
use super::upgrade::{REQUEST_BYTES_MAX, Upgrade, answer};

/// Bytes of a message, at most: a line with its tags, and its end, which some clients send.
const MESSAGE_BYTES_MAX: usize = protocol::CLIENT_TAG_BYTES_MAX + protocol::LINE_BYTES_MAX + 2;

/// Bytes of an over-long message that are read past before the connection ends.
const SKIPPED_BYTES_MAX: u64 = 64 * 1024;

mod opcode {
    pub(super) const CONTINUED: u8 = 0;
    pub(super) const TEXT: u8 = 1;
    pub(super) const BINARY: u8 = 2;
    pub(super) const CLOSE: u8 = 8;
    pub(super) const PING: u8 = 9;
    pub(super) const PONG: u8 = 10;
}

/// Why a connection is ended (RFC 6455, 7.4.1).
const NORMAL: u16 = 1000;
const PROTOCOL_ERROR: u16 = 1002;
const TOO_BIG: u16 = 1009;

/// The state of a WebSocket.
#[derive(Debug)]
pub(crate) struct WebSocket {
    origins: Vec<String>,
    is_open: bool,
    is_text: bool,
    is_over: bool,
    /// The request, later the frame that has not come whole.
    held: Vec<u8>,
    /// The message so far, where it comes in several frames.
    message: Vec<u8>,
    is_continued: bool,
}

/// The head of a frame.
struct Head {
    opcode: u8,
    is_last: bool,
    mask: [u8; 4],
    /// Where the body starts, and how many bytes it has.
    start: usize,
    body_bytes: u64,
}

impl WebSocket {
    /// Somebody new.
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            origins: setup.origins.clone(),
            is_open: false,
            is_text: true,
            is_over: false,
            held: Vec::new(),
            message: Vec::new(),
            is_continued: false,
        }
    }

    /// Bytes came.
    pub(crate) fn came(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        if self.is_over {
            return;
        }
        self.held.extend_from_slice(bytes);
        if !self.is_open {
            self.upgrade(reply, hear);
        }
        let held = std::mem::take(&mut self.held);
        let mut rest = held.as_slice();
        while self.is_open && !self.is_over {
            match self.frame(rest, reply, hear) {
                Some(taken) => rest = rest.get(taken..).unwrap_or(&[]),
                None => break,
            }
        }
        if !self.is_over {
            self.held = rest.to_vec();
        }
    }

    fn upgrade(&mut self, reply: &mut Vec<u8>, hear: &mut Hear<'_>) {
        let end = memchr::memmem::find(&self.held, b"\r\n\r\n");
        let Some(end) = end.filter(|end| *end <= REQUEST_BYTES_MAX) else {
            if self.held.len() > REQUEST_BYTES_MAX {
                self.is_over = true;
                hear(Heard::Ended("HTTP request too long"));
            }
            return;
        };
        let rest = self.held.split_off(end + 4);
        let request = std::mem::replace(&mut self.held, rest);
        match answer(&request, &self.origins) {
            Upgrade::Accepted(answer, is_text) => {
                reply.extend_from_slice(answer.as_bytes());
                self.is_open = true;
                self.is_text = is_text;
                hear(Heard::Opened);
            }
            Upgrade::Refused(answer) => {
                reply.extend_from_slice(answer.as_bytes());
                self.is_over = true;
                hear(Heard::Ended("WebSocket refused"));
            }
        }
    }

    /// Takes one frame off the front; says how many bytes it had, if it is whole.
    fn frame(&mut self, bytes: &[u8], reply: &mut Vec<u8>, hear: &mut Hear<'_>) -> Option<usize> {
        let frame = match Head::read(bytes) {
            Ok(whole) => whole?,
            Err(code) => return self.end(code, reply, hear),
        };
        let control = frame.opcode >= opcode::CLOSE;
        let misplaced = match frame.opcode {
            opcode::CONTINUED => !self.is_continued,
            opcode::TEXT | opcode::BINARY => self.is_continued,
            opcode::CLOSE | opcode::PING | opcode::PONG => !frame.is_last || frame.body_bytes > 125,
            _ => true,
        };
        if misplaced {
            return self.end(PROTOCOL_ERROR, reply, hear);
        }
        if frame.body_bytes > SKIPPED_BYTES_MAX {
            return self.end(TOO_BIG, reply, hear);
        }
        let body_bytes = usize::try_from(frame.body_bytes).ok()?;
        let masked = bytes.get(frame.start..frame.start + body_bytes)?;
        let body = masked
            .iter()
            .zip(frame.mask.iter().cycle())
            .map(|(byte, mask)| byte ^ mask);
        if control {
            let body: Vec<u8> = body.collect();
            match frame.opcode {
                opcode::PING => push_frame(reply, opcode::PONG, &body),
                opcode::CLOSE => return self.end(NORMAL, reply, hear),
                _ => {}
            }
        } else {
            self.message.extend(body);
            self.is_continued = !frame.is_last;
            if self.message.len() > usize::try_from(SKIPPED_BYTES_MAX).unwrap_or(usize::MAX) {
                return self.end(TOO_BIG, reply, hear);
            }
            if frame.is_last {
                let message = std::mem::take(&mut self.message);
                said(&message, hear);
            }
        }
        Some(frame.start + body_bytes)
    }

    fn end(&mut self, code: u16, reply: &mut Vec<u8>, hear: &mut Hear<'_>) -> Option<usize> {
        push_frame(reply, opcode::CLOSE, &code.to_be_bytes());
        self.is_over = true;
        hear(Heard::Ended(match code {
            NORMAL => "Connection closed",
            TOO_BIG => "WebSocket message too long",
            _ => "WebSocket protocol error",
        }));
        None
    }

    /// The core's lines, each as a frame without its end.
    pub(crate) fn wrap(&mut self, lines: &[u8], out: &mut Vec<u8>) {
        for line in lines.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            if self.is_text {
                // A browser ends a connection whose text is no UTF-8.
                push_frame(out, opcode::TEXT, String::from_utf8_lossy(line).as_bytes());
            } else {
                push_frame(out, opcode::BINARY, line);
            }
        }
    }
}

/// One message: a line, or several for who takes it for a stream.
fn said(message: &[u8], hear: &mut Hear<'_>) {
    for line in message.split(|byte| matches!(byte, b'\r' | b'\n')) {
        if line.is_empty() {
            continue;
        }
        if line.len() <= MESSAGE_BYTES_MAX && Limits::default().allow(line) {
            hear(Heard::Line(line));
        } else {
            let start = line.get(..MESSAGE_BYTES_MAX.min(line.len())).unwrap_or(&[]);
            hear(Heard::LongLine(start));
        }
    }
}

impl Head {
    /// Reads a head, if it is whole; an error is the code to end with.
    fn read(bytes: &[u8]) -> Result<Option<Self>, u16> {
        let Some(&[first, second]) = bytes.first_chunk::<2>() else {
            return Ok(None);
        };
        // No extension was agreed on, and a client must mask.
        if first & 0x70 != 0 || second & 0x80 == 0 {
            return Err(PROTOCOL_ERROR);
        }
        let (length_bytes, mut body_bytes) = match second & 0x7f {
            126 => (2, 0),
            127 => (8, 0),
            short => (0, u64::from(short)),
        };
        let Some(length) = bytes.get(2..2 + length_bytes) else {
            return Ok(None);
        };
        for byte in length {
            body_bytes = body_bytes << 8 | u64::from(*byte);
        }
        let mask = bytes
            .get(2 + length_bytes..)
            .and_then(|rest| rest.first_chunk::<4>());
        Ok(mask.map(|mask| Self {
            opcode: first & 0xf,
            is_last: first & 0x80 != 0,
            mask: *mask,
            start: 2 + length_bytes + 4,
            body_bytes,
        }))
    }
}

/// Adds a whole frame of ours, which is not masked.
fn push_frame(out: &mut Vec<u8>, opcode: u8, body: &[u8]) {
    out.push(0x80 | opcode);
    match body.len() {
        short @ ..126 => out.push(u8::try_from(short).unwrap_or(0)),
        middle @ ..65_536 => {
            out.push(126);
            out.extend_from_slice(&u16::try_from(middle).unwrap_or(0).to_be_bytes());
        }
        long => {
            out.push(127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    out.extend_from_slice(body);
}

#[cfg(test)]
mod tests;
