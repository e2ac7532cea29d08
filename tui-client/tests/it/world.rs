//! A server's core and client sessions joined in memory: no sockets, a clock that moves when told.

use std::net::{IpAddr, Ipv4Addr};

use protocol::Stamp;
use server::storage::Storage;
use server::storage::memory::MemoryStorage;
use server_core::{Door, Effect, Input, Now, Peer, Server, SessionId, Settings};
use tui_client::login::Login;
use tui_client::session::command::{Command, Outgoing};
use tui_client::session::event::{Event, Kind, Message, OwnId};
use tui_client::session::link::Wire;
use tui_client::session::{self, Session};

/// When every test begins: 2026-01-01T12:00:00Z.
const BEGIN: u64 = 1_767_268_800_000;

/// One client with its link.
pub(crate) struct Client {
    pub(crate) session: Session,
    id: Option<SessionId>,
    /// What it would find on its disk after a crash.
    disk: String,
    events: Vec<Event>,
}

/// A server, its log, and everybody who is connected.
pub(crate) struct World {
    server: Server,
    storage: MemoryStorage,
    clients: Vec<Client>,
    links: u32,
    runs: u32,
    now: u64,
    /// Lines that are lost on their way to the clients, as when a link breaks.
    pub(crate) is_deaf: bool,
    /// Whether lines go once from the clients to the server and back, and no further until it is asked for.
    pub(crate) is_slow: bool,
    /// A client and how many lines more pass its link, in either direction; those after that are lost.
    pub(crate) limit: Option<(usize, usize)>,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut settings = Settings::default();
        settings.limits.flood_control = false;
        Self {
            server: Server::new(settings),
            storage: MemoryStorage::new(),
            clients: Vec::new(),
            links: 0,
            runs: 0,
            now: BEGIN,
            is_deaf: false,
            is_slow: false,
            limit: None,
        }
    }

    /// A client that wants this nick and is in #lobby.
    pub(crate) fn enter(&mut self, nick: &str) -> usize {
        let session = self.session(nick);
        self.clients.push(Client {
            session,
            id: None,
            disk: String::new(),
            events: Vec::new(),
        });
        let client = self.clients.len() - 1;
        self.link(client);
        client
    }

    fn session(&mut self, nick: &str) -> Session {
        self.runs += 1;
        Session::new(session::Settings {
            nickname: nick.to_owned(),
            username: nick.to_owned(),
            realname: nick.to_owned(),
            login: Login::default(),
            netid: None,
            rooms: vec!["#lobby".to_owned()],
            nonce: format!("n{}", self.runs),
            version: "parlor".to_owned(),
        })
    }

    /// A client's program ends without a word, and is started again.
    pub(crate) fn restart(&mut self, client: usize, nick: &str) {
        let mut session = self.session(nick);
        session.restore(&self.clients[client].disk, self.now);
        self.clients[client].session = session;
        if let Some(session) = self.clients[client].id.take() {
            let reason = "Connection reset";
            self.input(Input::Closed { session, reason });
        }
        self.settle();
    }

    /// Breaks the link of a client without a word to the server, which goes on believing in it; its end of it.
    pub(crate) fn vanish(&mut self, client: usize) -> SessionId {
        self.clients[client].session.lost("cut", 0, self.now);
        self.clients[client].id.take().unwrap()
    }

    /// The server finds out.
    pub(crate) fn bury(&mut self, session: SessionId) {
        let reason = "Ping timeout";
        self.input(Input::Closed { session, reason });
        self.settle();
    }

    /// Time passes for the clients.
    pub(crate) fn pass(&mut self, millis: u64) {
        self.now += millis;
        for client in &mut self.clients {
            client.session.tick(self.now);
        }
        self.settle();
    }

    /// Whether one more line passes the link of a client.
    fn passes(&mut self, client: usize) -> bool {
        match &mut self.limit {
            Some((limited, left)) if *limited == client => {
                let passes = *left > 0;
                *left = left.saturating_sub(1);
                passes
            }
            _ => true,
        }
    }

    /// Opens a link for a client.
    pub(crate) fn link(&mut self, client: usize) {
        self.links += 1;
        let session = SessionId {
            index: self.links,
            generation: 1,
        };
        let peer = Peer {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 40_000,
            door: Door::Tcp,
            secure: false,
            certificate: None,
        };
        self.clients[client].id = Some(session);
        self.input(Input::Opened { session, peer });
        let now = self.now;
        self.clients[client].session.opened(Wire::default(), now);
        self.settle();
    }

    /// Breaks the link of a client; the server hears of it.
    pub(crate) fn cut(&mut self, client: usize) {
        let session = self.clients[client].id.take().unwrap();
        self.clients[client].session.lost("cut", 0, self.now);
        let reason = "Connection reset";
        self.input(Input::Closed { session, reason });
        self.settle();
    }

    pub(crate) fn command(&mut self, client: usize, command: Command) {
        self.clients[client].session.command(command, self.now);
        self.settle();
    }

    pub(crate) fn say(&mut self, client: usize, own_id: u64, text: &str) {
        self.answer(client, own_id, text, None);
    }

    /// Says something in answer to the message of that id.
    pub(crate) fn answer(
        &mut self,
        client: usize,
        own_id: u64,
        text: &str,
        reply_to: Option<String>,
    ) {
        let message = Outgoing {
            own_id: OwnId(own_id),
            target: "#lobby".to_owned(),
            kind: Kind::Say,
            text: text.to_owned(),
            reply_to,
        };
        self.command(client, Command::Say(message));
    }

    /// What a client heard since it was asked last.
    pub(crate) fn events(&mut self, client: usize) -> Vec<Event> {
        std::mem::take(&mut self.clients[client].events)
    }

    /// The messages among them.
    pub(crate) fn messages(&mut self, client: usize) -> Vec<Message> {
        let said = self
            .events(client)
            .into_iter()
            .filter_map(|event| match event {
                Event::Message(message) => Some(message),
                _ => None,
            });
        said.collect()
    }

    /// Carries lines to and fro until nobody has anything left to say.
    fn settle(&mut self) {
        while self.turn() && !self.is_slow {}
    }

    /// Carries what the clients have to say to the server, and its answers back; whether there was anything.
    pub(crate) fn turn(&mut self) -> bool {
        let mut is_any = false;
        for client in 0..self.clients.len() {
            if let Some(text) = self.clients[client].session.take_unsent() {
                self.clients[client].disk = text;
            }
            let bytes = self.clients[client].session.take_output();
            if let Some(session) = self.clients[client].id.filter(|_| !bytes.is_empty()) {
                is_any = true;
                for line in bytes.split(|byte| *byte == b'\n') {
                    let line = line.strip_suffix(b"\r").unwrap_or(line);
                    if !line.is_empty() && self.passes(client) {
                        self.input(Input::LineCame { session, line });
                    }
                }
            }
            let events = self.clients[client].session.take_events();
            self.clients[client].events.extend(events);
        }
        is_any
    }

    fn input(&mut self, input: Input<'_>) {
        let now = Now {
            wall: Stamp(self.now),
            steady: self.now - BEGIN,
        };
        let mut effects = Vec::new();
        self.server.handle(now, input, &mut effects);
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Send { session, lines } => self.put(session, &lines),
            Effect::Deliver { to, lines } => {
                for session in to {
                    self.put(session, &lines);
                }
            }
            Effect::Store { ticket, request } => {
                let reply = self.storage.request(ticket, request);
                let reply = reply.expect("memory answers at once");
                self.input(Input::Stored { ticket, reply });
            }
            Effect::Close { .. }
            | Effect::Accounts { .. }
            | Effect::Log(_)
            | Effect::WakeAt(_)
            | Effect::Reload
            | Effect::Stop { .. } => {}
        }
    }

    fn put(&mut self, session: SessionId, lines: &[u8]) {
        let (now, is_deaf) = (self.now, self.is_deaf);
        let client = self
            .clients
            .iter()
            .position(|client| client.id == Some(session));
        let Some(client) = client.filter(|_| !is_deaf) else {
            return;
        };
        for line in lines.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() && self.passes(client) {
                self.clients[client].session.feed(line, now);
            }
        }
    }
}
