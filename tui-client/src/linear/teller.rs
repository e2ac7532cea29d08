//! What happened, in words and in one line each: the screen's value, told instead of drawn.
//! It must never tell a thing twice, nor decide anything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::entry::presence::{self, Coming, Move};
use crate::entry::{Body, Entry, Said, Tone};
use crate::ids::{LineId, NetworkId, WindowId};
use crate::linear::pipes::Word;
use crate::linear::whereto::{is_greeting, located, near, place, turned};
use crate::model::Model;
use crate::model::asking::Errand;
use crate::model::overlay::{Overlay, Picker, Purpose, Question};
use crate::model::toast::Toast;
use crate::sanitise;
use crate::session::event::{Event, Kind, Message, Millis};
use crate::session::link::Link;
use crate::window::Window;
use crate::{attention, rows, slash, width};

/// How many of the last messages of a room are told on entering it.
const PAST_MAX: usize = 10;
/// How far back in a window something new is looked for: a page of history, and what came meanwhile.
const FRESH_MAX: usize = 256;
/// Cells of a message that is only referred to.
const SHOWN_MAX: u16 = 60;

/// Tells what is new since it was asked last.
#[derive(Debug, Default)]
pub struct Teller {
    /// Whether a person sits at a terminal, who sees their own lines already and wants to know what went before.
    has_reader: bool,
    /// The newest entry that was told or passed over.
    told: LineId,
    /// The newest message of each window.
    newest: BTreeMap<WindowId, Millis>,
    /// Whether what came last is from the past.
    is_past: bool,
    /// Whether what came last was a server's doing, and not what somebody wrote.
    is_of_server: bool,
    /// Whether we say goodbye, and nobody needs to hear how to come back.
    pub is_leaving: bool,
    toast: Option<Toast>,
    /// The open window, once there was one.
    open: Option<WindowId>,
    /// The day of what was told last.
    day: Option<Date>,
    /// What is searched for, and the rows of it that were told.
    found: (String, BTreeSet<String>),
    words: Vec<Word>,
}

impl Teller {
    /// A teller that has told nothing.
    pub fn new(has_reader: bool) -> Self {
        Self {
            has_reader,
            ..Self::default()
        }
    }

    /// Takes note of what the session reports, before the screen takes it in and folds it.
    pub fn hear(&mut self, model: &Model, on: NetworkId, event: &Event) {
        self.is_of_server = true;
        match event {
            Event::Link(Link::Connecting { attempt: 1 }) => {
                let settings = &model.networks.get(on).settings;
                self.say(format!(
                    "Connecting to {}, port {}.",
                    settings.host, settings.port
                ));
            }
            Event::Link(Link::Connected(link)) => {
                self.say(format!("Connected to {} as {}.", link.network, link.nick));
            }
            Event::History { .. } => self.is_past = true,
            Event::Message(message) if message.own_id.is_some() && !self.has_reader => {
                let place = place(model, model.named(on, &message.target), true);
                let entry = Entry::said(LineId::default(), message.at, own(message));
                self.message(model, &entry, &place);
            }
            Event::Confirmed { own_id, at, .. } if !self.has_reader => {
                let sent = model.windows.iter().find_map(|window| {
                    let mut entries = window.scrollback.iter().rev();
                    let is_it = |entry: &&Entry| {
                        entry.as_said().and_then(|said| said.own_id) == Some(*own_id)
                    };
                    entries.find(is_it).map(|entry| (window, entry))
                });
                if let Some((window, entry)) = sent {
                    let at = *at;
                    let entry = Entry {
                        at,
                        ..entry.clone()
                    };
                    self.message(model, &entry, &place(model, Some(window), true));
                }
            }
            event => self.hear_people(model, on, event),
        }
    }

    /// Takes note of who comes, goes, and does something to a message.
    fn hear_people(&mut self, model: &Model, on: NetworkId, event: &Event) {
        match event {
            Event::Joined {
                room, is_own: true, ..
            } => self.say(format!("You are in {room}.")),
            Event::Left {
                room, is_own: true, ..
            } => self.say(format!("You left {room}.")),
            Event::Joined { room, nick, .. } => {
                let window = model.named(on, room);
                let is_new = window.is_some_and(|window| window.roster.get(nick).is_none());
                self.presence(model, window.filter(|_| is_new), nick, Move::Came);
            }
            Event::Left {
                room, nick, reason, ..
            } => {
                let window = model.named(on, room);
                let window = window.filter(|window| window.roster.get(nick).is_some());
                self.presence(model, window, nick, Move::Left(reason.clone()));
            }
            Event::Quit {
                nick,
                reason,
                split,
                ..
            } => {
                let left = || Move::Left(reason.clone());
                let what = split.clone().map_or_else(left, Move::SplitOff);
                self.presence(model, near(model, on, nick), nick, what);
            }
            Event::Renamed {
                from,
                to,
                is_own: false,
                ..
            } => {
                self.presence(
                    model,
                    near(model, on, from),
                    from,
                    Move::Renamed(to.clone()),
                );
            }
            Event::Watched(seen) => {
                let window = model.named(on, &seen.nick);
                if let Some(news) = window.and_then(|window| window.news_of(seen.is_here)) {
                    self.presence(model, window, &seen.nick, news);
                }
            }
            Event::Names { members, .. } if members.is_empty() => {}
            Event::Names { room, members } => {
                let names: Vec<&str> = members.iter().map(|member| member.nick.as_str()).collect();
                let names = presence::listed(&names);
                self.say(format!("{} in {room}: {names}", members.len()));
            }
            event => self.hear_deeds(model, on, event),
        }
    }

