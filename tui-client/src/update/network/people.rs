//! Who comes, goes, changes name or standing; and what rooms are called.
//! It must never add a member who is there, nor tell twice what happened once.

use crate::action::Action;
use crate::attention;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::entry::presence::Move;
use crate::habits::Comings;
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::name;
use crate::sanitise;
use crate::session::command::Command;
use crate::session::event::Millis;
use crate::session::profile::{Described, Key};
use crate::session::whereabouts::{Member, Surveyed, Watched};
use crate::window::{Kind, Place};

/// Somebody, or we, came into a room.
pub fn joined(
    model: &mut Model,
    on: NetworkId,
    room: &str,
    member: Member,
    is_own: bool,
    at: Millis,
) {
    if is_own {
        let id = model.open(on, Kind::Room, room);
        if let Some(window) = model.window_mut(id) {
            window.place = Place::Inside;
            window.why_outside.clear();
        }
        if id == model.current {
            // Whatever it said was said outside.
            model.toast = None;
        }
        return;
    }
    unmark(model, on, &member.nick);
    part(model, on, &member.nick);
    let Some(window) = model.named_mut(on, room) else {
        return;
    };
    let (id, is_known) = (window.id, window.roster.get(&member.nick).is_some());
    let nick = member.nick.clone();
    window.roster.insert(member);
    if !is_known {
        tell(model, id, at, &nick, Move::Came);
    }
}

/// Tells of somebody's coming or going, unless that is not wanted.
fn tell(model: &mut Model, id: WindowId, at: Millis, nick: &str, what: Move) {
    if model.habits.comings == Comings::Hidden {
        return;
    }
    let line = model.next_line();
    if let Some(window) = model.window_mut(id) {
        window.tell(line, at, nick, what);
    }
}

/// Somebody, or we, left a room.
pub fn left(
    model: &mut Model,
    on: NetworkId,
    room: &str,
    nick: &str,
    reason: &str,
    is_own: bool,
    at: Millis,
) {
    if is_own {
        step_out(model, on, room, "");
        if model.named(on, room).is_some() {
            let key = model.keymap.first(Action::Join);
            let key = key.unwrap_or_else(|| "/join".into());
            deeds::toast(model, format!("You left {room}; {key} comes back"));
        }
        return;
    }
    let Some(window) = model.named_mut(on, room) else {
        return;
    };
    window.wrote(nick, at, false);
    let id = window.id;
    if window.roster.remove(nick).is_some() {
        tell(model, id, at, nick, Move::Left(reason.to_owned()));
    }
    part(model, on, nick);
}

fn step_out(model: &mut Model, on: NetworkId, room: &str, why: &str) {
    let nick = model.networks.get(on).nick.clone();
    if model.read_outside == model.named(on, room).map(|window| window.id) {
        model.read_outside = None;
    }
    if let Some(window) = model.named_mut(on, room) {
        window.place = Place::Outside;
        why.clone_into(&mut window.why_outside);
        window.roster.remove(&nick);
        window.writers.clear();
        window.anchor = None;
    }
}

/// Somebody left the network.
pub fn quit(model: &mut Model, on: NetworkId, nick: &str, what: &Move, at: Millis) {
    unmark(model, on, nick);
    model.networks.get_mut(on).profiles.forget(nick);
    attention::lose(model, on, nick);
    for id in together(model, on, nick) {
        let Some(window) = model.window_mut(id) else {
            continue;
        };
        window.wrote(nick, at, false);
        window.roster.remove(nick);
        // Of who is watched it may have been told already.
        let is_told = window.is_here == Some(false);
        window.is_here = window.is_here.map(|_| false);
        if !is_told {
            tell(model, id, at, nick, what.clone());
        }
    }
}

