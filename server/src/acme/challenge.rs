//! Answers an authority that asks over HTTP whether a name is ours (HTTP-01, RFC 8555 section 8.3). It listens only
//! while a certificate is asked for, and never says anything else.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What stands before the token.
const PATH: &str = "/.well-known/acme-challenge/";

/// Who may ask at once; others wait.
const ASKING_MAX: usize = 32;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a request.
const REQUEST_BYTES_MAX: usize = 8192;

/// What is answered to each token.
pub(super) type Answers = BTreeMap<String, String>;

/// Whoever answers. It stops when this is dropped.
pub(super) struct Answering {
    /// Where, with the ports they really have.
    pub(super) addresses: Vec<SocketAddr>,
    tasks: JoinSet<()>,
}

/// Answers on every address that can be listened on; it is an error if there is none.
pub(super) fn answer(listen: &[SocketAddr], answers: Answers) -> io::Result<Answering> {
    let answers = Arc::new(answers);
    let places = Arc::new(Semaphore::new(ASKING_MAX));
    let mut answering = Answering {
        addresses: Vec::new(),
        tasks: JoinSet::new(),
    };
    let mut failed = None;
    for address in listen {
        let bound = crate::doors::listen(*address).and_then(TcpListener::from_std);
        match bound {
            Ok(listener) => {
                answering.addresses.extend(listener.local_addr().ok());
                let (answers, places) = (Arc::clone(&answers), Arc::clone(&places));
                answering.tasks.spawn(accept(listener, answers, places));
            }
            Err(error) => {
                tracing::debug!("the proof is not given on {address}: {error}");
                failed = Some(io::Error::new(error.kind(), format!("{address}: {error}")));
            }
        }
    }
    match failed {
        Some(error) if answering.addresses.is_empty() => Err(error),
        _ => Ok(answering),
    }
}

async fn accept(listener: TcpListener, answers: Arc<Answers>, places: Arc<Semaphore>) {
    let mut asking = JoinSet::new();
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        while asking.try_join_next().is_some() {}
        let answers = Arc::clone(&answers);
        asking.spawn(async move {
            let _place = place;
            let _ = tokio::time::timeout(PATIENCE, reply(stream, &answers)).await;
        });
    }
}

async fn reply(mut stream: TcpStream, answers: &Answers) -> io::Result<()> {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < REQUEST_BYTES_MAX {
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return Ok(());
        }
        request.extend_from_slice(piece.get(..count).unwrap_or(&[]));
    }
    let request = String::from_utf8_lossy(&request);
    let token = request
        .strip_prefix("GET ")
        .and_then(|rest| rest.split(' ').next())
        .and_then(|path| path.strip_prefix(PATH));
    let (status, body) = match token.and_then(|token| answers.get(token)) {
        Some(answer) => ("200 OK", answer.as_str()),
        None => ("404 Not Found", ""),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\
        Connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
