//! Bytes onto the wire, as many as it takes.
//! It must never wait for more space than the next byte needs.

use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Writes what it can, and counts it; with nothing left to write, what TLS has taken in goes out whole.
pub(crate) async fn push<W: AsyncWrite + Unpin>(
    writer: &mut W,
    unsent: &[u8],
) -> io::Result<usize> {
    if unsent.is_empty() {
        writer.flush().await?;
        return Ok(0);
    }
    match writer.write(unsent).await {
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        written => written,
    }
}
