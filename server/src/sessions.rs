//! Every connection's transport, queue and socket, by id. It never knows what a line means.

use std::sync::Arc;
use std::time::Instant;

use server_core::{Peer, SessionId};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::AbortHandle;

use crate::door::Wire;
use crate::door::socket::{Gate, Socket};
use crate::outbox::Outbox;

/// How far a connection is.
///
/// `Greeting -> Open` when the core is told of it, anything `-> Closing` when it is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The core does not know of it: a handshake is under way.
    Greeting,
    /// The core knows of it.
    Open,
    /// The core has forgotten it; its last bytes are on their way, since then.
    Closing(Instant),
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Session {
    /// The end that is written to.
    pub(crate) socket: Socket,
    /// The task that reads from the other end.
    pub(crate) reader: AbortHandle,
    /// What holds that task back.
    pub(crate) gate: Arc<Gate>,
    /// The state of its transport.
    pub(crate) wire: Wire,
    /// Bytes of the transport itself that are to go out before the next lines.
    pub(crate) reply: Vec<u8>,
    /// What the socket did not take yet.
    pub(crate) outbox: Outbox,
    /// Whether a task waits for the socket.
    pub(crate) is_awaited: bool,
    /// How far it is.
    pub(crate) phase: Phase,
    /// The other end, as far as it is known.
    pub(crate) peer: Peer,
    /// One of the connections this server may have; taken once, when it ends.
    pub(crate) permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Session {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// All connections. A slot is used again, its generation never.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

#[derive(Debug, Default)]
struct Slot {
    generation: u32,
    session: Option<Box<Session>>,
}

impl Sessions {
    /// The id the next connection will have.
    pub(crate) fn next_id(&mut self) -> SessionId {
        if self.free.is_empty() {
            let index = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
            self.slots.push(Slot::default());
            self.free.push(index);
        }
        let index = self.free.last().copied().unwrap_or(u32::MAX);
        let generation = self
            .slots
            .get(index as usize)
            .map_or(0, |slot| slot.generation);
        SessionId { index, generation }
    }

    /// Keeps a connection under the id that [`Sessions::next_id`] gave.
    pub(crate) fn insert(&mut self, id: SessionId, session: Session) {
        if self.free.last() == Some(&id.index)
            && let Some(slot) = self.slots.get_mut(id.index as usize)
        {
            self.free.pop();
            slot.session = Some(Box::new(session));
        }
    }

    /// The connection, unless the id is stale.
    pub(crate) fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        let slot = self.slots.get_mut(id.index as usize)?;
        if slot.generation == id.generation {
            slot.session.as_deref_mut()
        } else {
            None
        }
    }

    /// Takes a connection out; its id will mean nobody.
    pub(crate) fn remove(&mut self, id: SessionId) -> Option<Box<Session>> {
        let slot = self.slots.get_mut(id.index as usize)?;
        if slot.generation != id.generation {
            return None;
        }
        let session = slot.session.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.index);
        Some(session)
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.free.len() == self.slots.len()
    }

    /// The ids of all.
    pub(crate) fn ids(&self) -> Vec<SessionId> {
        let ids = self
            .slots
            .iter()
            .zip(0_u32..)
            .filter(|(slot, _)| slot.session.is_some());
        ids.map(|(slot, index)| SessionId {
            index,
            generation: slot.generation,
        })
        .collect()
    }
}
