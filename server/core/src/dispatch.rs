//! From a line to its handler: flood control, order, parsing, the table's conditions. It never knows what a
//! command does.

use protocol::{Message, ParseError};

use crate::command;
use crate::deadline;
use crate::effect::Effect;
use crate::handler::{CommandSpec, Ctx, Phase};
use crate::ids::{SessionId, Slot, UserId};
use crate::input::Now;
use crate::leave;
use crate::modes::UserMode;
use crate::network::Network;
use crate::pending::Purpose;
use crate::refusal::{self, Refusal};
use crate::response::Response;
use crate::session::Session;
use crate::state::State;
use crate::welcome;

/// Longest label, in bytes (IRCv3 labeled-response).
const LABEL_BYTES_MAX: usize = 64;

/// Whether somebody's next words wait for a command about them.
fn is_awaited(network: &Network, id: SessionId) -> bool {
    let user = network.session(id).user();
    user.is_some_and(|user| network.user(user).awaited > 0)
}

/// A line, read once for all that is asked of it.
struct Line<'l> {
    bytes: &'l [u8],
    is_utf8: bool,
    message: Result<Message<'l>, ParseError>,
}

impl<'l> Line<'l> {
    /// `text` is what of the bytes is text.
    fn new(bytes: &'l [u8], text: &'l str) -> Self {
        Self {
            bytes,
            is_utf8: text.as_bytes() == bytes,
            message: Message::parse(text),
        }
    }

    /// Whether it may be done while messages are on their way to the log: only more messages may.
    fn may_follow(&self, session: &Session) -> bool {
        let says = |message: &Message<'_>| {
            let verbs = ["PRIVMSG", "NOTICE", "TAGMSG"];
            verbs.iter().any(|verb| message.is(verb))
        };
        session.is_free() || (session.waiting.others == 0 && self.message.as_ref().is_ok_and(says))
    }

    /// Whether it belongs to the batch that is open: such are bounded by the batch's own limits.
    fn is_batched(&self, session: &Session) -> bool {
        let open = session.multiline.as_ref();
        let (Some(batch), Ok(message)) = (open, &self.message) else {
            return false;
        };
        batch.spoilt.is_none()
            && message.tags.value_of("batch").as_deref() == Some(batch.reference.as_str())
    }
}

/// A line has come: it is done now, or waits for its turn.
pub fn line_came(
    state: &mut State,
    now: Now,
    id: SessionId,
    line: &[u8],
    effects: &mut Vec<Effect>,
) {
    let limits = &state.settings.limits;
    let (flood, burst, rate) = (
        limits.flood_control,
        limits.command_burst,
        limits.commands_per_second,
    );
    let backlog_max = limits.backlog_lines_max;
    let serving = is_served(state, id);
    let Some(session) = state.network.session_mut(id) else {
        return;
    };
    if session.closing.is_some() {
        return;
    }
    session.heard = now.steady;
    session.pinged = false;
    let text = String::from_utf8_lossy(line);
    let line = Line::new(line, &text);
    let turn = serving && session.backlog.is_empty() && line.may_follow(session);
    let counted = flood && !line.is_batched(session);
    if turn && (!counted || session.bucket.take(burst, rate, now.steady).is_ok()) {
        return execute(state, now, id, &line, effects);
    }
    if session.backlog.len() >= backlog_max {
        return leave::dismiss(state, now, id, "Excess flood", effects);
    }
    session.backlog.push_back(line.bytes.to_vec());
    deadline::rearm(state, now, id);
}

/// Whether a session's next line would be looked at: nothing of others is in its way.
pub fn is_served(state: &State, id: SessionId) -> bool {
    state.pending.recalls.is_empty() && !is_awaited(&state.network, id)
}

