//! The survey of a room that was entered: who is away, logged in, a bot (WHO, or WHOX where the server has it).
//! It must never ask for a room so large that the answer would be a flood, nor for two rooms at a time.

use protocol::Capability;

use crate::session::event::{Event, Millis};
use crate::session::pace::Whose;
use crate::session::state::{Line, State};
use crate::session::surveys::{Asked, Surveys};
use crate::session::whereabouts::{Member, Surveyed};

/// Rooms with more members are not asked about: it shows as they come and go.
const MEMBERS_MAX: usize = 500;
/// Rows that are taken of one room: somebody may have come in meanwhile.
const ROWS_MAX: usize = 2 * MEMBERS_MAX;
/// Rooms that wait to be asked about.
const WAITING_MAX: usize = 100;
/// Between two questions: servers count them as costly.
const STEP_MS: Millis = 2_000;
/// A server that is busy (263) is asked again after this time.
const BUSY_MS: Millis = 30_000;
/// An answer that has not ended after this time does not hold up the next room.
const PATIENCE_MS: Millis = 60_000;
/// What we ask of WHOX: token, room, nick, flags, account; and the token by which the rows are ours.
const FIELDS: &str = "%tcnfa,723";
const TOKEN: &str = "723";

/// A room's list of members is complete: it is asked about, once for each time that we enter it.
pub(crate) fn entered(state: &mut State, folded: &str, count: usize, now: Millis) {
    let tells = state.has(Capability::AwayNotify) || state.rules.facts.bot_mode.is_some();
    let Some(room) = state.rooms.find_mut(folded) else {
        return;
    };
    let is_worth = tells && count <= MEMBERS_MAX && room.is_entered && !room.is_surveyed;
    if is_worth && state.surveys.waiting.len() < WAITING_MAX {
        room.is_surveyed = true;
        state.surveys.waiting.push_back(folded.to_owned());
        go_on(state, now);
    }
}

/// Asks about the next room, if it is time.
fn go_on(state: &mut State, now: Millis) {
    while state.surveys.asked.is_none() && now >= state.surveys.next_at {
        let Some(folded) = state.surveys.waiting.pop_front() else {
            return;
        };
        let room = state.rooms.find(&folded).filter(|room| room.is_entered);
        let Some(name) = room.map(|room| room.name.clone()) else {
            continue;
        };
        let has_whox = state.rules.has_whox;
        state.queue(Whose::Program, |line| {
            line.command("WHO").param(&name);
            if has_whox {
                line.param(FIELDS);
            }
        });
        state.surveys.next_at = now + STEP_MS;
        state.surveys.asked = Some(Asked {
            folded,
            since: now,
            found: Vec::new(),
        });
    }
}

/// When to go on.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    let surveys = &state.surveys;
    match &surveys.asked {
        Some(asked) => Some(asked.since + PATIENCE_MS),
        None => (!surveys.waiting.is_empty()).then_some(surveys.next_at),
    }
}

/// Time has passed.
pub(crate) fn tick(state: &mut State, now: Millis) {
    let is_overdue = |asked: &Asked| now >= asked.since + PATIENCE_MS;
    if state.surveys.asked.as_ref().is_some_and(is_overdue) {
        state.surveys.asked = None;
    }
    go_on(state, now);
}

/// The link broke.
pub(crate) fn forget(state: &mut State) {
    state.surveys = Surveys::default();
}

/// Takes a row: the nick, its flags (`G` away, and the letter of bots), its account; whether a survey asked for it.
pub(crate) fn take(
    state: &mut State,
    room: &str,
    nick: &str,
    flags: &str,
    account: Option<&str>,
) -> bool {
    let folded = state.rules.fold(room);
    let has_away = state.has(Capability::AwayNotify);
    let bot = state.rules.facts.bot_mode;
    let asked = state.surveys.asked.as_mut();
    let Some(asked) = asked.filter(|asked| asked.folded == folded) else {
        return false;
    };
    if asked.found.len() < ROWS_MAX {
        asked.found.push(Member {
            nick: nick.to_owned(),
            // Where nobody tells who comes back it would soon be wrong.
            is_away: has_away && flags.starts_with('G'),
            account: account
                .filter(|name| !matches!(*name, "" | "0" | "*"))
                .map(str::to_owned),
            is_bot: bot
                .is_some_and(|letter| flags.get(1..).is_some_and(|set| set.contains(letter))),
            ..Member::default()
        });
    }
    true
}

/// `354 <me> 723 <room> <nick> <flags> <account>`; whether it is a row of a survey: of ours, or of what another parlor
/// behind the same bouncer asked, which is for nobody here.
pub(crate) fn row(state: &mut State, line: &Line<'_>) -> bool {
    if line.param(1) != TOKEN {
        return false;
    }
    let account = Some(line.param(5));
    let is_ours = take(state, line.param(2), line.param(3), line.param(4), account);
    state.surveys.is_foreign = !is_ours;
    true
}

/// The answer about this room is complete; whether a survey asked for it.
pub(crate) fn ended(state: &mut State, room: &str, now: Millis) -> bool {
    let folded = state.rules.fold(room);
    if std::mem::take(&mut state.surveys.is_foreign) {
        return true;
    }
    let is_it = |asked: &Asked| asked.folded == folded;
    if !state.surveys.asked.as_ref().is_some_and(is_it) {
        return false;
    }
    if let Some(asked) = state.surveys.asked.take() {
        let room = state.room_name(room);
        state.emit(Event::Surveyed(Surveyed {
            room,
            members: asked.found,
            has_accounts: state.rules.has_whox,
        }));
    }
    go_on(state, now);
    true
}

/// `263 <me> WHO :…`: the server is busy; whether that was about a survey.
pub(crate) fn busy(state: &mut State, now: Millis) -> bool {
    let Some(asked) = state.surveys.asked.take() else {
        return false;
    };
    state.surveys.waiting.push_front(asked.folded);
    state.surveys.next_at = now + BUSY_MS;
    true
}
