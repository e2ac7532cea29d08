//! Which room is asked who is in it, and which wait for that.
//! It must never hold two questions at a time.

use std::collections::VecDeque;

use crate::session::event::Millis;
use crate::session::whereabouts::Member;

/// The room that is asked about.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Its folded name.
    pub(crate) folded: String,
    /// Since when.
    pub(crate) since: Millis,
    /// What has been told.
    pub(crate) found: Vec<Member>,
}

/// What is asked, and what waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surveys {
    /// Rooms by folded name, the next one first.
    pub(crate) waiting: VecDeque<String>,
    /// The question without an end yet.
    pub(crate) asked: Option<Asked>,
    /// No question goes out before then.
    pub(crate) next_at: Millis,
    /// Whether the answer that is coming in is that of another program's survey: a bouncer tells it to all.
    pub(crate) is_foreign: bool,
}
