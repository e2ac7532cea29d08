//! What is known about our nick while somebody else has it.
//! It must never say what is to be done about it.

use crate::session::event::Millis;

/// What is known about having our nick again.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnNick {
    /// When it is asked for again, while something waits for it.
    pub(crate) at: Millis,
    /// Whether it was asked for without the user.
    pub(crate) is_asked: bool,
    /// The word by which services were asked on this link; the next one is tried if they do not know it.
    pub(crate) verb: Option<usize>,
    /// Until when services may give it to us by themselves: who asks the server meanwhile collides with that.
    pub(crate) given_until: Millis,
    /// Whether the server called us otherwise than we asked last, of itself.
    pub(crate) is_given: bool,
    /// Whether a link of ours ended because we wanted the nick elsewhere: two would go on putting each other out.
    pub(crate) is_outdone: bool,
}
