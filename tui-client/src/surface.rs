//! What the screen needs of a terminal beside cells: a frame that appears at once, and sequences that no cell holds.
//! Nothing of it is flushed: it goes with the frame.
//! It must never be given text that was not cleaned of control characters by whoever builds the sequence.

use std::io::{self, Write};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::DisableMouseCapture;
use crossterm::queue;
use crossterm::style::Print;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate, SetTitle};
use ratatui::backend::{Backend, CrosstermBackend, TestBackend};

use crate::terminal;

/// Bytes that may go to the clipboard: terminals cut or drop longer sequences.
const CLIPBOARD_BYTES_MAX: usize = 64 * 1024;

/// Buttons, the wheel and drags, as SGR writes them; not each move of the mouse, which would only wake us.
const MOUSE: &str = "\u{1b}[?1000h\u{1b}[?1002h\u{1b}[?1006h";

/// A backend that can do what a chat needs.
pub trait Surface: Backend {
    /// The backend's error as the loop's.
    fn failed(error: Self::Error) -> io::Error;
    /// The terminal is ours from now on.
    fn greet(&mut self) {}
    /// What follows appears as one frame, where the terminal can do that.
    fn begin(&mut self) {}
    /// The frame is complete.
    fn end(&mut self) {}
    /// Asks what is behind the text (OSC 11); the answer comes among the keys, or not at all.
    fn ask_background(&mut self) {}
    /// Takes the mouse, or leaves it to the terminal, which can then select.
    fn point(&mut self, _: bool) {}
    /// Calls for attention.
    fn ring(&mut self) {}
    /// Shows a text outside of the terminal's window: a sequence of `Notifier`'s.
    fn notify(&mut self, _: &str) {}
    /// Names the window.
    fn title(&mut self, _: &str) {}
    /// Puts text onto the clipboard.
    fn copy(&mut self, _: &str) {}
}

/// What cannot be written is done without: none of it carries meaning that is not on the screen.
impl<W: Write> Surface for CrosstermBackend<W> {
    fn failed(error: Self::Error) -> io::Error {
        error
    }

    fn greet(&mut self) {
        let _ = terminal::greet(self);
    }

    fn begin(&mut self) {
        let _ = queue!(self, BeginSynchronizedUpdate);
    }

    fn end(&mut self) {
        let _ = queue!(self, EndSynchronizedUpdate);
    }

    fn ask_background(&mut self) {
        let _ = queue!(self, Print("\u{1b}]11;?\u{1b}\\"));
    }

    fn point(&mut self, is_ours: bool) {
        let _ = if is_ours {
            queue!(self, Print(MOUSE))
        } else {
            queue!(self, DisableMouseCapture)
        };
    }

    fn ring(&mut self) {
        let _ = queue!(self, Print('\u{7}'));
    }

    fn notify(&mut self, sequence: &str) {
        let _ = queue!(self, Print(sequence));
    }

    fn title(&mut self, text: &str) {
        let clean: String = text.chars().filter(|c| !c.is_control()).take(200).collect();
        let _ = queue!(self, SetTitle(clean));
    }

    fn copy(&mut self, text: &str) {
        let text = protocol::write::clip(text, CLIPBOARD_BYTES_MAX);
        let _ = queue!(self, CopyToClipboard::to_clipboard_from(text));
    }
}

impl Surface for TestBackend {
    fn failed(error: Self::Error) -> io::Error {
        match error {}
    }
}
