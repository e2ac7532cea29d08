//! What a command is called with: the screen, the effects, its row of the table, its words.
//! It must never run a command; it says what all of them need.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::model::Model;
use crate::session::command::Command;
use crate::slash::{Described, Slash, Words};
use crate::window;

/// What a handler gets: the screen, the effects, the row of the table, the arguments.
#[derive(Debug)]
pub struct Call<'a> {
    /// The screen.
    pub model: &'a mut Model,
    /// What is to be done.
    pub effects: &'a mut Vec<Effect>,
    /// The row of the table.
    pub row: Described,
    /// What follows the command's name.
    pub rest: &'a str,
}

/// The first word and what follows it.
pub fn split(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim()),
        None => (text, ""),
    }
}

impl Call<'_> {
    /// Hands a command to the session of the open window's network.
    pub fn send(self, command: Command) {
        self.effects.push(Effect::Send(self.model.on(), command));
    }

    /// Says how the command is written.
    pub fn usage(self) {
        let text = format!("/{} {}: {}", self.row.name, self.row.args, self.row.help);
        deeds::note_here(self.model, Tone::Trouble, &text);
    }

    /// Sends the command that is made of the first word, which must be there.
    pub fn word(self, command: impl Fn(String) -> Command) {
        match split(self.rest).0 {
            "" => self.usage(),
            word => {
                let word = word.to_owned();
                self.send(command(word));
            }
        }
    }

    /// Sends the words as a line of their own.
    pub fn line(self) {
        if self.rest.is_empty() {
            return self.usage();
        }
        let line = self.rest.to_owned();
        self.send(Command::Raw(line));
    }

    /// Sends the words behind the verb of the table.
    pub fn through(self) {
        let Slash::Through(verb, words) = self.row.slash else {
            return;
        };
        let line = match (self.rest, words) {
            ("", Words::Any) => verb.to_owned(),
            ("", Words::Some | Words::Text) => return self.usage(),
            (rest, Words::Text) => format!("{verb} :{rest}"),
            (rest, Words::Any | Words::Some) => format!("{verb} {rest}"),
        };
        self.send(Command::Raw(line));
    }

    /// The room of the open window, or a word that there is none.
    pub fn room(&mut self) -> Option<String> {
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
    pub fn room_first(&mut self) -> Option<(String, String)> {
        let (word, rest) = split(self.rest);
        if !word.is_empty() && self.model.network().kind_of(word) == window::Kind::Room {
            return Some((word.to_owned(), rest.to_owned()));
        }
        let rest = self.rest.to_owned();
        self.room().map(|room| (room, rest))
    }
}
