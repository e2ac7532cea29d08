//! Routes each input to what deals with it. It never decides anything itself.

use crate::aftermath;
use crate::cloak;
use crate::dispatch;
use crate::effect::{Effect, Record};
use crate::expel;
use crate::flood::Bucket;
use crate::handler::NOBODY_WAITS;
use crate::ids::SessionId;
use crate::input::{Input, Now, Peer};
use crate::keeping;
use crate::leave;
use crate::network::{Network, address_key};
use crate::people;
use crate::reload;
use crate::resume;
use crate::retention;
use crate::session::Session;
use crate::settings::Settings;
use crate::state::State;
use crate::storage::{Shelf, StorageReply, StorageRequest};
use crate::timer;

/// The whole server.
#[derive(Debug)]
pub struct Server {
    state: State,
    /// What `WakeAt` was last told, so that it is told again only when it changes.
    wake_at: u64,
}

impl Server {
    /// A server with nobody in it.
    pub fn new(settings: Settings) -> Self {
        let mut state = State::new(settings);
        state.uses = vec![0; crate::command::COMMANDS.len()];
        Self {
            state,
            wake_at: u64::MAX,
        }
    }

    /// Every id that is given from now on comes after this one, a `msgid` of an earlier process: also where the calendar
    /// was set back since.
    pub fn go_on_after(&mut self, id: &str) {
        self.state.go_on_after(id);
    }

    /// Everybody and everything, to look at.
    pub fn network(&self) -> &Network {
        &self.state.network
    }

    /// How many questions are waiting for their answers.
    pub fn pending_count(&self) -> usize {
        self.state.pending.count()
    }

    /// Takes one input and appends what is to be done, in order.
    pub fn handle(&mut self, now: Now, input: Input<'_>, effects: &mut Vec<Effect>) {
        match input {
            Input::Started => self.started(effects),
            Input::Opened { session, peer } => self.opened(now, session, peer, effects),
            Input::LineCame { session, line } => {
                dispatch::line_came(&mut self.state, now, session, line, effects);
            }
            Input::LongLineCame { session, start } => {
                dispatch::long_line_came(&mut self.state, now, session, start, effects);
            }
            Input::Closed { session, reason } => self.closed(now, session, reason, effects),
            Input::Stored { ticket, reply } => {
                if let Some(shelf) = self.state.pending.recalls.remove(&ticket) {
                    self.recalled(now, shelf, reply, effects);
                } else if ticket == NOBODY_WAITS {
                    if let StorageReply::Failed(why) = reply {
                        effects.push(Effect::Log(Record::Trouble(format!("not stored: {why}"))));
                    }
                } else {
                    resume::stored(&mut self.state, now, ticket, reply, effects);
                }
            }
            Input::AccountsAnswered { ticket, reply } => {
                resume::answered(&mut self.state, now, ticket, reply, effects);
            }
            Input::Learnt(news) => aftermath::learnt(&mut self.state, now, news, effects),
            Input::Woke => {
                self.wake_at = u64::MAX;
                timer::woke(&mut self.state, now, effects);
            }
            Input::Reloaded { settings, told } => {
                reload::apply(&mut self.state, *settings, told, effects);
            }
            Input::ReloadFailed(why) => reload::failed(&mut self.state, why, effects),
            Input::Stopping { reason } => self.stopping(now, reason, effects),
        }
        let next = self
            .state
            .network
            .deadlines
            .first()
            .map_or(u64::MAX, |(at, _)| *at);
        if next < self.wake_at {
            self.wake_at = next;
            effects.push(Effect::WakeAt(next));
        }
    }

    fn started(&mut self, effects: &mut Vec<Effect>) {
        retention::begin(&self.state.settings.history, effects);
        if self.state.settings.history.enabled {
            for shelf in [Shelf::Rooms, Shelf::People, Shelf::ReadMarkers, Shelf::Bans] {
                let ticket = self.state.pending.recall(shelf);
                effects.push(Effect::Store {
                    ticket,
                    request: StorageRequest::Recall { shelf },
                });
            }
        }
    }

    fn recalled(&mut self, now: Now, what: Shelf, reply: StorageReply, effects: &mut Vec<Effect>) {
        match reply {
            StorageReply::Shelved(records) if what == Shelf::Rooms => {
                keeping::recall(&mut self.state, records);
            }
            StorageReply::Shelved(records) if what == Shelf::People => {
                people::recall(&mut self.state, now, records);
            }
            StorageReply::Shelved(records) if what == Shelf::Bans => {
                self.state.network.expelled = expel::recall(&records);
            }
            StorageReply::Shelved(records) => keeping::recall_markers(&mut self.state, records),
            StorageReply::Failed(why) => {
                let text = format!("what was kept could not be read: {why}");
                effects.push(Effect::Log(Record::Trouble(text)));
            }
            _ => {}
        }
        if self.state.pending.recalls.is_empty() {
            keeping::forget_lost(&mut self.state, effects);
            let waiting: Vec<SessionId> = self
                .state
                .network
                .sessions()
                .map(|session| session.id)
                .collect();
            for id in waiting {
                dispatch::drain(&mut self.state, now, id, effects);
            }
        }
    }

    fn opened(&mut self, now: Now, id: SessionId, peer: Peer, effects: &mut Vec<Effect>) {
        let limits = &self.state.settings.limits;
        let bucket = Bucket::full(limits.command_burst, now.steady);
        let deadline = now.steady + limits.registration_timeout_ms;
        let most = limits.connections_per_address;
        let address = peer.address.to_canonical();
        let host = cloak::host_of(address, &self.state.settings.cloak_key);
        self.state
            .network
            .add_session(Session::new(id, peer, host, now.steady, bucket));
        self.state.network.set_deadline(id, deadline);
        let count = self
            .state
            .network
            .addresses
            .get(&address_key(address))
            .copied()
            .unwrap_or(0);
        if most > 0 && count > most && !address.is_loopback() {
            let reason = "Too many connections from your address";
            leave::dismiss(&mut self.state, now, id, reason, effects);
        } else if let Some(reason) = expel::expelled_address(&self.state, now, address) {
            leave::dismiss(&mut self.state, now, id, &reason, effects);
        }
    }

    fn closed(&mut self, now: Now, id: SessionId, reason: &str, effects: &mut Vec<Effect>) {
        let served = dispatch::is_served(&self.state, id);
        let Some(session) = self.state.network.session_mut(id) else {
            return;
        };
        // What it sent before it closed is done first, unless it waits only for its rate.
        let waits = session.waiting.appends > 0
            || !(session.backlog.is_empty() || served && session.is_free());
        if waits && session.closing.is_none() {
            session.closing =
                Some(dispatch::last_words(session).unwrap_or_else(|| reason.to_owned()));
            return;
        }
        leave::forget(&mut self.state, now, id, reason, effects);
    }

    fn stopping(&mut self, now: Now, reason: &str, effects: &mut Vec<Effect>) {
        let all: Vec<SessionId> = self
            .state
            .network
            .sessions()
            .map(|session| session.id)
            .collect();
        for id in all {
            leave::dismiss(&mut self.state, now, id, reason, effects);
        }
    }
}
