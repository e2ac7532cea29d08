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
/// closed as soon as nobody reads any more.
pub fn write() -> (mpsc::Sender<Word>, oneshot::Receiver<()>) {
    let (sender, mut words) = mpsc::channel::<Word>(WORDS_MAX);
    let (written, is_written) = oneshot::channel();
    thread::spawn(move || {
        while let Some(word) = words.blocking_recv() {
            let text = format!("{}\n", sanitise::lines(&word.text));
            let done = if word.is_trouble {
                io::stderr().write_all(text.as_bytes())
            } else {
                let mut out = io::stdout().lock();
                out.write_all(text.as_bytes()).and_then(|()| out.flush())
            };
            if done.is_err() {
                return;
            }
        }
        // Nobody waits for it after a hurried end.
        let _ = written.send(());
    });
    (sender, is_written)
}
