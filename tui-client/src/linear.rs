//! The chat as lines, for pipes, scripts, plain terminals and screen readers: the screen's value without the screen.
//! It must never touch the terminal, nor call a message sent that the server has not confirmed.

mod fate;
pub mod pipes;
mod teller;
mod whereto;

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::clock::now;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::keymap::Keymap;
use crate::linear::fate::{Fate, Turn};
use crate::linear::pipes::Word;
use crate::linear::teller::Teller;
use crate::model::Model;
use crate::msg::Msg;
use crate::preferences::Preferences;
use crate::report::{Report, Request};
use crate::session::command::Command;
use crate::session::event::Event;
use crate::session::link;
use crate::signals::{Call, Signals};
use crate::update;
use crate::window::{Kind, Place};
use crate::wires::{Told, Wires};

/// How long a script waits for the server and its room before it gives up.
const ENTER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long after the last sign of progress what is unconfirmed at the end of the input is given up.
const CONFIRM_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the goodbye and what the server says before it may take.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(5);
/// Messages on their way; then no further line is read.
const UNCONFIRMED_MAX: usize = 32;
/// Places for requests that one line may take.
const REQUESTS_SPARE: usize = 64;

/// The chat in lines.
#[derive(Debug)]
pub struct Linear {
    model: Model,
    wires: Wires,
    reports: mpsc::Receiver<Told>,
    lines: mpsc::Receiver<String>,
    out: mpsc::Sender<Word>,
    /// Words that were not taken yet.
    words: VecDeque<Word>,
    teller: Teller,
    /// The config file.
    pub preferences: Preferences,
    /// Whether somebody writes at a terminal, who sees what goes wrong; a script has only our exit code.
    has_writer: bool,
    fate: Fate,
    has_entered: bool,
    /// Whether the input has ended.
    is_ended: bool,
    is_over: bool,
    /// When something came or went last.
    progress: Instant,
}

enum Wake {
    Called(Call),
    Line(Option<String>),
    Report(Option<Told>),
    Told(bool),
    Late,
}

impl Linear {
    /// A chat that is ready to run. `has_writer`: the input is a terminal; `has_reader`: so is the output.
    pub fn new(
        mut model: Model,
        (wires, reports): (Wires, mpsc::Receiver<Told>),
        lines: mpsc::Receiver<String>,
        out: mpsc::Sender<Word>,
        (has_writer, has_reader): (bool, bool),
    ) -> Self {
        (model.keymap, model.is_linear) = (Keymap::without_keys(), true);
        Self {
            model,
            wires,
            reports,
            lines,
            out,
            words: VecDeque::new(),
            teller: Teller::new(has_writer && has_reader),
            preferences: Preferences::at(None),
            has_writer,
            fate: Fate::default(),
            has_entered: false,
            is_ended: false,
            is_over: false,
            progress: Instant::now(),
        }
    }

    /// Runs until the input has ended and all of it is confirmed, or somebody wants it to end.
    ///
    /// # Errors
    /// Something that was written was not confirmed, was refused, or the room was not entered: what of it is still to
    /// be told, in a sentence.
    pub async fn run(mut self, mut signals: Signals) -> Result<(), Option<String>> {
        if !self.has_writer {
            // A script reads nothing: what others say stays unread.
            self.tell(Msg::Unfocused);
        }
        while !self.is_over {
            match self.wait(&mut signals).await {
                Wake::Called(Call::End | Call::Interrupted) => self.cut(),
                Wake::Told(false) => self.is_over = true,
                Wake::Called(Call::Woken) | Wake::Told(true) => {}
                Wake::Line(Some(line)) => self.take_line(line),
                Wake::Line(None) => {
                    self.is_ended = true;
                    self.progress = Instant::now();
                }
                Wake::Report(Some((on, report))) => self.take_report(on, report),
                Wake::Report(None) => self.fail("the link ended".to_owned()),
                Wake::Late => self.give_up(),
            }
            self.is_over |= self.is_done();
        }
        self.goodbye(&mut signals).await
    }

