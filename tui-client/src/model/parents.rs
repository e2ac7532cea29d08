//! What is known of messages that others answer while they are not loaded themselves.
//! It must never hold their words: those stand with the answers.

use std::collections::BTreeMap;

use crate::session::event::Millis;

/// Of how many something is known at a time.
const PARENTS_MAX: usize = 500;

/// What is known of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// It was asked for.
    Asked,
    /// When it was said.
    Found(Millis),
    /// Neither the local store nor the server has it.
    Gone,
}

/// All of one window, by the server's ids of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parents {
    known: BTreeMap<String, Parent>,
}

impl Parents {
    /// One is to be asked for; false if it was already, or too many were.
    pub fn ask(&mut self, msgid: &str) -> bool {
        let is_new = self.known.len() < PARENTS_MAX && !self.known.contains_key(msgid);
        if is_new {
            self.known.insert(msgid.to_owned(), Parent::Asked);
        }
        is_new
    }

    /// What is known of one.
    pub fn get(&self, msgid: &str) -> Option<Parent> {
        self.known.get(msgid).copied()
    }

    /// It was answered.
    pub fn settle(&mut self, msgid: &str, parent: Parent) {
        if let Some(known) = self.known.get_mut(msgid) {
            *known = parent;
        }
    }

    /// Another link may tell more.
    pub fn ask_anew(&mut self) {
        self.known
            .retain(|_, parent| matches!(parent, Parent::Found(_)));
    }
}
