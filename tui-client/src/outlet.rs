//! The way of frames to the terminal: a thread writes them, because a terminal that does not read (a stuck ssh, a stopped
//! window) holds up whoever writes to it, and a chat must go on meanwhile.
//! It must never have more than one frame on its way, nor lose a piece of it: the next is drawn as the difference to it.

use std::cell::RefCell;
use std::future::pending;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use tokio::sync::mpsc;

use crate::terminal;

/// Frames on their way.
const FRAMES_MAX: usize = 1;

/// What is gathered of the next frame. Flushing does nothing: a frame goes as a whole.
#[derive(Clone, Debug, Default)]
pub struct Page(Rc<RefCell<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A frame that is written, or as much of it as the terminal took; its memory is used again.
type Written = (Vec<u8>, io::Result<()>);

/// Sends frames off, one after the other.
#[derive(Debug)]
pub struct Outlet {
    page: Page,
    ends: Option<(SyncSender<Vec<u8>>, mpsc::Receiver<Written>)>,
    /// Whether a frame is on its way.
    is_busy: bool,
}

impl Outlet {
    /// Starts the thread that writes.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn open() -> io::Result<Self> {
        let (frames, to_write) = sync_channel(FRAMES_MAX);
        let (wrote, written) = mpsc::channel(FRAMES_MAX);
        thread::Builder::new()
            .name("outlet".to_owned())
            .spawn(move || write(&to_write, &wrote))?;
        Ok(Self {
            page: Page::default(),
            ends: Some((frames, written)),
            is_busy: false,
        })
    }

    /// Nobody reads, for tests.
    pub fn none() -> Self {
        Self {
            page: Page::default(),
            ends: None,
            is_busy: false,
        }
    }

    /// Where frames are written to.
    pub fn page(&self) -> Page {
        self.page.clone()
    }

    /// Whether the last frame is written, so that the next may be drawn.
    pub fn is_free(&self) -> bool {
        !self.is_busy
    }

    /// Sends off what is on the page; only when it is free.
    pub fn send(&mut self) {
        let frame = self.page.0.take();
        if let Some((frames, _)) = &self.ends {
            // Without the thread `written` says so.
            self.is_busy = true;
            let _ = frames.try_send(frame);
            // On a processor that a flood keeps busy the frame would wait until our turn is over.
            thread::yield_now();
        }
    }

    /// Waits until the frame that is on its way is written.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn written(&mut self) -> io::Result<()> {
        let Some((_, written)) = self.ends.as_mut().filter(|_| self.is_busy) else {
            return pending().await;
        };
        let (mut frame, done) = written.recv().await.ok_or(io::ErrorKind::BrokenPipe)?;
        self.is_busy = false;
        frame.clear();
        let mut page = self.page.0.borrow_mut();
        if page.is_empty() {
            *page = frame;
        }
        done
    }
}

/// The thread: it ends with the other end.
fn write(frames: &Receiver<Vec<u8>>, written: &mpsc::Sender<Written>) {
    while let Ok(frame) = frames.recv() {
        let done = terminal::paint(&frame);
        if written.blocking_send((frame, done)).is_err() {
            return;
        }
    }
}
