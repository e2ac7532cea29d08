//! Metadata (draft/metadata-2 and -3): what people tell of themselves is subscribed to, taken in, asked for and set.
//! It must never ask for the members of a room one by one: the server tells what is subscribed to.

use protocol::Capability;

use crate::session::event::{Event, Millis, Severity, Subject};
use crate::session::pace::Whose;
use crate::session::profile::{Described, Key};
use crate::session::state::{Line, State};
use crate::session::subscription::Subscription;

/// What the rows of an answer call the keys that we know.
const WORDS: &[(Key, &str)] = &[
    (Key::DisplayName, "is called"),
    (Key::Status, "does this just now:"),
    (Key::Pronouns, "goes by"),
    (Key::Bot, "is a bot:"),
    (Key::Homepage, "has a page:"),
    (Key::Avatar, "has a picture:"),
    (Key::Color, "has the colour"),
];

/// Whether the server has it, in either edition.
fn is_on(state: &State) -> bool {
    state.has(Capability::Metadata2) || state.has(Capability::Metadata3)
}

/// The greeting ends: a server that takes it now tells of each room as we enter it.
pub(crate) fn greet(state: &mut State) {
    if state.profiles.is_early {
        subscribe(state);
    }
}

/// Messages can go out, and no room is entered yet.
pub(crate) fn ready(state: &mut State) {
    subscribe(state);
}

/// `METADATA * SUB <key>…`
fn subscribe(state: &mut State) {
    if !is_on(state) || state.profiles.is_made || state.profiles.most == 0 {
        return;
    }
    state.profiles.is_made = true;
    let most = state.profiles.most;
    state.send(|line| {
        line.command("METADATA").param("*").param("SUB");
        for key in Key::ALL.iter().take(most) {
            line.param(key.name());
        }
    });
}

/// The link broke.
pub(crate) fn forget(state: &mut State) {
    state.profiles = Subscription::default();
}

/// `/metadata`: what we tell of ourselves; one key is set, or taken away.
pub(crate) fn ask(state: &mut State, key: &str, value: &str, now: Millis) {
    if !is_on(state) {
        let text = "This server has no metadata.".to_owned();
        return state.notice(Severity::Error, None, text, now);
    }
    let own = state.rules.fold(&state.nick);
    state.profiles.ask(own, now);
    state.queue(Whose::Person, |line| {
        line.command("METADATA").param("*");
        if key.is_empty() {
            line.param("LIST");
        } else {
            line.param("SET").param(key);
        }
        if !value.is_empty() {
            line.trailing(value);
        }
    });
}

/// WHOIS has ended. Where it told nothing of this it is asked for.
pub(crate) fn whois_ended(state: &mut State, nick: &str, now: Millis) {
    let is_told = std::mem::take(&mut state.profiles.is_told);
    if is_on(state) && !is_told {
        let folded = state.rules.fold(nick);
        state.profiles.ask(folded, now);
        state.queue(Whose::Program, |line| {
            line.command("METADATA").param(nick).param("LIST");
        });
    }
}

/// `760 <me> <nick> <key> <visibility> :<value>`: a row of WHOIS.
pub(crate) fn whois(state: &mut State, line: &Line<'_>) {
    state.profiles.is_told = true;
    told(state, (line.param(1), line.param(2)), Some(line.last()));
    row(state, line.param(1), line.param(2), Some(line.last()));
}

/// `:<source> METADATA <target> <key> <visibility> [:<value>]`
pub(crate) fn changed(state: &mut State, line: &Line<'_>) {
    let value = line.msg.param(3).filter(|value| !value.is_empty());
    told(state, (line.param(0), line.param(1)), value);
}

/// `761 <me> <target> <key> <visibility> [:<value>]`, an answer or news.
pub(crate) fn value(state: &mut State, line: &Line<'_>) {
    let value = line.msg.param(4).filter(|value| !value.is_empty());
    answered(state, line, value);
}

/// `766 <me> <target> <key> :key not set`, an answer or news.
pub(crate) fn unset(state: &mut State, line: &Line<'_>) {
    answered(state, line, None);
}

fn answered(state: &mut State, line: &Line<'_>, value: Option<&str>) {
    let about = (line.param(1), line.param(2));
    let folded = state.rules.fold(named(state, about.0).as_str());
    let is_asked = state.profiles.is_asked(Some(&folded), line.now);
    told(state, about, value);
    if is_asked {
        row(state, about.0, about.1, value);
    }
}

/// The batch about this one has ended.
pub(crate) fn ended(state: &mut State, target: &str) {
    let folded = match target {
        "" => String::new(),
        target => state.rules.fold(&named(state, target)),
    };
    state.profiles.answered(&folded);
}

/// `*` is what servers call us before they know us, and what we call ourselves.
fn named(state: &State, target: &str) -> String {
    if target == "*" {
        state.nick.clone()
    } else {
        target.to_owned()
    }
}

fn told(state: &mut State, (target, key): (&str, &str), value: Option<&str>) {
    let nick = named(state, target);
    if state.rules.is_room(&nick) {
        return;
    }
    if let Some(key) = Key::from_name(key) {
        let value = value.map(str::to_owned);
        state.emit(Event::Described(Described { nick, key, value }));
    }
}

fn row(state: &mut State, target: &str, key: &str, value: Option<&str>) {
    let nick = named(state, target);
    let known = Key::from_name(key);
    let words = WORDS.iter().find(|(word, _)| Some(*word) == known);
    let text = match (value, words) {
        (None, _) => format!("{nick} tells no {key}"),
        (Some(value), Some((_, words))) => format!("{nick} {words} {value}"),
        (Some(value), None) => format!("{nick} tells as {key}: {value}"),
    };
    state.emit(Event::Listed {
        subject: Subject::Whois,
        window: None,
        text,
    });
}

/// `774 <me> <target> [<seconds>]`: it is told when it is asked for, and not before then.
pub(crate) fn put_off(state: &mut State, line: &Line<'_>) {
    let seconds: Millis = line.param(2).parse().unwrap_or(0);
    let pause = seconds.saturating_mul(1_000);
    state.profiles.put_off(line.param(1), pause, line.now);
    tick(state, line.now);
}

/// Time has passed.
pub(crate) fn tick(state: &mut State, now: Millis) {
    if !state.is_ready() {
        return;
    }
    while let Some(target) = state.profiles.next(now) {
        if state.rules.is_room(&target) && state.room_window(&target).is_none() {
            continue;
        }
        state.queue(Whose::Program, |line| {
            line.command("METADATA").param(&target).param("SYNC");
        });
    }
}

/// When to go on.
pub(crate) fn deadline(state: &State) -> Option<Millis> {
    state.profiles.deadline()
}

/// `FAIL METADATA <code> [<context>…] :<words>`; whether it was of what nobody asked for by hand.
pub(crate) fn refused(state: &mut State, line: &Line<'_>) -> bool {
    if line.param(0) != "METADATA" {
        return false;
    }
    if state.profiles.is_asked(None, line.now) {
        let words = line.rest(2).split_last().map_or(&[][..], |(_, rest)| rest);
        let key = words.iter().find(|word| {
            let is_name = word.bytes().any(|byte| byte.is_ascii_lowercase());
            is_name && !state.is_self(word)
        });
        let text = match key {
            Some(key) => format!("{key}: {}", line.last()),
            None => line.last().to_owned(),
        };
        state.notice(Severity::Error, None, text, line.at);
    }
    true
}
