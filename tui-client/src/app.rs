//! The loop: wait, update, do what was asked, draw when something changed.
//! It must never wake without a reason: there is no tick, only the times that `Effect::WakeAt` asked for.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::io;
use std::pin::Pin;
use std::time::Duration;

use crossterm::event::Event as Input;
use futures_core::Stream;
use ratatui::Terminal;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::clock::now;
use crate::effect::Effect;
use crate::first_start::Chosen;
use crate::frames::Frames;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::msg::Msg;
use crate::outlet::Outlet;
use crate::perform::Hands;
use crate::preferences::Preferences;
use crate::report::Report;
use crate::scene::Scene;
use crate::session::event::Event;
use crate::session::link::Link;
use crate::signals::{Call, Signals};
use crate::store::Reply;
use crate::surface::Surface;
use crate::typing::Turns;
use crate::watch::Watch;
use crate::wires::{Told, Wires};
use crate::{folder, outside_editor, terminal, typing, update};

/// The running program: the screen as a value, and the ends of everything outside.
#[derive(Debug)]
pub struct App<B: Surface> {
    /// The screen.
    pub model: Model,
    /// What does what the screen asks for.
    pub hands: Hands<B>,
    reports: mpsc::Receiver<Told>,
    scene: Scene,
    frames: Frames,
    /// What the terminal reads.
    turns: Turns,
    /// Tells when the config file changes.
    watch: Option<Watch>,
    /// The link that was followed at the first start, until we are in by it.
    followed: Option<Chosen>,
}

/// Why the loop woke up.
enum Wake {
    Called(Call),
    Input(Option<io::Result<Input>>),
    Written(io::Result<()>),
    Frame,
    Settings(io::Result<()>),
    Time,
    Report(Option<Told>),
    Stored(Option<Reply>),
}

impl<B: Surface> App<B> {
    /// A program that is ready to run.
    pub fn new(
        model: Model,
        (terminal, outlet): (Terminal<B>, Outlet),
        (wires, reports): (Wires, mpsc::Receiver<Told>),
        scene: Scene,
    ) -> Self {
        Self {
            model,
            hands: Hands::new(terminal, wires),
            reports,
            scene,
            frames: Frames::new(outlet),
            turns: Turns::default(),
            watch: None,
            followed: None,
        }
    }

    /// Keeps to this config file from now on, also when it changes.
    pub fn keep_to(&mut self, preferences: Preferences) {
        // Where changes cannot be heard of, the next start brings them.
        self.watch = preferences.path().and_then(|path| Watch::of(path).ok());
        self.hands.preferences = preferences;
    }

    /// Writes down where we were asked to, if we were, once we are in: the next start goes there by itself.
    pub fn come_back(&mut self, followed: Option<Chosen>) {
        self.followed = followed;
    }

    /// Runs until somebody wants it to end, or to write in an editor of their own: then [`App::edit`] is due, with
    /// nobody reading the keys meanwhile.
    ///
    /// # Errors
    /// When the terminal cannot be drawn to.
    pub async fn run<I>(&mut self, mut input: I, signals: &mut Signals) -> io::Result<()>
    where
        I: Stream<Item = io::Result<Input>> + Unpin,
    {
        self.turns = Turns::default();
        self.hands.asides.mouse = Some(!self.model.habits.leaves_mouse);
        self.hands.asides.is_asking = self.scene.asks(now());
        self.draw_if_due()?;
        // The store is asked after the first paint, which waits for nothing.
        let (columns, rows) = self.model.size;
        self.tell(Msg::Resized(columns, rows));
        self.hands.store.flush();
        while !self.hands.is_over && self.hands.to_edit.is_none() {
            self.turns.wait();
            let wake = self.wait(&mut input, signals).await;
            self.turns.woke();
            match wake {
                Wake::Called(Call::End | Call::Interrupted) => self.end(),
                Wake::Called(Call::Woken) => self.wake()?,
                Wake::Input(Some(Ok(event))) => self.take_inputs(event, &mut input).await,
                // The terminal is gone.
                Wake::Input(Some(Err(_)) | None) => self.end(),
                Wake::Written(done) => done?,
                Wake::Frame => {}
                Wake::Settings(heard) => self.reload(heard),
                Wake::Time => self.tick(),
                Wake::Stored(Some(reply)) => self.tell(Msg::Stored(reply)),
                Wake::Stored(None) => self.hands.store.end(),
                Wake::Report(report) => {
                    if let Some((on, report)) = report {
                        self.take_report(on, report);
                    }
                }
            }
            self.draw_if_due()?;
            let is_framed = self.frames.next(&self.hands).is_some();
            self.hands.store.flush_before(is_framed);
        }
        if self.scene.is_near(now()) {
            // It would come to whatever reads the terminal next.
            terminal::discard_input();
        }
        Ok(())
    }

