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
    /// With how many were asked for before.
    known: BTreeMap<String, (u64, Parent)>,
    asked: u64,
}

impl Parents {
    /// One is to be asked for; false if it was already, or too many have no answer yet. Of those that have one, who was
    /// asked for first is forgotten: what was found stands with its answers.
    pub fn ask(&mut self, msgid: &str) -> bool {
        if self.known.contains_key(msgid) {
            return false;
        }
        if self.known.len() >= PARENTS_MAX && !self.forget_first() {
            return false;
        }
        self.asked += 1;
        self.known
            .insert(msgid.to_owned(), (self.asked, Parent::Asked));
        true
    }

    fn forget_first(&mut self) -> bool {
        let known = self.known.iter();
        let settled = known.filter(|(_, (_, parent))| *parent != Parent::Asked);
        let first = settled.min_by_key(|(_, (number, _))| *number);
        let first = first.map(|(msgid, _)| msgid.clone());
        first.is_some_and(|msgid| self.known.remove(&msgid).is_some())
    }

    /// What is known of one.
    pub fn get(&self, msgid: &str) -> Option<Parent> {
        self.known.get(msgid).map(|(_, parent)| *parent)
    }

    /// It was answered.
    pub fn settle(&mut self, msgid: &str, parent: Parent) {
        if let Some((_, known)) = self.known.get_mut(msgid) {
            *known = parent;
        }
    }

    /// Another link may tell more.
    pub fn ask_anew(&mut self) {
        self.known
            .retain(|_, (_, parent)| matches!(parent, Parent::Found(_)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_first_makes_space_once_it_is_answered() {
        let mut parents = Parents::default();
        // Ids say nothing of their order.
        let id = |number: usize| format!("{}", PARENTS_MAX * 2 - number);
        assert!((0..PARENTS_MAX).all(|number| parents.ask(&id(number))));
        assert!(!parents.ask("one more"), "all of them are on their way");
        parents.settle(&id(7), Parent::Found(7));
        parents.settle(&id(3), Parent::Gone);
        assert!(parents.ask("one more"));
        assert_eq!(parents.get(&id(3)), None);
        assert_eq!(parents.get(&id(7)), Some(Parent::Found(7)));
        assert!(parents.ask("and one"));
        assert_eq!(parents.get(&id(7)), None);
        assert!(!parents.ask("and two"));
    }
}
