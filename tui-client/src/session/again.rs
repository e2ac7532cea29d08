//! What waits for a link: kept when one breaks, sent again under the same ids when it is back.
//! It must never send a second time what the server may have, unless the server would know it again.

use protocol::Capability;

use crate::session::command::Outgoing;
use crate::session::event::{Millis, OwnId, Severity};
use crate::session::pending::{Sent, Stand};
use crate::session::say;
use crate::session::state::State;

/// How long after the greeting something may wait for its room, or for our nick: longer than it takes a server to
/// find out that our old link is dead.
pub(crate) const HELD_MS: Millis = 180_000;

/// How long after the greeting a message may wait for somebody who was there on the link before: when a host quits, all
/// who were with it find each other again within this time.
const BACK_MS: Millis = 10_000;

const ABSENT: &str = "nobody of that name is here";
const BROKEN: &str = "the link broke before the server said that it has it; look whether it is there before you try again";
const OUTSIDE: &str = "you are not in that room";
const OTHER_NICK: &str = "your nick is another than when it was sent, so that it could come twice";

/// What becomes of a piece that waits.
enum Gate {
    Open,
    Wait(&'static str),
    Shut(&'static str),
}

/// Whether the server knows a message again by its id, wherever it is stored.
fn is_once(state: &State) -> bool {
    state.rules.is_once && state.has(Capability::EchoMessage) && state.has(Capability::MessageTags)
}

/// The link broke. What a server without that gift may have is given up; everything else waits.
pub(crate) fn interrupt(state: &mut State, now: Millis) {
    drop(state.pace.drain());
    if !state.pace.take_wanted().is_empty() {
        let text = "The link broke before all was sent that you asked for.";
        state.notice(Severity::Error, None, text.to_owned(), now);
    }
    if !state.has(Capability::EchoMessage) && state.is_ready() {
        for sent in state.pending.give_up(None) {
            refuse(state, sent, BROKEN, now);
        }
        return;
    }
    state.pending.interrupt();
    // Only a good link tells what sort of server it was; during the next one's greeting nothing is decided.
    if state.is_ready() && state.rules.is_told && !is_once(state) {
        give_up_doubtful(state, now);
    }
}

fn give_up_doubtful(state: &mut State, now: Millis) {
    let held = state.pending.take_held();
    let doubtful: Vec<OwnId> = held
        .iter()
        .filter(|sent| sent.is_doubtful)
        .map(|sent| sent.own_id)
        .collect();
    for sent in held {
        // A long message is given up as a whole.
        if doubtful.contains(&sent.own_id) {
            refuse(state, sent, BROKEN, now);
        } else {
            state.pending.push(sent);
        }
    }
}

/// Gives a piece up; should the user try again, it has its old id.
pub(crate) fn refuse(state: &mut State, sent: Sent, reason: &str, now: Millis) {
    let (own_id, piece) = (sent.own_id, sent.piece);
    // Without echo one piece stands for all: who tries again says all of it anew.
    if state.has(Capability::EchoMessage) {
        state.pending.doubt(sent);
    }
    state.refused(own_id, piece, reason, now);
}

/// Takes a message over: sends it, or lets it wait.
pub(crate) fn say(state: &mut State, message: &Outgoing, now: Millis) {
    state.pending.is_changed |= state.failures.begin(message, now);
    if state.pending.revive(message.own_id) {
        return resume(state, now);
    }
    if must_wait(state, &message.target) {
        if !state.pending.push_later(message.clone(), now) {
            state.refused(message.own_id, 0, say::TOO_MUCH, now);
        }
        return;
    }
    say::start(state, message, now);
    say::release(state, now);
}

/// A message that failed is let go: nobody wants it any longer.
pub(crate) fn let_go(state: &mut State, own_id: OwnId) {
    state.pending.undoubt(own_id);
    state.failures.forget(own_id);
    state.pending.is_changed = true;
}

/// Whether a new message must wait: for the link, for the room, for those before it.
fn must_wait(state: &State, target: &str) -> bool {
    if !state.is_ready() {
        return true;
    }
    let folded = state.rules.fold(state.rules.without_status(target));
    let is_entering = state
        .rooms
        .find(&folded)
        .is_some_and(|room| room.is_wanted && !room.is_entered);
    is_entering || state.pending.has_held(Some(target))
}

fn is_outside(state: &State, target: &str) -> bool {
    let bare = state.rules.without_status(target);
    let room = state.rooms.find(&state.rules.fold(bare));
    state.rules.is_room(bare) && !room.is_some_and(|room| room.is_entered)
}

/// The server knows nobody of the name that a message went to. Soon after the greeting it may only be that they are not
/// back yet: then it waits, once; else it is given back.
pub(crate) fn await_person(
    state: &mut State,
    sent: Sent,
    is_absent: bool,
    now: Millis,
) -> Option<Sent> {
    let may_come = is_absent
        && !sent.is_awaiting
        && state.has(Capability::EchoMessage)
        && now < state.since + BACK_MS
        && state.watchlist.was_here(&sent.folded);
    if !may_come {
        return Some(sent);
    }
    state.watchlist.miss(&sent.folded);
    state.pending.push(Sent {
        is_awaiting: true,
        stand: Stand::Held,
        ..sent
    });
    None
}

/// A line was taken: if somebody turned out to be there, what waited for them goes.
pub(crate) fn reunite(state: &mut State, now: Millis) {
    if state.watchlist.take_news() && state.pending.has_awaiting() {
        resume(state, now);
    }
}

fn gate(state: &State, sent: &Sent, now: Millis) -> Gate {
    if sent.is_awaiting && !state.watchlist.is_here(&sent.folded) && now < state.since + BACK_MS {
        return Gate::Wait(ABSENT);
    }
    if !state.has(Capability::EchoMessage) {
        return Gate::Shut(BROKEN);
    }
    if sent.is_doubtful && !state.rules.is_told {
        return Gate::Wait(BROKEN);
    }
    // What only some members of a room hear is in no log.
    let is_unlogged = state.rules.without_status(&sent.target) != sent.target;
    if sent.is_doubtful && (!is_once(state) || is_unlogged) {
        return Gate::Shut(BROKEN);
    }
    if sent.is_doubtful && !state.is_self(&sent.nick) {
        return Gate::Wait(OTHER_NICK);
    }
    if is_outside(state, &sent.target) {
        return Gate::Wait(OUTSIDE);
    }
    Gate::Open
}

/// The link is good, a room is entered, our nick changed: sends what no longer has to wait.
pub(crate) fn resume(state: &mut State, now: Millis) {
    if !state.is_ready() || !state.pending.has_held(None) {
        return;
    }
    let is_over = now >= state.since + HELD_MS;
    for sent in state.pending.take_held() {
        match gate(state, &sent, now) {
            Gate::Open => say::again(state, sent),
            Gate::Shut(why) => refuse(state, sent, why, now),
            Gate::Wait(why) if is_over => refuse(state, sent, why, now),
            Gate::Wait(_) => state.pending.push(sent),
        }
    }
    for (message, since) in state.pending.take_later() {
        let must_wait = is_outside(state, &message.target)
            || state.pending.has_held(Some(&message.target))
            || !say::has_space(state, &message);
        if !must_wait {
            say::start(state, &message, now);
        } else if is_over {
            state.refused(message.own_id, 0, OUTSIDE, now);
            state.pending.is_changed = true;
        } else {
            state.pending.push_later(message, since);
        }
    }
    say::release(state, now);
}

/// A room is not to be entered: nothing waits for it any longer.
pub(crate) fn shut_out(state: &mut State, folded: &str, now: Millis) {
    for sent in state.pending.take_held() {
        if sent.folded == folded {
            refuse(state, sent, OUTSIDE, now);
        } else {
            state.pending.push(sent);
        }
    }
    for (message, since) in state.pending.take_later() {
        let bare = state.rules.without_status(&message.target);
        if state.rules.fold(bare) == folded {
            state.pending.is_changed = true;
            state.refused(message.own_id, 0, OUTSIDE, now);
        } else {
            state.pending.push_later(message, since);
        }
    }
}

/// When to look again.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    if !state.pending.has_held(None) {
        return None;
    }
    let awaits = state.pending.has_awaiting();
    Some(state.since + if awaits { BACK_MS } else { HELD_MS })
}

/// Time has passed.
pub(crate) fn tick(state: &mut State, now: Millis) {
    if !state.pending.has_held(None) {
        return;
    }
    resume(state, now);
}
