//! Measures how long a key takes until the terminal shows it, with nothing else to do and in a flood, and how long a
//! line takes until it is on the wire: parlor in a pseudo-terminal, and a server that says as much as parlor can read.
//! It must never look into parlor: it sees what a terminal and a server see.
//!
//! `cargo build --release -p tui-client && cargo run --release -p tui-client --example keys -- [apart] [PARLOR]`
//!
//! With `apart`, parlor has one processor, and whoever floods and types has another (needs `taskset` and `renice`). Without a path the
//! parlor beside this program is measured.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

/// Lines that are typed in each part, and letters of a line.
const LINES: usize = 8;
const LETTERS: usize = 35;
/// The rest after a line.
const PAUSE: Duration = Duration::from_millis(1500);
/// Messages of a flood that are written at a time.
const CHUNK: u64 = 200;
/// The longest that anything may take.
const PATIENCE: Duration = Duration::from_secs(10);
const SIZE: (u16, u16) = (120, 40);
const MEMBERS: u64 = 500;
/// Names in one line of the server's.
const NAMES: usize = 30;

type Done<T> = Result<T, Box<dyn Error>>;

/// What the server is to say next.
#[derive(Default)]
struct Mouth {
    words: Mutex<Vec<u8>>,
    has_words: Condvar,
    is_flooding: AtomicBool,
    said: AtomicU64,
}

impl Mouth {
    fn say(&self, text: &str) {
        let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        words.extend_from_slice(text.as_bytes());
        self.has_words.notify_one();
    }

    /// Writes whatever is to be said, and the flood, until nobody reads.
    fn run(&self, mut out: &TcpStream) -> io::Result<()> {
        loop {
            let mut words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
            while words.is_empty() && !self.is_flooding.load(Ordering::Relaxed) {
                let waited = self.has_words.wait(words);
                words = waited.unwrap_or_else(PoisonError::into_inner);
            }
            let mut bytes = std::mem::take(&mut *words);
            drop(words);
            if self.is_flooding.load(Ordering::Relaxed) {
                let first = self.said.fetch_add(CHUNK, Ordering::Relaxed);
                for number in first..first + CHUNK {
                    let nick = number % MEMBERS;
                    writeln!(
                        bytes,
                        ":member{nick}!u@h PRIVMSG #flood :{number} the café is open, see https://example.org/{nick}\r"
                    )?;
                }
            }
            out.write_all(&bytes)?;
        }
    }

    fn flood(&self, is_on: bool) {
        self.is_flooding.store(is_on, Ordering::Relaxed);
        self.has_words.notify_one();
    }
}

