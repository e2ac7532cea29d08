//! The tasks and the ends of one connection's socket. It never looks at the bytes.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use server_core::SessionId;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tokio::task::AbortHandle;

use crate::inbox::{Happening, Happenings};
use crate::outbox::Sink;

/// Bytes read from a socket at once, at most.
const READ_BYTES_MAX: usize = 16 * 1024;

/// How long a plain connection is silent before what came without a line end is a message.
const SILENCE: Duration = Duration::from_millis(50);

/// How long a connection that was ended may still send what nobody reads, so that its last words arrive: a socket
/// closed with bytes unread is reset, and what was sent last is lost.
const LINGER: Duration = Duration::from_secs(2);

/// Bytes thrown away meanwhile, at most.
const LINGER_BYTES_MAX: usize = 1 << 20;

/// Reads of one connection that the hub has not heard. It stops reading from whoever does not take its answers, and
/// can do so only between two batches: so much may be asked within one.
const UNHEARD_MAX: usize = 4;

thread_local! {
    /// One buffer for every connection of the thread: a connection that is silent holds none.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ_BYTES_MAX].into());
}

/// Lets a connection's reader go on, or holds it back.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    shut: AtomicBool,
    /// Reads on their way to the hub.
    unheard: AtomicUsize,
    opened: Notify,
}

impl Gate {
    /// From now on nothing more is read, after what is on its way already.
    pub(crate) fn shut(&self) {
        self.shut.store(true, Ordering::Relaxed);
    }

    /// Reading goes on.
    pub(crate) fn open(&self) {
        if self.shut.swap(false, Ordering::Relaxed) {
            self.opened.notify_one();
        }
    }

    /// The hub has heard one read.
    pub(crate) fn heard(&self) {
        if self.unheard.fetch_sub(1, Ordering::Relaxed) >= UNHEARD_MAX {
            self.opened.notify_one();
        }
    }

    /// One more read is on its way.
    fn said(&self) {
        self.unheard.fetch_add(1, Ordering::Relaxed);
    }

    async fn passed(&self) {
        while self.shut.load(Ordering::Relaxed)
            || self.unheard.load(Ordering::Relaxed) >= UNHEARD_MAX
        {
            self.opened.notified().await;
        }
    }
}

/// The end that is written to.
#[derive(Debug)]
pub(crate) struct Socket(pub(crate) Arc<OwnedWriteHalf>);

impl Sink for Socket {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn write_many(&self, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.try_write_vectored(buffers)
    }
}

/// Who reads from a connection.
#[derive(Debug)]
pub(crate) struct Reader {
    /// Whose bytes they are.
    pub(crate) session: SessionId,
    /// Where they go.
    pub(crate) happenings: Happenings,
    /// Whether to go on.
    pub(crate) gate: Arc<Gate>,
    /// Whether silence means something.
    pub(crate) minds_silence: bool,
}

impl Reader {
    /// Starts the reader's task.
    pub(crate) fn start(self, half: OwnedReadHalf) -> AbortHandle {
        tokio::spawn(self.run(half)).abort_handle()
    }

    async fn run(self, mut half: OwnedReadHalf) {
        let session = self.session;
        let reason = self.read_all(&mut half).await;
        // Nobody to tell: the hub is gone, and so is everything.
        let _ = self
            .happenings
            .send(Happening::Ended { session, reason })
            .await;
    }

    async fn read_all(&self, half: &mut OwnedReadHalf) -> &'static str {
        let session = self.session;
        let mut mid_line = false;
        loop {
            let came = if mid_line && self.minds_silence {
                tokio::time::timeout(SILENCE, read(half)).await.ok()
            } else {
                Some(read(half).await)
            };
            let Some(came) = came else {
                mid_line = false;
                if self
                    .happenings
                    .send(Happening::Paused { session })
                    .await
                    .is_err()
                {
                    return "";
                }
                continue;
            };
            let bytes = match came {
                Ok(bytes) if bytes.is_empty() => return "Connection closed",
                Ok(bytes) => bytes,
                Err(error) => return reason(&error),
            };
            mid_line = !bytes.ends_with(b"\n");
            self.gate.said();
            if self
                .happenings
                .send(Happening::Came { session, bytes })
                .await
                .is_err()
            {
                return "";
            }
            self.gate.passed().await;
        }
    }
}

/// Reads once, by the thread's buffer; what came is copied, so that it holds no more than itself.
async fn read(half: &mut OwnedReadHalf) -> io::Result<Bytes> {
    poll_fn(|context| {
        SCRATCH.with_borrow_mut(|scratch| {
            let mut buffer = ReadBuf::new(scratch);
            Pin::new(&mut *half)
                .poll_read(context, &mut buffer)
                .map_ok(|()| Bytes::copy_from_slice(buffer.filled()))
        })
    })
    .await
}

/// Why a connection broke, in words for people.
fn reason(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::ConnectionReset => "Connection reset by peer",
        io::ErrorKind::TimedOut => "Connection timed out",
        io::ErrorKind::BrokenPipe => "Broken pipe",
        _ => "Read error",
    }
}

/// Tells the hub once the socket takes bytes again, or that it has not for too long.
pub(crate) fn await_drain(
    session: SessionId,
    socket: &Socket,
    happenings: &Happenings,
    patience: Duration,
) {
    let (half, happenings) = (Arc::clone(&socket.0), happenings.clone());
    tokio::spawn(async move {
        let happening = match tokio::time::timeout(patience, half.writable()).await {
            // A broken socket is writable: the hub finds out by writing.
            Ok(_) => Happening::Drained { session },
            Err(_) => Happening::Stuck { session },
        };
        drop(half);
        let _ = happenings.send(happening).await;
    });
}

/// Tells the hub when the time is over in which a connection must have said what it is.
pub(crate) fn await_greeting(session: SessionId, happenings: &Happenings, patience: Duration) {
    let happenings = happenings.clone();
    tokio::spawn(async move {
        tokio::time::sleep(patience).await;
        let _ = happenings.send(Happening::Overdue { session }).await;
    });
}

/// Ends a connection so that its last words arrive: says that no more will come, then reads on for a while.
pub(crate) fn linger(socket: Socket, permit: Option<OwnedSemaphorePermit>) {
    let _ = socket2::SockRef::from(socket.0.as_ref().as_ref()).shutdown(std::net::Shutdown::Write);
    tokio::spawn(async move {
        let _ = tokio::time::timeout(LINGER, read_away(&socket)).await;
        drop(permit);
    });
}

async fn read_away(socket: &Socket) {
    let stream: &tokio::net::TcpStream = socket.0.as_ref().as_ref();
    let mut thrown = 0;
    while thrown < LINGER_BYTES_MAX && stream.readable().await.is_ok() {
        match SCRATCH.with_borrow_mut(|scratch| stream.try_read(scratch)) {
            Ok(0) => return,
            Ok(count) => thrown += count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}