    async fn wait(&mut self, signals: &mut Signals) -> Wake {
        let deadline = self.deadline();
        let may_read = self.may_read();
        let word = self.words.front().cloned();
        tokio::select! {
            biased;
            call = signals.next() => Wake::Called(call),
            space = self.out.reserve(), if word.is_some() => match (space, word) {
                (Ok(space), Some(word)) => {
                    space.send(word);
                    self.words.pop_front();
                    Wake::Told(true)
                }
                // Nobody reads any more.
                _ => Wake::Told(false),
            },
            report = self.reports.recv(), if word.is_none() => Wake::Report(report),
            line = self.lines.recv(), if may_read => Wake::Line(line),
            () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => Wake::Late,
        }
    }

    /// A script's lines wait for their room; a person may be about to say which certificate is right.
    fn may_read(&self) -> bool {
        let has_space = self.fate.waiting() < UNCONFIRMED_MAX
            && self.wires.space(self.model.on()) >= REQUESTS_SPARE;
        !self.is_ended
            && has_space
            && self.words.is_empty()
            && (self.has_writer || self.has_entered && !self.is_entering())
    }

    /// Whether a room is about to be entered, at the start or by `/join`.
    fn is_entering(&self) -> bool {
        let mut windows = self.model.windows.iter();
        windows.any(|window| window.kind == Kind::Room && window.place == Place::Entering)
    }

    /// Whether all was written and nothing is on its way.
    fn is_done(&self) -> bool {
        let is_entering = self.has_entered && self.is_entering();
        self.is_ended && self.fate.waiting() == 0 && !is_entering
    }

    fn deadline(&self) -> Option<Instant> {
        if self.is_ended {
            Some(self.progress + CONFIRM_TIMEOUT)
        } else if !self.has_writer && (!self.has_entered || self.is_entering()) {
            Some(self.progress + ENTER_TIMEOUT)
        } else {
            None
        }
    }

    /// The time is over. What is not confirmed is told of at the end.
    fn give_up(&mut self) {
        if self.is_ended {
            self.is_over = true;
            return;
        }
        let (network, limit) = (self.model.network(), ENTER_TIMEOUT.as_secs());
        self.fail(fate::shut_out(network, self.has_entered, limit));
    }

    /// Somebody wants it to end; a line that was written and not yet taken is told of.
    fn cut(&mut self) {
        self.is_over = true;
        if let Ok(line) = self.lines.try_recv()
            && !self.has_writer
        {
            self.fail(format!("\"{line}\" was not sent: parlor was told to end"));
        }
    }

    fn fail(&mut self, why: String) {
        self.fate.fail(why);
        self.is_over = true;
    }

    fn take_line(&mut self, line: String) {
        if line.trim().is_empty() {
            return;
        }
        let told = self.words.len();
        self.tell(Msg::Wrote(line));
        self.progress = Instant::now();
        if self.has_writer {
            return;
        }
        if self.words.range(told..).any(|word| word.is_trouble) {
            self.fate.failed();
        }
        // What was not taken stays in the box; the reason was told.
        let left = self.model.here().map_or("", |window| window.input.text());
        if !left.is_empty() {
            let text = format!("\"{left}\" could not be sent");
            self.trouble(text);
        }
    }

    fn take_report(&mut self, on: NetworkId, report: Report) {
        match report {
            Report::Events(events) => {
                // A script has one network to speak to, also where a bouncer has more.
                let is_other = |event: &Event| matches!(event, Event::Bouncer(_));
                for event in events {
                    if is_other(&event) && !self.has_writer {
                        continue;
                    }
                    self.settle(&event);
                    self.tell(Msg::Network(on, event));
                }
            }
            Report::Hosting { address, invite } => self.tell(Msg::HostStarted { address, invite }),
            Report::DoorOpened(door) => self.tell(Msg::DoorOpened { door }),
            Report::Guests(count) => self.tell(Msg::HostGuestsChanged { count }),
            Report::HostStopped(reason) => self.tell(Msg::HostStopped { reason }),
        }
        if !self.has_entered {
            self.enter();
        }
    }

    /// Looks whether the rooms are entered, or will not be.
    fn enter(&mut self) {
        if let (link::Link::Refused { reason }, false) =
            (&self.model.network().link, self.has_writer)
        {
            return self.fail(reason.clone());
        }
        if !self.model.network().is_connected() || self.is_entering() {
            return;
        }
        self.has_entered = true;
        if let Some(window) = self.model.here().filter(|window| window.is_outside())
            && !self.has_writer
        {
            let why = format!("{} was not entered: {}", window.name, window.why_outside);
            self.fail(why);
        }
    }

