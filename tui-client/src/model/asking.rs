//! Passwords that are asked for in a box of their own, field by field, and never shown.
//! It must never let one out but by `take`, once all are there: not onto the screen, not into a debug form.

use std::fmt;

use unicode_segmentation::UnicodeSegmentation;

use crate::ids::NetworkId;
use crate::login::Secret;

/// The longest password, in bytes: two of them still fit one line of IRC.
const SECRET_BYTES_MAX: usize = 200;

/// What it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Logging in.
    Login {
        /// The account; `None`: as in the config, else the nick.
        account: Option<String>,
    },
    /// Making an account of our nick.
    Register {
        /// Where the server may write to.
        email: Option<String>,
    },
    /// Another password, or the first.
    Password,
    /// Becoming an operator of the network.
    Oper {
        /// The operator's name.
        name: String,
    },
}

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The password that there is.
    Known,
    /// The one before, which there may not be.
    Old,
    /// The one that shall be.
    New,
    /// The same again, because nobody sees what they type.
    Again,
}

/// Why the last answer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
    /// There was none.
    Empty,
    /// The new password and its repetition differ.
    Differed,
}

/// A line that shows only how long it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Hidden {
    /// Writes at the end; what is no character, such as a line end, is left out, and so is what is too long.
    pub fn insert(&mut self, text: &str) {
        let is_new = |char: &char| !char.is_control();
        for char in text.chars().filter(is_new) {
            if self.0.len() + char.len_utf8() > SECRET_BYTES_MAX {
                return;
            }
            self.0.push(char);
        }
    }

    /// Takes the last character away.
    pub fn delete(&mut self) {
        let last = self.0.grapheme_indices(true).next_back();
        self.0.truncate(last.map_or(0, |(at, _)| at));
    }

    /// Takes all away.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many characters there are.
    pub fn count(&self) -> usize {
        self.0.graphemes(true).count()
    }
}

/// What is asked, and what has been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// What for.
    pub errand: Errand,
    /// The network that hears it, whatever is looked at later.
    pub on: NetworkId,
    /// What is typed now.
    pub typed: Hidden,
    /// Why it is asked again.
    pub objection: Option<Objection>,
    /// One for each field that is done.
    given: Vec<Secret>,
}

impl Asking {
    /// Nothing is answered yet.
    pub fn new(errand: Errand, on: NetworkId) -> Self {
        Self {
            errand,
            on,
            typed: Hidden::default(),
            objection: None,
            given: Vec::new(),
        }
    }

    fn fields(&self) -> &'static [Field] {
        match self.errand {
            Errand::Login { .. } | Errand::Oper { .. } => &[Field::Known],
            Errand::Register { .. } => &[Field::New, Field::Again],
            Errand::Password => &[Field::Old, Field::New, Field::Again],
        }
    }

    /// The field that is typed in; `None` when all are done.
    pub fn field(&self) -> Option<Field> {
        self.fields().get(self.given.len()).copied()
    }

    /// What is typed is all of this field.
    pub fn go_on(&mut self) {
        let Some(field) = self.field() else { return };
        self.objection = None;
        let typed = Secret(std::mem::take(&mut self.typed).0);
        if typed.0.is_empty() && matches!(field, Field::Known | Field::New) {
            self.objection = Some(Objection::Empty);
        } else if field == Field::Again && self.given.last() != Some(&typed) {
            self.given.pop();
            self.objection = Some(Objection::Differed);
        } else {
            self.given.push(typed);
        }
    }

    /// The answers, one for each field; `None` while some are missing.
    pub fn take(&mut self) -> Option<Vec<Secret>> {
        self.field()
            .is_none()
            .then(|| std::mem::take(&mut self.given))
    }
}