/// Hears the client, answers it, and tells when each of its lines of talk came.
fn hear(stream: TcpStream, mouth: &Mouth, talk: &Sender<Instant>) -> io::Result<()> {
    for line in BufReader::new(stream).lines() {
        let line = line?;
        // Tags stand before the verb.
        let line = match line.split_once(' ') {
            Some((tags, rest)) if tags.starts_with('@') => rest,
            _ => line.as_str(),
        };
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "CAP" if rest.starts_with("LS") => mouth.say(":s CAP * LS :echo-message message-tags\r\n"),
            "CAP" if rest.starts_with("REQ") => {
                mouth.say(&format!(":s CAP * ACK {}\r\n", rest.trim_start_matches("REQ ")));
            }
            "CAP" if rest.starts_with("END") => mouth.say(
                ":s 001 me :Welcome\r\n:s 005 me CHANTYPES=# PREFIX=(ov)@+ NETWORK=keys :are supported\r\n:s 422 me :-\r\n",
            ),
            "PING" => mouth.say(&format!(":s PONG s {rest}\r\n")),
            "JOIN" => {
                mouth.say(":me!u@h JOIN #flood\r\n");
                for first in (0..MEMBERS).step_by(NAMES) {
                    let names = (first..MEMBERS).take(NAMES);
                    let names: Vec<String> = names.map(|number| format!("member{number}")).collect();
                    let names = names.join(" ");
                    mouth.say(&format!(":s 353 me = #flood :{names}\r\n"));
                }
                mouth.say(":s 366 me #flood :end\r\n");
            }
            "PRIVMSG" => {
                if talk.send(Instant::now()).is_err() {
                    break;
                }
                mouth.say(&format!(":me!u@h PRIVMSG {rest}\r\n"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The terminal, as somebody sees it who writes in it.
struct Desk {
    keys: Box<dyn Write + Send>,
    shown: Receiver<(Instant, Vec<u8>)>,
    talk: Receiver<Instant>,
    screen: vt100::Parser,
    letters: u64,
}

impl Desk {
    /// Reads until the screen shows a text; when it did.
    fn until(&mut self, text: &str) -> Done<Instant> {
        loop {
            let shown = self.shown.recv_timeout(PATIENCE);
            let (at, bytes) = shown.map_err(|_| {
                let screen = self.screen.screen().contents();
                format!("{text:?} is never shown; this is:\n{screen}")
            })?;
            self.screen.process(&bytes);
            let screen = self.screen.screen();
            if screen.rows(0, SIZE.0).any(|row| row.contains(text)) {
                return Ok(at);
            }
        }
    }

    /// Takes in what is shown meanwhile.
    fn rest(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while let Ok((_, bytes)) = self
            .shown
            .recv_timeout(until.saturating_duration_since(Instant::now()))
        {
            self.screen.process(&bytes);
        }
    }

    /// Types lines; how long each letter took to the screen, and each line to the wire.
    fn type_lines(&mut self) -> Done<(Vec<Duration>, Vec<Duration>)> {
        let (mut letters, mut lines) = (Vec::new(), Vec::new());
        for _ in 0..LINES {
            let mut typed = String::new();
            for _ in 0..LETTERS {
                // Letters and pauses that follow no rhythm of the program's.
                self.letters = self
                    .letters
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let chance = self.letters >> 33;
                self.rest(Duration::from_millis(5 + chance % 25));
                let letter = b"qxzjkvw".get(usize::try_from(chance % 7)?).copied();
                let letter = char::from(letter.unwrap_or(b'q'));
                typed.push(letter);
                let pressed = Instant::now();
                write!(self.keys, "{letter}")?;
                self.keys.flush()?;
                // The first letters of a line may stand anywhere else, too.
                let shown = self.until(&typed)?;
                if typed.len() > 4 {
                    letters.push(shown.saturating_duration_since(pressed));
                }
            }
            let pressed = Instant::now();
            write!(self.keys, "\r")?;
            self.keys.flush()?;
            let came = self.talk.recv_timeout(PATIENCE);
            let came = came.map_err(|_| format!("{typed:?} is never sent"))?;
            lines.push(came.saturating_duration_since(pressed));
            // Faster than this, parlor would wait for what servers allow.
            self.rest(PAUSE);
        }
        Ok((letters, lines))
    }
}

fn tell(what: &str, mut times: Vec<Duration>) -> io::Result<()> {
    times.sort_unstable();
    let at = |percent: usize| {
        let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(index).copied().unwrap_or_default()
    };
    writeln!(
        io::stdout(),
        "{what}: {} times, p50 {:.2?}, p95 {:.2?}, p99 {:.2?}, max {:.2?}",
        times.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    )
}

fn parlor(port: u16, home: &Path, is_apart: bool) -> Done<CommandBuilder> {
    let here = std::env::current_exe()?;
    let beside = here.parent().and_then(Path::parent);
    let named = std::env::args().skip(1).find(|word| word != "apart");
    let program = match (named, beside) {
        (Some(named), _) => Path::new(&named).canonicalize()?,
        (None, Some(beside)) => beside.join("parlor"),
        (None, None) => return Err("where is parlor?".into()),
    };
    let mut command = if is_apart {
        let mut command = CommandBuilder::new("taskset");
        command.args(["-c", "1"]);
        command.arg(program);
        command
    } else {
        CommandBuilder::new(program)
    };
    command.args([
        "--host",
        "127.0.0.1",
        "--nick",
        "me",
        "--room",
        "#flood",
        "--no-host",
    ]);
    command.args(["--port", &port.to_string()]);
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env(name, home);
    }
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.env("COLORTERM", "truecolor");
    command.cwd(home);
    Ok(command)
}

fn serve(listener: TcpListener, talk: Sender<Instant>) -> Arc<Mouth> {
    let mouth = Arc::new(Mouth::default());
    let ours = Arc::clone(&mouth);
    thread::spawn(move || {
        let (stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let (out, theirs) = (stream.try_clone()?, Arc::clone(&ours));
        thread::spawn(move || {
            step_back();
            theirs.run(&out)
        });
        hear(stream, &ours, &talk)
    });
    mouth
}

/// Whoever floods lets others go first: on the processor that they share, the one with the watch must not wait for it.
fn step_back() {
    let own = std::fs::read_link("/proc/thread-self").unwrap_or_default();
    if let Some(own) = own.file_name() {
        let renice = Command::new("renice")
            .args(["-n", "19", "-p"])
            .arg(own)
            .output();
        // Elsewhere the figures are a little higher than they should be.
        drop(renice);
    }
}

fn cells(count: u16) -> Done<NonZeroU16> {
    Ok(NonZeroU16::try_from(count)?)
}

fn main() -> Done<()> {
    let is_apart = std::env::args().any(|word| word == "apart");
    if is_apart {
        let own = std::process::id().to_string();
        Command::new("taskset")
            .args(["-p", "-c", "0", &own])
            .output()?;
    }
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let (heard, talk) = channel();
    let mouth = serve(listener, heard);
    let home = std::env::temp_dir().join(format!("parlor-keys-{}", std::process::id()));
    std::fs::create_dir_all(&home)?;
    let (cols, rows) = SIZE;
    let size = PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size)?;
    let mut child = pair.slave.spawn_command(parlor(port, &home, is_apart)?)?;
    let mut screen = pair.master.try_clone_reader()?;
    let (painted, shown) = channel();
    thread::spawn(move || {
        let mut bytes = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = screen.read(&mut bytes) {
            let news = bytes.get(..count).unwrap_or_default().to_vec();
            if painted.send((Instant::now(), news)).is_err() {
                break;
            }
        }
    });
    let mut desk = Desk {
        keys: pair.master.take_writer()?,
        shown,
        talk,
        screen: vt100::Parser::new(cells(rows)?, cells(cols)?, 0),
        letters: 1,
    };
    desk.until("member1")?;
    desk.rest(Duration::from_secs(1));
    let (letters, lines) = desk.type_lines()?;
    tell("at rest, from a key to the screen", letters)?;
    tell("at rest, from Enter to the wire", lines)?;
    mouth.flood(true);
    desk.rest(Duration::from_secs(1));
    let (began, before) = (Instant::now(), mouth.said.load(Ordering::Relaxed));
    let (letters, lines) = desk.type_lines()?;
    let said = mouth.said.load(Ordering::Relaxed) - before;
    mouth.flood(false);
    tell("in a flood, from a key to the screen", letters)?;
    tell("in a flood, from Enter to the wire", lines)?;
    let took = began.elapsed();
    let each = said / u64::try_from(took.as_millis()).unwrap_or(1).max(1);
    writeln!(
        io::stdout(),
        "the flood: {each} messages a millisecond, for {took:.1?}"
    )?;
    child.kill()?;
    child.wait()?;
    std::fs::remove_dir_all(&home)?;
    Ok(())
}
