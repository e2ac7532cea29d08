//! Commands about rooms: in and out, their topic, who may do what.
//! They must never change what is shown of a room before the server tells of it.

use crate::choices;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::mask;
use crate::session::command::Command;
use crate::slash::Slash;
use crate::update::call::{Call, split};
use crate::window;

/// Enters rooms.
pub fn join(call: Call<'_>) {
    let (rooms, key) = split(call.rest);
    let rooms = match (rooms, call.model.here()) {
        ("", Some(window)) if window.is_outside() => window.name.clone(),
        ("", _) => return call.usage(),
        (rooms, _) => rooms.to_owned(),
    };
    let key = (!key.is_empty()).then(|| key.to_owned());
    for room in rooms.split(',').filter(|room| !room.is_empty()) {
        let room = choices::room_name(call.model, room);
        let on = call.model.on();
        deeds::enter(call.model, call.effects, (on, &room), key.clone());
    }
}

/// Leaves a room, or ends a conversation.
pub fn leave(mut call: Call<'_>) {
    if call.rest.is_empty()
        && call
            .model
            .here()
            .is_some_and(|window| window.kind == window::Kind::Person)
    {
        return deeds::close(call.model, call.effects, call.model.current);
    }
    if let Some((room, reason)) = call.room_first() {
        let on = call.model.on();
        let window = call.model.named(on, &room);
        let is_out = window.is_none_or(|window| window.place == window::Place::Outside);
        if is_out && call.model.network().is_connected() {
            let text = format!("You are not in {room}.");
            return deeds::note_here(call.model, Tone::Trouble, &text);
        }
        deeds::leave(call.model, call.effects, (on, &room), &reason);
    }
}

/// Leaves, and closes the window: the one of this name, or the open one.
pub fn close(call: Call<'_>) {
    let wanted = call.rest.trim();
    let found = match wanted {
        "" => Some(call.model.current),
        name => {
            let named = call.model.named(call.model.on(), name);
            named.map(|window| window.id)
        }
    };
    match found {
        Some(id) => deeds::close(call.model, call.effects, id),
        None => {
            let text = format!("There is no window {wanted} here, so none was closed.");
            deeds::note_here(call.model, Tone::Trouble, &text);
        }
    }
}

/// Tells or changes the topic.
pub fn topic(mut call: Call<'_>) {
    if let Some((room, text)) = call.room_first() {
        let known = call.model.named(call.model.on(), &room);
        if let Some(window) = known.filter(|window| text.is_empty() && !window.is_outside()) {
            let text = match window.topic.as_str() {
                "" => format!("{room} has no topic."),
                topic => format!("The topic of {room}: {topic}"),
            };
            return deeds::note_here(call.model, Tone::Answer, &text);
        }
        let topic = match text.as_str() {
            "" => None,
            "-" => Some(String::new()),
            text => Some(text.to_owned()),
        };
        call.send(Command::Topic { room, topic });
    }
}

/// Tells who is in a room.
pub fn names(mut call: Call<'_>) {
    let Some((room, _)) = call.room_first() else {
        return;
    };
    let known = call
        .model
        .named(call.model.on(), &room)
        .filter(|window| !window.is_outside());
    let Some(window) = known else {
        return call.send(Command::Names { room });
    };
    let told: Vec<String> = window
        .roster
        .iter()
        .take(200)
        .map(|member| {
            let prefix: String = member.prefixes.chars().take(1).collect();
            format!("{prefix}{}", member.nick)
        })
        .collect();
    let text = format!("{} in {room}: {}", window.roster.len(), told.join(", "));
    deeds::note_here(call.model, Tone::Answer, &text);
}

/// Asks somebody into a room.
pub fn invite(mut call: Call<'_>) {
    let (nick, room) = split(call.rest);
    if nick.is_empty() {
        return call.usage();
    }
    let nick = nick.to_owned();
    let room = if room.is_empty() {
        call.room()
    } else {
        Some(room.to_owned())
    };
    if let Some(room) = room {
        call.send(Command::Invite { nick, room });
    }
}

/// Puts somebody out of the room.
pub fn kick(mut call: Call<'_>) {
    let (nick, reason) = split(call.rest);
    if nick.is_empty() {
        return call.usage();
    }
    let (nick, reason) = (nick.to_owned(), reason.to_owned());
    if let Some(room) = call.room() {
        call.send(Command::Kick { room, nick, reason });
    }
}

/// Puts somebody out of the room, who does not come back: the ban comes first.
pub fn kick_and_ban(mut call: Call<'_>) {
    let (nick, reason) = split(call.rest);
    if nick.is_empty() {
        return call.usage();
    }
    let (nick, reason) = (nick.to_owned(), reason.to_owned());
    let Some(room) = call.room() else { return };
    let on = call.model.on();
    let ban = mask::change(room.clone(), "+b".to_owned(), "", &nick);
    call.effects.push(Effect::Send(on, ban));
    call.send(Command::Kick { room, nick, reason });
}

/// Leaves a room and enters it again, by the key that it was entered by.
pub fn cycle(mut call: Call<'_>) {
    let Some((room, reason)) = call.room_first() else {
        return;
    };
    let is_inside = call.model.named(call.model.on(), &room);
    if is_inside.is_some_and(|window| !window.is_outside()) {
        let on = call.model.on();
        let leave = Command::Leave {
            room: room.clone(),
            reason,
        };
        call.effects.push(Effect::Send(on, leave));
    }
    call.send(Command::Join { room, key: None });
}

/// Gives people a standing in the room, or takes it.
pub fn stand(mut call: Call<'_>) {
    let Slash::Stand(sign, letter) = call.row.slash else {
        return;
    };
    if !call.model.network().facts.member_modes.contains(letter) {
        let text = format!(
            "This server has no such standing; /{} works on others.",
            call.row.name
        );
        return deeds::note_here(call.model, Tone::Trouble, &text);
    }
    let nicks: Vec<String> = call
        .rest
        .split_whitespace()
        .take(12)
        .map(str::to_owned)
        .collect();
    if nicks.is_empty() {
        return call.usage();
    }
    if let Some(target) = call.room() {
        let letters: String = nicks.iter().map(|_| letter).collect();
        let mut changes = vec![format!("{sign}{letters}")];
        changes.extend(nicks);
        call.send(Command::Mode { target, changes });
    }
}

/// Tells or changes modes.
pub fn mode(mut call: Call<'_>) {
    let words = call.rest.to_owned();
    let is_change = words.starts_with(['+', '-']);
    let target_first = if is_change { None } else { Some(split(&words)) };
    let (target, changes) = match target_first {
        Some((target, changes)) if !target.is_empty() => (target.to_owned(), changes),
        _ => match call.room() {
            Some(room) => (room, words.as_str()),
            None => return,
        },
    };
    let changes = changes.split_whitespace().map(str::to_owned).collect();
    call.send(Command::Mode { target, changes });
}

/// Asks those in a closed room to let us in.
pub fn knock(mut call: Call<'_>) {
    let Some((room, words)) = call.room_first() else {
        return;
    };
    let line = match words.as_str() {
        "" => format!("KNOCK {room}"),
        words => format!("KNOCK {room} :{words}"),
    };
    call.send(Command::Raw(line));
}
