//! Transcripts of the session with a fake clock.

use super::command::Outgoing;
use super::event::{Kind, Message as Said, OwnId};
use super::*;
use crate::login::Login;

mod admission;
mod bouncer;
mod breaks;
mod ctcp;
mod directory;
mod elsewhere;
mod failed;
mod gestured;
mod greeting;
mod heard;
mod inquiries;
mod late;
mod libera;
mod links;
mod login;
mod metadata;
mod mismatch;
mod missed;
mod once;
mod own_nick;
mod parents;
mod pulse;
mod regain;
mod saying;
mod services;
mod survey;
mod watch;

const NOW: Millis = 1_000_000;
/// What a server says of itself.
const RULES: &str = "NICKLEN=20 CHANTYPES=# PREFIX=(ov)@+ CASEMAPPING=ascii";

struct Peer {
    session: Session,
    now: Millis,
}

impl Peer {
    fn new() -> Self {
        Self::with(Login::default(), Wire::default())
    }

    /// A peer that logs in like this, on a new wire like that.
    fn with(login: Login, wire: Wire) -> Self {
        let mut session = Session::new(Settings {
            nickname: "ada".into(),
            username: "ada".into(),
            realname: "Ada".into(),
            login,
            netid: None,
            rooms: vec!["#lobby".into()],
            nonce: "n0".into(),
            version: "parlor".into(),
        });
        session.opened(wire, NOW);
        Self { session, now: NOW }
    }

    /// A peer that is in #lobby on a server with these capabilities.
    fn settled(caps: &str) -> Self {
        let mut peer = Self::new();
        peer.greet(caps, "ada", RULES);
        peer.hear(&[
            ":ada!ada@host JOIN #lobby",
            ":srv 353 ada = #lobby :@ada +grace",
            ":srv 366 ada #lobby :End",
        ]);
        peer.sent();
        peer.events();
        peer
    }

    /// The server offers these capabilities, gives what is asked for of them, and lets us in under this nick.
    fn greet(&mut self, caps: &str, nick: &str, rules: &str) {
        self.hear(&[&format!(":srv CAP * LS :{caps}")]);
        let asked = self.sent().pop().unwrap();
        if let Some(names) = asked.strip_prefix("CAP REQ :") {
            self.hear(&[&format!(":srv CAP * ACK :{names}")]);
        }
        self.hear(&[
            &format!(":srv 001 {nick} :Welcome {nick}!ada@host"),
            &format!(":srv 005 {nick} {rules} :are supported"),
            &format!(":srv 422 {nick} :no motd"),
        ]);
    }

    /// The link breaks, and is made again at once: the server has not said anything yet.
    fn relink(&mut self) {
        self.session.lost("gone", 0, self.now);
        self.session.opened(Wire::default(), self.now);
    }

    fn hear(&mut self, lines: &[&str]) {
        for line in lines {
            self.session.feed(line.as_bytes(), self.now);
        }
    }

    fn say(&mut self, own_id: u64, text: &str) {
        let message = Outgoing {
            own_id: OwnId(own_id),
            target: "#lobby".into(),
            kind: Kind::Say,
            text: text.into(),
            reply_to: None,
        };
        self.session.command(Command::Say(message), self.now);
    }

    fn wait(&mut self, millis: Millis) {
        self.now += millis;
        self.session.tick(self.now);
    }

    fn sent(&mut self) -> Vec<String> {
        let bytes = self.session.take_output();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    fn events(&mut self) -> Vec<Event> {
        self.session.take_events()
    }

    fn messages(&mut self) -> Vec<Said> {
        let said = self.events().into_iter().filter_map(|event| match event {
            Event::Message(message) => Some(message),
            _ => None,
        });
        said.collect()
    }
}

const MODERN: &str = "echo-message labeled-response batch message-tags server-time sasl=PLAIN draft/multiline=max-bytes=4000,max-lines=10 unknown/cap";

/// The rows of text that a server's answer is shown as.
fn rows(peer: &mut Peer) -> Vec<String> {
    let rows = peer.events().into_iter().filter_map(|event| match event {
        Event::Listed { text, .. } | Event::ServerNotice { text, .. } => Some(text),
        _ => None,
    });
    rows.collect()
}
