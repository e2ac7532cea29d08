//! A server with named sessions, a clock that moves when told, and a log whose answers can be held back.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use protocol::{Stamp, casemap};
use server_core::accounts::{AccountsReply, AccountsRequest, Device, Secret};
use server_core::settings::Operator;
use server_core::storage::{
    Entry, EntryKind, LogKey, Mark, RoomId, Shelf, Span, StorageReply, StorageRequest,
};
use server_core::{Door, Effect, Input, Now, Peer, Server, SessionId, Settings, Ticket};

use crate::guestbook::Guestbook;

/// When every transcript begins: 2026-01-01T12:00:00Z.
const BEGIN: u64 = 1_767_268_800_000;

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) steady: u64,
    /// By how much the calendar was set back (milliseconds).
    pub(crate) set_back: u64,
    wake_at: u64,
    sessions: BTreeMap<String, SessionId>,
    pub(crate) inboxes: BTreeMap<SessionId, VecDeque<String>>,
    closed: Vec<SessionId>,
    next_index: u32,
    /// Connections that have ended; the next to come has the place of one of them, as at the doors.
    ended: Vec<SessionId>,
    pub(crate) logs: BTreeMap<LogKey, Vec<Arc<Entry>>>,
    held: Option<Vec<(Ticket, StorageReply)>>,
    pub(crate) storage_fails: bool,
    passwords: BTreeMap<String, Vec<u8>>,
    /// What storage was told to keep, in order.
    pub(crate) retained: VecDeque<String>,
    /// Which certificate logs in to which account.
    keys: BTreeMap<Box<str>, Box<str>>,
    kept: BTreeMap<(Shelf, Box<str>), Box<str>>,
    guestbook: Guestbook,
    settings: Settings,
}

