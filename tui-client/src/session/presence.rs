//! Who comes, goes, is renamed, away, logged in: one handler for each of the verbs that tell it.
//! It must never keep members: it reports changes, and notes only where we are ourselves.

use crate::session::again;
use crate::session::batches::Sort;
use crate::session::bots;
use crate::session::event::{Event, Millis, Severity, Subject};
use crate::session::gestured;
use crate::session::page;
use crate::session::regain;
use crate::session::rooms::Ask;
use crate::session::state::{Line, State};
use crate::session::whereabouts::Split;

/// Messages asked for on entering a room, where the server keeps any.
const HISTORY_FIRST: usize = 50;

/// `:nick JOIN <room> [<account> <realname>]`
pub(crate) fn join(state: &mut State, line: &Line<'_>) {
    let is_own = state.is_self(line.nick());
    let name = line.param(0);
    let account = match line.param(1) {
        "" | "*" => None,
        account => Some(account.to_owned()),
    };
    if is_own {
        let folded = state.rules.fold(name);
        let Some(room) = state.rooms.open(folded, name) else {
            return;
        };
        room.is_entered = true;
        room.is_wanted = true;
        room.is_surveyed = false;
        learn_source(state, line);
    } else {
        bots::gone(state, line.nick());
    }
    let room = state.room_name(name);
    state.emit(Event::Joined {
        room: room.clone(),
        nick: line.nick().to_owned(),
        account,
        is_own,
        at: line.at,
    });
    if is_own {
        let is_dated = line.msg.tags.value_of("time").is_some();
        ask_history(state, &room, (line.at, is_dated));
        again::resume(state, line.now);
        gestured::resume(state);
    }
}

/// Asks for what was said while we were out, or lately if we were never in.
fn ask_history(state: &mut State, room: &str, (at, is_dated): (Millis, bool)) {
    let folded = state.rules.fold(room);
    let since = state.rooms.find(&folded).and_then(|room| room.seen);
    let ask = Ask {
        limit: HISTORY_FIRST,
        since,
        ..Ask::default()
    };
    let bound = since.map_or_else(|| "*".to_owned(), page::before);
    // Without it nothing is known of what was before.
    if page::ask(state, "LATEST", room, &[&bound], ask) && is_dated {
        state.rooms.hear(&state.rules.fold(room), at);
    }
}

/// Learns from a line of our own how others see us.
fn learn_source(state: &mut State, line: &Line<'_>) {
    let Some(source) = line.msg.source else {
        return;
    };
    if let (Some(user), Some(host)) = (source.user, source.host) {
        measure(state, user, host);
    }
}

fn measure(state: &mut State, user: &str, host: &str) {
    let before = state.rules.facts.target_and_text_bytes_max;
    let nick = state.nick.clone();
    let bytes = user.len() + host.len() + 2;
    state.rules.measure(&nick, Some(bytes));
    if before != state.rules.facts.target_and_text_bytes_max {
        let facts = state.rules.facts.clone();
        state.emit(Event::Facts(facts));
    }
}

/// `:nick PART <room> [:reason]`
pub(crate) fn part(state: &mut State, line: &Line<'_>) {
    let is_own = state.is_self(line.nick());
    let room = state.room_name(line.param(0));
    if is_own {
        let folded = state.rules.fold(&room);
        state.rooms.leave(&folded);
    }
    state.emit(Event::Left {
        room,
        nick: line.nick().to_owned(),
        reason: line.param(1).to_owned(),
        is_own,
        at: line.at,
    });
}

/// `:nick QUIT [:reason]`
pub(crate) fn quit(state: &mut State, line: &Line<'_>) {
    if state.is_self(line.nick()) {
        state.farewell = Some(line.last().to_owned());
        return;
    }
    regain::freed(state, line.nick(), line.now);
    bots::gone(state, line.nick());
    let folded = state.rules.fold(line.nick());
    state.once.forget_away(&folded);
    state.watchlist.miss(&folded);
    let split = split(state, line);
    state.emit(Event::Quit {
        nick: line.nick().to_owned(),
        reason: line.param(0).to_owned(),
        split,
        at: line.at,
    });
}

/// The servers that lost each other, if that is why somebody goes: by the batch, or else by words that nobody can
/// choose who leaves by QUIT.
fn split(state: &State, line: &Line<'_>) -> Option<Split> {
    let batch = line.tag("batch");
    let batch = batch.and_then(|reference| state.batches.find(&reference));
    if let Some(batch) = batch.filter(|batch| batch.sort == Sort::Netsplit) {
        return batch.target.split_once(' ').map(between);
    }
    let reason = line.param(0);
    let (one, other) = reason.split_once(' ')?;
    let is_server = |word: &str| {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'*');
        !word.starts_with('.')
            && !word.ends_with('.')
            && word.contains('.')
            && word.bytes().all(is_plain)
    };
    (is_server(one) && is_server(other)).then(|| between((one, other)))
}

fn between((one, other): (&str, &str)) -> Split {
    Split {
        one: one.to_owned(),
        other: other.to_owned(),
    }
}

/// `:by KICK <room> <nick> [:reason]`
pub(crate) fn kick(state: &mut State, line: &Line<'_>) {
    let nick = line.param(1);
    let is_own = state.is_self(nick);
    let room = state.room_name(line.param(0));
    if is_own {
        let folded = state.rules.fold(&room);
        state.rooms.leave(&folded);
    }
    state.emit(Event::Kicked {
        room,
        nick: nick.to_owned(),
        by: line.nick().to_owned(),
        reason: line.param(2).to_owned(),
        is_own,
        at: line.at,
    });
}

