//! What the screen knows of the local store: whether there is one, and what it was told last.
//! It must never hold messages; windows do.

use std::collections::{BTreeMap, BTreeSet};

use crate::level::Level;
use crate::session::event::Millis;

/// What the store was told last of a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// What is being written.
    pub draft: String,
    /// What calls.
    pub level: Level,
    /// Up to when it was read.
    pub read_to: Option<Millis>,
    /// How many lines were sent from its input.
    pub wrote: u64,
    /// Whether it has told what it knows.
    pub is_recalled: bool,
}

/// The store, as far as the screen knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keeping {
    /// Whether there is one.
    pub is_on: bool,
    /// Windows below this number were asked about.
    pub asked: u32,
    /// Networks, and who is ignored there, as the store knows it.
    pub ignored: BTreeSet<(String, String)>,
    /// Settings of the screen, as the store knows them.
    pub settings: BTreeMap<String, String>,
    /// Networks whose sessions were not told yet until when earlier runs heard them.
    pub heard: BTreeMap<String, Millis>,
    /// Whether the window of the last run was looked for.
    pub is_placed: bool,
}
