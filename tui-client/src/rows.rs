//! How a window's entries become rows of a pane: what stands where, what scrolls how far.
//! It must never colour anything; drawing and scrolling share it, so that they agree.

use std::ops::Range;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::entry::reactions::Reactions;
use crate::entry::{Body, Delivery, Entry};
use crate::ids::LineId;
use crate::session::event::Millis;
use crate::text::wrap;
use crate::times::TimeFormat;
use crate::width;
use crate::window::Window;

/// Room kept at the right of our own messages for what became of them.
const STATE_CELLS: u16 = 2;

/// Where nicks begin, left of all times: behind the mark of a mention and the sign of a program.
const NICK_X_MIN: u16 = 2;
/// With less room than this for the text, and what stands around it, the times give way.
const TEXT_CELLS_MIN: u16 = 24;

/// Rows of reactions below a message, while nobody looks closer.
const REACTION_ROWS_MAX: usize = 2;

/// Breaks the text of entries into rows; a cache can stand in for the plain way.
pub trait Wrap {
    /// The rows of the entry's text.
    fn wrap(&mut self, entry: &Entry, width: u16) -> Rc<[Range<usize>]>;
}

/// Breaks anew each time: for scrolling, which looks at a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Wrap for Plain {
    fn wrap(&mut self, entry: &Entry, width: u16) -> Rc<[Range<usize>]> {
        wrap::rows_from(&entry.rich.text, entry.begins(), width).into()
    }
}

/// The columns of a message pane.
///
/// ```text
/// ▌14:02     ada  text                    sent
/// ^ ^    ^       ^                        ^
/// 0 time nick    text_x                   state
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The width of the pane.
    pub width: u16,
    /// Whether times are left out and nicks stand at the left.
    pub is_narrow: bool,
    /// Where the nicks begin.
    pub nick_x: u16,
    /// How wide they may be.
    pub nick: u16,
    /// Where text begins.
    pub text_x: u16,
    /// Where notices of coming and going begin.
    pub notice_x: u16,
}

impl Grid {
    /// The columns for a window in a pane of this width.
    pub fn of(window: &Window, width: u16, is_narrow: bool, times: &TimeFormat) -> Self {
        if is_narrow {
            let nick = window.nick_column.min(8).min(width / 4);
            return Self {
                width,
                is_narrow,
                nick_x: 1,
                nick,
                text_x: nick + 2,
                notice_x: 3,
            };
        }
        let nick = window.nick_column;
        // A time that would leave the words too little room stays away.
        let times = times.width();
        let nick_x = if width < times + nick + TEXT_CELLS_MIN {
            NICK_X_MIN
        } else {
            times + NICK_X_MIN
        };
        let text_x = nick_x + nick + 2;
        Self {
            width,
            is_narrow,
            nick_x,
            nick,
            text_x,
            notice_x: text_x,
        }
    }

    /// Whether there is a column for times.
    pub fn has_times(self) -> bool {
        !self.is_narrow && self.nick_x > NICK_X_MIN
    }

    /// Where the text of this entry begins.
    pub fn start(self, entry: &Entry) -> u16 {
        if entry.as_said().is_some() {
            self.text_x
        } else {
            self.notice_x
        }
    }

    /// How wide what stands below a text may be.
    pub fn below(self) -> u16 {
        self.width.saturating_sub(self.text_x + 1).max(1)
    }

    /// How wide the text of this entry may be.
    pub fn room(self, entry: &Entry) -> u16 {
        let is_own = entry.as_said().is_some_and(|said| said.is_own);
        let state = if is_own { STATE_CELLS } else { 0 };
        self.width
            .saturating_sub(self.start(entry) + state + 1)
            .max(1)
    }
}

/// A row of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The line that begins a day.
    Day,
    /// The line above the first unread message.
    New,
    /// The line of a gap.
    Gap,
    /// The message that is answered.
    Quote,
    /// Text.
    Text {
        /// Which part of the entry's text.
        range: Range<usize>,
        /// Whether it is the first row of it, with nick and time.
        is_first: bool,
        /// Whether it is the last one, with what became of it.
        is_last: bool,
    },
    /// Reactions, by count.
    Reactions {
        /// Which of them.
        chips: Range<usize>,
        /// Whether there are more than are shown.
        is_cut: bool,
    },
    /// Who gave a reaction, of the chosen message.
    Givers {
        /// Which of them, by count.
        chip: usize,
        /// Which part of what is told of it.
        range: Range<usize>,
    },
    /// Why it was not sent.
    Reason {
        /// Which part of the reason.
        range: Range<usize>,
    },
    /// What can be done about that.
    Retry,
}

