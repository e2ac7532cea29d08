//! Goes on with a command when what it asked has been answered. It never asks anything of its own accord.

use crate::accounts::AccountsReply;
use crate::admission;
use crate::command;
use crate::deadline;
use crate::dispatch::{self, STRANGER, context};
use crate::effect::Effect;
use crate::handler::Ctx;
use crate::ids::{SessionId, Ticket, UserId};
use crate::input::Now;
use crate::pending::{Purpose, Waiter};
use crate::refusal::{self, Refusal};
use crate::speech;
use crate::state::State;
use crate::storage::StorageReply;
use crate::welcome;

/// Storage has answered.
pub fn stored(
    state: &mut State,
    now: Now,
    ticket: Ticket,
    reply: StorageReply,
    effects: &mut Vec<Effect>,
) {
    resume(state, now, ticket, effects, |ctx, purpose| match purpose {
        Purpose::Message { entry, target } => speech::stored(ctx, &entry, target, reply),
        Purpose::Recognise { refusal } => speech::recognised(ctx, refusal, reply),
        Purpose::History { target, events } => {
            command::chathistory::answer(ctx, &target, events, reply)
        }
        Purpose::HistoryTargets => command::chathistory::answer_targets(ctx, reply),
        Purpose::Search => command::search::answer(ctx, reply),
        Purpose::RedactFind {
            log,
            target,
            id,
            reason,
            heard,
        } => command::redact::found(ctx, log, target, id, reason, heard, reply),
        Purpose::RedactRemove {
            target,
            id,
            reason,
            heard,
        } => command::redact::removed(ctx, &target, &id, reason.as_deref(), heard, &reply),
        Purpose::Admit => admission::answered(ctx, reply),
        Purpose::AdmitToRoom { room, place } => command::join::admitted(ctx, &room, &place, reply),
        Purpose::InviteLink { room, about } => {
            command::invitelink::answered(ctx, &room, &about, reply)
        }
        Purpose::Authenticate
        | Purpose::Register { .. }
        | Purpose::Arrive { .. }
        | Purpose::Rename { .. }
        | Purpose::Device
        | Purpose::Passwd
        | Purpose::Erase
        | Purpose::Pong { .. }
        | Purpose::Act { .. } => Ok(()),
    });
    while let Some(ticket) = state.pending.passed_barrier() {
        let mut held = Vec::new();
        resume(state, now, ticket, effects, |ctx, purpose| match purpose {
            Purpose::Act { line, touched } => {
                held.clone_from(&touched);
                act(ctx, &line, &touched)
            }
            Purpose::Pong { token } => {
                command::ping::answer(ctx, &token);
                Ok(())
            }
            _ => Ok(()),
        });
        for user in held {
            go_on(state, now, user, effects);
        }
    }
}

/// What was said before a command has been heard: it is done, and those it is about may speak again.
fn act(ctx: &mut Ctx<'_>, line: &[u8], touched: &[UserId]) -> Result<(), Refusal> {
    for user in touched {
        if let Some(user) = ctx.state.network.user_mut(*user) {
            user.awaited = user.awaited.saturating_sub(1);
        }
    }
    if ctx.state.network.has_session(ctx.session) {
        dispatch::act(ctx, line)
    } else {
        Err(Refusal::Silent)
    }
}

/// Does what somebody has sent while a command about them waited.
fn go_on(state: &mut State, now: Now, user: UserId, effects: &mut Vec<Effect>) {
    let voices = state.network.user(user).voices.clone();
    for voice in voices {
        drain(state, now, voice.session, effects);
    }
}

fn drain(state: &mut State, now: Now, id: SessionId, effects: &mut Vec<Effect>) {
    dispatch::drain(state, now, id, effects);
    if state.network.has_session(id) && !state.network.session(id).backlog.is_empty() {
        deadline::rearm(state, now, id);
    }
}

/// The keeper of accounts has answered.
pub fn answered(
    state: &mut State,
    now: Now,
    ticket: Ticket,
    reply: AccountsReply,
    effects: &mut Vec<Effect>,
) {
    resume(state, now, ticket, effects, |ctx, purpose| match purpose {
        Purpose::Authenticate => command::authenticate::answered(ctx, reply),
        Purpose::Register { verify, account } => {
            command::register::answered(ctx, verify, &account, reply)
        }
        Purpose::Arrive { nick } => welcome::looked(ctx, &nick, &reply),
        Purpose::Rename { nick } => {
            let line = command::nick::looked(ctx, &nick, &reply)?;
            dispatch::again(ctx, &line)
        }
        Purpose::Device => command::device::answered(ctx, reply),
        Purpose::Passwd => command::passwd::answered(ctx, &reply),
        Purpose::Erase => command::erase::answered(ctx, reply),
        Purpose::Message { .. }
        | Purpose::Recognise { .. }
        | Purpose::Act { .. }
        | Purpose::History { .. }
        | Purpose::HistoryTargets
        | Purpose::Search
        | Purpose::Pong { .. }
        | Purpose::Admit
        | Purpose::AdmitToRoom { .. }
        | Purpose::InviteLink { .. }
        | Purpose::RedactFind { .. }
        | Purpose::RedactRemove { .. } => Err(refusal::fail("*", "INTERNAL", &[], "Mixed up")),
    });
}

fn resume(
    state: &mut State,
    now: Now,
    ticket: Ticket,
    effects: &mut Vec<Effect>,
    go_on: impl FnOnce(&mut Ctx<'_>, Purpose) -> Result<(), Refusal>,
) {
    let Some(Waiter { group, purpose }) = state.pending.redeem(ticket) else {
        return;
    };
    let Some((response, user)) = state.pending.resume(group) else {
        return;
    };
    let id = response.session;
    if let Some(session) = state.network.session_mut(id) {
        if matches!(purpose, Purpose::Message { .. }) {
            session.waiting.appends -= 1;
        } else {
            session.waiting.others -= 1;
        }
    }
    let user = user.unwrap_or(STRANGER);
    let mut ctx = context(state, now, id, user, response, effects);
    ctx.group = Some(group);
    if let Err(refusal) = go_on(&mut ctx, purpose) {
        ctx.refuse(refusal);
    }
    let registering = ctx.my_session().registering().is_some();
    let whole = ctx
        .state
        .pending
        .group(group)
        .is_none_or(|group| group.remaining == 0);
    if whole {
        ctx.state.pending.close(group);
        ctx.group = None;
    }
    if whole && registering {
        welcome::if_complete(&mut ctx);
    }
    ctx.finish();
    if state.network.session(id).is_free() {
        drain(state, now, id, effects);
    }
}
