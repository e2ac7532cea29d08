//! TLS as a value: records in, plain bytes out, and back. It never touches a socket, so the hub encrypts a broadcast
//! for a member and writes it in one go; and it holds no buffer while nothing is on its way.

use std::fmt;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::{ServerConnectionData, UnbufferedServerConnection};
use rustls::unbuffered::{
    ConnectionState, EncodeError, EncodeTlsData, EncryptError, UnbufferedStatus, WriteTraffic,
};

/// Bytes of records that are not whole yet: what the library lets a handshake message have (64 KiB), and a record.
const HELD_BYTES_MAX: usize = 96 * 1024;

/// Bytes that one record can take beside what it encrypts, rounded up.
const RECORD_OVERHEAD: usize = 64;

/// Bytes that one record encrypts at most (RFC 8446, section 5.1).
const RECORD_BYTES: usize = 16 * 1024;

/// The state of one connection's encryption.
pub(crate) struct Tls {
    connection: UnbufferedServerConnection,
    /// The start of what is not whole yet; it takes no memory while there is nothing.
    held: Vec<u8>,
    phase: Phase,
}

/// How far a connection is: greeting, then talking; over from either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The handshake goes on.
    Greeting,
    /// It has ended well.
    Talking,
    /// Somebody broke the rules. The library must not be asked again: it would find the same error each time.
    Over,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("held", &self.held.len())
            .field("phase", &self.phase)
            .finish_non_exhaustive()
    }
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
        Ok(Self {
            connection: UnbufferedServerConnection::new(config)?,
            held: Vec::new(),
            phase: Phase::Greeting,
        })
    }

    /// Records came; `reply` are records to be sent back.
    pub(crate) fn came(&mut self, records: &[u8], reply: &mut Vec<u8>) -> Opened {
        let mut opened = Opened::default();
        if self.phase == Phase::Over {
            return opened;
        }
        self.held.extend_from_slice(records);
        let taken = self.take(&mut opened, reply);
        self.held.drain(..taken.min(self.held.len()));
        // What is left is the start of something, and mostly nothing.
        self.held.shrink_to_fit();
        if self.held.len() > HELD_BYTES_MAX {
            self.fail(&"more is held than a record can be", &mut opened);
        }
        if self.phase == Phase::Greeting && !self.connection.is_handshaking() {
            self.phase = Phase::Talking;
            opened.is_greeted = true;
            opened.certificate = self.fingerprint();
        }
        opened
    }

    /// Takes what is whole; how many bytes that were.
    fn take(&mut self, opened: &mut Opened, reply: &mut Vec<u8>) -> usize {
        let mut taken = 0;
        loop {
            let rest = self.held.get_mut(taken..).unwrap_or_default();
            let UnbufferedStatus { discard, state, .. } = self.connection.process_tls_records(rest);
            taken += discard;
            match state {
                Ok(ConnectionState::EncodeTlsData(mut data)) => encode(&mut data, reply),
                Ok(ConnectionState::TransmitTlsData(data)) => data.done(),
                Ok(ConnectionState::ReadTraffic(mut traffic)) => {
                    while let Some(Ok(record)) = traffic.next_record() {
                        taken += record.discard;
                        opened.plain.extend_from_slice(record.payload);
                    }
                }
                Ok(ConnectionState::PeerClosed) => opened.ended = Some("Connection closed"),
                Ok(_) => return taken,
                Err(error) => {
                    // What waits now is the alert that says why.
                    let rest = self.held.get_mut(taken..).unwrap_or_default();
                    let state = self.connection.process_tls_records(rest).state;
                    if let Ok(ConnectionState::EncodeTlsData(mut alert)) = state {
                        encode(&mut alert, reply);
                    }
                    self.fail(&error, opened);
                    return taken;
                }
            }
        }
    }

    fn fail(&mut self, why: &dyn fmt::Display, opened: &mut Opened) {
        tracing::debug!("TLS: {why}");
        if self.phase == Phase::Greeting {
            // Whose handshake ended within the same read was not greeted, and says nothing.
            opened.plain.clear();
        }
        self.phase = Phase::Over;
        opened.ended = Some("TLS error");
    }

    /// Encrypts bytes.
    pub(crate) fn seal(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        self.talk(out, &|traffic, out| encrypt(traffic, plain, out));
    }

    /// Says that nothing more will come.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        self.talk(out, &|traffic, out| {
            let start = out.len();
            out.resize(start + RECORD_OVERHEAD, 0);
            let alert = traffic.queue_close_notify(out.get_mut(start..).unwrap_or_default());
            out.truncate(start + alert.unwrap_or(0));
            false
        });
    }

    /// Says something, where it can be said. `false`: it was the last.
    fn talk(&mut self, out: &mut Vec<u8>, say: &Say<'_>) {
        // Before the handshake has ended nothing is said, and after an error nothing more.
        while self.phase == Phase::Talking {
            // Records that are not whole stay where they are.
            let state = self.connection.process_tls_records(&mut self.held).state;
            match state {
                Ok(ConnectionState::EncodeTlsData(mut data)) => encode(&mut data, out),
                Ok(ConnectionState::TransmitTlsData(data)) => data.done(),
                Ok(ConnectionState::WriteTraffic(mut traffic)) => {
                    if say(&mut traffic, out) {
                        return;
                    }
                    // If keys are used up and there can be no new ones, the word that it is over waits now.
                    self.phase = Phase::Over;
                    let state = self.connection.process_tls_records(&mut self.held).state;
                    if let Ok(ConnectionState::EncodeTlsData(mut alert)) = state {
                        encode(&mut alert, out);
                    }
                }
                _ => return,
            }
        }
    }

    /// SHA-256 of the other end's certificate, if it has shown one.
    fn fingerprint(&self) -> Option<String> {
        let certificate = self.connection.peer_certificates()?.first()?;
        Some(crate::certs::fingerprint(certificate))
    }
}

/// Says something to the other end.
type Say<'a> = dyn Fn(&mut WriteTraffic<'_, ServerConnectionData>, &mut Vec<u8>) -> bool + 'a;

/// Puts a record of the handshake behind what goes out.
fn encode<Data>(data: &mut EncodeTlsData<'_, Data>, out: &mut Vec<u8>) {
    let start = out.len();
    // How long it is it says itself.
    while let Err(EncodeError::InsufficientSize(short)) =
        data.encode(out.get_mut(start..).unwrap_or_default())
    {
        out.resize(start + short.required_size, 0);
    }
}

/// Puts bytes behind what goes out, encrypted. `false`: they cannot be.
fn encrypt<Data>(traffic: &mut WriteTraffic<'_, Data>, plain: &[u8], out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let records = plain.len().div_ceil(RECORD_BYTES);
    let mut room = plain.len() + records * RECORD_OVERHEAD;
    let written = loop {
        out.resize(start + room, 0);
        match traffic.encrypt(plain, out.get_mut(start..).unwrap_or_default()) {
            Ok(written) => break Some(written),
            // New keys are announced in the same breath.
            Err(EncryptError::InsufficientSize(short)) => room = short.required_size,
            Err(error) => {
                tracing::debug!("TLS: {error}");
                break None;
            }
        }
    };
    out.truncate(start + written.unwrap_or(0));
    written.is_some()
}

#[cfg(test)]
mod tests;
