//! The client's side of IRC, without any I/O: lines in, events and lines out.
//! It must never touch a socket, a clock or the screen.
//!
//! The one contract: after each call, take what [`Session::take_output`] and [`Session::take_events`] give, close the
//! wire if [`Session::take_close`] says so, and call [`Session::tick`] when [`Session::deadline`] has come.

mod account;
mod admission;
mod again;
mod alive;
mod answers;
mod ask;
mod batch;
mod batches;
mod bots;
mod bouncer;
mod callers;
mod charset;
pub mod command;
mod ctcp;
mod directory;
pub mod event;
mod failed;
mod farewell;
pub mod gap;
mod gesture;
mod gestured;
mod greeting;
mod hosts;
mod inquiries;
mod kept;
mod late;
pub mod link;
mod links;
pub mod listing;
mod login;
mod masks;
mod members;
mod message;
mod metadata;
mod mismatch;
mod missed;
mod negotiate;
mod once;
mod own_nick;
mod pace;
mod page;
mod parents;
mod pending;
mod presence;
pub mod profile;
mod pulse;
pub mod query;
mod redial;
mod refusal;
mod regain;
mod room_state;
mod rooms;
mod rules;
mod sasl;
mod say;
mod scram;
mod search;
mod services;
mod split;
mod state;
mod sts;
mod subscription;
mod survey;
mod surveys;
mod table;
mod told;
mod untold;
mod watch;
mod watchlist;
mod welcome;
pub mod whereabouts;

use protocol::invite::{Invite, Token};
use protocol::{Message, Stamp};

use command::Command;
use event::{Event, Millis, Severity};
use farewell::Farewell;
use link::{Link, Wire};
use state::{Line, Phase, State};

pub use state::Settings;

/// A message that the server leaves without an answer for so long counts as failed, though the link is alive.
const UNCONFIRMED_MS: Millis = 60_000;
/// A server that ends its welcome in no known way is taken to be ready after this time.
const WELCOME_MS: Millis = 5_000;
/// Events of one reading for which no space is made beforehand.
const FEW: usize = 16;

/// One connection to one server, over all its links.
#[derive(Clone, Debug)]
pub struct Session {
    state: State,
}

impl Session {
    /// A session that has not been linked yet; it enters `settings.rooms` when it is.
    pub fn new(settings: Settings) -> Self {
        let rooms = settings.rooms.clone();
        let mut state = State::new(settings);
        for name in rooms {
            let folded = state.rules.fold(&name);
            if let Some(room) = state.rooms.open(folded, &name) {
                room.is_wanted = true;
            }
        }
        Self { state }
    }

    /// The shell begins to dial.
    pub fn dialling(&mut self) {
        let attempt = self.state.redial.attempt();
        self.state.emit(Event::Link(Link::Connecting { attempt }));
    }

    /// The wire is open.
    pub fn opened(&mut self, wire: Wire, now: Millis) {
        let state = &mut self.state;
        if state.phase == Phase::Leaving {
            return;
        }
        state.wire = wire;
        state.login = state.login.anew();
        state.caps = protocol::Caps::NONE;
        state.greeting = greeting::Greeting::default();
        state.rules = rules::Rules::default();
        state.pulse = pulse::Pulse::default();
        state.nick.clone_from(&state.settings.nickname);
        state.out.clear();
        state.enter(Phase::Greeting, now);
        state.emit(Event::Link(Link::Registering));
        negotiate::greet(state);
    }

    /// By which link others find the server; why by none.
    pub fn offer(&mut self, base: Result<Invite, String>) {
        self.state.offer = base;
    }