    /// Lends the terminal to the user's editor, if one was asked for; false if not. The links are kept meanwhile.
    ///
    /// # Errors
    /// When the terminal cannot be taken back.
    pub async fn edit(&mut self, signals: &mut Signals) -> io::Result<bool> {
        let Some(text) = self.hands.to_edit.take() else {
            return Ok(false);
        };
        self.hands.is_asleep = true;
        terminal::restore();
        let folder = folder::find();
        let editing = move || outside_editor::edit(&text, folder.as_deref());
        let mut editing = tokio::task::spawn_blocking(editing);
        let mut is_called = false;
        let done = loop {
            tokio::select! {
                done = &mut editing => break done,
                report = self.reports.recv() => {
                    if let Some((on, report)) = report {
                        self.take_report(on, report);
                    }
                }
                // The editor has the terminal, and Ctrl-C is its.
                call = signals.next() => is_called |= call == Call::End,
            }
        };
        self.wake()?;
        self.tell(Msg::Edited(
            done.unwrap_or_else(|error| Err(error.to_string())),
        ));
        if is_called {
            self.end();
        }
        Ok(true)
    }

    /// Waits for the first of all that can happen; keys before the network, so that no flood delays them.
    async fn wait<I>(&mut self, input: &mut I, signals: &mut Signals) -> Wake
    where
        I: Stream<Item = io::Result<Input>> + Unpin,
    {
        let frame = self.frames.next(&self.hands);
        let time = self
            .hands
            .wake_at
            .map(|at| Duration::from_millis(at.saturating_sub(now())));
        let time = time.map(|pause| Instant::now() + pause);
        tokio::select! {
            biased;
            call = signals.next() => Wake::Called(call),
            event = next(input) => Wake::Input(event),
            done = self.frames.written() => Wake::Written(done),
            () = sleep_until(frame.unwrap_or_else(Instant::now)), if frame.is_some() => Wake::Frame,
            () = sleep_until(time.unwrap_or_else(Instant::now)), if time.is_some() => Wake::Time,
            report = self.reports.recv() => Wake::Report(report),
            heard = changed(&mut self.watch) => Wake::Settings(heard),
            reply = self.hands.store.next() => Wake::Stored(reply),
        }
    }

    async fn take_inputs<I>(&mut self, first: Input, input: &mut I)
    where
        I: Stream<Item = io::Result<Input>> + Unpin,
    {
        let events = typing::gather(first, input).await;
        let events = self.passed(events);
        self.frames.is_hurried = true;
        for event in self.turns.read(events, now()) {
            if !self.hands.is_over {
                self.take_event(event);
            }
        }
    }

    /// What the terminal answers is none of the user's keys.
    fn passed(&mut self, events: Vec<Input>) -> Vec<Input> {
        let before = self.scene.theme();
        let taken = events.into_iter();
        let passed = taken.flat_map(|event| self.scene.take(event, now()));
        let passed = passed.collect();
        self.hands.is_dirty |= self.scene.theme() != before;
        passed
    }