/// Does what waits, as far as it may. Who has closed meanwhile goes after that; what would have to wait for its rate
/// is left undone then, so that nobody gone keeps the server busy.
pub fn drain(state: &mut State, now: Now, id: SessionId, effects: &mut Vec<Effect>) {
    do_waiting(state, now, id, effects);
    let session = state.network.session(id);
    let gone = session.closing.clone().filter(|_| session.is_free());
    if let Some(reason) = gone.filter(|_| is_served(state, id)) {
        leave::forget(state, now, id, &reason, effects);
    }
}

fn do_waiting(state: &mut State, now: Now, id: SessionId, effects: &mut Vec<Effect>) {
    while is_served(state, id) {
        let limits = &state.settings.limits;
        let (flood, burst, rate) = (
            limits.flood_control,
            limits.command_burst,
            limits.commands_per_second,
        );
        let Some(session) = state.network.session_mut(id) else {
            return;
        };
        let Some(bytes) = session.backlog.pop_front() else {
            return;
        };
        let text = String::from_utf8_lossy(&bytes);
        let line = Line::new(&bytes, &text);
        let counted = flood && !line.is_batched(session);
        let may_go = line.may_follow(session)
            && (!counted || session.bucket.take(burst, rate, now.steady).is_ok());
        if !may_go {
            drop(text);
            session.backlog.push_front(bytes);
            return;
        }
        execute(state, now, id, &line, effects);
    }
}

/// A line has come that is longer than allowed.
pub fn long_line_came(
    state: &mut State,
    now: Now,
    id: SessionId,
    start: &[u8],
    effects: &mut Vec<Effect>,
) {
    if !state.network.has_session(id) {
        return;
    }
    let text = String::from_utf8_lossy(start);
    let label = Message::parse(&text)
        .ok()
        .and_then(|message| label_of(&message));
    run(state, now, id, label, effects, |ctx| Err(long_line(ctx)));
}

fn long_line(ctx: &mut Ctx<'_>) -> Refusal {
    if let Some(session) = ctx.state.network.session_mut(ctx.session)
        && let Some(batch) = &mut session.multiline
    {
        batch.spoilt = Some(("MULTILINE_INVALID", "A line was too long".to_owned()));
    }
    refusal::too_long()
}

fn execute(state: &mut State, now: Now, id: SessionId, line: &Line<'_>, effects: &mut Vec<Effect>) {
    let message = match &line.message {
        Ok(message) => message,
        Err(ParseError::Empty | ParseError::NoCommand) => return,
        Err(ParseError::ForbiddenByte) => {
            return run(state, now, id, None, effects, |_| {
                Err(refusal::fail(
                    "*",
                    "INVALID_MESSAGE",
                    &[],
                    "A line may not hold NUL or CR",
                ))
            });
        }
    };
    run(state, now, id, label_of(message), effects, |ctx| {
        if !line.is_utf8 {
            let text = "Your client must send UTF-8; the message was not accepted";
            return Err(refusal::fail(message.command, "INVALID_UTF8", &[], text));
        }
        perform(ctx, message, line.bytes)
    });
}

/// Does a command that waited for the words of people it is about.
pub fn act(ctx: &mut Ctx<'_>, line: &[u8]) -> Result<(), Refusal> {
    let text = String::from_utf8_lossy(line);
    let spec = Message::parse(&text).ok().and_then(|message| {
        let (_, spec) = command::find(message.command)?;
        Some((message, spec))
    });
    spec.map_or(Ok(()), |(message, spec)| (spec.run)(ctx, &message))
}

/// Does a command whose question has been answered, after the words of people it is about.
pub fn again(ctx: &mut Ctx<'_>, line: &str) -> Result<(), Refusal> {
    let found = Message::parse(line)
        .ok()
        .and_then(|message| Some((message, command::find(message.command)?.1)));
    match found {
        Some((message, spec)) if !waits(ctx, spec, &message, line.as_bytes()) => {
            (spec.run)(ctx, &message)
        }
        _ => Ok(()),
    }
}

