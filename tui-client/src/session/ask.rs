//! Turns what the screen asks for into lines: one short function for each sort of request.
//! It must never wait for an answer; answers find their own way.

use protocol::Capability;

use crate::session::account;
use crate::session::command::Command;
use crate::session::event::{Event, Millis, Severity, Typing};
use crate::session::pace::Whose;
use crate::session::rooms::Ask;
use crate::session::state::{Phase, State};
use crate::session::untold::Deed;
use crate::session::{
    admission, again, bouncer, ctcp, directory, gestured, links, masks, metadata, missed, page,
    parents, search, watch,
};

/// Takes a request over.
pub(crate) fn run(state: &mut State, command: Command, now: Millis) {
    match command {
        Command::Say(message) => again::say(state, &message, now),
        Command::LetGo { own_id } => again::let_go(state, own_id),
        Command::Join { room, key } => join(state, &room, key.as_deref()),
        Command::Leave { room, reason } => leave(state, &room, &reason, now),
        Command::Nick(nick) => change_nick(state, nick),
        Command::Quit { reason } => quit(state, &reason, now),
        Command::Watch { nicks } => watch::set(state, nicks),
        Command::HeardUntil { at } => missed::heard_until(state, at, now),
        other if state.is_ready() => ask(state, other, now),
        Command::Typing { .. } | Command::MarkRead { .. } => {}
        _ => {
            let text = "That needs a link to the server, and there is none right now.";
            state.notice(Severity::Error, None, text.to_owned(), now);
        }
    }
}

/// What makes sense only on a good link.
fn ask(state: &mut State, command: Command, now: Millis) {
    match command {
        Command::Typing {
            target,
            state: typing,
        } => type_on(state, &target, typing, now),
        Command::React {
            target,
            msgid,
            reaction,
            is_given,
        } => {
            let deed = Deed::React { reaction, is_given };
            gestured::run(state, target, msgid, deed, now);
        }
        Command::Redact { target, msgid } => gestured::run(state, target, msgid, Deed::Redact, now),
        Command::Topic { room, topic: None } => words(state, "TOPIC", &[&room]),
        Command::Topic {
            room,
            topic: Some(topic),
        } => worded(state, "TOPIC", &[&room], &topic),
        Command::Names { room } => words(state, "NAMES", &[&room]),
        Command::List { mask } => directory::ask(state, &mask, now),
        Command::Who { mask } => words(state, "WHO", &[&mask]),
        Command::Ctcp { nick, verb } => ctcp::ask(state, &nick, &verb, now),
        Command::Whois { nick } => {
            state.late.asked(state.rules.fold(&nick), now);
            words(state, "WHOIS", &[&nick]);
        }
        Command::Metadata { key, value } => metadata::ask(state, &key, &value, now),
        Command::Away { message } => {
            match &message {
                Some(text) => worded(state, "AWAY", &[], text),
                None => words(state, "AWAY", &[]),
            }
            state.away = message;
        }
        Command::Invite { nick, room } => {
            state.late.asked(state.rules.fold(&nick), now);
            words(state, "INVITE", &[&nick, &room]);
        }
        Command::Links { room, ask } => links::ask(state, &room, &ask, now),
        Command::Kick { room, nick, reason } => worded(state, "KICK", &[&room, &nick], &reason),
        Command::Mode { target, changes } => {
            set_modes(state, &target, &changes);
        }
        Command::Mask {
            room,
            change,
            before,
            nick,
        } => masks::ask(state, (&room, &change), &before, &nick),
        Command::MarkRead { target, at } => mark_read(state, &target, at),
        Command::Account(what) => account::ask(state, what, now),
        Command::Bouncer(what) => bouncer::ask(state, &what),
        Command::Raw(text) => raw(state, &text),
        other => past(state, other),
    }
}

/// Asks for what was said before.
fn past(state: &mut State, command: Command) {
    match command {
        Command::HistoryLatest { target, limit } => {
            page::ask(state, "LATEST", &target, &["*"], Ask::of(limit));
        }
        Command::HistoryAround {
            target,
            msgid,
            limit,
        } => {
            let bound = page::reference(0, Some(&msgid));
            let ask = Ask {
                is_inside: true,
                ..Ask::of(limit)
            };
            page::ask(state, "AROUND", &target, &[&bound], ask);
        }
        Command::Parent { target, msgid } => parents::ask(state, target, msgid),
        Command::Search {
            query,
            after,
            before,
            limit,
        } => search::ask(state, query, (after, before), limit),
        Command::HistoryBefore {
            target,
            at,
            msgid,
            limit,
        } => page::ask_before(state, &target, (at, msgid.as_deref()), limit),
        Command::HistoryBetween {
            target,
            gap,
            limit,
            is_oldest,
        } => {
            let limit = usize::from(limit);
            if is_oldest {
                page::ask_oldest(state, &target, gap, limit);
            } else {
                page::ask_between(state, &target, gap, limit, 0);
            }
        }
        // Taken over above.
        _ => {}
    }
}