impl World {
    pub(crate) fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings {
            name: "parlor.test".to_owned(),
            created: Stamp(BEGIN),
            operators: vec![Operator {
                name: "op".to_owned(),
                password: "secret".to_owned(),
            }],
            ..Settings::default()
        };
        // SCRAM-SHA-256 has one step here, that of PLAIN.
        let mechanisms = ["PLAIN", "EXTERNAL", "SCRAM-SHA-256"];
        settings.accounts.mechanisms = mechanisms.map(str::to_owned).to_vec();
        settings.limits.flood_control = false;
        change(&mut settings);
        Self {
            server: Server::new(settings.clone()),
            settings,
            retained: VecDeque::new(),
            kept: BTreeMap::new(),
            guestbook: Guestbook::default(),
            steady: 1_000,
            set_back: 0,
            wake_at: u64::MAX,
            sessions: BTreeMap::new(),
            inboxes: BTreeMap::new(),
            closed: Vec::new(),
            next_index: 0,
            ended: Vec::new(),
            logs: BTreeMap::new(),
            held: None,
            storage_fails: false,
            passwords: BTreeMap::new(),
            keys: BTreeMap::new(),
        }
    }

    /// The configuration has changed and is read again.
    pub(crate) fn reload(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        let settings = Box::new(self.settings.clone());
        self.input(Input::Reloaded {
            settings,
            told: "the configuration was read again",
        });
    }

    /// The process ends without a word, and another begins with what was stored.
    pub(crate) fn restart(&mut self) {
        self.server = Server::new(self.settings.clone());
        self.wake_at = u64::MAX;
        self.sessions.clear();
        self.inboxes.clear();
        self.input(Input::Started);
    }

    fn now(&self) -> Now {
        Now {
            wall: Stamp(BEGIN + self.steady - self.set_back),
            steady: self.steady,
        }
    }

    pub(crate) fn input(&mut self, input: Input<'_>) {
        let mut effects = Vec::new();
        self.server.handle(self.now(), input, &mut effects);
        self.carry_out(effects);
        if let Err(wrong) = self.server.network().check() {
            panic!("the network does not agree with itself: {wrong}");
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send { session, lines } => self.put(session, &lines),
                Effect::Deliver { to, lines } => {
                    for session in to {
                        self.put(session, &lines);
                    }
                }
                Effect::Close { session } => self.end(session),
                Effect::Store { ticket, request } => {
                    let reply = self.store(request);
                    match &mut self.held {
                        Some(held) => held.push((ticket, reply)),
                        None => self.input(Input::Stored { ticket, reply }),
                    }
                }
                Effect::Accounts { ticket, request } => {
                    if let Some(reply) = self.account(request) {
                        self.input(Input::AccountsAnswered { ticket, reply });
                    }
                }
                Effect::WakeAt(at) => self.wake_at = at,
                Effect::Log(_) | Effect::Reload | Effect::Stop { .. } => {}
            }
        }
    }

    fn put(&mut self, session: SessionId, lines: &[u8]) {
        let text = std::str::from_utf8(lines).expect("the server speaks UTF-8");
        let inbox = self.inboxes.entry(session).or_default();
        for line in text.split_inclusive("\r\n") {
            let line = line.strip_suffix("\r\n").expect("every line is whole");
            assert!(
                !line.contains(['\r', '\n', '\0']),
                "a line inside a line: {line:?}"
            );
            inbox.push_back(line.to_owned());
        }
    }

    fn store(&mut self, request: StorageRequest) -> StorageReply {
        if self.storage_fails {
            return StorageReply::Failed("the disk is full".to_owned());
        }
        match request {
            StorageRequest::Append { log, entry } => {
                let elsewhere = match &log {
                    LogKey::Pair(..) => self.recognised(None, &entry),
                    LogKey::Room(_) => None,
                };
                let log = self.logs.entry(log).or_default();
                let mut twins = log.iter().filter(|old| {
                    old.own_id.is_some() && old.own_id == entry.own_id && old.source == entry.source
                });
                if let Some(entry) = twins.next().cloned().or(elsewhere) {
                    return StorageReply::Repeated { entry };
                }
                let time = entry.time;
                log.push(entry);
                StorageReply::Appended { time }
            }
            StorageRequest::Read {
                log,
                span,
                limit,
                events,
                ..
            } => {
                let all = self.logs.get(&log).cloned().unwrap_or_default();
                let all: Vec<Arc<Entry>> = all
                    .into_iter()
                    .filter(|e| events || e.kind != EntryKind::Event)
                    .collect();
                let place = |mark: &Mark| match mark {
                    Mark::Id(id) => all.iter().position(|entry| entry.id == *id),
                    Mark::Time(time) => all.iter().position(|entry| entry.time >= *time),
                };
                let part = match &span {
                    Span::Latest => &all[all.len().saturating_sub(limit)..],
                    Span::Before(mark) => {
                        let end = place(mark).unwrap_or(all.len());
                        &all[end.saturating_sub(limit)..end]
                    }
                    _ => &all[..],
                };
                StorageReply::Entries(part.to_vec())
            }
            StorageRequest::Recognise { room, entry } => {
                StorageReply::Found(self.recognised(room, &entry))
            }
            StorageRequest::Find { log, id } => {
                let log = self.logs.get(&log);
                let found = log.and_then(|log| log.iter().find(|entry| entry.id == id));
                StorageReply::Found(found.cloned())
            }
            StorageRequest::Remove { log, id } => {
                if let Some(log) = self.logs.get_mut(&log) {
                    log.retain(|entry| entry.id != id);
                }
                StorageReply::Removed
            }
            StorageRequest::Drop { log } => self.forget(&log),
            StorageRequest::Keep { .. } | StorageRequest::Recall { .. } => self.shelve(request),
            StorageRequest::Invites(request) => {
                StorageReply::Invites(self.guestbook.answer(request))
            }
            StorageRequest::RetainAll { each, .. } => self.told(format!("all {each:?}")),
            StorageRequest::Retain { keep, .. } => self.told(format!("room {keep:?}")),
            _ => StorageReply::Targets(Vec::new()),
        }
    }

    fn forget(&mut self, log: &LogKey) -> StorageReply {
        let gone = self.logs.remove(log).unwrap_or_default();
        let messages = gone.iter().filter(|entry| entry.kind == EntryKind::Privmsg);
        self.told(format!("forget a log of {}", messages.count()));
        StorageReply::Removed
    }

    fn told(&mut self, how_much: String) -> StorageReply {
        self.retained.push_back(how_much);
        StorageReply::Kept
    }

    fn recognised(&self, room: Option<RoomId>, again: &Entry) -> Option<Arc<Entry>> {
        let is_asked = |key: &LogKey| match (key, room) {
            (LogKey::Room(key), Some(room)) => *key == room,
            (LogKey::Pair(..), None) => true,
            _ => false,
        };
        let logs = self.logs.iter().filter(|(key, _)| is_asked(key));
        let mut entries = logs.flat_map(|(_, entries)| entries);
        entries
            .find(|entry| entry.is_sent_again_as(again, false))
            .cloned()
    }

    fn shelve(&mut self, request: StorageRequest) -> StorageReply {
        match request {
            StorageRequest::Keep { shelf, key, value } => {
                match value {
                    Some(value) => self.kept.insert((shelf, key), value),
                    None => self.kept.remove(&(shelf, key)),
                };
                StorageReply::Kept
            }
            StorageRequest::Recall { shelf } => StorageReply::Shelved(
                self.kept
                    .iter()
                    .filter(|((on, _), _)| *on == shelf)
                    .map(|((_, key), value)| (key.clone(), value.clone()))
                    .collect(),
            ),
            _ => StorageReply::Removed,
        }
    }

    fn account(&mut self, request: AccountsRequest) -> Option<AccountsReply> {
        let refused = |text: &str| AccountsReply::Refused {
            code: "",
            text: text.to_owned(),
        };
        Some(match request {
            AccountsRequest::Register {
                account, password, ..
            } => {
                self.passwords.insert(account.to_string(), password.0);
                AccountsReply::Registered { account }
            }
            AccountsRequest::Authenticate {
                mechanism,
                certificate,
                ..
            } if *mechanism == *"EXTERNAL" => {
                let key = certificate.and_then(|certificate| self.keys.get(&certificate));
                match key.cloned() {
                    Some(account) => AccountsReply::LoggedIn { account },
                    None => refused("unknown key"),
                }
            }
            AccountsRequest::Authenticate { response, .. } => {
                let mut parts = response.0.split(|byte| *byte == 0).skip(1);
                let name = String::from_utf8_lossy(parts.next()?).into_owned();
                match self.passwords.get(&name) {
                    Some(password) if parts.next() == Some(password) => AccountsReply::LoggedIn {
                        account: name.into(),
                    },
                    _ => refused("wrong password"),
                }
            }
            AccountsRequest::GiveUp { .. } => return None,
            AccountsRequest::Look { account } => {
                let mut names = self.passwords.keys().map(String::as_str);
                let known = names.any(|name| casemap::same(name, &account));
                AccountsReply::Known(known.then_some(account))
            }
            AccountsRequest::Erase { account } => {
                self.keys.retain(|_, owner| *owner != account);
                AccountsReply::Closed { account }
            }
            other => self.device(other),
        })
    }

    /// What is asked about devices; the only code there is is `abcd`.
    fn device(&mut self, request: AccountsRequest) -> AccountsReply {
        let refused = |code, text: &str| AccountsReply::Refused {
            code,
            text: text.to_owned(),
        };
        match request {
            AccountsRequest::RegisterKey {
                account,
                certificate,
                ..
            } => {
                if self.passwords.contains_key(&*account) {
                    return refused("ACCOUNT_EXISTS", "there is such an account already");
                }
                self.passwords.insert(account.to_string(), Vec::new());
                self.keys.insert(certificate, account.clone());
                AccountsReply::Registered { account }
            }
            AccountsRequest::AddCertificate {
                account,
                certificate,
            } => {
                self.keys.insert(certificate, account);
                AccountsReply::Changed
            }
            AccountsRequest::AddByCode {
                account,
                certificate,
                code,
                ..
            } => {
                if code.0 != b"abcd" {
                    return refused("INVALID_CODE", "the code is wrong");
                }
                self.keys.insert(certificate, account.clone());
                AccountsReply::LoggedIn { account }
            }
            AccountsRequest::MakeCode { .. } => AccountsReply::Code {
                code: Secret(b"abcd".to_vec()),
                seconds: 600,
            },
            AccountsRequest::Devices { account } => {
                let theirs = self.keys.iter().filter(|(_, owner)| **owner == account);
                let devices = theirs.map(|(certificate, _)| Device {
                    certificate: certificate.clone(),
                    added: Stamp(BEGIN),
                    seen: Stamp(BEGIN),
                });
                AccountsReply::Devices(devices.collect())
            }
            AccountsRequest::RemoveCertificate { certificate, .. } => {
                self.keys.remove(&certificate);
                AccountsReply::Removed { certificate }
            }
            AccountsRequest::SetPassword { account, old, new } => {
                let known = self
                    .passwords
                    .get(&*account)
                    .filter(|known| !known.is_empty());
                if known != old.map(|old| old.0).as_ref() {
                    return refused("WRONG_PASSWORD", "the old password is wrong");
                }
                self.passwords.insert(account.to_string(), new.0);
                AccountsReply::Changed
            }
            _ => refused("", "not in tests"),
        }
    }

    /// A connection through TLS on which this certificate was shown.
    pub(crate) fn open_with_key(&mut self, name: &str, certificate: &str) {
        self.open_as(name, "203.0.113.1", Door::Tls, Some(certificate));
    }

    pub(crate) fn open(&mut self, name: &str, address: &str, door: Door) -> SessionId {
        self.open_as(name, address, door, None)
    }

    fn open_as(
        &mut self,
        name: &str,
        address: &str,
        door: Door,
        certificate: Option<&str>,
    ) -> SessionId {
        let session = self.next_id();
        self.sessions.insert(name.to_owned(), session);
        self.inboxes.insert(session, VecDeque::new());
        let address = address.parse().expect("an address");
        let peer = Peer {
            address,
            port: 4000,
            door,
            secure: door == Door::Tls,
            certificate: certificate.map(Into::into),
        };
        self.input(Input::Opened { session, peer });
        session
    }

    fn next_id(&mut self) -> SessionId {
        if let Some(before) = self.ended.pop() {
            return SessionId {
                generation: before.generation + 1,
                ..before
            };
        }
        self.next_index += 1;
        SessionId {
            index: self.next_index - 1,
            generation: 0,
        }
    }

    #[track_caller]
    pub(crate) fn id(&self, name: &str) -> SessionId {
        *self
            .sessions
            .get(name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    pub(crate) fn send(&mut self, name: &str, line: &[u8]) {
        let session = self.id(name);
        self.input(Input::LineCame { session, line });
    }

    pub(crate) fn drop_link(&mut self, name: &str) {
        let session = self.id(name);
        self.input(Input::Closed {
            session,
            reason: "Connection closed",
        });
        self.end(session);
    }

    fn end(&mut self, session: SessionId) {
        if !self.closed.contains(&session) {
            self.closed.push(session);
            self.ended.push(session);
        }
    }

    pub(crate) fn is_closed(&self, name: &str) -> bool {
        self.closed.contains(&self.id(name))
    }

    pub(crate) fn inbox(&mut self, name: &str) -> &mut VecDeque<String> {
        let session = self.id(name);
        self.inboxes.entry(session).or_default()
    }

    /// Moves the clock on, waking the server whenever it wanted to be.
    pub(crate) fn pass(&mut self, ms: u64) {
        let end = self.steady + ms;
        while self.wake_at <= end {
            self.steady = self.steady.max(self.wake_at);
            self.wake_at = u64::MAX;
            self.input(Input::Woke);
        }
        self.steady = end;
    }

    pub(crate) fn hold_storage(&mut self) {
        self.held.get_or_insert_default();
    }

    pub(crate) fn release_storage(&mut self) {
        for (ticket, reply) in self.held.take().unwrap_or_default() {
            self.input(Input::Stored { ticket, reply });
        }
    }
}
