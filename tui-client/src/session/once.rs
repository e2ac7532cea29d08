//! What servers say again and again, or twice, and a person is told once.
//! It must never swallow what is new.

use std::collections::BTreeMap;

use crate::session::event::Millis;

/// People of whom it is remembered that they are away, so that it is not told again.
const AWAY_MAX: usize = 200;
/// Two lines within this time may be of one thing that was done.
const ONE_DEED_MS: Millis = 5_000;

/// What was told already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Once {
    /// What those who are away said last when we wrote to them, by folded nick.
    away: BTreeMap<String, String>,
    /// Whom we asked into which room last, folded, and when that was told.
    invited: Option<(String, String, Millis)>,
    /// The mode that the server did not know, and when that was told.
    mode: Option<(String, Millis)>,
}

impl Once {
    /// Whether it is new that this person is away, in these words.
    pub(crate) fn is_new_away(&mut self, folded: String, words: &str) -> bool {
        if self.away.len() >= AWAY_MAX {
            self.away.clear();
        }
        let before = self.away.insert(folded, words.to_owned());
        before.as_deref() != Some(words)
    }

    /// They are back, or away in other words, or gone.
    pub(crate) fn forget_away(&mut self, folded: &str) {
        self.away.remove(folded);
    }

    /// Whether an invitation of ours is new: where invitations are told to all who may invite, we hear of it twice.
    pub(crate) fn is_new_invitation(&mut self, nick: String, room: String, now: Millis) -> bool {
        let told = self.invited.take();
        let is_new = told.is_none_or(|(whom, place, at)| {
            (&whom, &place) != (&nick, &room) || now > at + ONE_DEED_MS
        });
        self.invited = is_new.then_some((nick, room, now));
        is_new
    }

    /// Whether it is new that the server does not know this mode, which it says of each letter.
    pub(crate) fn is_new_mode(&mut self, letter: &str, now: Millis) -> bool {
        let is_new = self
            .mode
            .as_ref()
            .is_none_or(|(told, at)| told != letter || now > at + ONE_DEED_MS);
        if is_new {
            self.mode = Some((letter.to_owned(), now));
        }
        is_new
    }
}