/// The date and time of day there and then.
pub fn civil(zone: &TimeZone, at: Millis) -> DateTime {
    let millis = i64::try_from(at).unwrap_or(i64::MAX);
    // A server may send any time at all; what no calendar has is shown as the beginning.
    zone.to_datetime(Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// What is needed to lay out rows.
pub struct Rows<'a> {
    /// The window.
    pub window: &'a Window,
    /// The columns.
    pub grid: Grid,
    /// The height of the pane.
    pub height: u16,
    /// The time zone, for day lines.
    pub zone: &'a TimeZone,
    /// The chosen message.
    pub chosen: Option<LineId>,
}

impl Rows<'_> {
    /// The rows of the entry at this index.
    pub fn of(&self, index: usize, wrap: &mut dyn Wrap) -> Vec<Row> {
        let scrollback = &self.window.scrollback;
        let Some(entry) = scrollback.get(index) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        let before = index.checked_sub(1).and_then(|index| scrollback.get(index));
        let day = |entry: &Entry| civil(self.zone, entry.at).date();
        if before.is_none_or(|before| day(before) != day(entry)) {
            rows.push(Row::Day);
        }
        if self.window.unread_from == Some(entry.id) {
            rows.push(Row::New);
        }
        if let Body::Gap { .. } = entry.body {
            // Several that follow each other are one to whoever reads.
            if !before.is_some_and(Entry::is_gap) {
                rows.push(Row::Gap);
            }
            return rows;
        }
        let said = entry.as_said();
        if said.is_some_and(|said| said.reply.is_some()) {
            rows.push(Row::Quote);
        }
        let ranges = wrap.wrap(entry, self.grid.room(entry));
        let last = ranges.len().saturating_sub(1);
        rows.extend(ranges.iter().enumerate().map(|(at, range)| Row::Text {
            range: range.clone(),
            is_first: at == 0,
            is_last: at == last,
        }));
        if let Some(said) = said.filter(|said| !said.reactions.is_empty()) {
            self.reactions(entry.id, &said.reactions, &mut rows);
        }
        if let Some(Delivery::Failed(reason)) = said.and_then(|said| said.delivery.as_ref()) {
            let ranges = wrap::rows(reason, self.grid.below()).into_iter();
            rows.extend(ranges.map(|range| Row::Reason { range }));
            rows.push(Row::Retry);
        }
        rows
    }

    /// Of the chosen message one sees who reacted, of the others how many did.
    fn reactions(&self, id: LineId, reactions: &Reactions, rows: &mut Vec<Row>) {
        let room = self.grid.below();
        if self.chosen != Some(id) {
            let (shown, is_more) = reactions.counted_rows(room, REACTION_ROWS_MAX);
            let last = shown.len().saturating_sub(1);
            rows.extend(shown.into_iter().enumerate().map(|(at, chips)| {
                let is_cut = is_more && at == last;
                Row::Reactions { chips, is_cut }
            }));
            return;
        }
        for (chip, reaction) in reactions.by_count().into_iter().enumerate() {
            let ranges = wrap::rows(&reaction.told(), room).into_iter();
            rows.extend(ranges.map(|range| Row::Givers { chip, range }));
        }
    }
}

/// The entry's time of day, unless the entry before it that showed one has the same.
pub fn time(
    (zone, times): (&TimeZone, &TimeFormat),
    window: &Window,
    index: usize,
) -> Option<String> {
    let shown = |entry: &Entry| {
        let at = civil(zone, entry.at);
        (at.date(), times.write(at))
    };
    // Coming and going shows no time; one line of it rarely follows another.
    let mut before = (0..index).rev().take(4);
    let before = before.find_map(|index| {
        let entry = window.scrollback.get(index)?;
        (!matches!(entry.body, Body::Presence(_))).then(|| shown(entry))
    });
    let now = shown(window.scrollback.get(index)?);
    (before.as_ref() != Some(&now)).then_some(now.1)
}

/// The name of the day, with the year if it is another than now.
pub fn day(zone: &TimeZone, at: Millis, now: Millis) -> String {
    let then = civil(zone, at);
    let format = if then.year() == civil(zone, now).year() {
        "%A %-d %B"
    } else {
        "%A %-d %B %Y"
    };
    then.strftime(format).to_string()
}

/// What stands in the column of nicks, cut to it.
pub fn nick(grid: Grid, nick: &str) -> String {
    width::truncated(nick, grid.nick).into_owned()
}
