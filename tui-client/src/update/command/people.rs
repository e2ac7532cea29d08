//! Commands about people: talking to them, and asking who they are.
//! They must never open a window for a room that we are not in.

use crate::deeds;
use crate::entry::Tone;
use crate::session::command::Command;
use crate::session::event::Kind;
use crate::text::format::emphasis;
use crate::update::call::{Call, split};
use crate::window;

/// Says what could be taken for a command.
pub fn say(call: Call<'_>) {
    said(call, Kind::Say);
}

/// Says it with the marks of Markdown made into codes that every program of IRC shows.
pub fn format(call: Call<'_>) {
    let text = emphasis::coded(call.rest);
    said(
        Call {
            rest: &text,
            ..call
        },
        Kind::Say,
    );
}

/// Says what we do.
pub fn me(call: Call<'_>) {
    said(call, Kind::Action);
}

fn said(call: Call<'_>, kind: Kind) {
    if call.rest.is_empty() {
        return call.usage();
    }
    let can_talk = call.model.here().is_some_and(|window| match window.kind {
        window::Kind::Room => !window.is_outside(),
        window::Kind::Person => true,
        window::Kind::Server => false,
    });
    if can_talk {
        let id = call.model.current;
        deeds::say(call.model, call.effects, id, kind, call.rest);
    } else {
        deeds::note_here(call.model, Tone::Trouble, "There is nobody here to see it.");
    }
}

/// Talks to somebody, or goes to the conversation.
pub fn msg(call: Call<'_>) {
    let (target, text) = split(call.rest);
    if target.is_empty() {
        return call.usage();
    }
    let kind = call.model.network().kind_of(target);
    let (ranks, room) = call.model.network().ranks_of(target);
    if !ranks.is_empty() {
        return to_ranks(call, Kind::Say, (ranks, room), text);
    }
    if kind == window::Kind::Room && call.model.named(call.model.on(), target).is_none() {
        return not_in(call, target);
    }
    let id = call.model.open(call.model.on(), kind, target);
    if !text.is_empty() {
        deeds::say(call.model, call.effects, id, Kind::Say, text);
    }
    deeds::go(call.model, call.effects, id);
}

/// Says something to those of a room who have a rank. It stands in the room, with their sign.
fn to_ranks(call: Call<'_>, kind: Kind, (ranks, room): (&str, &str), text: &str) {
    if text.is_empty() {
        return call.usage();
    }
    let window = call.model.named(call.model.on(), room);
    let Some(id) = window.map(|window| window.id) else {
        return not_in(call, room);
    };
    deeds::say_to(call.model, call.effects, (id, ranks), kind, text);
    deeds::go(call.model, call.effects, id);
}

fn not_in(call: Call<'_>, room: &str) {
    let text = format!("You are not in {room}; /join {room} enters.");
    deeds::note_here(call.model, Tone::Trouble, &text);
}

/// Says something that nothing answers by itself.
pub fn notice(call: Call<'_>) {
    let (target, text) = split(call.rest);
    if text.is_empty() {
        return call.usage();
    }
    let kind = call.model.network().kind_of(target);
    let (ranks, room) = call.model.network().ranks_of(target);
    if !ranks.is_empty() {
        return to_ranks(call, Kind::Notice, (ranks, room), text);
    }
    let id = match (kind, call.model.named(call.model.on(), target)) {
        (_, Some(window)) => window.id,
        (window::Kind::Person, None) => call.model.open(call.model.on(), kind, target),
        _ => return call.usage(),
    };
    deeds::say(call.model, call.effects, id, Kind::Notice, text);
}

/// Asks who matches.
pub fn who(call: Call<'_>) {
    let here = call
        .model
        .here()
        .map(|window| window.name.clone())
        .unwrap_or_default();
    let mask = if call.rest.is_empty() {
        here
    } else {
        call.rest.to_owned()
    };
    call.send(Command::Who { mask });
}

/// Asks who somebody is.
pub fn whois(call: Call<'_>) {
    let here = call
        .model
        .here()
        .filter(|window| window.kind == window::Kind::Person);
    let nick = match (split(call.rest).0, here) {
        ("", Some(window)) => window.name.clone(),
        ("", None) => return call.usage(),
        (nick, _) => nick.to_owned(),
    };
    call.send(Command::Whois { nick });
}

/// Asks somebody's program what it is, how far away, how late.
pub fn ctcp(call: Call<'_>) {
    let (nick, rest) = split(call.rest);
    let verb = split(rest).0;
    let is_word = !verb.is_empty() && verb.bytes().all(|byte| byte.is_ascii_alphabetic());
    if nick.is_empty() || !is_word {
        return call.usage();
    }
    let (nick, verb) = (nick.to_owned(), verb.to_owned());
    call.send(Command::Ctcp { nick, verb });
}

/// Goes away; without words: away, or back, as everywhere on IRC.
pub fn away(call: Call<'_>) {
    let is_away = call.model.network().is_away;
    let message = match call.rest {
        "" if is_away => None,
        "" => Some("away".to_owned()),
        words => Some(words.to_owned()),
    };
    call.send(Command::Away { message });
}

/// Tells something of ourselves, or asks what we tell.
pub fn metadata(call: Call<'_>) {
    let (key, value) = split(call.rest);
    let (key, value) = (key.to_lowercase(), value.to_owned());
    call.send(Command::Metadata { key, value });
}

/// Tells everybody that we are a program, or no longer.
pub fn bot(call: Call<'_>) {
    let sign = match call.rest.trim() {
        "on" => '+',
        "off" => '-',
        _ => return call.usage(),
    };
    let Some(letter) = call.model.network().facts.bot_mode else {
        let text = "This server has no sign for programs.";
        return deeds::note_here(call.model, Tone::Trouble, text);
    };
    let target = call.model.network().nick.clone();
    let changes = vec![format!("{sign}{letter}")];
    call.send(Command::Mode { target, changes });
}

/// Lets somebody write to us, where only those we accept may; without a nick, lists them.
pub fn accept(call: Call<'_>) {
    let nick = match split(call.rest).0 {
        "" => "*",
        nick => nick,
    };
    let line = format!("ACCEPT {nick}");
    call.send(Command::Raw(line));
}
