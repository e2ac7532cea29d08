//! What may be missing between messages that follow each other on the screen.
//! It must never be narrower than what was proved: of a millisecond in which many spoke, some may be here and others not.

/// Messages that may be missing.
///
/// Times are milliseconds since the Unix epoch; both are included, because messages of one millisecond may stand on
/// both sides of a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// From when.
    pub since: u64,
    /// Until when; [`u64::MAX`]: nobody knows yet whether anything was said since.
    pub until: u64,
    /// The server's id of the message before which they are, if the server told that one last.
    pub before: Option<String>,
    /// Whether nobody can tell them any more.
    pub is_lost: bool,
}

impl Gap {
    /// What was said between these two times, both included.
    pub fn between(since: u64, until: u64) -> Self {
        Self {
            since,
            until,
            ..Self::default()
        }
    }

    /// When its first and its last message may have been said.
    pub fn span(&self) -> (u64, u64) {
        (self.since, self.until)
    }

    /// Whether everything of some time, both ends included, is any of it. Of a page that begins or ends with messages of
    /// these times nobody knows whether a gap within that one millisecond is before or after them.
    pub fn is_met(&self, (first, last): (u64, u64)) -> bool {
        let is_edge = self.since == first || self.since == last;
        let is_open = self.since == self.until && first < last && is_edge;
        first <= self.until && last >= self.since && !is_open
    }

    /// What is left of it when everything of some time is here, both ends included: what is earlier, and what is later.
    pub fn without(&self, (first, last): (u64, u64)) -> impl Iterator<Item = Self> {
        let earlier = (self.since < first).then(|| Self {
            until: self.until.min(first.saturating_sub(1)),
            before: None,
            ..self.clone()
        });
        let later = (self.until > last).then(|| Self {
            since: self.since.max(last.saturating_add(1)),
            ..self.clone()
        });
        earlier.into_iter().chain(later)
    }
}

/// The time of which a page has everything, both ends included, if it begins and ends with messages of these times: of
/// the millisecond at either end some may be missing, unless that end was here already.
pub fn proved(
    (first, is_first_known): (u64, bool),
    (last, is_last_known): (u64, bool),
) -> Option<(u64, u64)> {
    let first = first.saturating_add(u64::from(!is_first_known));
    let last = last.saturating_sub(u64::from(!is_last_known));
    (first <= last).then_some((first, last))
}
