//! What one command is answered with: gathers lines and adds labels, batches and times. It never decides what to say.
//!
//! All decoration of replies is here (IRCv3 labeled-response, batch, server-time), so that no handler knows of it.

use bytes::Bytes;
use protocol::capability::Capability as C;
use protocol::{Caps, LineWriter, Stamp};

use crate::ids::{Reference, SessionId};

/// Bytes that most lines fit into, tags and all.
const LINE_BYTES: usize = 256;

/// The answer to one command of one session.
#[derive(Debug)]
pub struct Response {
    /// To whom.
    pub session: SessionId,
    /// What it has negotiated.
    pub caps: Caps,
    time: Stamp,
    label: Option<String>,
    lines: Vec<u8>,
    /// Where each unit (a line, or a whole batch) starts.
    units: Vec<usize>,
    open: Option<String>,
    /// Makes references of batches unique among all answers.
    seed: u64,
    batches: u32,
}

impl Response {
    /// An empty answer. `seed` is unique for each answer.
    pub fn new(session: SessionId, caps: Caps, time: Stamp, seed: u64) -> Self {
        let (label, lines, units) = (None, Vec::new(), Vec::new());
        Self {
            session,
            caps,
            time,
            label,
            lines,
            units,
            open: None,
            seed,
            batches: 0,
        }
    }

    /// Sets the label of the command, where the session understands labels.
    pub fn set_label(&mut self, label: Option<String>) {
        if self.caps.has(C::LabeledResponse) {
            self.label = label;
        }
    }

    /// Whether the command had a label.
    pub fn is_labeled(&self) -> bool {
        self.label.is_some()
    }

    /// Starts a line; tags for batch and time stand already.
    pub fn line(&mut self) -> LineWriter<'_> {
        self.reserve();
        if self.open.is_none() {
            self.units.push(self.lines.len());
        }
        let mut line = LineWriter::new(&mut self.lines);
        if let Some(reference) = &self.open {
            line.tag("batch", reference);
        }
        if self.caps.has(C::ServerTime) {
            line.time(self.time);
        }
        line
    }

    /// Room for a line at once: most answers are one, and most commands are answered with none.
    fn reserve(&mut self) {
        if self.lines.capacity() == 0 {
            self.lines.reserve(LINE_BYTES);
        }
    }

    /// Adds whole lines that belong together and are tagged already. `write` is told the batch they are part of and
    /// a reference for a batch of their own.
    pub fn unit(&mut self, write: impl FnOnce(&mut Vec<u8>, Option<&str>, Reference)) {
        self.reserve();
        let start = self.lines.len();
        self.batches += 1;
        let reference = Reference {
            seed: self.seed,
            kind: 'n',
            count: self.batches,
        };
        write(&mut self.lines, self.open.as_deref(), reference);
        if self.open.is_none() && self.lines.len() > start {
            self.units.push(start);
        }
    }

    /// Opens a batch, where the session understands batches; all lines until [`Response::close_batch`] are in it.
    pub fn open_batch(&mut self, kind: &str, params: &[&str], client_tags: &str, server: &str) {
        if !self.caps.has(C::Batch) {
            return;
        }
        self.batches += 1;
        let reference = format!("{:x}b{}", self.seed, self.batches);
        let mut line = self.line();
        for tag in protocol::tags::Tags::new(client_tags).iter() {
            line.tag_raw(tag.key, tag.raw);
        }
        line.source(server)
            .command("BATCH")
            .param(&format!("+{reference}"))
            .param(kind);
        for param in params {
            line.param(param);
        }
        line.end();
        self.open = Some(reference);
    }

    /// Closes the batch that was opened.
    pub fn close_batch(&mut self, server: &str) {
        if let Some(reference) = self.open.take() {
            let mut line = LineWriter::new(&mut self.lines);
            line.source(server)
                .command("BATCH")
                .param(&format!("-{reference}"))
                .end();
        }
    }

    /// The whole answer as it goes out, labelled: `ACK` where there is nothing to say, one line with the label, or
    /// several in a batch with it.
    pub fn finish(self, server: &str) -> Bytes {
        let Some(label) = self.label else {
            return Bytes::from(self.lines);
        };
        let mut out = Vec::with_capacity(self.lines.len() + 128);
        match self.units.len() {
            0 => {
                let mut line = LineWriter::new(&mut out);
                line.tag("label", &label);
                if self.caps.has(C::ServerTime) {
                    line.time(self.time);
                }
                line.source(server).command("ACK").end();
            }
            1 => push_tagged(&mut out, "label", &label, &self.lines),
            _ => {
                let reference = format!("{:x}l", self.seed);
                let mut line = LineWriter::new(&mut out);
                line.tag("label", &label).source(server);
                line.command("BATCH")
                    .param(&format!("+{reference}"))
                    .param("labeled-response");
                line.end();
                let ends = self.units.iter().skip(1).copied().chain([self.lines.len()]);
                for (start, end) in self.units.iter().copied().zip(ends) {
                    let unit = self.lines.get(start..end).unwrap_or(&[]);
                    push_tagged(&mut out, "batch", &reference, unit);
                }
                let mut line = LineWriter::new(&mut out);
                line.source(server)
                    .command("BATCH")
                    .param(&format!("-{reference}"))
                    .end();
            }
        }
        Bytes::from(out)
    }
}

/// Appends lines with one more tag on the first of them.
pub fn push_tagged(out: &mut Vec<u8>, key: &str, value: &str, lines: &[u8]) {
    let mut writer = LineWriter::new(out);
    writer.tag(key, value);
    if let Some(rest) = lines.strip_prefix(b"@") {
        out.push(b';');
        out.extend_from_slice(rest);
    } else {
        out.push(b' ');
        out.extend_from_slice(lines);
    }
}
