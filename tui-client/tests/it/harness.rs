//! A program in a real terminal: a pty, a parser that knows what it shows, and waiting without sleeping.

use std::fs;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{Mode, OFlags};
use server::run::{Options, Running};
use socket2::{Domain, Socket, Type};

/// How long anything may take before the test gives up: far more than needed, because the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of the test's own, gone when it is over.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("parlor-it-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The variables that make it the home of a program.
    pub(crate) fn house(&self, mut set: impl FnMut(&str, PathBuf)) {
        for (name, place) in [
            ("HOME", ""),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "data"),
        ] {
            set(name, self.0.join(place));
        }
    }

    /// Writes a file into it; its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server on a port that was free.
pub(crate) struct Server {
    running: Option<Running>,
    pub(crate) address: SocketAddr,
    _folder: Folder,
}

impl Server {
    pub(crate) fn start() -> Self {
        let folder = Folder::new();
        let config = server::config::Config {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
            data_dir: folder.path().display().to_string(),
            ..server::config::Config::default()
        };
        let running = server::run::start(config, Options::default()).unwrap();
        let address = running.addresses()[0].1;
        Self {
            running: Some(running),
            address,
            _folder: folder,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop("the test is over");
            let _ = running.wait();
        }
    }
}

/// A port that nobody listens on, and that no other test is given as long as the socket is there.
pub(crate) fn free_port() -> (Option<Socket>, u16) {
    let kept = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    // Who listens may share the port with who does not, on Linux.
    kept.set_reuse_address(true).unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    kept.bind(&any.into()).unwrap();
    let address = kept.local_addr().unwrap().as_socket().unwrap();
    (cfg!(target_os = "linux").then_some(kept), address.port())
}

/// A program in a terminal.
pub(crate) struct Terminal {
    parser: vt100::Parser,
    output: Receiver<Vec<u8>>,
    /// Whether nobody reads what the program writes.
    held: Arc<(Mutex<bool>, Condvar)>,
    input: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// How the terminal was set before the program began.
    modes: String,
}

impl Terminal {
    /// Starts `parlor` with these words, in a terminal of so many columns and rows.
    pub(crate) fn parlor(folder: &Folder, size: (u16, u16), words: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_parlor");
        Self::start(folder, size, program, words)
    }

    pub(crate) fn start(folder: &Folder, size: (u16, u16), program: &str, words: &[&str]) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let modes = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(program);
        command.args(words);
        command.cwd(folder.path());
        command.env("TERM", "xterm-256color");
        command.env("TZ", "UTC");
        command.env("RUST_BACKTRACE", "0");
        folder.house(|name, place| command.env(name, place));
        for name in ["PARLOR_CONFIG", "NO_COLOR", "COLORTERM", "RUST_LOG"] {
            command.env_remove(name);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        let held = Arc::new((Mutex::new(false), Condvar::new()));
        let gate = Arc::clone(&held);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = reader.read(&mut bytes) {
                let (is_held, changed) = &*gate;
                let is_held = is_held.lock().unwrap();
                drop(changed.wait_while(is_held, |is_held| *is_held).unwrap());
                if count == 0 || sender.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            parser: vt100::Parser::new(cells(size.1), cells(size.0), 0),
            output,
            held,
            input: pair.master.take_writer().unwrap(),
            master: pair.master,
            child,
            modes,
        }
    }

    /// Presses keys, given as the bytes that a terminal sends.
    pub(crate) fn press(&mut self, keys: &str) {
        self.input.write_all(keys.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// The terminal reads no more (it takes one piece still), or again.
    pub(crate) fn hold(&self, is_held: bool) {
        let (gate, changed) = &*self.held;
        *gate.lock().unwrap() = is_held;
        changed.notify_all();
    }

    /// Whether the terminal takes nothing more from the program just now.
    pub(crate) fn is_full(&self) -> bool {
        let path = self.master.tty_name().unwrap();
        let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK;
        let end = rustix::fs::open(path, flags, Mode::empty()).unwrap();
        let mut asked = [PollFd::new(&end, PollFlags::OUT)];
        rustix::event::poll(&mut asked, Some(&Timespec::default())).unwrap() == 0
    }

    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.parser
            .screen_mut()
            .set_size(cells(size.1), cells(size.0));
        self.master.resize(pty_size(size)).unwrap();
    }

    /// What the terminal shows, a line a row.
    pub(crate) fn text(&self) -> String {
        self.parser.screen().contents()
    }

    /// Waits until the terminal shows what is wanted.
    #[track_caller]
    pub(crate) fn wait(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(&self.text()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.parser.process(&bytes),
                Err(why) => panic!("waited for {what} ({why}); it shows:\n{}", self.text()),
            }
        }
    }

    /// Waits until the terminal shows these words.
    #[track_caller]
    pub(crate) fn see(&mut self, words: &str) {
        self.wait(words, |text| text.contains(words));
    }

    /// Waits until the terminal no longer shows these words.
    #[track_caller]
    pub(crate) fn miss(&mut self, words: &str) {
        self.wait(&format!("no {words}"), |text| !text.contains(words));
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = self
            .child
            .process_id()
            .and_then(|id| i32::try_from(id).ok())
            .unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Waits for the end of the program; its exit code. The terminal must be as it was.
    #[track_caller]
    pub(crate) fn end(&mut self) -> u32 {
        // The program's end closes its side, and with it the reader's loop.
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.parser.process(&bytes),
                Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
                Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                    panic!("it does not end; the terminal shows:\n{}", self.text())
                }
            }
        }
        let code = self.child.wait().unwrap().exit_code();
        self.check_restored();
        code
    }

    /// The terminal is as it was before.
    #[track_caller]
    pub(crate) fn check_restored(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen stays");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste stays on");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(
            mouse,
            vt100::MouseProtocolMode::None,
            "the mouse stays ours"
        );
        let modes = format!("{:?}", self.master.get_termios());
        assert_eq!(
            modes, self.modes,
            "the terminal's modes are others than before"
        );
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.hold(false);
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

fn pty_size((columns, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}
