//! Standard input as lines and standard output for lines, each behind a thread, because neither can be waited for.
//! It must never let through a control character, whoever wrote it, nor hold more than a few lines.

use std::io::{self, BufRead, Read, Write};
use std::thread;

use tokio::sync::{mpsc, oneshot};

use crate::sanitise;

/// Lines that were read and not yet taken.
const READ_MAX: usize = 16;
/// Words that may wait for whoever reads them.
const WORDS_MAX: usize = 64;
/// Bytes of one line; what follows counts as the next one.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// Something to be told, of one line or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Whether it goes to standard error.
    pub is_trouble: bool,
    /// The text, without the last line end.
    pub text: String,
}

impl Word {
    /// Something that went wrong.
    pub fn trouble(text: String) -> Self {
        let is_trouble = true;
        Self { is_trouble, text }
    }
}

/// Reads standard input; the end of the channel is the end of it.
pub fn read() -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(READ_MAX);
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let mut read = input.by_ref().take(LINE_BYTES_MAX);
            match read.read_until(b'\n', &mut bytes) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\r', '\n']).to_owned();
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// Writes to standard output and standard error. The second end tells when everything is written; the first one is
/// closed as soon as nobody reads any more, unless what is written has to go on (`is_needed`): then only what went wrong
/// is told from there on.
pub fn write(is_needed: bool) -> (mpsc::Sender<Word>, oneshot::Receiver<()>) {
    let (sender, mut words) = mpsc::channel::<Word>(WORDS_MAX);
    let (written, is_written) = oneshot::channel();
    thread::spawn(move || {
        let mut is_read = true;
        while let Some(word) = words.blocking_recv() {
            let text = format!("{}\n", sanitise::lines(&word.text));
            let done = if word.is_trouble {
                io::stderr().write_all(text.as_bytes())
            } else if !is_read {
                Ok(())
            } else {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes()).and_then(|()| out.flush())
            };
            if done.is_err() && !is_needed {
                return;
            }
            is_read &= done.is_ok() || word.is_trouble;
        }
        // Nobody waits for it after a hurried end.
        let _ = written.send(());
    });
    (sender, is_written)
}