    /// Takes note of what is done to a room or a message.
    fn hear_deeds(&mut self, model: &Model, on: NetworkId, event: &Event) {
        match event {
            Event::TopicIs { room, topic } if !topic.is_empty() => {
                self.say(format!("The topic of {room}: {topic}"));
            }
            Event::OwnAwayChanged { is_away: true } => self.say("You are away.".to_owned()),
            Event::OwnAwayChanged { is_away: false } => self.say("You are back.".to_owned()),
            Event::Reacted {
                target,
                msgid,
                nick,
                reaction,
                is_given: true,
            } => {
                if let Some(what) = message_text(model, on, target, msgid) {
                    self.say(format!("{nick} reacted {reaction} to {what}"));
                }
            }
            Event::Redacted {
                target, msgid, by, ..
            } => {
                if let Some(what) = message_text(model, on, target, msgid) {
                    self.say(format!("{by} took back {what}"));
                }
            }
            _ => {}
        }
    }

    /// What the screen says shortly is told already.
    pub fn pass_over_toast(&mut self, model: &Model) {
        self.toast.clone_from(&model.toast);
    }

    /// What is new on the screen; what lies over it becomes words, too.
    pub fn look(&mut self, model: &mut Model) -> Vec<Word> {
        self.entries(model);
        let open = self.open.replace(model.current);
        let is_other = open.is_some_and(|open| open != model.current);
        if let Some(text) = turned(model).filter(|_| is_other && !self.is_leaving) {
            self.say(text);
        }
        if model.toast != self.toast {
            self.toast.clone_from(&model.toast);
            if let Some(toast) = model.toast.as_ref().filter(|_| !self.is_leaving) {
                self.say(toast.text.clone());
            }
        }
        match model.overlay.take() {
            Some(Overlay::Help { .. }) => self.help(),
            Some(Overlay::Picker(picker)) if picker.purpose == Purpose::Search => {
                self.found(model, &picker);
                // It stays open for the server's answer.
                model.overlay = Some(Overlay::Picker(picker));
            }
            Some(Overlay::Asking(asking)) => self.say(in_the_open(&asking.errand)),
            Some(Overlay::Directory(browse)) => {
                // Its rows become words.
                model.networks.get_mut(browse.on).directory.is_shown = false;
            }
            Some(Overlay::Question(question @ Question::Quit { guests })) => {
                self.say(format!(
                    "{guests} others are connected to you. /quit again ends it all the same."
                ));
                model.overlay = Some(Overlay::Question(question));
            }
            _ => {}
        }
        std::mem::take(&mut self.words)
    }

    fn entries(&mut self, model: &Model) {
        let is_past = std::mem::take(&mut self.is_past);
        let is_of_server = std::mem::take(&mut self.is_of_server);
        let mut top = self.told;
        let mut notes = BTreeSet::new();
        for window in &model.windows {
            let last = window.scrollback.iter().rev().take(FRESH_MAX);
            let mut fresh: Vec<&Entry> = last.filter(|entry| entry.id > self.told).collect();
            fresh.reverse();
            top = fresh.iter().map(|entry| entry.id).fold(top, LineId::max);
            if is_past {
                self.choose_past(window, &mut fresh);
            }
            for entry in fresh {
                match &entry.body {
                    // Our own are told when the server has them.
                    Body::Said(said) if said.own_id.is_some() => {}
                    Body::Said(said) => {
                        self.message(model, entry, &place(model, Some(window), said.is_own));
                    }
                    Body::Note(Tone::Answer) if is_of_server && is_greeting(model, window) => {}
                    Body::Note(Tone::Aside) if self.is_leaving => {}
                    // The link's state is noted in two windows.
                    Body::Note(tone) if notes.insert(entry.rich.text.clone()) => {
                        let text = located(model, window, &entry.rich.text);
                        let is_trouble = *tone == Tone::Trouble;
                        self.words.push(Word { is_trouble, text });
                    }
                    Body::Gap { .. } => self.say(located(model, window, &entry.rich.text)),
                    Body::Note(_) | Body::Presence(_) => {}
                }
            }
            let said = window.scrollback.iter().rev().take(FRESH_MAX);
            let said =
                said.filter(|entry| entry.as_said().is_some_and(|said| said.msgid.is_some()));
            if let Some(at) = said.map(|entry| entry.at).max() {
                self.newest.insert(window.id, at);
            }
        }
        self.told = top;
    }

