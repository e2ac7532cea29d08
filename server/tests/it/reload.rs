//! A configuration that is read again while people talk: doors open and close, queues and figures change, nobody is
//! dropped.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use server::config::Config;
use server::run::{Options, Running, start};
use server_core::Door;

use crate::world::{Folder, Person};

/// A server whose configuration the test rewrites.
struct Reloading {
    running: Option<Running>,
    text: Arc<Mutex<String>>,
    folder: Folder,
    operator: Person,
}

impl Reloading {
    fn new(config: &str) -> Self {
        let folder = Folder::new();
        let text = Arc::new(Mutex::new(whole(&folder, config)));
        let theirs = Arc::clone(&text);
        let parse = |text: &str| Config::parse(text, "test.toml").map_err(|why| why.to_string());
        let options = Options {
            read_again: Some(Box::new(move || parse(&theirs.lock().unwrap()))),
            ..Options::default()
        };
        let config = parse(&text.lock().unwrap()).unwrap();
        let running = start(config, options).unwrap();
        let (_, address) = running.addresses()[0];
        let mut operator = Person::new(TcpStream::connect(address).unwrap());
        operator.register("ada");
        operator.say("OPER op secret");
        operator.reads(" 381 ");
        Self {
            running: Some(running),
            text,
            folder,
            operator,
        }
    }

    /// Puts another configuration in force; says what the operator is told of it.
    #[track_caller]
    fn rehash(&mut self, config: &str) -> String {
        *self.text.lock().unwrap() = whole(&self.folder, config);
        self.operator.say("REHASH");
        self.operator.reads(" 382 ");
        self.operator.reads("NOTICE ada :the configuration ")
    }

    /// Where the door is that was open at the start.
    fn first(&self, door: Door) -> SocketAddr {
        let addresses = self.running.as_ref().unwrap().addresses();
        addresses.iter().find(|(one, _)| *one == door).unwrap().1
    }
}

impl Drop for Reloading {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop("the test is over");
            let _ = running.wait();
        }
    }
}

fn whole(folder: &Folder, config: &str) -> String {
    format!(
        "[server]\ndata_dir = \"{}\"\n{config}\n[server.accounts]\npassword_hash = \"minimum\"\n\
        [[server.operator]]\nname = \"op\"\npassword = \"secret\"\n",
        folder.0.display()
    )
}

/// A port that is free now.
fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[test]
fn doors_open_and_close_and_nobody_is_dropped() {
    let mut server =
        Reloading::new("listen = [\"127.0.0.1:0\"]\n[server.plain]\nlisten = [\"127.0.0.1:0\"]\n");
    let plain = server.first(Door::Plain);
    let mut nc = Person::new(TcpStream::connect(plain).unwrap());
    nc.reads("Welcome");
    let (more, tls) = (free(), free());
    let told = server.rehash(&format!(
        "listen = [\"127.0.0.1:0\", \"{more}\"]\n[server.tls]\nlisten = [\"{tls}\"]\n"
    ));
    assert!(
        told.ends_with(
            ":the configuration was read again; changed: listen, plain.listen, tls.listen"
        ),
        "{told}"
    );
    let mut ken = Person::new(TcpStream::connect(more).unwrap());
    ken.register("ken");
    TcpStream::connect(tls).unwrap();
    // The plain door is gone; who came in by it is not.
    let error = TcpStream::connect(plain).map(drop).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    nc.say("still here");
    ken.say("JOIN #lobby");
    ken.reads(" 366 ");
    nc.say("and heard");
    ken.reads(":and heard");
    // The first door never closed.
    let first = server.first(Door::Tcp);
    Person::new(TcpStream::connect(first).unwrap()).register("eve");
}

