//! From newcomers and their bytes to lines for the core. It never carries out an effect.

use std::sync::Arc;
use std::time::{Duration, Instant};

use server_core::{Door, Input, Peer, SessionId};
use tokio::net::TcpStream;

use super::Hub;
use crate::door::Wire;
use crate::door::arrival::Newcomer;
use crate::door::heard::Heard;
use crate::door::socket::{Gate, Reader, Socket, await_greeting};
use crate::outbox::Outbox;
use crate::sessions::{Phase, Session};

/// How long a connection may take to say what it is, before the core knows of it.
const GREETING: Duration = Duration::from_secs(10);

impl Hub {
    /// Somebody new: a number, a reader, and the start of the transport.
    pub(super) fn arrived(&mut self, newcomer: Newcomer) {
        let Newcomer {
            stream,
            address,
            setup,
            permit,
        } = newcomer;
        let id = self.delivery.sessions.next_id();
        let (read_half, socket) = split(stream);
        let gate = Arc::new(Gate::default());
        let Ok(wire) = Wire::new(&setup, address) else {
            tracing::error!("a connection cannot be encrypted");
            return;
        };
        if !wire.is_transparent() {
            await_greeting(id, &self.delivery.happenings, GREETING);
        }
        let reader = Reader {
            session: id,
            happenings: self.delivery.happenings.clone(),
            gate: Arc::clone(&gate),
            minds_silence: setup.door == Door::Plain,
        };
        let session = Session {
            socket,
            reader: reader.start(read_half),
            gate,
            wire,
            reply: Vec::new(),
            outbox: Outbox::default(),
            is_awaited: false,
            phase: Phase::Greeting,
            peer: Peer {
                address: address.ip().to_canonical(),
                port: address.port(),
                door: setup.door,
                secure: false,
                certificate: None,
            },
            permit: Some(permit),
        };
        self.delivery.sessions.insert(id, session);
        self.hands.batch.opened(id);
        self.hands.metrics.opened(setup.door);
        self.feed(id, |wire, reply, hear| wire.opened(reply, hear));
    }

    /// Lets a session's transport work, and acts on what it hears.
    pub(super) fn feed(
        &mut self,
        id: SessionId,
        work: impl FnOnce(&mut Wire, &mut Vec<u8>, &mut dyn FnMut(Heard<'_>)),
    ) {
        let Some(session) = self.delivery.sessions.get_mut(id) else {
            return;
        };
        if matches!(session.phase, Phase::Closing(_)) {
            return;
        }
        let mut wire = std::mem::replace(&mut session.wire, Wire::Absent);
        let mut reply = std::mem::take(&mut session.reply);
        work(&mut wire, &mut reply, &mut |heard| self.heard(id, heard));
        if let Some(session) = self.delivery.sessions.get_mut(id) {
            session.wire = wire;
            if !reply.is_empty() {
                session.reply = reply;
                self.replying.push(id);
            }
        }
    }

    fn heard(&mut self, id: SessionId, heard: Heard<'_>) {
        let Some(session) = self.delivery.sessions.get_mut(id) else {
            return;
        };
        let phase = session.phase;
        match heard {
            Heard::Address(address) => {
                session.peer.address = address.ip();
                session.peer.port = address.port();
            }
            Heard::Secured(certificate) => {
                session.peer.secure = true;
                session.peer.certificate = certificate.map(str::to_owned);
            }
            Heard::Opened => {
                session.phase = Phase::Open;
                let peer = session.peer.clone();
                self.tell_of(id, Input::Opened { session: id, peer });
            }
            Heard::Line(line) if phase == Phase::Open => {
                self.hands.metrics.line_came(session.peer.door);
                self.tell_of(id, Input::LineCame { session: id, line });
            }
            Heard::LongLine(start) if phase == Phase::Open => {
                self.tell_of(id, Input::LongLineCame { session: id, start });
            }
            Heard::Line(_) | Heard::LongLine(_) => {}
            Heard::Ended(reason) => {
                self.hands.closing.push(id);
                self.forget(id, reason);
            }
        }
    }

    /// Tells the core of one session, which pays for it if the core panics.
    fn tell_of(&mut self, id: SessionId, input: Input<'_>) {
        if self.tell(input) {
            let last_word = bytes::Bytes::from_static(b"ERROR :Closing link: (internal error)\r\n");
            self.hands.batch.send(id, last_word);
            self.hands.closing.push(id);
            self.forget(id, "Internal error");
        }
        if self.hands.closing.last() == Some(&id)
            && let Some(session) = self.delivery.sessions.get_mut(id)
        {
            // What it sent behind its QUIT is not for the core any more.
            session.phase = Phase::Closing(Instant::now());
        }
    }

    /// Tells the core that a session is gone, if it knows of it.
    pub(super) fn forget(&mut self, id: SessionId, reason: &str) {
        let Some(session) = self.delivery.sessions.get_mut(id) else {
            return;
        };
        let phase = std::mem::replace(&mut session.phase, Phase::Closing(Instant::now()));
        if phase == Phase::Open {
            self.tell(Input::Closed {
                session: id,
                reason,
            });
        }
    }
}

/// The two ends of a connection.
fn split(stream: TcpStream) -> (tokio::net::tcp::OwnedReadHalf, Socket) {
    let (read_half, write_half) = stream.into_split();
    (read_half, Socket(Arc::new(write_half)))
}
