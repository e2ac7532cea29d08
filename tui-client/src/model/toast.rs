//! A word about what just happened.
//! It must never be the only place where something that matters is told.

use crate::session::event::Millis;

/// A word about what just happened, in place of the keys, for a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// The word.
    pub text: String,
    /// Until when.
    pub until: Millis,
}
