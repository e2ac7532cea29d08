//! Somebody who reads a room: a run of the program with a store in memory, and a server that keeps the room's log.
//! The server must never answer otherwise than servers do: in pages, here of a few messages.

use crossterm::event::MouseEventKind;

use crate::entry::{Body, Delivery};
use crate::ids::NetworkId;
use crate::session::command::Command;
use crate::session::event::{Event, Message, Millis};
use crate::session::gap::Gap;
use crate::stage::shelf::Shelf;
use crate::stage::{Stage, ada, at, first_page, message, page};

/// Messages of a page that the server tells.
const PAGE: usize = 20;

/// What happens to who reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Said(u64),
    Cut,
    Linked,
    Restarted,
    /// To what is oldest of what is here.
    Top,
    Up,
    Down,
    WheelUp,
    WheelDown,
    FirstUnread,
}

impl Step {
    /// Whether somebody moves what is on the screen.
    pub(super) fn is_move(self) -> bool {
        match self {
            Self::Top | Self::Up | Self::Down | Self::WheelUp | Self::WheelDown => true,
            Self::Said(_) | Self::Cut | Self::Linked | Self::Restarted | Self::FirstUnread => false,
        }
    }
}

pub(super) struct Reader {
    pub(super) stage: Stage,
    pub(super) log: Vec<Message>,
    pub(super) is_linked: bool,
    /// Up to when the session has heard, in this run.
    seen: Option<Millis>,
    /// So many are said in one millisecond.
    pub(super) together: u64,
    /// Whether the store of the next run opens after the server has told the newest.
    pub(super) is_slow: bool,
    /// Rows of the screen.
    height: u16,
    /// Messages of a page that the server tells.
    page: usize,
}

impl Reader {
    /// At the first start, without a link.
    pub(super) fn new() -> Self {
        Self::sized(24, PAGE)
    }

    /// The same with so many rows, and so many messages in a page of the server's.
    pub(super) fn sized(height: u16, page: usize) -> Self {
        let mut stage = Stage::keeping(ada(), Shelf::new());
        stage.picture(80, height);
        Self {
            height,
            page,
            stage,
            log: Vec::new(),
            is_linked: false,
            seen: None,
            together: 1,
            is_slow: false,
        }
    }

