//! The calling convention of commands: what a handler is given, and what a row of the table holds. It never knows
//! any command.

use std::sync::Arc;

use protocol::capability::Capability as C;
use protocol::{Caps, LineWriter, Message};

use crate::accounts::AccountsRequest;
use crate::channel::Channel;
use crate::effect::{Effect, Record};
use crate::ids::{ChannelId, SessionId, Slot, Ticket, UserId};
use crate::input::Now;
use crate::notify::{Audience, Origin};
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};
use crate::response::Response;
use crate::session::Session;
use crate::state::State;
use crate::storage::{Entry, EntryKind, LogKey, StorageRequest};
use crate::user::User;

/// What a handler works with: the state, who asks, and the answer it writes.
#[derive(Debug)]
pub struct Ctx<'c> {
    /// All that the server knows.
    pub state: &'c mut State,
    /// The time.
    pub now: Now,
    /// Who asks.
    pub session: SessionId,
    /// Whose session that is; a stale id while it is not registered.
    pub user: UserId,
    /// What is answered.
    pub response: Response,
    /// What is to be done.
    pub effects: &'c mut Vec<Effect>,
    /// The table, for HELP and STATS.
    pub table: &'static [CommandSpec],
    /// Set by the first question this command asks.
    pub group: Option<Slot>,
}

/// When a command may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// At any time.
    Always,
    /// Before registration only.
    Before,
    /// After registration only.
    After,
    /// After registration, by server operators only.
    Operator,
}

/// One row of the command table.
#[derive(Clone, Copy, Debug)]
pub struct CommandSpec {
    /// The verb, in capitals.
    pub verb: &'static str,
    /// Fewest parameters; with less it is answered with 461.
    pub params_min: usize,
    /// When it may be used.
    pub phase: Phase,
    /// What it does.
    pub run: fn(&mut Ctx<'_>, &Message<'_>) -> Result<(), Refusal>,
    /// Its grammar and what it does, for HELP: the first line is the grammar.
    pub help: &'static str,
    /// Whose words must be heard before it is done.
    pub touched: Option<Touched>,
}

/// Whom a command is about, so that it does not overtake what they have said.
pub type Touched = fn(&Ctx<'_>, &Message<'_>) -> Vec<UserId>;

