//! Opens the configured doors and lets people in, as many as may come. It never reads what they say.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

use crate::door::arrival::{Newcomer, Setup};
use crate::inbox::{Happening, Happenings};
use crate::metrics::Metrics;

/// Connections that may wait to be accepted: a room that reconnects all at once.
const BACKLOG: i32 = 1024;

/// How long accepting rests after an error of the machine, at first and at most (no more files, no memory).
const REST_FIRST: Duration = Duration::from_millis(10);
const REST_MOST: Duration = Duration::from_secs(1);

/// What whoever is one too many reads.
const FULL: &[u8] = b"ERROR :Closing link: (this server is full)\r\n";

/// A door that is bound, not yet open.
#[derive(Debug)]
pub(crate) struct Bound {
    /// Where, as it was asked for.
    pub(crate) asked: SocketAddr,
    /// Where, with the port it really got.
    pub(crate) address: SocketAddr,
    /// How it works.
    pub(crate) setup: Arc<Setup>,
    listener: StdListener,
}

/// Binds one door.
pub(crate) fn bind(address: SocketAddr, setup: Arc<Setup>) -> io::Result<Bound> {
    let listener = listen(address)?;
    Ok(Bound {
        asked: address,
        address: listener.local_addr()?,
        setup,
        listener,
    })
}

/// A listener for the runtime.
pub(crate) fn listen(address: SocketAddr) -> io::Result<StdListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // Without it a restart fails for a minute; on Windows it would mean that two servers share a port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// What every door needs to let people in.
#[derive(Clone, Debug)]
pub(crate) struct Hall {
    /// Where they are announced.
    pub(crate) happenings: Happenings,
    /// One for each connection there may be.
    pub(crate) permits: Arc<Semaphore>,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
}

impl Bound {
    /// Opens the door, for whom `setup` says how it works at that moment.
    pub(crate) fn open(self, setup: Setups, hall: Hall) -> io::Result<AbortHandle> {
        let listener = TcpListener::from_std(self.listener)?;
        Ok(tokio::spawn(accept_all(listener, setup, hall)).abort_handle())
    }
}

/// How a door works, which a new configuration may change.
pub(crate) type Setups = watch::Receiver<Arc<Setup>>;

/// Takes back so many of the connections there may be, as soon as nobody uses them.
pub(crate) fn withdraw(permits: &Arc<Semaphore>, count: usize) {
    let permits = Arc::clone(permits);
    tokio::spawn(async move {
        // Whoever leaves gives a place to this before anybody new gets it.
        let mut left = count;
        while left > 0 {
            let some = u32::try_from(left).unwrap_or(u32::MAX);
            let Ok(taken) = permits.acquire_many(some).await else {
                return;
            };
            taken.forget();
            left -= usize::try_from(some).unwrap_or(left);
        }
    });
}

async fn accept_all(listener: TcpListener, setup: Setups, hall: Hall) {
    loop {
        let (stream, address) = next(&listener).await;
        let setup = Arc::clone(&setup.borrow());
        if !let_in(stream, address, &setup, &hall).await {
            return;
        }
    }
}

/// The next connection, however often the machine cannot give one: a listener that gave up would stay closed until the
/// next start.
async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    let mut rest = REST_FIRST;
    loop {
        match listener.accept().await {
            Ok(connection) => return connection,
            Err(error) => {
                if let Some(time) = rest_after(&error, &mut rest) {
                    tracing::warn!("cannot accept connections for {time:?}: {error}");
                    tokio::time::sleep(time).await;
                }
            }
        }
    }
}

/// How long accepting rests after an error, longer each time; `None`: it concerns one connection only.
fn rest_after(error: &io::Error, rest: &mut Duration) -> Option<Duration> {
    if is_theirs(error) {
        return None;
    }
    let longer = (*rest * 2).min(REST_MOST);
    Some(std::mem::replace(rest, longer))
}

/// Says whether the door is still of use.
async fn let_in(stream: TcpStream, address: SocketAddr, setup: &Arc<Setup>, hall: &Hall) -> bool {
    // A line waits for nothing; the hub joins what belongs together itself.
    let _ = stream.set_nodelay(true);
    let _ = SockRef::from(&stream).set_keepalive(true);
    let Ok(permit) = Arc::clone(&hall.permits).try_acquire_owned() else {
        hall.metrics.refused.add(1);
        let _ = stream.try_write(FULL);
        return true;
    };
    let newcomer = Newcomer {
        stream,
        address,
        setup: Arc::clone(setup),
        permit,
    };
    let arrived = Happening::Arrived(Box::new(newcomer));
    hall.happenings.send(arrived).await.is_ok()
}

/// Whether an error concerns one connection only, which is gone.
fn is_theirs(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    )
}

/// Most bytes of a request for figures.
const REQUEST_BYTES_MAX: usize = 4096;

/// Serves the figures over HTTP to whoever asks, on a loopback address.
pub(crate) fn serve_metrics(listener: StdListener, metrics: Arc<Metrics>) -> AbortHandle {
    let serving = async move {
        let Ok(listener) = TcpListener::from_std(listener) else {
            return;
        };
        // One at a time: whoever asks is one program, and a slow one may not pile up.
        loop {
            let (stream, _) = next(&listener).await;
            let answered = answer_metrics(stream, &metrics);
            let _ = tokio::time::timeout(REST_MOST, answered).await;
        }
    };
    tokio::spawn(serving).abort_handle()
}

async fn answer_metrics(mut stream: TcpStream, metrics: &Metrics) -> io::Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut request = Vec::new();
    let mut piece = [0; 512];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < REQUEST_BYTES_MAX {
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Ok(());
        }
        request.extend_from_slice(piece.get(..count).unwrap_or(&[]));
    }
    let (status, body) = if request.starts_with(b"GET /metrics ") {
        ("200 OK", metrics.text())
    } else {
        ("404 Not Found", "The figures are at /metrics.\n".to_owned())
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4\r\nContent-Length: {}\r\n\
        Connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests;
