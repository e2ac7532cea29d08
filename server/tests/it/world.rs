//! A server on ports of its own, and people who connect to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::time::Duration;

use server::config::Config;
use server::run::{Options, Running, start};
use server_core::Door;

/// No answer takes so long; a test that waits for one that never comes fails.
const DEADLINE: Duration = Duration::from_secs(20);

/// A running server, stopped when dropped.
pub(crate) struct World {
    running: Mutex<Option<Running>>,
    folder: Option<Folder>,
}

/// A folder that is gone with its owner.
pub(crate) struct Folder(pub(crate) std::path::PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let mut name = [0; 8];
        getrandom::fill(&mut name).unwrap();
        let name = format!("parlord-test-{:016x}", u64::from_ne_bytes(name));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server with the doors and limits that `config` (TOML, all of it below `[server]`) asks for.
pub(crate) fn world(config: &str) -> World {
    let folder = Folder::new();
    world_in(config, folder)
}

pub(crate) fn world_in(config: &str, folder: Folder) -> World {
    let text = format!(
        "[server]\nlisten = [\"127.0.0.1:0\"]\n{config}\n[server.history]\ndurability = \"process\"\n\
        [server.accounts]\npassword_hash = \"minimum\"\n"
    );
    let config = Config::parse(&text, "test.toml").unwrap();
    world_of(config, folder)
}

/// A server of that configuration, with its data in a folder.
pub(crate) fn world_of(mut config: Config, folder: Folder) -> World {
    config.data_dir = folder.0.display().to_string();
    let running = start(config, Options::default()).unwrap();
    World {
        running: Mutex::new(Some(running)),
        folder: Some(folder),
    }
}

impl World {
    pub(crate) fn address(&self, door: Door) -> SocketAddr {
        let running = self.running.lock().unwrap();
        let addresses = running.as_ref().unwrap().addresses();
        addresses.iter().find(|(one, _)| *one == door).unwrap().1
    }

    pub(crate) fn metrics(&self) -> SocketAddr {
        self.running.lock().unwrap().as_ref().unwrap().metrics()[0]
    }

    /// A connection that has said nothing yet.
    pub(crate) fn connect(&self, door: Door) -> Person {
        Person::new(TcpStream::connect(self.address(door)).unwrap())
    }

    /// Somebody registered.
    pub(crate) fn person(&self, nick: &str) -> Person {
        let mut person = self.connect(Door::Tcp);
        person.register(nick);
        person
    }

    /// Somebody in a room.
    pub(crate) fn member(&self, nick: &str, room: &str) -> Person {
        let mut person = self.person(nick);
        person.say(&format!("JOIN {room}"));
        person.reads(" 366 ");
        person
    }

    /// Stops the server and gives its folder to the next.
    pub(crate) fn into_folder(mut self) -> Folder {
        self.stop();
        self.folder.take().unwrap()
    }

    /// Stops the server and waits for its end.
    pub(crate) fn stop(&self) {
        if let Some(running) = self.running.lock().unwrap().take() {
            running.stop("the test is over");
            running.wait().unwrap();
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(running) = self.running.lock().unwrap().take() {
            running.stop("the test is over");
            let _ = running.wait();
        }
    }
}

/// One end of a connection to the server.
pub(crate) struct Person {
    pub(crate) stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Person {
    pub(crate) fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        stream.set_write_timeout(Some(DEADLINE)).unwrap();
        stream.set_nodelay(true).unwrap();
        let reader = BufReader::new(stream.try_clone().unwrap());
        Self { stream, reader }
    }

    pub(crate) fn register(&mut self, nick: &str) {
        self.say(&format!("NICK {nick}"));
        self.say(&format!("USER {nick} 0 * :{nick}"));
        self.reads(" 001 ");
        self.reads(" 422 ");
    }

    /// Sends a line.
    pub(crate) fn say(&mut self, line: &str) {
        self.send(format!("{line}\r\n").as_bytes());
    }

    /// Sends bytes as they are.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// The next line; `None` at the end of the connection.
    #[track_caller]
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        match self.reader.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(String::from_utf8_lossy(&line).trim_end().to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => None,
            Err(error) => panic!("nothing more came: {error}"),
        }
    }

    /// Reads on to a line with `words` in it.
    #[track_caller]
    pub(crate) fn reads(&mut self, words: &str) -> String {
        let mut seen = Vec::new();
        while let Some(line) = self.line() {
            if line.contains(words) {
                return line;
            }
            seen.push(line);
        }
        panic!("the connection ended before {words:?}: {seen:#?}")
    }

    /// Reads on to a line with any of these words in it.
    #[track_caller]
    pub(crate) fn reads_until(&mut self, words: &[&str]) -> String {
        let mut found = std::iter::from_fn(|| self.line());
        let found = found.find(|line| words.iter().any(|one| line.contains(one)));
        found.unwrap_or_else(|| panic!("the connection ended before any of {words:?}"))
    }

    /// Reads all that comes until the server ends the connection.
    #[track_caller]
    pub(crate) fn reads_to_the_end(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.line()).collect()
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.reader.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// The server still answers this connection.
    #[track_caller]
    pub(crate) fn is_served(&mut self) {
        self.say("PING :still-there");
        self.reads("still-there");
    }
}