/// Has a command wait while words of those it is about are on their way to the log. False: none are.
fn waits(ctx: &mut Ctx<'_>, spec: &CommandSpec, message: &Message<'_>, line: &[u8]) -> bool {
    let mut touched = spec.touched.map_or_else(Vec::new, |of| of(ctx, message));
    let network = &ctx.state.network;
    touched.retain(|user| {
        let mut voices = network.user(*user).voices.iter();
        voices.any(|voice| network.session(voice.session).waiting.appends > 0)
    });
    if touched.is_empty() {
        return false;
    }
    let purpose = Purpose::Act {
        line: line.to_vec(),
        touched: touched.clone(),
    };
    if !ctx.await_messages(purpose) {
        return false;
    }
    for user in touched {
        if let Some(user) = ctx.state.network.user_mut(user) {
            user.awaited += 1;
        }
    }
    true
}

fn label_of(message: &Message<'_>) -> Option<String> {
    let label = message.tags.value_of("label")?;
    (!label.is_empty() && label.len() <= LABEL_BYTES_MAX).then(|| label.into_owned())
}

/// Checks what the table demands of a command, then does it.
fn perform(ctx: &mut Ctx<'_>, message: &Message<'_>, line: &[u8]) -> Result<(), Refusal> {
    let registered = ctx.my_session().user().is_some();
    let Some((place, spec)) = command::find(message.command) else {
        if ctx.my_session().plain {
            return Err(Refusal::Silent);
        }
        return Err(refusal::unknown_command(message.command));
    };
    match spec.phase {
        Phase::Before if registered => return Err(refusal::already_registered()),
        Phase::After | Phase::Operator if !registered => return Err(refusal::not_registered()),
        Phase::Operator if !ctx.me().modes.has(UserMode::Operator) => {
            return Err(refusal::no_privileges());
        }
        Phase::Always | Phase::Before | Phase::After | Phase::Operator => {}
    }
    if message.params().len() < spec.params_min {
        return Err(refusal::need_more_params(spec.verb));
    }
    if let Some(uses) = ctx.state.uses.get_mut(place) {
        *uses += 1;
    }
    if waits(ctx, spec, message, line) {
        return Ok(());
    }
    (spec.run)(ctx, message)?;
    if !registered && spec.phase != Phase::After {
        welcome::if_complete(ctx);
    }
    Ok(())
}

/// Runs something for a session with an answer of its own, labelled as asked.
fn run(
    state: &mut State,
    now: Now,
    id: SessionId,
    label: Option<String>,
    effects: &mut Vec<Effect>,
    what: impl FnOnce(&mut Ctx<'_>) -> Result<(), Refusal>,
) {
    let mut response = state.respond(id, now);
    response.set_label(label);
    let user = state.network.session(id).user().unwrap_or(STRANGER);
    let mut ctx = context(state, now, id, user, response, effects);
    if let Err(refusal) = what(&mut ctx) {
        ctx.refuse(refusal);
    }
    ctx.finish();
}

/// Nobody: the id that a session's handler has while it is not registered.
pub const STRANGER: UserId = UserId(Slot::NONE);

/// What a handler works with.
pub fn context<'c>(
    state: &'c mut State,
    now: Now,
    session: SessionId,
    user: UserId,
    response: Response,
    effects: &'c mut Vec<Effect>,
) -> Ctx<'c> {
    let table: &'static [CommandSpec] = command::COMMANDS;
    Ctx {
        state,
        now,
        session,
        user,
        response,
        effects,
        table,
        group: None,
    }
}

/// The QUIT that still waited when a session closed: why it went.
pub fn last_words(session: &Session) -> Option<String> {
    session.backlog.iter().find_map(|line| {
        let text = String::from_utf8_lossy(line);
        let message = Message::parse(&text)
            .ok()
            .filter(|message| message.is("QUIT"))?;
        Some(match message.param(0).filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("Quit: {}", protocol::write::clip(reason, 390)),
            None => "Quit".to_owned(),
        })
    })
}