    /// A line came, without its end. What is no message is passed over: it cannot be answered.
    pub fn feed(&mut self, line: &[u8], now: Millis) {
        let text = charset::text(line);
        let state = &mut self.state;
        if state.phase == Phase::Down {
            return;
        }
        state.pulse.heard(now);
        let Ok(msg) = Message::parse(&text) else {
            return;
        };
        let time = msg.tags.value_of("time");
        let at = time.and_then(|time| Stamp::parse(&time));
        let batch = msg.tags.value_of("batch");
        let around = batch.and_then(|batch| state.batches.find(&batch)?.label.clone());
        if let (Some(stamp), true) = (at, state.is_ready()) {
            state.heard_at = state.heard_at.max(Some(stamp.0));
        }
        let line = Line {
            at: at.map_or(now, |stamp| stamp.0),
            now,
            label: msg.tags.value_of("label").map(String::from).or(around),
            msg,
        };
        if !batch::collect(state, &line) {
            presence::meet(state, &line);
            table::handler_of(&line)(state, &line);
        }
        if state.is_ready() {
            again::reunite(state, now);
            services::tick(state, now);
            say::release(state, now);
        }
        if state.pulse.is_silent() {
            alive::tell(state, now);
        }
    }

    /// The screen asks for something.
    pub fn command(&mut self, command: Command, now: Millis) {
        let state = &mut self.state;
        ask::run(state, command, now);
        if state.is_ready() {
            say::release(state, now);
        }
        if state.is_ready() && state.pulse.is_quiet(now) && state.pending.oldest().is_none() {
            say::ping(state, now);
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Millis) {
        let state = &mut self.state;
        match state.phase {
            Phase::Greeting if now >= state.since + pulse::GREETING_MS => {
                state.close = Some("the server did not finish its greeting".to_owned());
            }
            Phase::Greeting => mismatch::tick(state, now),
            Phase::Welcomed if now >= state.since + WELCOME_MS => welcome::become_ready(state, now),
            Phase::Ready => self.watch(now),
            Phase::Down | Phase::Welcomed | Phase::Leaving => {}
        }
    }

    fn watch(&mut self, now: Millis) {
        let state = &mut self.state;
        again::tick(state, now);
        regain::tick(state, now);
        services::tick(state, now);
        survey::tick(state, now);
        metadata::tick(state, now);
        say::release(state, now);
        if state.pulse.is_dead(now) {
            state.close = Some("the server no longer answers".to_owned());
            return;
        }
        let oldest = state.pending.oldest();
        if state.pulse.is_doubtful(oldest, now) {
            say::ping(state, now);
        }
        if oldest.is_some_and(|oldest| now >= oldest + UNCONFIRMED_MS) {
            let reason = "the server did not say that it has it";
            for sent in state.pending.give_up(Some(now - UNCONFIRMED_MS)) {
                again::refuse(state, sent, reason, now);
            }
        }
        alive::tell(state, now);
    }

    /// When [`Session::tick`] is to be called; `None` at rest.
    pub fn deadline(&self) -> Option<Millis> {
        let state = &self.state;
        match state.phase {
            Phase::Greeting => mismatch::deadline(state).or(Some(state.since + pulse::GREETING_MS)),
            Phase::Welcomed => Some(state.since + WELCOME_MS),
            Phase::Ready => {
                let oldest = state.pending.oldest();
                let given_up = oldest.map(|oldest| oldest + UNCONFIRMED_MS);
                [
                    state.pace.deadline(),
                    state.pulse.deadline(oldest),
                    again::deadline(state),
                    regain::deadline(state),
                    services::deadline(state),
                    survey::deadline(state),
                    metadata::deadline(state),
                    given_up,
                ]
                .into_iter()
                .flatten()
                .min()
            }
            Phase::Down | Phase::Leaving => None,
        }
    }

    /// The wire is gone, or could not be opened. Returns how long to wait before the next attempt; `None`: there is
    /// none. `chance` is any random number: it keeps clients from coming back all at once.
    pub fn lost(&mut self, reason: &str, chance: u64, now: Millis) -> Option<Millis> {
        let state = &mut self.state;
        let was = state.phase;
        let farewell = state.farewell.take();
        let meaning = farewell.as_deref().map_or(Farewell::Plain, farewell::read);
        if let Some(words) = &farewell {
            regain::ended(state, words);
        }
        let reason = farewell.unwrap_or_else(|| reason.to_owned());
        let reason = mismatch::explained(state, reason);
        state.close = None;
        state.batches.clear();
        state.rooms.forget_presence();
        state.parents.clear();
        state.late.clear();
        if was == Phase::Ready {
            state.watchlist.part();
        }
        state.searches.clear();
        state.whois = None;
        state.is_whowas = false;
        state.bots.clear();
        state.hosts.clear();
        metadata::forget(state);
        survey::forget(state);
        state.out.clear();
        again::interrupt(state, now);
        let lasted = now.saturating_sub(state.since);
        gestured::interrupt(state, now);
        state.enter(Phase::Down, now);
        if was == Phase::Leaving {
            state.emit(Event::Link(Link::Closed));
            return None;
        }
        if state.refusal.take().is_some() {
            return None;
        }
        if meaning == Farewell::Banned {
            let words = reason.trim_end_matches('.');
            let reason = format!("The server does not let us in: {words}. /connect tries again");
            state.emit(Event::Link(Link::Refused { reason }));
            return None;
        }
        if was == Phase::Ready {
            state.redial.ended(lasted);
        }
        let pause = if meaning == Farewell::TooFast {
            state.redial.slow(chance)
        } else {
            state.redial.failed(chance)
        };
        state.emit(Event::Link(Link::Lost {
            reason,
            attempt: state.redial.attempt(),
            retry_at: now + pause,
        }));
        Some(pause)
    }

    /// A link must not be made; says so, and [`Session::lost`] will say that nothing is tried.
    pub fn forbid(&mut self, reason: String) {
        self.state.refuse_link(reason);
        self.state.close = None;
    }

    /// The shell has something to tell the user.
    pub fn remark(&mut self, text: String, now: Millis) {
        self.state.notice(Severity::Info, None, text, now);
    }

    /// What waits to be sent, as text for [`Session::restore`], if it is another than when it was asked for last.
    pub fn take_unsent(&mut self) -> Option<String> {
        let state = &mut self.state;
        // A server without echo confirms nothing, piece by piece or else.
        let has_pieces = !state.is_ready() || state.has(protocol::Capability::EchoMessage);
        let is_changed = std::mem::take(&mut state.pending.is_changed);
        is_changed.then(|| kept::written(&state.pending, &state.failures, has_pieces))
    }

    /// Takes over what waited when an earlier run ended; before the first link.
    pub fn restore(&mut self, text: &str, now: Millis) {
        kept::restore(&mut self.state, text, now);
    }

    /// The nick we have or ask for.
    pub fn nick(&self) -> &str {
        &self.state.nick
    }

    /// Whether we said goodbye.
    pub fn is_leaving(&self) -> bool {
        self.state.phase == Phase::Leaving
    }

    /// What has to go onto the wire.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.state.out)
    }

    /// Whether anything happened.
    pub fn has_events(&self) -> bool {
        !self.state.events.is_empty()
    }

    /// Tokens of invites that open nothing any more, to be forgotten.
    pub fn take_spent(&mut self) -> Vec<Token> {
        admission::take_spent(&mut self.state)
    }

    /// What happened.
    pub fn take_events(&mut self) -> Vec<Event> {
        // In a flood the next batch is as long as this one.
        let count = self.state.events.len();
        let space = if count > FEW { count } else { 0 };
        std::mem::replace(&mut self.state.events, Vec::with_capacity(space))
    }

    /// What the server said about encrypted links, if it did since it was asked last.
    pub fn take_policy(&mut self) -> Option<link::Policy> {
        self.state.policy.take()
    }

    /// Why the wire must be closed now, if it must.
    pub fn take_close(&mut self) -> Option<String> {
        self.state.close.take()
    }
}

#[cfg(test)]
mod tests;