/// The windows in which this nick is present: rooms, and the conversation with it.
fn together(model: &Model, on: NetworkId, nick: &str) -> Vec<WindowId> {
    let here = model.windows.iter().filter(|window| window.network == on);
    let has = here.filter(|window| match window.kind {
        Kind::Room => window.roster.get(nick).is_some(),
        Kind::Person => name::is_same(&window.name, nick),
        Kind::Server => false,
    });
    has.map(|window| window.id).collect()
}

/// Somebody was put out of a room.
pub fn kicked(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    room: &str,
    nick: &str,
    by: (&str, &str),
    is_own: bool,
) {
    let (by, reason) = by;
    let why = if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    };
    let text = if is_own {
        format!("{by} put you out of {room}{why}")
    } else {
        format!("{by} put {nick} out{why}")
    };
    if let Some(id) = model.named(on, room).map(|window| window.id) {
        deeds::note(model, id, Tone::Aside, &text);
    }
    if is_own {
        attention::ring(model, effects);
        step_out(model, on, room, &text);
    } else if let Some(window) = model.named_mut(on, room) {
        window.roster.remove(nick);
        part(model, on, nick);
    }
}

/// Whom we no longer share a room with, of them nothing new is told.
fn part(model: &mut Model, on: NetworkId, nick: &str) {
    if together(model, on, nick).is_empty() {
        model.networks.get_mut(on).profiles.forget(nick);
    }
}

/// A room did not let us in.
pub fn refused(model: &mut Model, on: NetworkId, room: &str, reason: &str) {
    step_out(model, on, room, reason);
    if model
        .here()
        .is_none_or(|window| window.network != on || !name::is_same(&window.name, room))
    {
        deeds::toast(model, format!("{room}: {reason}"));
    }
}

/// Somebody has another nick.
pub fn renamed(model: &mut Model, on: NetworkId, from: &str, to: &str, is_own: bool, at: Millis) {
    if is_own {
        to.clone_into(&mut model.networks.get_mut(on).nick);
    } else {
        attention::follow(model, on, from, to);
    }
    if model.networks.get(on).is_bot(from) {
        unmark(model, on, from);
        model.networks.get_mut(on).mark_bot(to);
    }
    model.networks.get_mut(on).profiles.rename(from, to);
    let is_free = model.named(on, to).is_none();
    for id in together(model, on, from) {
        let line = model.next_line();
        let Some(window) = model.window_mut(id) else {
            continue;
        };
        window
            .roster
            .change(from, |member| to.clone_into(&mut member.nick));
        window.writers.retain(|writer| writer.nick != from);
        if window.kind == Kind::Person && is_free {
            to.clone_into(&mut window.name);
        }
        if is_own {
            window.note(line, at, Tone::Aside, &format!("you are now {to}"));
        } else {
            tell(model, id, at, from, Move::Renamed(to.to_owned()));
        }
    }
}

/// The complete list of a room's members came.
pub fn names(model: &mut Model, on: NetworkId, room: &str, members: Vec<Member>) {
    let ranking = model.networks.get(on).facts.member_prefixes.clone();
    if let Some(window) = model.named_mut(on, room) {
        window.roster.replace(members, &ranking);
    }
}

/// Somebody changed the topic.
pub fn topic(model: &mut Model, on: NetworkId, room: &str, by: &str, topic: &str) {
    let text = if topic.is_empty() {
        format!("{by} took the topic away")
    } else {
        format!("{by} changed the topic: {topic}")
    };
    if let Some(window) = model.named_mut(on, room) {
        topic.clone_into(&mut window.topic);
        let id = window.id;
        deeds::note(model, id, Tone::Aside, &text);
    }
}

/// Somebody went away or came back.
pub fn away(model: &mut Model, on: NetworkId, nick: &str, message: Option<&str>) {
    let is_away = message.is_some();
    for window in model.windows_of(on) {
        match window.kind {
            Kind::Room => {
                if window
                    .roster
                    .get(nick)
                    .is_some_and(|member| member.is_away != is_away)
                {
                    window
                        .roster
                        .change(nick, |member| member.is_away = is_away);
                }
            }
            Kind::Person if name::is_same(&window.name, nick) => window.is_away = is_away,
            Kind::Person | Kind::Server => {}
        }
    }
}

