//! Does what the screen asked for: one effect, one call.
//! It must never decide whether something is to be done, nor wait for it.

use ratatui::Terminal;

use crate::asides::Asides;
use crate::effect::Effect;
use crate::ids::NetworkId;
use crate::model::network::Networks;
use crate::msg::Msg;
use crate::notifier::Notifier;
use crate::opener::Opener;
use crate::preferences::{Answer, Preferences};
use crate::report::Request;
use crate::session::command::Command;
use crate::session::event::{Event, Millis};
use crate::store::queue::Queue;
use crate::surface::Surface;
use crate::terminal;
use crate::theme::Sheet;
use crate::wires::Wires;

/// Everything that an effect can reach.
#[derive(Debug)]
pub struct Hands<B: Surface> {
    /// Where the screen is drawn.
    pub terminal: Terminal<B>,
    /// What goes to the terminal with the next frame.
    pub asides: Asides,
    /// When to tell the screen that time has passed.
    pub wake_at: Option<Millis>,
    /// Whether the next frame is wanted.
    pub is_dirty: bool,
    /// Whether the terminal may show anything, so that every cell is drawn.
    pub is_garbled: bool,
    /// Whether the terminal is given back for a sleep, so that nothing is drawn.
    pub is_asleep: bool,
    /// What is to be written in the user's own editor.
    pub to_edit: Option<String>,
    /// Whether the program ends.
    pub is_over: bool,
    /// The config file.
    pub preferences: Preferences,
    /// The theme to be drawn with from now on, if it is another.
    pub sheet: Option<Option<Sheet>>,
    /// The way to the local store.
    pub store: Queue,
    /// How the terminal is asked to show a notification.
    pub notifier: Notifier,
    wires: Wires,
    opener: Opener,
}

impl<B: Surface> Hands<B> {
    /// Hands that have done nothing yet.
    pub fn new(terminal: Terminal<B>, wires: Wires) -> Self {
        Self {
            terminal,
            asides: Asides::default(),
            wake_at: None,
            is_dirty: true,
            is_garbled: false,
            is_asleep: false,
            to_edit: None,
            is_over: false,
            preferences: Preferences::at(None),
            sheet: None,
            store: Queue::default(),
            notifier: Notifier::default(),
            wires,
            opener: Opener::default(),
        }
    }

    /// Does it; returns what the screen must hear because it could not be done.
    pub fn perform(&mut self, effect: Effect) -> Option<Msg> {
        match effect {
            Effect::Draw => self.is_dirty = true,
            Effect::Redraw => {
                self.is_dirty = true;
                self.is_garbled = true;
            }
            Effect::Send(on, command) => return self.send(on, command),
            // A full queue holds a request already, and an ended task needs none.
            Effect::Connect(on) => drop(self.wires.ask(on, Request::Connect)),
            Effect::HangUp(on) => drop(self.wires.ask(on, Request::HangUp)),
            Effect::Dial(on, settings) => self.wires.dial(on, &settings),
            Effect::Forget(on) => self.wires.close(on),
            Effect::Trust(on) => drop(self.wires.ask(on, Request::Trust)),
            Effect::OpenDoor { on, room } => drop(self.wires.ask(on, Request::OpenDoor { room })),
            Effect::KeepDoor(_)
            | Effect::Set { .. }
            | Effect::KeepNetwork(_)
            | Effect::DropNetwork(_)
            | Effect::RenameRoom { .. } => {
                let answer = self.preferences.serve(&effect)?;
                return Some(self.wear(answer));
            }
            Effect::Copy(text) => self.aside().copied = Some(text),
            Effect::Open(address) => return self.open(&address),
            Effect::Notify(text) if !self.is_asleep => {
                let sequence = self.notifier.sequence(&text);
                self.aside().notice = Some(sequence);
            }
            Effect::Ring if !self.is_asleep => self.aside().is_ringing = true,
            Effect::SetTitle(text) if !self.is_asleep => self.aside().title = Some(text),
            Effect::WakeAt(at) => self.wake_at = at,
            Effect::Edit(text) => self.to_edit = Some(text),
            Effect::Point(is_ours) => self.aside().mouse = Some(is_ours),
            Effect::Keep(request) => self.store.push(request),
            Effect::Suspend => self.is_asleep = terminal::suspend(),
            // The terminal is another program's.
            Effect::Notify(_) | Effect::Ring | Effect::SetTitle(_) => {}
            Effect::Quit => self.is_over = true,
        }
        None
    }

    /// Something goes with the next frame.
    fn aside(&mut self) -> &mut Asides {
        self.is_dirty = true;
        &mut self.asides
    }

    /// The settings were changed from outside.
    pub fn reload(&mut self) -> Option<Msg> {
        let answer = self.preferences.reload()?;
        Some(self.wear(answer))
    }

    /// Puts the theme aside that counts now, and says what there is to say.
    fn wear(&mut self, answer: Answer) -> Msg {
        if let Some(counts) = &answer.counts {
            self.sheet = Some(counts.sheet);
        }
        self.wires.learn(answer.networks());
        Msg::SettingsTold(Box::new(answer))
    }

    fn open(&mut self, address: &str) -> Option<Msg> {
        if self.opener.open(address) {
            return None;
        }
        self.aside().copied = Some(address.to_owned());
        Some(Msg::NotOpened)
    }

    fn send(&mut self, on: NetworkId, command: Command) -> Option<Msg> {
        let own_id = match &command {
            Command::Say(message) => Some(message.own_id),
            _ => None,
        };
        if self.wires.ask(on, Request::Command(command)) {
            return None;
        }
        let reason = "too much is waiting to be sent; try again".to_owned();
        let refused = |own_id| Msg::Network(on, Event::Refused { own_id, reason });
        own_id.map(refused)
    }

    /// Says goodbye to every network.
    pub fn quit(&mut self, networks: &Networks) {
        for network in networks.iter() {
            self.send(network.id, Command::goodbye());
        }
    }

    /// Gives the links away, to wait for their end.
    pub fn into_wires(self) -> Wires {
        self.wires
    }
}