    fn take_event(&mut self, event: Input) {
        let msg = match event {
            Input::Key(key) => Msg::Pressed(key),
            Input::Mouse(mouse) => Msg::Pointed(mouse),
            Input::Paste(text) => Msg::Pasted(text),
            Input::Resize(columns, rows) => Msg::Resized(columns, rows),
            Input::FocusGained => Msg::Focused,
            Input::FocusLost => Msg::Unfocused,
        };
        self.tell(msg);
    }

    /// The config file changed.
    fn reload(&mut self, heard: io::Result<()>) {
        if heard.is_err() {
            self.watch = None;
        } else if let Some(msg) = self.hands.reload() {
            self.tell(msg);
        }
    }

    /// The time has come, unless the clock was set back meanwhile: then it comes later.
    fn tick(&mut self) {
        if self.hands.wake_at.is_some_and(|at| at <= now()) {
            self.hands.wake_at = None;
            self.tell(Msg::Ticked);
        }
    }

    fn take_report(&mut self, on: NetworkId, report: Report) {
        match report {
            Report::Events(events) => {
                for event in events {
                    let is_in = matches!(event, Event::Link(Link::Connected(_)));
                    self.tell(Msg::Network(on, event));
                    if on == NetworkId::FIRST && is_in {
                        self.keep_way();
                    }
                }
            }
            Report::Hosting { address, invite } => {
                self.tell(Msg::HostStarted { address, invite });
            }
            Report::DoorOpened(door) => self.tell(Msg::DoorOpened { door }),
            Report::Guests(count) => self.tell(Msg::HostGuestsChanged { count }),
            Report::HostStopped(reason) => self.tell(Msg::HostStopped { reason }),
        }
    }

    /// The link that was followed at the first start leads somewhere.
    fn keep_way(&mut self) {
        let Some(chosen) = self.followed.take() else {
            return;
        };
        let answer = chosen.keep(&mut self.hands.preferences);
        self.tell(Msg::SettingsTold(Box::new(answer)));
    }

    /// Waits until every link has said goodbye, which a server hosted here has to hear, too.
    pub async fn goodbye(mut self, limit: Duration) {
        self.hands.quit(&self.model.networks);
        let store = std::mem::take(&mut self.hands.store);
        store.close(limit).await;
        self.hands.into_wires().gone(self.reports, limit).await;
    }

    /// One thing happened: the screen changes, and what it asks for is done.
    pub fn tell(&mut self, msg: Msg) {
        let mut waiting = VecDeque::new();
        let mut next = Some(msg);
        while let Some(msg) = next {
            for effect in update::update(&mut self.model, now(), msg) {
                waiting.extend(self.hands.perform(effect));
            }
            next = waiting.pop_front();
        }
    }

    /// A signal ends the program, without a question.
    fn end(&mut self) {
        self.hands.quit(&self.model.networks);
        self.hands.perform(Effect::Quit);
    }

    /// After a sleep the terminal may show anything and have any size.
    fn wake(&mut self) -> io::Result<()> {
        terminal::restore();
        terminal::enter()?;
        self.hands.terminal.backend_mut().greet();
        self.hands.is_asleep = false;
        self.hands.asides.mouse = Some(!self.model.habits.leaves_mouse);
        if let Ok(size) = self.hands.terminal.size() {
            self.tell(Msg::Resized(size.width, size.height));
        }
        self.tell(Msg::Woken);
        self.hands.is_garbled = true;
        self.hands.is_dirty = true;
        Ok(())
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        if let Some(chosen) = self.hands.sheet.take() {
            self.scene.choose(chosen);
            self.hands.asides.is_asking |= self.scene.asks(now());
        }
        self.frames
            .draw_if_due(&mut self.hands, &self.model, self.scene.theme())
    }
}

async fn changed(watch: &mut Option<Watch>) -> io::Result<()> {
    match watch {
        Some(watch) => watch.changed().await,
        None => pending().await,
    }
}

async fn next<I>(input: &mut I) -> Option<I::Item>
where
    I: Stream + Unpin,
{
    poll_fn(|cx| Pin::new(&mut *input).poll_next(cx)).await
}

#[cfg(test)]
mod tests;