/// `:old NICK <new>`
pub(crate) fn nick(state: &mut State, line: &Line<'_>) {
    let is_own = state.is_self(line.nick());
    let to = line.param(0);
    if to.is_empty() {
        return;
    }
    if is_own {
        to.clone_into(&mut state.nick);
        if state.nick_asked.as_deref() == Some(to) {
            state.settings.nickname = state.nick_asked.take().unwrap_or_default();
        }
        let nick = state.nick.clone();
        state.rules.measure(&nick, None);
    }
    bots::renamed(state, line.nick(), to);
    let (before, after) = (state.rules.fold(line.nick()), state.rules.fold(to));
    state.hosts.rename(&before, after);
    state.emit(Event::Renamed {
        from: line.nick().to_owned(),
        to: to.to_owned(),
        is_own,
        at: line.at,
    });
    if is_own {
        let facts = state.rules.facts.clone();
        state.emit(Event::Facts(facts));
        again::resume(state, line.now);
        regain::renamed(state);
    } else {
        regain::freed(state, line.nick(), line.now);
    }
}

/// Whoever a line is of is there where it says.
pub(crate) fn meet(state: &mut State, line: &Line<'_>) {
    let source = line.msg.source.as_ref();
    if let Some(host) = source.and_then(|source| source.host) {
        let folded = state.rules.fold(line.nick());
        state.hosts.learn(folded, host);
    }
}

/// `:nick AWAY [:message]`
pub(crate) fn away(state: &mut State, line: &Line<'_>) {
    let message = line.msg.param(0).filter(|text| !text.is_empty());
    state.once.forget_away(&state.rules.fold(line.nick()));
    state.emit(Event::AwayChanged {
        nick: line.nick().to_owned(),
        message: message.map(str::to_owned),
    });
}

/// `305`, `306`: we are back, or away.
pub(crate) fn own_away(state: &mut State, line: &Line<'_>) {
    let is_away = line.msg.numeric() == Some(306);
    state.emit(Event::OwnAwayChanged { is_away });
}

/// `301 <me> <nick> :message`, told when we write to somebody who is away, or in WHOIS.
pub(crate) fn is_away(state: &mut State, line: &Line<'_>) {
    let nick = line.param(1).to_owned();
    let message = line.last().to_owned();
    let text = format!("{nick} is away: {message}");
    let asked = state.whois.as_ref();
    if asked.is_some_and(|asked| state.rules.same(asked, &nick)) {
        // One of the rows that were asked for, and where they are.
        state.emit(Event::Listed {
            subject: Subject::Whois,
            window: None,
            text,
        });
    } else if state.once.is_new_away(state.rules.fold(&nick), &message) {
        // Servers say it after each message.
        state.notice(Severity::Info, Some(nick.clone()), text, line.at);
    }
    let message = Some(message);
    state.emit(Event::AwayChanged { nick, message });
}

/// `:nick ACCOUNT <account|*>`
pub(crate) fn account(state: &mut State, line: &Line<'_>) {
    let account = Some(line.param(0)).filter(|name| !matches!(*name, "" | "*"));
    state.emit(Event::AccountChanged {
        nick: line.nick().to_owned(),
        account: account.map(str::to_owned),
    });
}

/// `:nick CHGHOST <user> <host>`
pub(crate) fn chghost(state: &mut State, line: &Line<'_>) {
    let folded = state.rules.fold(line.nick());
    state.hosts.learn(folded, line.param(1));
    if state.is_self(line.nick()) {
        measure(state, line.param(0), line.param(1));
    }
}

/// `396 <me> <host> :is now your hidden host`: what others see of us is shorter or longer now.
pub(crate) fn own_host(state: &mut State, line: &Line<'_>) {
    // Some servers tell the user name, too.
    let (user, host) = line.param(1).split_once('@').unwrap_or(("", line.param(1)));
    let user = if user.is_empty() {
        state.settings.username.clone()
    } else {
        user.to_owned()
    };
    // Who has no ident has a mark before the user name.
    measure(state, &format!("~{user}"), host);
    let text = format!("Others see you at {host} now.");
    state.notice(Severity::Info, None, text, line.at);
}

/// `:nick SETNAME :<realname>`
pub(crate) fn setname(state: &mut State, line: &Line<'_>) {
    if state.is_self(line.nick()) {
        let text = format!("Your real name is {} now.", line.last());
        state.emit(Event::Listed {
            subject: Subject::Asked,
            window: None,
            text,
        });
    }
    state.emit(Event::RealnameChanged {
        nick: line.nick().to_owned(),
        realname: line.last().to_owned(),
    });
}

/// `:by INVITE <nick> <room>`
pub(crate) fn invite(state: &mut State, line: &Line<'_>) {
    let nick = line.param(0);
    if state.is_self(line.nick()) && !is_new_invitation(state, nick, line.param(1), line.now) {
        return;
    }
    state.emit(Event::Invited {
        room: state.room_name(line.param(1)),
        by: line.nick().to_owned(),
        nick: nick.to_owned(),
        is_own: state.is_self(nick),
        at: line.at,
    });
}

/// `341 <me> <nick> <room>`: our invitation is on its way. Some servers turn the two around.
pub(crate) fn inviting(state: &mut State, line: &Line<'_>) {
    let (mut nick, mut room) = (line.param(1), line.param(2));
    if state.rules.is_room(nick) {
        std::mem::swap(&mut nick, &mut room);
    }
    if !is_new_invitation(state, nick, room, line.now) {
        return;
    }
    let text = format!("You asked {nick} into {room}");
    let window = state.room_window(room);
    state.notice(Severity::Info, window, text, line.at);
}

fn is_new_invitation(state: &mut State, nick: &str, room: &str, now: Millis) -> bool {
    let (nick, room) = (state.rules.fold(nick), state.rules.fold(room));
    state.once.is_new_invitation(nick, room, now)
}
