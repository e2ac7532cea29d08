//! Brings a batch to the sockets, and deals with whoever does not read. It never asks the core anything.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use server_core::SessionId;

use crate::batch::{Batch, Parcel};
use crate::door::Wire;
use crate::door::heard::Heard;
use crate::door::socket::{Socket, await_drain, linger};
use crate::inbox::Happenings;
use crate::interpret::Later;
use crate::metrics::Metrics;
use crate::outbox::{Outcome, QueueLimits};
use crate::sessions::{Phase, Session, Sessions};

/// What whoever was dropped for not reading finds at the end of what it reads.
const TOO_SLOW: &[u8] =
    b"ERROR :Closing link: (SendQ exceeded: you did not read what the others said)\r\n";

/// The sessions, and the rules of writing to them.
pub(crate) struct Delivery {
    /// Every connection.
    pub(crate) sessions: Sessions,
    /// What may wait.
    pub(crate) limits: QueueLimits,
    /// How long a socket may take nothing.
    pub(crate) patience: Duration,
    /// Where waiting tasks report to.
    pub(crate) happenings: Happenings,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
    /// A buffer for lines in a transport's own form.
    pub(crate) wrapped: Vec<u8>,
}

impl Delivery {
    /// Sends what the batch holds; inputs that come of it go to `later`.
    pub(crate) fn flush(&mut self, batch: &mut Batch, later: &mut VecDeque<Later>) {
        batch.flush(|id, parcel| {
            let Some(session) = self.sessions.get_mut(id) else {
                return;
            };
            let outcome = if session.wire.is_transparent() && session.reply.is_empty() {
                session.outbox.send(&session.socket, parcel, &self.limits)
            } else {
                send_wrapped(id, session, parcel, &self.limits, &mut self.wrapped, later)
            };
            if outcome != Outcome::Sent {
                self.settle(id, &outcome, later);
            }
        });
        if self.wrapped.capacity() > 64 * 1024 {
            self.wrapped = Vec::new();
        }
    }

    /// Sends bytes of the transport itself that no line follows.
    pub(crate) fn send_reply(&mut self, id: SessionId, later: &mut VecDeque<Later>) {
        let Some(session) = self.sessions.get_mut(id) else {
            return;
        };
        let reply = std::mem::take(&mut session.reply);
        if reply.is_empty() {
            return;
        }
        let parcel = Parcel {
            bytes: &reply,
            shared: None,
            broadcast_bytes: 0,
        };
        let outcome = session.outbox.send(&session.socket, &parcel, &self.limits);
        self.settle(id, &outcome, later);
    }

    /// A socket takes bytes again.
    pub(crate) fn drained(&mut self, id: SessionId, later: &mut VecDeque<Later>) {
        let Some(session) = self.sessions.get_mut(id) else {
            return;
        };
        session.is_awaited = false;
        let outcome = session.outbox.resume(&session.socket);
        if session.outbox.bytes() <= self.limits.low_mark_bytes {
            session.gate.open();
        }
        self.settle(id, &outcome, later);
    }

    /// Draws the consequences of what became of some bytes.
    fn settle(&mut self, id: SessionId, outcome: &Outcome, later: &mut VecDeque<Later>) {
        let Some(session) = self.sessions.get_mut(id) else {
            return;
        };
        match outcome {
            Outcome::Sent => {
                if matches!(session.phase, Phase::Closing(_)) {
                    self.finish(id);
                }
                return;
            }
            Outcome::Lost(kind) => {
                if session.phase == Phase::Open {
                    later.push_back(Later::Closed(id, lost(*kind)));
                }
                return self.remove(id);
            }
            Outcome::Overflowed => {
                if matches!(session.phase, Phase::Closing(_)) {
                    return self.remove(id);
                }
                later.push_back(Later::Closed(id, "SendQ exceeded"));
                return self.abandon(id, later);
            }
            Outcome::Waits => {}
        }
        if session.outbox.bytes() > self.limits.low_mark_bytes {
            session.gate.shut();
        }
        let mut patience = self.patience;
        if let Phase::Closing(since) = session.phase {
            patience = patience.saturating_sub(since.elapsed());
        }
        if !session.is_awaited {
            session.is_awaited = true;
            await_drain(id, &session.socket, &self.happenings, patience);
        }
    }

    /// Gives up a session that does not read: what waits is thrown away, but for the line that is half out.
    pub(crate) fn abandon(&mut self, id: SessionId, later: &mut VecDeque<Later>) {
        let Some(session) = self.sessions.get_mut(id) else {
            return;
        };
        if matches!(session.phase, Phase::Closing(_)) {
            return;
        }
        self.metrics.queue_overflowed(session.peer.door);
        session.phase = Phase::Closing(Instant::now());
        // The form of any other transport cannot be cut without breaking it.
        if !session.wire.is_transparent() {
            return self.remove(id);
        }
        session.outbox.give_up(TOO_SLOW);
        let outcome = session.outbox.resume(&session.socket);
        self.settle(id, &outcome, later);
    }

    /// The core is done with a session: it ends once all is out.
    pub(crate) fn close(&mut self, id: SessionId, later: &mut VecDeque<Later>) {
        let Some(session) = self.sessions.get_mut(id) else {
            return;
        };
        session.phase = Phase::Closing(Instant::now());
        session.wire.close(&mut session.reply);
        self.send_reply(id, later);
        let session = self.sessions.get_mut(id);
        if session.is_some_and(|session| session.outbox.is_empty()) {
            self.finish(id);
        }
    }

    /// Ends a connection whose bytes are all out.
    fn finish(&mut self, id: SessionId) {
        if let Some(mut session) = self.sessions.remove(id) {
            self.metrics.closed(session.peer.door);
            let socket = Socket(Arc::clone(&session.socket.0));
            linger(socket, session.permit.take());
        }
    }

    /// Ends a connection as it is.
    pub(crate) fn remove(&mut self, id: SessionId) {
        if let Some(session) = self.sessions.remove(id) {
            self.metrics.closed(session.peer.door);
        }
    }
}

fn send_wrapped(
    id: SessionId,
    session: &mut Session,
    parcel: &Parcel<'_>,
    limits: &QueueLimits,
    wrapped: &mut Vec<u8>,
    later: &mut VecDeque<Later>,
) -> Outcome {
    wrapped.clear();
    wrapped.append(&mut session.reply);
    let mut wire = std::mem::replace(&mut session.wire, Wire::Absent);
    wire.wrap(parcel.bytes, wrapped, &mut |heard| match heard {
        Heard::Line(line) => later.push_back(Later::Line(id, line.to_vec())),
        Heard::Ended(reason) => later.push_back(Later::Closed(id, reason)),
        Heard::Opened | Heard::LongLine(_) | Heard::Address(_) | Heard::Secured(_) => {}
    });
    session.wire = wire;
    if wrapped.is_empty() {
        return Outcome::Sent;
    }
    let broadcast_bytes = if parcel.broadcast_bytes == 0 {
        0
    } else {
        wrapped.len()
    };
    let parcel = Parcel {
        bytes: wrapped,
        shared: None,
        broadcast_bytes,
    };
    session.outbox.send(&session.socket, &parcel, limits)
}

/// Why a connection broke, in words for people.
fn lost(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConnectionReset => "Connection reset by peer",
        ErrorKind::BrokenPipe => "Connection closed",
        ErrorKind::TimedOut => "Connection timed out",
        _ => "Write error",
    }
}