    /// Something that was written came to nothing.
    fn trouble(&mut self, text: String) {
        if !self.has_writer {
            self.fate.failed();
        }
        self.words.push_back(Word::trouble(text));
    }

    /// What an event means to what was written here.
    fn settle(&mut self, event: &Event) {
        match self.fate.settle(event) {
            Turn::None if self.has_entered && !self.has_writer && fate::is_no(event) => {
                self.fate.failed();
            }
            Turn::None => return,
            Turn::Confirmed => {}
            Turn::Failed(text) => self.trouble(text),
        }
        self.progress = Instant::now();
    }

    /// One thing happened: it is taken in, told, and what it asks for is done.
    fn tell(&mut self, msg: Msg) {
        let mut waiting = VecDeque::from([msg]);
        while let Some(msg) = waiting.pop_front() {
            let mut is_told = false;
            if let Msg::Network(on, event) = &msg {
                self.teller.hear(&self.model, *on, event);
                is_told = fate::is_told(event);
            }
            let effects = update::update(&mut self.model, now(), msg);
            if is_told {
                self.teller.pass_over_toast(&self.model);
            }
            self.words.extend(self.teller.look(&mut self.model));
            for effect in effects {
                if let Some(answer) = self.preferences.serve(&effect) {
                    self.wires.learn(answer.networks());
                    waiting.push_back(Msg::SettingsTold(Box::new(answer)));
                } else if let Some((on, event)) = self.perform(effect) {
                    self.settle(&event);
                    waiting.push_back(Msg::Network(on, event));
                }
            }
        }
    }

    /// Does what can be done without a screen; returns what could not be.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "most effects are about the screen"
    )]
    fn perform(&mut self, effect: Effect) -> Option<(NetworkId, Event)> {
        let (on, request) = match effect {
            Effect::Send(on, command) => (on, Request::Command(command)),
            Effect::Connect(on) => (on, Request::Connect),
            Effect::HangUp(on) => (on, Request::HangUp),
            Effect::Trust(on) => (on, Request::Trust),
            Effect::OpenDoor { on, room } => (on, Request::OpenDoor { room }),
            other => {
                match other {
                    Effect::Dial(on, settings) => self.wires.dial(on, &settings),
                    Effect::Forget(on) => self.wires.close(on),
                    Effect::Quit => self.is_over = true,
                    _ => {}
                }
                return None;
            }
        };
        let mut own_id = None;
        if let Request::Command(Command::Say(message)) = &request {
            own_id = Some(message.own_id);
            self.fate.sent(message.own_id, &message.text);
        }
        if self.wires.ask(on, request) {
            return None;
        }
        let reason = "too much is waiting to be sent; try again".to_owned();
        own_id.map(|own_id| (on, Event::Refused { own_id, reason }))
    }

    /// Says goodbye, and tells what the servers answer before they close their links.
    async fn goodbye(mut self, signals: &mut Signals) -> Result<(), Option<String>> {
        let networks: Vec<NetworkId> = self
            .model
            .networks
            .iter()
            .map(|network| network.id)
            .collect();
        for on in networks {
            self.wires.ask(on, Request::Command(Command::goodbye()));
        }
        (self.is_ended, self.has_entered) = (true, true);
        self.teller.is_leaving = true;
        self.progress = Instant::now();
        let until = self.progress + GOODBYE_TIMEOUT;
        while !self.is_gone() {
            let wake = tokio::select! {
                wake = self.wait(signals) => wake,
                () = sleep_until(until) => break,
            };
            match wake {
                Wake::Report(Some((on, report))) => self.take_report(on, report),
                Wake::Report(None)
                | Wake::Called(Call::End | Call::Interrupted)
                | Wake::Told(false) => break,
                Wake::Told(true) | Wake::Called(Call::Woken) | Wake::Line(_) | Wake::Late => {}
            }
        }
        let left = until.saturating_duration_since(Instant::now());
        self.wires.gone(self.reports, left).await;
        self.fate.end()
    }

    /// Whether all servers know that we go, and everything is told.
    fn is_gone(&self) -> bool {
        let mut networks = self.model.networks.iter();
        self.words.is_empty() && networks.all(|network| network.link == link::Link::Closed)
    }
}

#[cfg(test)]
mod tests;
