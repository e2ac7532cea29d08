//! The input of the open window: sending, recalling, telling that we write.
//! It must never run a command; it hands what was written to whoever does.

use crate::deeds;
use crate::discreet;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::habits;
use crate::model::Model;
use crate::model::overlay::{Overlay, Question};
use crate::session::command::Command;
use crate::session::event::{Kind, Millis, Typing};
use crate::slash::{self, Described};
use crate::update::call::split;
use crate::window::{self, Place};

/// While we write, it is told again after this long.
const TYPING_TOLD_MS: Millis = 3_000;

/// More lines than this are asked about first.
const LINES_ASKED: usize = 5;

/// More lines than this are asked about even where they go as few messages.
const LINES_ASKED_MULTILINE: usize = 12;

/// A text that goes as more messages than this is asked about, of however few lines it is.
const MESSAGES_ASKED: usize = 5;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// Nothing to do.
    Nothing,
    /// A command, without its slash.
    Command(String),
    /// A message.
    Message(String),
}

/// Takes what is written out of the input; `is_sure` when many lines were asked about.
pub fn take(model: &mut Model, is_sure: bool) -> Written {
    let is_outside = is_at_the_door(model);
    let can_multiline = model.network().facts.has_multiline;
    let Some(window) = model.here_mut() else {
        return Written::Nothing;
    };
    let text = window.input.text().trim_end().to_owned();
    if text.trim().is_empty() {
        return Written::Nothing;
    }
    if let Some(command) = slash::command_of(&text) {
        let command = command.to_owned();
        if let Some(name) = glued(model, &command) {
            deeds::toast(model, format!("/{name} takes one line; nothing was sent"));
            return Written::Nothing;
        }
        if let Some(window) = model.here_mut() {
            window.input.take();
        }
        if !is_secret(model, &command)
            && let Some(window) = model.here_mut()
        {
            window.recall.push(&text);
        }
        return Written::Command(command);
    }
    let kind = window.kind;
    if is_outside || kind == window::Kind::Server {
        refuse(model, kind);
        return Written::Nothing;
    }
    let (on, name) = (window.network, window.name.clone());
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let messages = deeds::portions(model.networks.get(on), &name, Kind::Say, &text).len();
    let asked = if can_multiline {
        LINES_ASKED_MULTILINE
    } else {
        LINES_ASKED
    };
    if (lines > asked || messages > MESSAGES_ASKED) && !is_sure {
        model.overlay = Some(Overlay::Question(Question::Many { lines, messages }));
        return Written::Nothing;
    }
    let Some(window) = model.here_mut() else {
        return Written::Nothing;
    };
    if discreet::masked(&window.name, &text).is_none() {
        window.recall.push(&text);
    }
    window.input.take();
    let message = if text.starts_with("//") {
        text.replacen("//", "/", 1)
    } else {
        text
    };
    Written::Message(message)
}

/// The name of a command behind which more lines stand than it takes. What it would make of them nobody means.
fn glued<'a>(model: &Model, command: &'a str) -> Option<&'a str> {
    let (name, _) = split(command);
    let own = model.habits.alias(name).map(|alias| split(&alias.line).0);
    let takes_lines =
        |name| slash::named(name).is_none_or(|row: Described| slash::takes_lines(row.slash));
    (command.contains('\n') && !takes_lines(own.unwrap_or(name))).then_some(name)
}

/// Whether a command carries a secret, also by a name of the user's own.
fn is_secret(model: &Model, command: &str) -> bool {
    let (name, rest) = split(command);
    match model.habits.alias(name) {
        Some(alias) => alias.is_secret(rest),
        None => slash::is_secret(command),
    }
}

/// Whether what is said here would reach nobody and wait for nothing, also while what was said before is read.
fn is_at_the_door(model: &Model) -> bool {
    let is_out = |window: &window::Window| {
        window.kind == window::Kind::Room && window.place == Place::Outside
    };
    model.is_outside() || model.network().is_connected() && model.here().is_some_and(is_out)
}

fn refuse(model: &mut Model, kind: window::Kind) {
    if kind == window::Kind::Server {
        let text = "Nobody listens here: /join #room enters a room, /msg NICK talks to somebody.";
        deeds::note_here(model, Tone::Trouble, text);
        return;
    }
    let key = model
        .keymap
        .first(crate::action::Action::Join)
        .unwrap_or_else(|| "/join".into());
    deeds::toast(model, format!("You are outside this room; {key} enters"));
}

/// What is written goes to the user's own editor.
pub fn edit(model: &mut Model, effects: &mut Vec<Effect>) {
    let text = model.here().map(|window| window.input.text().to_owned());
    effects.push(Effect::Edit(text.unwrap_or_default()));
}

/// It comes back from there; nothing is sent yet.
pub fn edited(model: &mut Model, done: Result<String, String>) {
    match (done, model.here_mut()) {
        (Ok(text), Some(window)) => window.input.replace(&text),
        (Err(why), _) => {
            deeds::note_here(model, Tone::Trouble, &format!("The editor failed: {why}."));
        }
        (Ok(_), None) => {}
    }
}

/// Says a message in the open window.
pub fn say(model: &mut Model, effects: &mut Vec<Effect>, text: &str) {
    let id = model.current;
    deeds::say(model, effects, id, Kind::Say, text);
}

/// A line up, or what was sent before.
pub fn previous(model: &mut Model) {
    let Some(window) = model.here_mut() else {
        return;
    };
    if let Some(above) = window.input.above() {
        window.input.go(above);
    } else if let Some(text) = window.recall.back(window.input.text()) {
        window.input.replace(&text);
    }
}

/// A line down, or what was sent after.
pub fn next(model: &mut Model) {
    let Some(window) = model.here_mut() else {
        return;
    };
    if let Some(below) = window.input.below() {
        window.input.go(below);
    } else if let Some(text) = window.recall.forward() {
        window.input.replace(&text);
    }
}

/// Tells the others that we write, or no longer do, if that is worth telling.
pub fn tell(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.network().facts.has_tags || !model.network().is_connected() || is_at_the_door(model) {
        return;
    }
    if model.habits.typing != habits::Typing::On {
        return;
    }
    let now = model.now;
    let Some(window) = model.here_mut() else {
        return;
    };
    if window.kind == window::Kind::Server {
        return;
    }
    let text = window.input.text();
    let is_message = !text.is_empty() && (!text.starts_with('/') || text.starts_with("//"));
    let state = match window.typing_told {
        Some(_) if !is_message => Typing::Done,
        Some(told) if now.saturating_sub(told) < TYPING_TOLD_MS => return,
        None if !is_message => return,
        _ => Typing::Active,
    };
    window.typing_told = (state == Typing::Active).then_some(now);
    let command = Command::Typing {
        target: window.name.clone(),
        state,
    };
    effects.push(Effect::Send(window.network, command));
}
