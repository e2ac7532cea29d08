//! What is done to messages, and how far it has come.
//! It must never know how that is said on the wire.

use crate::session::event::Millis;

/// What is done to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A reaction is put to it, or taken back.
    React {
        /// The reaction.
        reaction: String,
        /// Put or taken back.
        is_given: bool,
    },
    /// It is taken back.
    Redact,
}

/// What we did, and whether the server has told it.
///
/// ```text
/// sent -> told
/// sent -> held (the link broke) -> sent again -> told
/// sent again -> given up (the link broke again)
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gesture {
    /// The room or the person.
    pub(crate) target: String,
    /// The message.
    pub(crate) msgid: String,
    /// What.
    pub(crate) deed: Deed,
    /// When.
    pub(crate) since: Millis,
    /// Whether the link broke before it was told.
    pub(crate) is_held: bool,
    /// Whether it was done a second time.
    pub(crate) is_again: bool,
}
