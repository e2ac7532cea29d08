//! Runs the commands that are written: one small function each.
//! It must never know a command by anything but the table in `slash`.

use crate::attention;
use crate::choices;
use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::model::Model;
use crate::model::overlay::Overlay;
use crate::session::command::Command;
use crate::session::event::Kind;
use crate::slash::{self, Described, Slash};
use crate::window::{self, Window};

/// What a handler gets: the screen, the effects, the row of the table, the arguments.
struct Call<'a> {
    model: &'a mut Model,
    effects: &'a mut Vec<Effect>,
    row: Described,
    rest: &'a str,
}

/// Runs a command, given without its slash.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, text: &str) {
    let (name, rest) = split(text);
    let Some(row) = slash::named(name) else {
        let hint = match slash::nearest(name) {
            Some(near) => format!("There is no /{name}. Did you mean /{near}?"),
            None => format!("There is no /{name}. /help lists the commands; //{name} says it."),
        };
        deeds::note_here(model, Tone::Trouble, &hint);
        return;
    };
    handler(row.slash)(Call {
        model,
        effects,
        row,
        rest,
    });
}

/// The first word and what follows it.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    }
}

fn handler(slash: Slash) -> fn(Call<'_>) {
    match slash {
        Slash::Join => join,
        Slash::Leave => leave,
        Slash::Close => |call| deeds::close(call.model, call.effects, call.model.current),
        Slash::Nick => |call| call.word(Command::Nick),
        Slash::Me => me,
        Slash::Msg => msg,
        Slash::Notice => notice,
        Slash::Topic => topic,
        Slash::Names => names,
        Slash::List => |call| {
            let mask = call.rest.to_owned();
            call.send(Command::List { mask });
        },
        Slash::Who => who,
        Slash::Whois => whois,
        Slash::Away => |call| {
            let message = if call.rest.is_empty() {
                "away"
            } else {
                call.rest
            }
            .to_owned();
            call.send(Command::Away {
                message: Some(message),
            });
        },
        Slash::Back => |call| call.send(Command::Away { message: None }),
        Slash::Invite => invite,
        Slash::Kick => kick,
        Slash::Ban => |call| ban(call, "+b"),
        Slash::Unban => |call| ban(call, "-b"),
        Slash::Op => |call| stand(call, '+', 'o'),
        Slash::Deop => |call| stand(call, '-', 'o'),
        Slash::Voice => |call| stand(call, '+', 'v'),
        Slash::Devoice => |call| stand(call, '-', 'v'),
        Slash::Mode => mode,
        Slash::Search => search,
        Slash::Mute => |call| attention::mute(call.model, split(call.rest).0),
        Slash::Ignore => |call| attention::ignore(call.model, split(call.rest).0),
        Slash::Clear => |call| call.model.here_mut().map_or((), Window::clear),
        Slash::Trust => |call| call.effects.push(Effect::Trust),
        Slash::Raw => |call| call.line(),
        Slash::Help => |call| help(call.model, call.rest),
        Slash::Quit => |call| deeds::ask_quit(call.model, call.effects, call.rest),
    }
}

impl Call<'_> {
    fn send(self, command: Command) {
        self.effects.push(Effect::Send(command));
    }

    /// Says how the command is written.
    fn usage(self) {
        let text = format!("/{} {}: {}", self.row.name, self.row.args, self.row.help);
        deeds::note_here(self.model, Tone::Trouble, &text);
    }

    fn word(self, command: impl Fn(String) -> Command) {
        match split(self.rest).0 {
            "" => self.usage(),
            word => {
                let word = word.to_owned();
                self.send(command(word));
            }
        }
    }

    fn line(self) {
        if self.rest.is_empty() {
            return self.usage();
        }
        let line = self.rest.to_owned();
        self.send(Command::Raw(line));
    }

    /// The room of the open window, or a word that there is none.
    fn room(&mut self) -> Option<String> {
        let here = self
            .model
            .here()
            .filter(|window| window.kind == window::Kind::Room);
        let room = here.map(|window| window.name.clone());
        if room.is_none() {
            let text = format!("/{} works in a room; this is none.", self.row.name);
            deeds::note_here(self.model, Tone::Trouble, &text);
        }
        room
    }

    /// A room named first, else the open one, and what follows.
    fn room_first(&mut self) -> Option<(String, String)> {
        let (word, rest) = split(self.rest);
        if !word.is_empty() && self.model.kind_of(word) == window::Kind::Room {
            return Some((word.to_owned(), rest.to_owned()));
        }
        let rest = self.rest.to_owned();
        self.room().map(|room| (room, rest))
    }
}

