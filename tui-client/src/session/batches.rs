//! The batches that are open: what they are about and what they have brought so far.
//! It must never let a batch that is not closed grow without end.

use std::collections::BTreeMap;

use crate::session::event::{Event, Millis};

/// Batches open at a time; servers nest two or three.
const OPEN_MAX: usize = 16;
/// Events that one batch may hold back: more than any server sends for one question.
const EVENTS_MAX: usize = 2_000;

/// What becomes of a batch's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// Lines count one by one, as if there were no batch.
    #[default]
    Open,
    /// The lines tell of those who go because two servers lost each other, which `target` names.
    Netsplit,
    /// The lines tell what people tell of themselves, and count one by one.
    Metadata,
    /// The lines are one message.
    Multiline,
    /// The lines are history.
    History,
    /// The lines were found.
    Search,
}

/// One open batch.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    pub(crate) sort: Sort,
    /// Its first parameter: the window that history or a message is about.
    pub(crate) target: String,
    /// The label of the question that it answers.
    pub(crate) label: Option<String>,
    /// The batch around it.
    pub(crate) parent: Option<String>,
    /// What its first line said for all: when, the id, our own id.
    pub(crate) at: Millis,
    pub(crate) msgid: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) reply_to: Option<String>,
    /// What its lines have become.
    pub(crate) events: Vec<Event>,
    /// How many lines it has brought, those that became nothing too: a page is measured by them.
    pub(crate) lines: usize,
    /// When the oldest line happened that said when.
    pub(crate) oldest: Option<Millis>,
    /// And the newest.
    pub(crate) newest: Option<Millis>,
    /// For each event, whether it goes on in the same line as the one before.
    pub(crate) joins: Vec<bool>,
}

impl Batch {
    /// One of its lines happened then.
    pub(crate) fn date(&mut self, at: Millis) {
        self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
        self.newest = self.newest.max(Some(at));
    }

    /// Takes in what a line has become.
    pub(crate) fn push(&mut self, events: Vec<Event>, is_joined: bool) {
        self.lines += 1;
        for event in events {
            if self.events.len() < EVENTS_MAX {
                self.events.push(event);
                self.joins.push(is_joined);
            }
        }
    }
}

/// All open batches by reference tag.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batches {
    open: BTreeMap<String, Batch>,
}

impl Batches {
    /// Opens one; too many at a time and it is passed over, so that its lines count one by one.
    pub(crate) fn open(&mut self, reference: &str, batch: Batch) {
        if self.open.len() < OPEN_MAX {
            self.open.insert(reference.to_owned(), batch);
        }
    }

    /// The open batch of that reference.
    pub(crate) fn find(&self, reference: &str) -> Option<&Batch> {
        self.open.get(reference)
    }

    /// The open batch of that reference, to add to it.
    pub(crate) fn find_mut(&mut self, reference: &str) -> Option<&mut Batch> {
        self.open.get_mut(reference)
    }

    /// Closes one.
    pub(crate) fn close(&mut self, reference: &str) -> Option<Batch> {
        self.open.remove(reference)
    }

    /// Whether none is open.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// The link broke.
    pub(crate) fn clear(&mut self) {
        self.open.clear();
    }
}
