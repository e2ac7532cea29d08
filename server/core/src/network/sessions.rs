//! The network's sessions: added, found, taken out of every index. It never decides who may come or must go.

use protocol::Folded;

use crate::ids::SessionId;
use crate::network::{Network, address_key};
use crate::session::{Phase, Session};

impl Network {
    /// A session. A stale id gives one that nobody reads.
    pub fn session(&self, id: SessionId) -> &Session {
        match self.sessions.get(id.index as usize) {
            Some(Some(session)) if session.id == id => session,
            _ => self
                .outgoing
                .get(&id)
                .map_or(&self.no_session, AsRef::as_ref),
        }
    }

    /// A session to change, unless the id is stale.
    pub fn session_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        match self.sessions.get_mut(id.index as usize) {
            Some(Some(session)) if session.id == id => Some(session),
            _ => self.outgoing.get_mut(&id).map(AsMut::as_mut),
        }
    }

    /// Whether there is such a session.
    pub fn has_session(&self, id: SessionId) -> bool {
        self.session(id).id == id
    }

    /// All sessions.
    pub fn sessions(&self) -> impl Iterator<Item = &Session> {
        let placed = self.sessions.iter().flatten();
        placed.chain(self.outgoing.values()).map(AsRef::as_ref)
    }

    /// Adds a session. Who had its place before, and is still to be heard, goes on without one.
    pub fn add_session(&mut self, session: Session) {
        let index = session.id.index as usize;
        if self.sessions.len() <= index {
            self.sessions.resize_with(index + 1, || None);
        }
        *self
            .addresses
            .entry(address_key(session.peer.address))
            .or_default() += 1;
        self.strangers += 1;
        if let Some(place) = self.sessions.get_mut(index) {
            let before = place.replace(Box::new(session));
            self.outgoing
                .extend(before.map(|before| (before.id, before)));
        }
    }

    /// Takes a session out of every index.
    pub fn remove_session(&mut self, id: SessionId) -> Option<Session> {
        let place = self.sessions.get_mut(id.index as usize)?;
        let session = *place
            .take_if(|session| session.id == id)
            .or_else(|| self.outgoing.remove(&id))?;
        self.deadlines.remove(&(session.deadline, id));
        let key = address_key(session.peer.address);
        if let Some(count) = self.addresses.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                self.addresses.swap_remove(&key);
            }
        }
        for nick in session.monitored.keys() {
            self.unwatch(nick, id);
        }
        match &session.phase {
            Phase::Registering(registering) => {
                self.strangers -= 1;
                if let Some(nick) = &registering.nick {
                    self.free_nick(nick);
                }
            }
            Phase::Registered(user) => {
                if let Some(user) = self.users.get_mut(user.0) {
                    user.voices.retain(|voice| voice.session != id);
                }
            }
        }
        Some(session)
    }

    /// Has a session looked at again then (steady milliseconds).
    pub fn set_deadline(&mut self, id: SessionId, deadline: u64) {
        let Some(session) = self.session_mut(id) else {
            return;
        };
        let before = std::mem::replace(&mut session.deadline, deadline);
        self.deadlines.remove(&(before, id));
        self.deadlines.insert((deadline, id));
    }

    /// Has a session told when a nick comes or goes.
    pub fn watch(&mut self, nick: Folded, session: SessionId) {
        self.watchers.entry(nick).or_default().insert(session);
    }

    /// No longer.
    pub fn unwatch(&mut self, nick: &Folded, session: SessionId) {
        if let Some(watchers) = self.watchers.get_mut(nick) {
            watchers.swap_remove(&session);
            if watchers.is_empty() {
                self.watchers.remove(nick);
            }
        }
    }
}