fn join(call: Call<'_>) {
    let (rooms, key) = split(call.rest);
    let rooms = match (rooms, call.model.here()) {
        ("", Some(window)) if window.is_outside() => window.name.clone(),
        ("", _) => return call.usage(),
        (rooms, _) => rooms.to_owned(),
    };
    let key = (!key.is_empty()).then(|| key.to_owned());
    for room in rooms.split(',').filter(|room| !room.is_empty()) {
        let room = choices::room_name(call.model, room);
        deeds::enter(call.model, call.effects, &room, key.clone());
    }
}

fn leave(mut call: Call<'_>) {
    if call.rest.is_empty()
        && call
            .model
            .here()
            .is_some_and(|window| window.kind == window::Kind::Person)
    {
        return deeds::close(call.model, call.effects, call.model.current);
    }
    if let Some((room, reason)) = call.room_first() {
        deeds::leave(call.model, call.effects, &room, &reason);
    }
}

fn me(call: Call<'_>) {
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
        deeds::say(call.model, call.effects, id, Kind::Action, call.rest);
    } else {
        deeds::note_here(call.model, Tone::Trouble, "There is nobody here to see it.");
    }
}

fn msg(call: Call<'_>) {
    let (target, text) = split(call.rest);
    if target.is_empty() {
        return call.usage();
    }
    let kind = call.model.kind_of(target);
    if kind == window::Kind::Room && call.model.named(target).is_none() {
        let text = format!("You are not in {target}; /join {target} enters.");
        return deeds::note_here(call.model, Tone::Trouble, &text);
    }
    let id = call.model.open(kind, target);
    if !text.is_empty() {
        deeds::say(call.model, call.effects, id, Kind::Say, text);
    }
    deeds::go(call.model, call.effects, id);
}

fn notice(call: Call<'_>) {
    let (target, text) = split(call.rest);
    if text.is_empty() {
        return call.usage();
    }
    let kind = call.model.kind_of(target);
    let id = match (kind, call.model.named(target)) {
        (_, Some(window)) => window.id,
        (window::Kind::Person, None) => call.model.open(kind, target),
        _ => return call.usage(),
    };
    deeds::say(call.model, call.effects, id, Kind::Notice, text);
}

fn topic(mut call: Call<'_>) {
    if let Some((room, text)) = call.room_first() {
        let topic = match text.as_str() {
            "" => None,
            "-" => Some(String::new()),
            text => Some(text.to_owned()),
        };
        call.send(Command::Topic { room, topic });
    }
}

fn names(mut call: Call<'_>) {
    let Some((room, _)) = call.room_first() else {
        return;
    };
    let known = call
        .model
        .named(&room)
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

fn who(call: Call<'_>) {
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

fn whois(call: Call<'_>) {
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

fn invite(mut call: Call<'_>) {
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

fn kick(mut call: Call<'_>) {
    let (nick, reason) = split(call.rest);
    if nick.is_empty() {
        return call.usage();
    }
    let (nick, reason) = (nick.to_owned(), reason.to_owned());
    if let Some(room) = call.room() {
        call.send(Command::Kick { room, nick, reason });
    }
}

fn ban(mut call: Call<'_>, change: &str) {
    let whom = split(call.rest).0.to_owned();
    if whom.is_empty() {
        return call.usage();
    }
    // A bare nick means whoever has it.
    let mask = if whom.contains(['!', '@', '*']) {
        whom
    } else {
        format!("{whom}!*@*")
    };
    if let Some(target) = call.room() {
        call.send(Command::Mode {
            target,
            changes: vec![change.to_owned(), mask],
        });
    }
}

fn stand(mut call: Call<'_>, sign: char, letter: char) {
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

fn mode(mut call: Call<'_>) {
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

fn search(call: Call<'_>) {
    if call.rest.is_empty() {
        return call.usage();
    }
    let text = call.rest.to_owned();
    choices::search(call.model, &text);
    call.send(Command::Search { text, limit: 100 });
}

fn help(model: &mut Model, rest: &str) {
    let name = rest.trim_start_matches('/');
    match slash::named(name) {
        Some(row) => {
            let text = format!("/{} {}: {}", row.name, row.args, row.help);
            deeds::note_here(model, Tone::Answer, &text);
        }
        None => {
            model.overlay = Some(Overlay::Help {
                top: 0,
                is_typed: false,
            });
        }
    }
}
