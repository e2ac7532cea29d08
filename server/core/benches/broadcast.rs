//! What the core does for a message, from the line to the effects: `cargo bench -p server-core`. It never writes to a
//! socket or a log.

use std::net::{IpAddr, Ipv4Addr};

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher};
use protocol::Stamp;
use server_core::storage::{StorageReply, StorageRequest};
use server_core::{Door, Effect, Input, Now, Peer, Server, SessionId, Settings};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// Messages of one measurement.
const MESSAGES: usize = 100;

fn main() {
    divan::main();
}

/// A server with one room that so many are in.
struct Room {
    server: Server,
    effects: Vec<Effect>,
    now: Now,
}

impl Room {
    fn of(members: u32, history: bool) -> Self {
        let mut settings = Settings::default();
        settings.limits.flood_control = false;
        settings.history.enabled = history;
        let mut room = Self {
            server: Server::new(settings),
            effects: Vec::new(),
            now: Now {
                wall: Stamp(1_767_268_800_000),
                steady: 0,
            },
        };
        room.tell(Input::Started);
        for number in 0..members {
            room.enter(number);
        }
        room
    }

    fn enter(&mut self, number: u32) {
        let session = id(number);
        let peer = Peer {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 1024,
            door: Door::Tcp,
            secure: false,
            certificate: None,
        };
        self.tell(Input::Opened { session, peer });
        // Three kinds of client, as in a real room.
        let caps = match number % 3 {
            0 => "message-tags server-time echo-message labeled-response batch",
            1 => "message-tags server-time account-tag batch draft/multiline",
            _ => "server-time",
        };
        self.line(number, &format!("CAP REQ :{caps}"));
        self.line(number, &format!("NICK m{number}"));
        self.line(number, "USER bench 0 * :bench");
        self.line(number, "CAP END");
        self.line(number, "JOIN #bench");
    }

    fn line(&mut self, number: u32, line: &str) {
        let (session, line) = (id(number), line.as_bytes());
        self.tell(Input::LineCame { session, line });
    }

    /// Tells the core something; the log answers at once. Says how many deliveries came of it.
    fn tell(&mut self, input: Input<'_>) -> usize {
        self.server.handle(self.now, input, &mut self.effects);
        let mut deliveries = 0;
        let mut asked = Vec::new();
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Deliver { to, .. } => deliveries += to.len(),
                Effect::Store { ticket, request } => {
                    asked.push((ticket, matches!(request, StorageRequest::Recall { .. })));
                }
                _ => {}
            }
        }
        let time = self.now.wall;
        for (ticket, recalls) in asked {
            let reply = if recalls {
                StorageReply::Shelved(Vec::new())
            } else {
                StorageReply::Appended { time }
            };
            deliveries += self.tell(Input::Stored { ticket, reply });
        }
        deliveries
    }
}

fn id(index: u32) -> SessionId {
    SessionId {
        index,
        generation: 0,
    }
}

fn say(bencher: Bencher<'_, '_>, members: u32, history: bool) {
    let mut room = Room::of(members, history);
    let words = "PRIVMSG #bench :what is said in a room on a rainy afternoon";
    bencher.counter(ItemsCount::new(MESSAGES)).bench_local(|| {
        let mut deliveries = 0;
        for _ in 0..MESSAGES {
            let (session, line) = (id(0), words.as_bytes());
            deliveries += room.tell(Input::LineCame { session, line });
        }
        assert_eq!(deliveries, MESSAGES * (members as usize - 1));
        deliveries
    });
}

#[divan::bench(args = [10, 100, 1000, 10_000])]
fn message(bencher: Bencher<'_, '_>, members: u32) {
    say(bencher, members, false);
}

#[divan::bench(args = [10, 1000])]
fn message_that_is_kept(bencher: Bencher<'_, '_>, members: u32) {
    say(bencher, members, true);
}

/// Somebody comes into a room of so many, and leaves it again.
#[divan::bench(args = [10, 1000])]
fn join_and_part(bencher: Bencher<'_, '_>, members: u32) {
    let mut room = Room::of(members, false);
    bencher.bench_local(|| {
        room.line(1, "PART #bench");
        room.line(1, "JOIN #bench");
    });
}