    /// Of a page of history: what was missed, and on entering the last few.
    fn choose_past(&self, window: &Window, fresh: &mut Vec<&Entry>) {
        match self.newest.get(&window.id) {
            Some(newest) => fresh.retain(|entry| entry.at > *newest || entry.as_said().is_none()),
            None if self.has_reader => drop(fresh.drain(..fresh.len().saturating_sub(PAST_MAX))),
            None => fresh.retain(|entry| entry.as_said().is_none()),
        }
    }

    fn message(&mut self, model: &Model, entry: &Entry, place: &str) {
        let Some(said) = entry.as_said() else {
            return;
        };
        let at = rows::civil(&model.zone, entry.at);
        if self
            .day
            .replace(at.date())
            .is_some_and(|day| day != at.date())
        {
            self.say(rows::day(&model.zone, entry.at, model.now));
        }
        let time = model.habits.time.write(at);
        let time = if time.is_empty() { time } else { time + " " };
        let nick = &said.nick;
        let answering = said.reply.as_ref().map(|quote| quote.nick.as_str());
        let answering = answering.filter(|nick| !nick.is_empty());
        let answering = answering.map_or_else(String::new, |nick| format!(", answering {nick}"));
        // Nobody can write a line that looks like somebody else's: those after the first are set in.
        let text = entry.rich.text.get(entry.begins()..).unwrap_or_default();
        let text = text.replace('\n', "\n      ");
        let text = match (said.kind, place) {
            (Kind::Action, "") => format!("{time}* {text}"),
            (Kind::Action, place) => format!("{time}{place} * {text}"),
            (Kind::Say | Kind::Notice, "") => format!("{time}{nick}{answering}: {text}"),
            (Kind::Say | Kind::Notice, place) => {
                format!("{time}{place} {nick}{answering}: {text}")
            }
        };
        self.say(text);
    }

    fn presence(&mut self, model: &Model, window: Option<&Window>, nick: &str, what: Move) {
        let Some(window) =
            window.filter(|window| !attention::is_ignored(model, window.network, nick))
        else {
            return;
        };
        let mut all = Vec::new();
        let nick = sanitise::name(nick);
        presence::fold(&mut all, Coming { nick, what });
        self.say(located(model, window, &presence::sentence(&all)));
    }

    fn help(&mut self) {
        for row in slash::ALL {
            self.say(format!("/{} {}: {}", row.name, row.args, row.help));
        }
        self.say("//: say something that begins with a slash".to_owned());
    }

    fn found(&mut self, model: &Model, picker: &Picker) {
        let text = model.search.as_ref().map_or("", |search| &search.text);
        if self.found.0 != text {
            self.found = (text.to_owned(), BTreeSet::new());
            self.say(format!("Messages with {text}:"));
        }
        for row in &picker.rows {
            let text = format!("{} ({})", row.label, row.aside);
            if self.found.1.insert(text.clone()) {
                self.say(text);
            }
        }
    }

    fn say(&mut self, text: String) {
        let is_trouble = false;
        self.words.push(Word { is_trouble, text });
    }
}

/// How a password is given where nothing can be hidden.
fn in_the_open(errand: &Errand) -> String {
    let how = match errand {
        Errand::Login { .. } => "/login ACCOUNT PASSWORD",
        Errand::Register { .. } => "/register PASSWORD",
        Errand::Password => "/password OLD NEW",
        Errand::Oper { .. } => "/oper NAME PASSWORD",
    };
    format!("Nothing can be hidden here: {how} takes it in the open.")
}

/// A message of ours, as an entry has it.
fn own(message: &Message) -> Said {
    Said {
        reply_to: None,
        is_own: true,
        ..Said::of(message)
    }
}

/// A message as others are told which one is meant.
fn message_text(model: &Model, on: NetworkId, target: &str, msgid: &str) -> Option<String> {
    let entry = model.named(on, target)?.scrollback.by_msgid(msgid)?;
    let said = entry.as_said()?;
    let text = entry.rich.text.lines().next().unwrap_or_default();
    let text = width::truncated(text, SHOWN_MAX);
    Some(format!("{}: {text}", said.nick))
}

#[cfg(test)]
mod tests;
