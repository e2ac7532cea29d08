//! The terminal taken over, written to, and given back: raw mode, the alternate screen, paste, focus, keys, the title.
//! It must never have two ways to give it back: `restore` is the only one, for the normal end, a panic and a signal.
//!
//! Whoever writes to a terminal waits until it reads, which may be for ever. So only threads that nobody waits for without
//! an end write, each piece under the lock of standard output, and a frame only while the terminal is ours.

use std::io::{self, StdoutLock, Write};
use std::panic::{set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use crossterm::cursor::{SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use crossterm::queue;
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use rustix::io::Errno;
use rustix::termios::{QueueSelector, tcflush};

/// Whether the terminal is ours now. A panic hook and a signal have nothing else to know it by.
static IS_OURS: AtomicBool = AtomicBool::new(false);
/// Whether anything was written since it is; read and changed under the lock of standard output.
static IS_TOUCHED: AtomicBool = AtomicBool::new(false);

/// Bytes of a frame that are written at a time. After one of them the terminal may turn out to be no longer ours.
const PIECE_BYTES: usize = 16 * 1024;
/// How long the terminal may take to read what is on its way when it is given back. Then what it did not read is thrown
/// away, which makes room, and it has as long again.
const PATIENCE: Duration = Duration::from_millis(250);
/// The pause before a terminal that cannot be waited for is tried again.
const AGAIN: Duration = Duration::from_millis(10);

/// Puts the window's title away and brings it back (XTWINOPS 22 and 23).
const TITLE_SAVE: &str = "\x1b[22;0t";
const TITLE_RESTORE: &str = "\x1b[23;0t";
/// Ends a sequence that was cut, whatever it was, and means nothing otherwise (ST).
const STRING_END: &str = "\x1b\\";

/// The terminal is ours until this is dropped.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal over.
    ///
    /// # Errors
    /// When standard output is no terminal, or does not do as told; then it is left as it was.
    pub fn new() -> io::Result<Self> {
        enter()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Takes the terminal's keys over, at the start and after a suspend; what it has to be told goes with the next frame
/// ([`greet`]).
///
/// # Errors
/// When the terminal does not do as told.
pub fn enter() -> io::Result<()> {
    if IS_OURS.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let taken = enable_raw_mode();
    if taken.is_err() {
        restore();
    }
    taken
}

/// Writes what has to be told to a terminal that is ours from now on.
///
/// The enhanced keys are asked for blindly: a terminal that does not know them passes the sequence over, and asking
/// whether it does would cost up to two seconds on a mute one.
///
/// # Errors
/// Those of the writer.
pub fn greet(out: &mut impl Write) -> io::Result<()> {
    queue!(
        out,
        Print(TITLE_SAVE),
        EnterAlternateScreen,
        // What a terminal draws wider than we know must not go on in the next row.
        DisableLineWrap,
        EnableBracketedPaste,
        EnableFocusChange,
        PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES),
    )
}

/// Writes a frame, for as long as the terminal takes; the rest of it is dropped when the terminal is no longer ours.
///
/// # Errors
/// When the terminal is gone.
pub fn paint(frame: &[u8]) -> io::Result<()> {
    for piece in frame.chunks(PIECE_BYTES) {
        let out = io::stdout().lock();
        if !IS_OURS.load(Ordering::SeqCst) {
            return Ok(());
        }
        IS_TOUCHED.store(true, Ordering::SeqCst);
        write(&out, piece)?;
    }
    Ok(())
}

/// Gives the terminal back as it was; does nothing when it is not ours.
///
/// Errors are passed over: the terminal may be gone, and every step must be tried all the same. A terminal that does not
/// read holds this up for twice [`PATIENCE`].
pub fn restore() {
    if !IS_OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let (done, is_done) = sync_channel(1);
    let farewell = thread::Builder::new().spawn(move || {
        take_leave();
        // Nobody waits for it after an end that had to be hurried.
        let _ = done.send(());
    });
    if farewell.is_err() {
        take_leave();
    } else if is_done.recv_timeout(PATIENCE).is_err() {
        let _ = tcflush(io::stdout(), QueueSelector::OFlush);
        let _ = is_done.recv_timeout(PATIENCE);
    }
    let _ = disable_raw_mode();
}

/// Tells the terminal that it is no longer ours, unless it is again.
fn take_leave() {
    let out = io::stdout().lock();
    if IS_OURS.load(Ordering::SeqCst) || !IS_TOUCHED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut words = Vec::new();
    let _ = queue!(
        words,
        Print(STRING_END),
        PopKeyboardEnhancementFlags,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        ResetColor,
        SetCursorStyle::DefaultUserShape,
        EndSynchronizedUpdate,
        EnableLineWrap,
        LeaveAlternateScreen,
        Show,
        Print(TITLE_RESTORE),
    );
    let _ = write(&out, &words);
}

fn write(out: &StdoutLock<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(out, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            // Another program left it so, for all that share the terminal.
            Err(Errno::AGAIN) => thread::sleep(AGAIN),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Throws away what was typed, or answered by the terminal, and was not read yet.
pub fn discard_input() {
    // What cannot be thrown away is read by whoever comes next.
    let _ = tcflush(io::stdin(), QueueSelector::IFlush);
}

/// Makes a panic of this thread give the terminal back before it is reported.
///
/// A panic of another thread (a hosted server's session) is that thread's affair: it goes to the log, because words
/// written over the screen would help nobody.
pub fn restore_on_panic() {
    let screen = thread::current().id();
    let report = take_hook();
    set_hook(Box::new(move |panic| {
        if thread::current().id() == screen || !IS_OURS.load(Ordering::SeqCst) {
            restore();
            report(panic);
        } else {
            tracing::error!(%panic, "a thread beside the screen panicked");
        }
    }));
}

/// Gives the terminal back and puts the whole job to sleep, as Ctrl-Z does in every program. `false`: there is no
/// shell that could wake us, and nothing was done. After waking, SIGCONT comes, and `enter` is due.
///
/// The job is stopped by SIGSTOP to the group, so that `cargo run` sleeps with us and the shell notices.
pub fn suspend() -> bool {
    let is_leader =
        rustix::process::getsid(None).is_ok_and(|session| session == rustix::process::getpid());
    if is_leader {
        return false;
    }
    restore();
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::STOP);
    true
}