impl Ctx<'_> {
    /// Who asks, as a person.
    pub fn me(&self) -> &User {
        self.state.network.user(self.user)
    }

    /// The session that asks.
    pub fn my_session(&self) -> &Session {
        self.state.network.session(self.session)
    }

    /// What the session understands.
    pub fn has(&self, cap: C) -> bool {
        self.my_session().caps.has(cap)
    }

    /// A list of names costs what a line for each of them would: the first was paid for by the line itself.
    pub fn pay_for(&mut self, list: &str) {
        if !self.state.settings.limits.flood_control {
            return;
        }
        let more = list.bytes().filter(|byte| *byte == b',').count();
        if let Some(session) = self.state.network.session_mut(self.session) {
            session
                .bucket
                .charge(u32::try_from(more).unwrap_or(u32::MAX));
        }
    }

    /// The name numerics are addressed to: the nick, or `*` before there is one.
    pub fn addressee(&self) -> String {
        match self.my_session().registering() {
            Some(registering) => registering.nick.clone().unwrap_or_else(|| "*".to_owned()),
            None => self.me().nick.clone(),
        }
    }

    /// The server's name.
    pub fn server_name(&self) -> String {
        self.state.settings.name.clone()
    }

    /// Starts a line from the server.
    pub fn line(&mut self) -> LineWriter<'_> {
        let mut line = self.response.line();
        line.source(&self.state.settings.name);
        line
    }

    /// Starts a numeric; the addressee stands already.
    pub fn numeric(&mut self, code: u16) -> LineWriter<'_> {
        let addressee = self.addressee();
        let mut line = self.line();
        line.numeric(code).param(&addressee);
        line
    }

    /// A whole numeric.
    pub fn reply(&mut self, code: u16, params: &[&str], text: &str) {
        let mut line = self.numeric(code);
        for param in params {
            line.param(param);
        }
        line.trailing(text).end();
    }

    /// A standard reply: FAIL, WARN or NOTE.
    pub fn standard(
        &mut self,
        kind: &str,
        command: &str,
        code: &str,
        context: &[&str],
        text: &str,
    ) {
        let mut line = self.line();
        line.command(kind).param(command).param(code);
        for part in context {
            line.param(part);
        }
        line.trailing(text).end();
    }

    /// Says no.
    pub fn refuse(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::Numeric { code, params, text } => {
                let params: Vec<&str> = params.iter().map(String::as_str).collect();
                self.reply(code, &params, &text);
            }
            Refusal::Fail {
                command,
                code,
                context,
                text,
            } => {
                let context: Vec<&str> = context.iter().map(String::as_str).collect();
                self.standard("FAIL", &command, code, &context, &text);
            }
            Refusal::Silent => {}
        }
    }

    /// Where an event that this person causes comes from.
    pub fn origin(&mut self) -> Origin {
        self.origin_of(self.user)
    }

    /// Where an event that somebody causes comes from.
    pub fn origin_of(&mut self, user: UserId) -> Origin {
        let time = self.state.stamp(self.now);
        let id = self.state.mint_msgid(self.now);
        let user = self.state.network.user(user);
        let bot = user.modes.has(crate::modes::UserMode::Bot);
        Origin {
            time,
            id,
            account: user.account.clone(),
            bot,
            source: user.mask.clone(),
        }
    }

    /// Where an event that the server causes comes from.
    pub fn origin_server(&mut self) -> Origin {
        let time = self.state.stamp(self.now);
        let id = self.state.mint_msgid(self.now);
        Origin {
            time,
            id,
            account: None,
            bot: false,
            source: self.state.settings.name.clone(),
        }
    }

    /// An audience whose own session, if it is part of it, is told by the answer.
    pub fn audience(&self, relevant: &[C]) -> Audience {
        Audience::new(relevant, Some(self.session))
    }

    /// Tells an audience, each form once; this session by its answer.
    pub fn tell(&mut self, audience: Audience, write: impl Fn(Caps, Option<&str>, &mut Vec<u8>)) {
        let mine = audience.met_except;
        audience.tell(self.effects, |caps, out| write(caps, None, out));
        if mine {
            let caps = self.my_session().caps;
            self.response.unit(|out, batch, _| write(caps, batch, out));
        }
    }

    /// Tells the members of a room.
    pub fn tell_channel(
        &mut self,
        channel: ChannelId,
        relevant: &[C],
        write: impl Fn(Caps, Option<&str>, &mut Vec<u8>),
    ) {
        let mut audience = self.audience(relevant);
        audience.add_channel(&self.state.network, channel);
        self.tell(audience, write);
    }

    /// Notes something for the operator.
    pub fn log(&mut self, record: Record) {
        self.effects.push(Effect::Log(record));
    }

    /// Sends what was answered so far: something that ends the session comes next.
    pub fn flush(&mut self) {
        let fresh = self.state.respond(self.session, self.now);
        let said = std::mem::replace(&mut self.response, fresh);
        let lines = said.finish(&self.state.settings.name);
        if !lines.is_empty() {
            self.effects.push(Effect::Send {
                session: self.session,
                lines,
            });
        }
    }

    /// Sends what was answered, or puts it aside until the questions asked have come back.
    pub fn finish(self) {
        let Ctx {
            state,
            session,
            response,
            effects,
            group,
            ..
        } = self;
        if let Some(group) = group {
            return state.pending.park(group, response);
        }
        let lines = response.finish(&state.settings.name);
        if !lines.is_empty() {
            effects.push(Effect::Send { session, lines });
        }
    }

    /// Does something for another session, with an answer of its own.
    pub fn on_behalf_of(
        &mut self,
        session: SessionId,
        user: UserId,
        what: impl FnOnce(&mut Ctx<'_>),
    ) {
        let response = self.state.respond(session, self.now);
        let mut other = Ctx {
            state: self.state,
            now: self.now,
            session,
            user,
            response,
            effects: self.effects,
            table: self.table,
            group: None,
        };
        what(&mut other);
        other.finish();
    }

    /// That a server asked for, by name, mask, or somebody's nick, is this one.
    pub fn must_be_here(&self, server: Option<&str>) -> Result<(), Refusal> {
        match server.filter(|server| !server.is_empty()) {
            Some(server)
                if !protocol::mask::matches(server, &self.state.settings.name)
                    && self.state.network.find_user(server).is_none() =>
            {
                Err(refusal::no_such_server(server))
            }
            _ => Ok(()),
        }
    }

    /// Asks storage; the answer goes on with `purpose`, and this command's answer waits for it.
    pub fn store(&mut self, request: StorageRequest, purpose: Purpose) {
        let ticket = self.ticket(purpose);
        self.effects.push(Effect::Store { ticket, request });
    }

    /// Asks the keeper of accounts; the answer goes on with `purpose`, and this command's answer waits for it.
    pub fn ask_accounts(&mut self, request: AccountsRequest, purpose: Purpose) {
        let ticket = self.ticket(purpose);
        self.effects.push(Effect::Accounts { ticket, request });
    }

    /// Goes on with `purpose` when all messages that are on their way to the log have been heard. False: none is.
    pub fn await_messages(&mut self, purpose: Purpose) -> bool {
        let Some(last) = self.state.pending.newest_message() else {
            return false;
        };
        let waiting = self.ticket(purpose);
        self.state.pending.set_barrier(last, waiting);
        true
    }

    fn ticket(&mut self, purpose: Purpose) -> Ticket {
        let messages = matches!(purpose, Purpose::Message { .. });
        let user = Some(self.user);
        let group = *self
            .group
            .get_or_insert_with(|| self.state.pending.open(user));
        let ticket = self.state.pending.ticket(group, purpose);
        if let Some(session) = self.state.network.session_mut(self.session) {
            if messages {
                session.waiting.appends += 1;
            } else {
                session.waiting.others += 1;
            }
        }
        ticket
    }

    /// Keeps an event in a room's log; nobody waits for it.
    pub fn keep_event(&mut self, log: LogKey, origin: &Origin, target: &str, event: &str) {
        if self.state.settings.history.enabled {
            self.effects.push(store_event(log, origin, target, event));
        }
    }

    /// The room of a name that this person may know of.
    pub fn visible_channel(&self, name: &str) -> Result<(ChannelId, &Channel), Refusal> {
        let (id, channel) = self.channel_named(name)?;
        if crate::policy::sees_channel(&self.state.network, channel, self.user) {
            Ok((id, channel))
        } else {
            Err(refusal::no_such_channel(name))
        }
    }

    /// The room of a name, seen or not.
    pub fn channel_named(&self, name: &str) -> Result<(ChannelId, &Channel), Refusal> {
        let named = self.state.network.channel_named(name);
        named.ok_or_else(|| refusal::no_such_channel(name))
    }
}

/// The effect that keeps an event; its ticket is nobody's.
pub fn store_event(log: LogKey, origin: &Origin, target: &str, event: &str) -> Effect {
    let entry = Entry {
        id: origin.id.clone(),
        own_id: None,
        time: origin.time,
        kind: EntryKind::Event,
        source: origin.source.as_str().into(),
        account: origin.account.clone(),
        bot: origin.bot,
        target: target.into(),
        client_tags: "".into(),
        lines: Vec::new(),
        event: event.into(),
    };
    Effect::Store {
        ticket: NOBODY_WAITS,
        request: StorageRequest::Append {
            log,
            entry: Arc::new(entry),
        },
    }
}

/// The ticket of questions whose answer nobody waits for.
pub const NOBODY_WAITS: Ticket = Ticket(0);