    /// In the room, in which nobody has said anything.
    pub(super) fn linked() -> Self {
        let mut reader = Self::new();
        reader.link();
        reader
    }

    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Said(count) => self.say(count),
            Step::Cut => self.cut(),
            Step::Linked => self.link(),
            Step::Restarted => self.restart(),
            Step::Top => self.press("<ctrl-home>"),
            Step::Up => self.press("<pageup>"),
            Step::Down => self.press("<pagedown>"),
            Step::WheelUp => self.turn(MouseEventKind::ScrollUp),
            Step::WheelDown => self.turn(MouseEventKind::ScrollDown),
            Step::FirstUnread => self.press("<alt-u>"),
        }
    }

    pub(super) fn say(&mut self, count: u64) {
        for _ in 0..count {
            let number = self.log.len() as u64;
            let mut one = message("#lobby", "ken", "", at("15:00") + number / self.together);
            one.text = number.to_string();
            one.msgid = Some(format!("m{number}"));
            self.log.push(one.clone());
            if self.is_linked {
                self.seen = Some(one.at);
                self.stage.hear(Event::Message(one));
                self.serve();
            }
        }
    }

    pub(super) fn link(&mut self) {
        if std::mem::replace(&mut self.is_linked, true) {
            return;
        }
        self.stage.connect(false);
        self.stage.enter("#lobby", &[("ada", "")]);
        let since = self.seen;
        self.seen = self.log.last().map(|one| one.at).or(self.seen);
        let newest = self.log.iter().filter(|one| Some(one.at) >= since);
        let (messages, is_full) = last(newest, self.page);
        let first = messages.first().cloned();
        self.tell(messages, !is_full && since.is_none());
        if let (true, Some(since), Some(first)) = (is_full, since, first) {
            self.miss(since, &first);
        }
        self.serve();
    }

    pub(super) fn cut(&mut self) {
        if std::mem::replace(&mut self.is_linked, false) {
            // What is noted of it stands between what was said before and after.
            self.stage.now = self.log.last().map_or(self.stage.now, |last| last.at + 1);
            self.stage.lose_link();
            self.stage.sent();
        }
    }

    pub(super) fn restart(&mut self) {
        (self.is_linked, self.seen) = (false, None);
        self.stage.shelf.as_mut().unwrap().is_slow = self.is_slow;
        self.stage.restart(ada());
        self.stage.picture(80, self.height);
        if self.is_slow {
            self.link();
            self.stage.deliver();
            self.serve();
        }
    }

    pub(super) fn press(&mut self, keys: &str) {
        self.stage.keys(keys);
        self.serve();
    }

    fn turn(&mut self, kind: MouseEventKind) {
        self.stage.point(kind, (40, 8));
        self.serve();
    }

    /// How many messages stand before this one.
    fn place(&self, msgid: Option<&str>) -> Option<usize> {
        let place = |msgid| {
            let mut log = self.log.iter();
            log.position(|one| one.msgid.as_deref() == Some(msgid))
        };
        msgid.and_then(place)
    }

    /// Answers what is asked, until nothing is.
    fn serve(&mut self) {
        for _ in 0..200 {
            let asked = self.stage.sent();
            if asked.is_empty() || !self.is_linked {
                return;
            }
            for command in asked {
                match command {
                    Command::HistoryBefore { msgid, .. } => {
                        let place = self.place(msgid.as_deref()).unwrap();
                        let (messages, is_full) = last(self.log.iter().take(place), self.page);
                        self.tell(messages, !is_full);
                    }
                    Command::HistoryBetween {
                        gap,
                        is_oldest: true,
                        ..
                    } => self.fill_from_oldest(gap),
                    Command::HistoryBetween { gap, .. } => self.fill(gap),
                    _ => {}
                }
            }
        }
        panic!("it asks without end");
    }

    fn fill(&mut self, gap: Gap) {
        let place = self.place(gap.before.as_deref());
        let all = self.log.iter().take(place.unwrap_or(usize::MAX));
        let is_in = |one: &&Message| one.at >= gap.since && one.at <= gap.until;
        let (messages, is_full) = last(all.filter(is_in), self.page);
        let first = messages.first().cloned();
        let since = gap.since;
        self.stage.hear(page("#lobby", messages, Some(gap)));
        if let (true, Some(first)) = (is_full, first) {
            self.miss(since, &first);
        }
    }

    fn fill_from_oldest(&mut self, gap: Gap) {
        let end = self.place(gap.before.as_deref());
        let all = self.log.iter().take(end.unwrap_or(usize::MAX));
        let is_in = |one: &&Message| one.at >= gap.since && one.at <= gap.until;
        let mut messages: Vec<Message> = all.filter(is_in).cloned().collect();
        messages.truncate(self.page);
        let is_full = messages.len() == self.page;
        let last = messages.last().map(|last| last.at).filter(|_| is_full);
        messages.retain(|one| !is_full || one.at < gap.until);
        let rest = last.map(|last| Gap {
            since: last,
            ..gap.clone()
        });
        let asked = Gap {
            before: gap.before.filter(|_| rest.is_none()),
            ..gap
        };
        self.stage.hear(page("#lobby", messages, Some(asked)));
        if let Some(gap) = rest {
            let target = "#lobby".into();
            self.stage.hear(Event::GapFound { target, gap });
        }
    }

    fn tell(&mut self, messages: Vec<Message>, is_complete: bool) {
        self.stage.hear(if is_complete {
            first_page("#lobby", messages)
        } else {
            page("#lobby", messages, None)
        });
    }

    /// What the session tells of a page that does not reach back far enough.
    fn miss(&mut self, since: Millis, first: &Message) {
        let gap = Gap {
            before: first.msgid.clone(),
            ..Gap::between(since, first.at)
        };
        self.stage.hear(Event::GapFound {
            target: "#lobby".into(),
            gap,
        });
    }

    /// What is wrong with what the window shows of the log, if anything.
    pub(super) fn fault(&self) -> Option<String> {
        fault(&self.stage)
    }
}

/// The last of these as a page, and whether it is full.
fn last<'a>(all: impl Iterator<Item = &'a Message>, size: usize) -> (Vec<Message>, bool) {
    let mut page: Vec<Message> = all.cloned().collect();
    page.drain(..page.len().saturating_sub(size));
    let is_full = page.len() == size;
    (page, is_full)
}

/// What is wrong with what a window shows of a log, if anything.
pub(super) fn fault(stage: &Stage) -> Option<String> {
    let window = stage.model.named(NetworkId::FIRST, "#lobby")?;
    let mut last: Option<u64> = None;
    let mut is_gap = false;
    for entry in window.scrollback.iter() {
        match &entry.body {
            Body::Gap { .. } => is_gap = true,
            Body::Said(said) if said.delivery != Some(Delivery::Sending) => {
                let number: u64 = said.raw.parse().unwrap();
                let is_next = last.is_none_or(|last| number == last + 1);
                let is_later = last.is_none_or(|last| number > last);
                if !is_later || (!is_next && !is_gap) {
                    return Some(format!("{number} after {last:?}, gap: {is_gap}"));
                }
                (last, is_gap) = (Some(number), false);
            }
            _ => {}
        }
    }
    None
}
