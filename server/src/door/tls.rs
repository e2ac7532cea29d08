//! TLS as a value: records in, plain bytes out, and back. It never touches a socket, so the hub encrypts a broadcast
//! for a member and writes it in one go.

use std::io::{Read, Write};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection};

/// The state of one connection's encryption.
#[derive(Debug)]
pub(crate) struct Tls {
    connection: ServerConnection,
    greeted: bool,
}

/// What some records held.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// What was encrypted.
    pub(crate) plain: Vec<u8>,
    /// Whether the handshake has just ended well.
    pub(crate) is_greeted: bool,
    /// Then also the fingerprint of the other end's certificate, if it has shown one.
    pub(crate) certificate: Option<String>,
    /// The other end says that nothing more will come, or broke the rules.
    pub(crate) ended: Option<&'static str>,
}

impl Tls {
    /// The server's end of a new connection.
    pub(crate) fn new(config: Arc<ServerConfig>) -> Result<Self, rustls::Error> {
        let mut connection = ServerConnection::new(config)?;
        // Whatever is written is taken out at once, and what is read too.
        connection.set_buffer_limit(None);
        Ok(Self {
            connection,
            greeted: false,
        })
    }

    /// Records came; `reply` are records to be sent back.
    pub(crate) fn came(&mut self, mut records: &[u8], reply: &mut Vec<u8>) -> Opened {
        let mut opened = Opened::default();
        while !records.is_empty() && opened.ended.is_none() {
            // Reading from memory fails only where the library's own buffer is full of one huge record.
            let taken = self.connection.read_tls(&mut records).unwrap_or(0);
            if taken == 0 {
                opened.ended = Some("TLS error");
                break;
            }
            match self.connection.process_new_packets() {
                Ok(state) => {
                    let start = opened.plain.len();
                    opened
                        .plain
                        .resize(start + state.plaintext_bytes_to_read(), 0);
                    let room = opened.plain.get_mut(start..).unwrap_or(&mut []);
                    if self.connection.reader().read_exact(room).is_err() {
                        opened.plain.truncate(start);
                    }
                    if state.peer_has_closed() {
                        opened.ended = Some("Connection closed");
                    }
                }
                Err(error) => {
                    tracing::debug!("TLS: {error}");
                    opened.ended = Some("TLS error");
                }
            }
        }
        if !self.greeted && !self.connection.is_handshaking() {
            self.greeted = true;
            opened.is_greeted = true;
            opened.certificate = self.fingerprint();
        }
        self.flush(reply);
        opened
    }

    /// Encrypts bytes.
    pub(crate) fn seal(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        // Writing to memory, without a limit, cannot fail.
        let _ = self.connection.writer().write_all(plain);
        self.flush(out);
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        while self.connection.wants_write() {
            if self.connection.write_tls(out).is_err() {
                return;
            }
        }
    }

    /// SHA-256 of the other end's certificate, if it has shown one.
    fn fingerprint(&self) -> Option<String> {
        let certificate = self.connection.peer_certificates()?.first()?;
        Some(crate::certs::fingerprint(certificate))
    }
}