/// Changes of one letter that is given to many are cut into lines that the server takes.
fn set_modes(state: &mut State, target: &str, changes: &[String]) {
    let most = state.rules.modes_max;
    let (letters, params) = changes
        .split_first()
        .map_or(("", changes), |(letters, params)| {
            (letters.as_str(), params)
        });
    let (sign, plain) = letters.split_at_checked(1).unwrap_or((letters, ""));
    let is_alike = params.len() > most
        && plain.chars().count() == params.len()
        && plain.chars().all(|letter| plain.starts_with(letter));
    if !is_alike {
        let mut words_of = vec![target];
        words_of.extend(changes.iter().map(String::as_str));
        return words(state, "MODE", &words_of);
    }
    for some in params.chunks(most) {
        let letters: String = plain.chars().take(some.len()).collect();
        let change = format!("{sign}{letters}");
        let mut words_of = vec![target, change.as_str()];
        words_of.extend(some.iter().map(String::as_str));
        words(state, "MODE", &words_of);
    }
}

/// A verb with parameters; empty ones are left out.
fn words(state: &mut State, verb: &str, params: &[&str]) {
    state.queue(Whose::Person, |line| {
        line.command(verb);
        for param in params.iter().filter(|param| !param.is_empty()) {
            line.param(param);
        }
    });
}

/// A verb with parameters and a text, clipped to what a line carries.
fn worded(state: &mut State, verb: &str, params: &[&str], text: &str) {
    let taken: usize = params.iter().map(|param| param.len() + 1).sum();
    // The target's share of a message is free here, but the source in front is as long.
    let space = state
        .rules
        .facts
        .target_and_text_bytes_max
        .saturating_sub(taken);
    let text = protocol::write::clip(text, space);
    state.queue(Whose::Person, |line| {
        line.command(verb);
        for param in params {
            line.param(param);
        }
        line.trailing(text);
    });
}

fn join(state: &mut State, name: &str, key: Option<&str>) {
    let folded = state.rules.fold(name);
    let invited = admission::of_room(state, name);
    let Some(room) = state.rooms.open(folded, name) else {
        return;
    };
    room.is_wanted = true;
    room.key = key.map(str::to_owned).or_else(|| room.key.take());
    let key = room.key.clone().or(invited);
    // What waits for NickServ is entered with the others.
    if state.is_ready() && state.login.is_awaited_until.is_none() {
        words(state, "JOIN", &[name, key.as_deref().unwrap_or("")]);
    }
}

fn leave(state: &mut State, name: &str, reason: &str, now: Millis) {
    let folded = state.rules.fold(name);
    let is_entered = state
        .rooms
        .find(&folded)
        .is_some_and(|room| room.is_entered);
    if let Some(room) = state.rooms.find_mut(&folded) {
        room.is_wanted = false;
    }
    if state.is_ready() && is_entered {
        if reason.is_empty() {
            words(state, "PART", &[name]);
        } else {
            worded(state, "PART", &[name], reason);
        }
    } else {
        // Nobody else needs to hear it.
        state.emit(Event::Left {
            room: name.to_owned(),
            nick: state.nick.clone(),
            reason: String::new(),
            is_own: true,
            at: now,
        });
    }
}

fn change_nick(state: &mut State, nick: String) {
    if state.is_ready() {
        words(state, "NICK", &[&nick]);
        // It is the one that we want once the server gives it to us.
        state.nick_asked = Some(nick);
        return;
    }
    if matches!(state.phase, Phase::Welcomed | Phase::Greeting) {
        words(state, "NICK", &[&nick]);
    } else {
        let from = std::mem::replace(&mut state.nick, nick.clone());
        state.emit(Event::Renamed {
            from,
            to: nick.clone(),
            is_own: true,
            at: 0,
        });
    }
    state.settings.nickname = nick;
}

fn quit(state: &mut State, reason: &str, now: Millis) {
    if !matches!(state.phase, Phase::Down | Phase::Leaving) {
        // What was done before is done, and from here on nothing waits for its time.
        let before = state.pace.take_wanted();
        state.out.extend(before.into_iter().flatten());
        state.enter(Phase::Leaving, now);
        worded(state, "QUIT", &[], reason);
    }
    state.enter(Phase::Leaving, now);
}

fn type_on(state: &mut State, target: &str, typing: Typing, now: Millis) {
    let reaches = state.has(Capability::MessageTags) && state.rules.passes("typing");
    if !reaches || !state.pace.spend(now) {
        return;
    }
    let word = match typing {
        Typing::Active => "active",
        Typing::Paused => "paused",
        Typing::Done => "done",
    };
    state.send(|line| {
        line.tag("+typing", word);
        line.command("TAGMSG").param(target);
    });
    state.typed = Some((state.rules.fold(target), now));
}

fn mark_read(state: &mut State, target: &str, at: Millis) {
    if state.has(Capability::ReadMarker) {
        let bound = page::reference(at, None);
        words(state, "MARKREAD", &[target, &bound]);
    }
}

/// A line as somebody typed it, without what would end it early.
fn raw(state: &mut State, text: &str) {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '\r' | '\n' | '\0'))
        .collect();
    let text = protocol::write::clip(&text, protocol::LINE_BYTES_MAX - 2);
    if !text.is_empty() {
        let line = format!("{text}\r\n");
        state.queue_line(Whose::Person, line.into_bytes());
    }
}
