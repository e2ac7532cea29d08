//! Does what the screen asked for: one effect, one call.
//! It must never decide whether something is to be done, nor wait for it.

use ratatui::Terminal;
use tokio::sync::mpsc;

use crate::effect::Effect;
use crate::net::Request;
use crate::opener::Opener;
use crate::session::command::Command;
use crate::session::event::{Event, Millis, Severity};
use crate::surface::Surface;
use crate::terminal;

/// Everything that an effect can reach.
#[derive(Debug)]
pub struct Hands<B: Surface> {
    /// Where the screen is drawn.
    pub terminal: Terminal<B>,
    /// When to tell the screen that time has passed.
    pub wake_at: Option<Millis>,
    /// Whether the next frame is wanted.
    pub is_dirty: bool,
    /// Whether the terminal may show anything, so that every cell is drawn.
    pub is_garbled: bool,
    /// Whether the terminal is given back for a sleep, so that nothing is drawn.
    pub is_asleep: bool,
    /// Whether the program ends.
    pub is_over: bool,
    requests: mpsc::Sender<Request>,
    opener: Opener,
}

impl<B: Surface> Hands<B> {
    /// Hands that have done nothing yet.
    pub fn new(terminal: Terminal<B>, requests: mpsc::Sender<Request>) -> Self {
        Self {
            terminal,
            wake_at: None,
            is_dirty: true,
            is_garbled: false,
            is_asleep: false,
            is_over: false,
            requests,
            opener: Opener::default(),
        }
    }

    /// Does it; returns what the screen must hear because it could not be done.
    pub fn perform(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Draw => self.is_dirty = true,
            Effect::Redraw => {
                self.is_dirty = true;
                self.is_garbled = true;
            }
            Effect::Send(command) => return self.send(command),
            // A full queue holds a request already, and an ended task needs none.
            Effect::Connect => drop(self.requests.try_send(Request::Connect)),
            Effect::Trust => drop(self.requests.try_send(Request::Trust)),
            Effect::Copy(text) => self.terminal.backend_mut().copy(&text),
            Effect::Open(address) => return self.open(&address),
            Effect::Notify(text) => self.terminal.backend_mut().notify(&text),
            Effect::Ring => self.terminal.backend_mut().ring(),
            Effect::SetTitle(text) => self.terminal.backend_mut().title(&text),
            Effect::WakeAt(at) => self.wake_at = at,
            Effect::Suspend => self.is_asleep = terminal::suspend(),
            Effect::Quit => self.is_over = true,
        }
        None
    }

    fn open(&mut self, address: &str) -> Option<Event> {
        if self.opener.open(address) {
            return None;
        }
        self.terminal.backend_mut().copy(address);
        Some(Event::ServerNotice {
            severity: Severity::Error,
            window: None,
            text: "Nothing here can open that link, so it was copied".to_owned(),
            at: 0,
        })
    }

    fn send(&mut self, command: Command) -> Option<Event> {
        let own_id = match &command {
            Command::Say(message) => Some(message.own_id),
            _ => None,
        };
        let sent = self.requests.try_send(Request::Command(command));
        sent.err()?;
        let reason = "too much is waiting to be sent; try again".to_owned();
        own_id.map(|own_id| Event::Refused { own_id, reason })
    }
}