/// Somebody with whom we talk alone came or went.
pub fn watched(model: &mut Model, on: NetworkId, seen: &Watched) {
    let Some(window) = model.named_mut(on, &seen.nick) else {
        return;
    };
    let news = window.news_of(seen.is_here);
    window.is_here = Some(seen.is_here);
    window.is_away &= seen.is_here;
    if let Some(news) = news {
        window.wrote(&seen.nick, seen.at, false);
        let (id, nick) = (window.id, window.name.clone());
        tell(model, id, seen.at, &nick, news);
    }
}

/// What the server says of those in a room that we entered.
pub fn surveyed(model: &mut Model, on: NetworkId, found: &Surveyed) {
    for member in &found.members {
        let nick = sanitise::name(&member.nick);
        if member.is_away {
            away(model, on, &nick, Some(""));
        }
        if member.is_bot {
            model.networks.get_mut(on).mark_bot(&nick);
        }
        let Some(window) = model.named_mut(on, &found.room) else {
            continue;
        };
        let known = window.roster.get(&nick);
        let is_news = known.is_some_and(|known| known.account != member.account);
        if found.has_accounts && is_news {
            account(model, on, &nick, member.account.as_deref());
        }
    }
}

/// Somebody told something of themselves.
pub fn described(model: &mut Model, on: NetworkId, told: &Described) {
    let nick = sanitise::name(&told.nick);
    let value = told.value.as_deref().map(sanitise::line);
    let value = value.as_deref().map(str::trim);
    let network = model.networks.get_mut(on);
    if told.key == Key::Bot && value.is_some_and(|value| !value.is_empty()) {
        network.mark_bot(&nick);
    }
    network.profiles.tell(&nick, told.key, value);
}

/// Somebody has gone, and who has this nick next may be no program.
pub(super) fn unmark(model: &mut Model, on: NetworkId, nick: &str) {
    model.networks.get_mut(on).bots.remove(&name::folded(nick));
}

/// We went away or came back. Servers do not tell us as they tell the others.
pub fn own_away(model: &mut Model, on: NetworkId, is_away: bool) {
    let network = model.networks.get_mut(on);
    network.is_away = is_away;
    let nick = network.nick.clone();
    away(model, on, &nick, is_away.then_some(""));
}

/// Somebody logged in or out.
pub fn account(model: &mut Model, on: NetworkId, nick: &str, account: Option<&str>) {
    for window in model.windows_of(on) {
        if window.roster.get(nick).is_some() {
            window
                .roster
                .change(nick, |member| member.account = account.map(str::to_owned));
        }
    }
}

/// Somebody asked somebody into a room.
pub fn invited(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    on: NetworkId,
    room: &str,
    by: &str,
    nick: &str,
    is_own: bool,
) {
    if is_own {
        attention::ring(model, effects);
        let text = format!("{by} asks you into {room}; /join {room} enters.");
        if model.on() == on {
            deeds::note_here(model, Tone::Aside, &text);
        } else {
            // Written here, the command would enter a room of that name on another network.
            let server = model.server(on);
            deeds::note(model, server, Tone::Aside, &text);
            let label = model.networks.get(on).label.clone();
            deeds::toast(model, format!("{by} asks you into {room} on {label}"));
        }
        let directory = &mut model.networks.get_mut(on).directory;
        directory.hear_of(room.to_owned());
    } else if let Some(id) = model.named(on, room).map(|window| window.id) {
        deeds::note(model, id, Tone::Aside, &format!("{by} asked {nick} in"));
    }
}

/// Asks who is where, after we left, so that the door can tell.
pub fn look_through(effects: &mut Vec<Effect>, on: NetworkId, room: &str) {
    let room = room.to_owned();
    effects.push(Effect::Send(on, Command::Names { room }));
}
