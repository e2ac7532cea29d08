//! The terminal taken over and given back: raw mode, the alternate screen, paste, focus, keys, the title.
//! It must never have two ways to give it back: `restore` is the only one, for the normal end, a panic and a signal.

use std::io::{self, Write};
use std::panic::{set_hook, take_hook};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::{SetCursorStyle, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, KeyboardEnhancementFlags, PopKeyboardEnhancementFlags,
    PushKeyboardEnhancementFlags,
};
use crossterm::style::{Print, ResetColor};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};

/// Whether the terminal is ours now. A panic hook and a signal have nothing else to know it by.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Puts the window's title away and brings it back (XTWINOPS 22 and 23).
const TITLE_SAVE: &str = "\x1b[22;0t";
const TITLE_RESTORE: &str = "\x1b[23;0t";

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

/// Takes the terminal over, at the start and after a suspend.
///
/// The enhanced keys are asked for blindly: a terminal that does not know them passes the sequence over, and asking
/// whether it does would cost up to two seconds on a mute one.
///
/// # Errors
/// When the terminal does not do as told.
pub fn enter() -> io::Result<()> {
    if IS_OURS.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let taken = enable_raw_mode().and_then(|()| {
        execute!(
            io::stdout(),
            Print(TITLE_SAVE),
            EnterAlternateScreen,
            // What a terminal draws wider than we know must not go on in the next row.
            DisableLineWrap,
            EnableBracketedPaste,
            EnableFocusChange,
            PushKeyboardEnhancementFlags(KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES),
        )
    });
    if taken.is_err() {
        restore();
    }
    taken
}

/// Gives the terminal back as it was; does nothing when it is not ours.
///
/// Errors are passed over: the terminal may be gone, and every step must be tried all the same.
pub fn restore() {
    if !IS_OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = queue!(
        out,
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
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// Throws away what was typed, or answered by the terminal, and was not read yet.
pub fn discard_input() {
    // What cannot be thrown away is read by whoever comes next.
    let _ = rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush);
}

/// Makes a panic of this thread give the terminal back before it is reported.
///
/// A panic of another thread (a hosted server's session) is that thread's affair: it goes to the log, because words
/// written over the screen would help nobody.
pub fn restore_on_panic() {
    let screen = std::thread::current().id();
    let report = take_hook();
    set_hook(Box::new(move |panic| {
        if std::thread::current().id() == screen || !IS_OURS.load(Ordering::SeqCst) {
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
