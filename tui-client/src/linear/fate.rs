//! What became of what was written: what is on its way, and what went wrong.
//! It must never take silence for a yes, nor tell a failure twice.

use std::collections::BTreeMap;

use crate::model::network::Network;
use crate::session::event::{Event, OwnId, Severity};
use crate::session::link::Link;

/// The fate of everything that was written.
#[derive(Debug, Default)]
pub struct Fate {
    unconfirmed: BTreeMap<OwnId, String>,
    has_failed: bool,
    /// What is still to be told of it, when all is over.
    last_word: Option<String>,
}

/// What an event changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// Nothing.
    None,
    /// Something got through.
    Confirmed,
    /// Something did not; to be told.
    Failed(String),
}

impl Fate {
    /// A message goes on its way.
    pub fn sent(&mut self, own_id: OwnId, text: &str) {
        self.unconfirmed.insert(own_id, text.to_owned());
    }

    /// How many are on their way.
    pub fn waiting(&self) -> usize {
        self.unconfirmed.len()
    }

    /// Takes in what the session reports.
    pub fn settle(&mut self, event: &Event) -> Turn {
        let settled = match event {
            Event::Message(message) => message.own_id.into_iter().collect(),
            Event::Confirmed { own_id, .. } => vec![*own_id],
            Event::History { messages, .. } => messages
                .iter()
                .filter_map(|message| message.own_id)
                .collect(),
            Event::Refused { own_id, reason } => {
                let Some(text) = self.unconfirmed.remove(own_id) else {
                    return Turn::None;
                };
                return Turn::Failed(format!("\"{text}\" was not sent: {reason}"));
            }
            _ => Vec::new(),
        };
        let before = self.waiting();
        self.unconfirmed
            .retain(|own_id, _| !settled.contains(own_id));
        if self.waiting() < before {
            Turn::Confirmed
        } else {
            Turn::None
        }
    }

    /// Something went wrong, and was told.
    pub fn failed(&mut self) {
        self.has_failed = true;
    }

    /// Something went wrong that is told at the end.
    pub fn fail(&mut self, why: String) {
        self.has_failed = true;
        self.last_word.get_or_insert(why);
    }

    /// How it ended: what went wrong, as far as that was not told.
    pub fn end(mut self) -> Result<(), Option<String>> {
        if let Some(text) = self.unconfirmed.values().next().cloned() {
            self.fail(format!(
                "\"{text}\" was not confirmed; it is kept, and sent when parlor reaches the server again"
            ));
        }
        if self.has_failed {
            Err(self.last_word)
        } else {
            Ok(())
        }
    }
}

/// Why no room was entered, or no other one, within so many seconds.
pub fn shut_out(network: &Network, has_entered: bool, limit_s: u64) -> String {
    let why = match &network.link {
        Link::Lost { reason, .. } => reason.clone(),
        _ => format!("no answer within {limit_s} seconds"),
    };
    if has_entered {
        format!("a room was not entered: {why}")
    } else {
        format!("{} was not reached: {why}", network.settings.host)
    }
}

/// Whether an event is told in full, so that what the screen says of it shortly adds nothing.
pub fn is_told(event: &Event) -> bool {
    matches!(
        event,
        Event::Refused { .. } | Event::Left { is_own: true, .. }
    )
}

/// Whether the server, once we are in, says no to something.
pub fn is_no(event: &Event) -> bool {
    let severity = match event {
        Event::JoinRefused { .. } => Some(Severity::Error),
        Event::ServerNotice { severity, .. } => Some(*severity),
        _ => None,
    };
    severity == Some(Severity::Error)
}