#[test]
fn a_door_changes_its_manners_without_closing() {
    let here = free();
    let plain = format!("[server.plain]\nlisten = [\"{here}\"]\n");
    let mut server = Reloading::new(&format!("listen = [\"127.0.0.1:0\"]\n{plain}"));
    server.rehash(&format!(
        "listen = [\"127.0.0.1:0\"]\n{plain}style = \"nick\"\n"
    ));
    let mut nc = Person::new(TcpStream::connect(here).unwrap());
    assert_eq!(nc.bytes(4), b"NICK");
}

#[test]
fn whoever_runs_it_in_their_own_process_puts_another_in_force() {
    let mut server = Reloading::new("listen = [\"127.0.0.1:0\"]\n");
    let running = server.running.as_ref().unwrap();
    let put = |config: &str| {
        let text = whole(&server.folder, config);
        let config = Config::parse(&text, "test.toml").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.build().unwrap();
        runtime.block_on(running.put_in_force(config))
    };
    let blocker = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = blocker.local_addr().unwrap();
    let first = "listen = [\"127.0.0.1:0\"]\nmotd = \"after\"\n";
    let why = put(&format!("{first}[server.tls]\nlisten = [\"{taken}\"]\n")).unwrap_err();
    assert!(why.contains(&taken.to_string()), "{why}");
    let tls = free();
    let done = put(&format!("{first}[server.tls]\nlisten = [\"{tls}\"]\n"));
    assert_eq!(done, Ok(()));
    TcpStream::connect(tls).unwrap();
    server.operator.say("MOTD");
    server.operator.reads(":- after");
}

#[test]
fn a_configuration_that_cannot_be_done_changes_nothing() {
    let blocker = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = blocker.local_addr().unwrap();
    let mut server = Reloading::new("listen = [\"127.0.0.1:0\"]\n");
    let told = server.rehash(&format!("listen = [\"{taken}\"]\nmotd = \"after\"\n"));
    assert!(told.contains("could not be read again"), "{told}");
    assert!(told.contains(&taken.to_string()), "{told}");
    server.operator.say("MOTD");
    server.operator.reads(" 422 ");
    let first = server.first(Door::Tcp);
    Person::new(TcpStream::connect(first).unwrap()).register("ken");
    drop(blocker);
}

#[test]
fn fewer_connections_are_let_in_and_nobody_is_sent_away() {
    let listen = "listen = [\"127.0.0.1:0\"]\n";
    let limits = |connections: u64| {
        format!(
            "{listen}[server.limits]\nconnections = {connections}\nconnections_per_address = 0\n"
        )
    };
    let mut server = Reloading::new(&limits(3));
    let first = server.first(Door::Tcp);
    let mut ken = Person::new(TcpStream::connect(first).unwrap());
    ken.register("ken");
    server.rehash(&limits(1));
    let mut eve = Person::new(TcpStream::connect(first).unwrap());
    assert_eq!(
        eve.reads_to_the_end(),
        ["ERROR :Closing link: (this server is full)"]
    );
    ken.is_served();
    server.rehash(&limits(4));
    Person::new(TcpStream::connect(first).unwrap()).register("eve");
}

#[test]
fn what_cannot_change_is_named() {
    let mut server = Reloading::new("listen = [\"127.0.0.1:0\"]\n");
    let told = server.rehash(
        "listen = [\"127.0.0.1:0\"]\nname = \"other.example\"\n[server.history]\n\
        durability = \"process\"\n",
    );
    assert!(
        told.ends_with("from the next start on only: name, history.durability"),
        "{told}"
    );
}

#[test]
fn history_that_was_off_comes_with_the_next_start() {
    let listen = "listen = [\"127.0.0.1:0\"]\n[server.history]\n";
    let mut server = Reloading::new(&format!("{listen}enabled = false\n"));
    // What earlier runs kept of rooms is not known here, and whoever has taken a name would write over it.
    for _ in 0..2 {
        let told = server.rehash(&format!("{listen}enabled = true\n"));
        assert!(
            told.ends_with("from the next start on only: history.enabled"),
            "{told}"
        );
    }
}
