//! A program of somebody else's in a terminal, as its user sees it: a pty, a parser that knows what it shows, and
//! waiting for what it shows. It never sleeps, and never passes by doing nothing where it must not.

#![expect(
    clippy::print_stdout,
    reason = "what a failed test saw, and why one did nothing"
)]

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long anything may take before the test gives up: far more than needed, because the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// Wide and tall enough that no line is wrapped and none of a test scrolls away.
const COLUMNS: u16 = 200;
const ROWS: u16 = 60;

/// Where the program is. Where it is not installed the test says so and does nothing, but fails where `CI` is `true`:
/// there it must be.
pub(crate) fn installed(name: &str, package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/games".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        let why = format!("{name} is not installed (Debian's package {package})");
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
        println!("nothing is tested: {why}");
    }
    found
}

/// A program in a terminal.
pub(crate) struct Terminal {
    parser: vt100::Parser,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts a program whose home is `folder`.
    pub(crate) fn start(folder: &Path, program: &Path, words: &[impl AsRef<OsStr>]) -> Self {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(words);
        command.cwd(folder);
        command.env("HOME", folder);
        command.env("TERM", "xterm");
        command.env("LANG", "C.UTF-8");
        command.env("LC_ALL", "C.UTF-8");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = reader.read(&mut bytes) {
                if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let cells = |count| NonZeroU16::new(count).unwrap();
        Self {
            parser: vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0),
            output,
            input: pair.master.take_writer().unwrap(),
            child,
            _master: pair.master,
        }
    }

    /// Types a line and the Enter key.
    pub(crate) fn types(&mut self, line: &str) {
        self.input
            .write_all(format!("{line}\r").as_bytes())
            .unwrap();
        self.input.flush().unwrap();
    }

    /// What the terminal shows, a line a row.
    fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits until one row shows all these words, in this order.
    #[track_caller]
    pub(crate) fn sees(&mut self, words: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        while !self.text().lines().any(|row| has_all(row, words)) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.parser.process(&bytes),
                Err(why) => panic!("waited for {words:?} ({why})"),
            }
        }
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub(crate) fn ends(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.parser.process(&bytes),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    panic!("it does not end")
                }
            }
        }
        assert!(self.child.wait().unwrap().success());
    }
}

fn has_all(row: &str, words: &[&str]) -> bool {
    let mut rest = row;
    words.iter().all(|word| {
        let after = rest.split_once(word).map(|(_, after)| after);
        rest = after.unwrap_or("");
        after.is_some()
    })
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            while let Ok(bytes) = self.output.try_recv() {
                self.parser.process(&bytes);
            }
            println!("a terminal shows:");
            for row in self.text().lines().filter(|row| !row.trim().is_empty()) {
                println!("    {}", row.trim_end());
            }
        }
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
