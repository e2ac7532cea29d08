//! The signals that end the program or have it read its configuration again. It never acts on them itself.

use std::io;

use tokio::task::AbortHandle;

use crate::inbox::{Happening, Happenings};

/// Tells the hub of SIGINT, SIGTERM and SIGHUP.
#[cfg(unix)]
pub(crate) async fn watch(happenings: Happenings) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    loop {
        let happening = tokio::select! {
            _ = interrupt.recv() => stop("interrupted"),
            _ = terminate.recv() => stop("the server is shutting down"),
            _ = hang_up.recv() => Happening::Reload,
        };
        if happenings.send(happening).await.is_err() {
            return Ok(());
        }
    }
}

/// Tells the hub of Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn watch(happenings: Happenings) -> io::Result<()> {
    tokio::signal::ctrl_c().await?;
    let _ = happenings.send(stop("interrupted")).await;
    Ok(())
}

fn stop(reason: &str) -> Happening {
    Happening::Stop {
        reason: reason.to_owned(),
    }
}

/// Tasks that end with whoever holds them.
#[derive(Debug, Default)]
pub(crate) struct Tasks(pub(crate) Vec<AbortHandle>);

impl Drop for Tasks {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}
