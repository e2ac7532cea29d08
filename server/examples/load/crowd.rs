//! The members: they connect, register, enter and listen. It never decides when something is said.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpSocket;
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;

use crate::Failure;
use crate::board::Board;
use crate::scene::Scene;

/// Connections that register at once: fewer than a server lets wait to be accepted.
const WAVE: usize = 500;

/// Connections from one loopback address. It has some 28,000 ports, but the system seeks long for one where many are in
/// use, or were a minute ago.
const PORTS: usize = 5_000;

thread_local! {
    /// One buffer for all: a member that is silent holds none.
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; 64 * 1024].into());
}

/// Where a server is, and how it is spoken to.
#[derive(Clone)]
pub struct Place {
    address: SocketAddr,
    tls: Option<TlsConnector>,
    caps: String,
}

impl Place {
    /// Unencrypted.
    pub fn plain(address: SocketAddr, caps: &str) -> Self {
        Self {
            address,
            tls: None,
            caps: caps.to_owned(),
        }
    }

    /// With TLS; only that certificate is trusted. Nobody was here before: each shakes hands in full.
    pub fn encrypted(
        address: SocketAddr,
        certificate: &CertificateDer<'static>,
        caps: &str,
    ) -> Result<Self, Failure> {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Self {
            tls: Some(TlsConnector::from(Arc::new(config))),
            ..Self::plain(address, caps)
        })
    }
}

/// The end of a member that is written to.
pub type Mouth = Rc<Mutex<Box<dyn AsyncWrite + Unpin>>>;

/// Says something, and sees to it that it goes out: TLS may keep back what a socket did not take at once.
pub async fn say(mouth: &Mouth, lines: &[u8]) -> io::Result<()> {
    let mut mouth = mouth.lock().await;
    mouth.write_all(lines).await?;
    mouth.flush().await
}

/// Everybody.
pub struct Crowd {
    /// What they have done and heard.
    pub board: Rc<Board>,
    /// Their ends, by number.
    pub mouths: Vec<Mouth>,
    /// Rooms they were told to enter, in all.
    entered: usize,
    scene: Scene,
}

impl Crowd {
    /// Nobody yet.
    pub fn new(scene: &Scene) -> Self {
        Self {
            board: Rc::new(Board::new(scene.senders, scene.storm)),
            mouths: Vec::with_capacity(scene.members),
            entered: 0,
            scene: *scene,
        }
    }

    /// A wave connects and registers; how many are there now.
    pub async fn arrive(&mut self, place: &Place) -> Result<usize, Failure> {
        let first = self.mouths.len();
        let count = self.scene.members.min(first + WAVE);
        for number in first..count {
            self.connect(number, place).await?;
        }
        let all = |board: &Board| board.registered.get() >= count;
        self.board.until("all are registered", all).await?;
        Ok(count)
    }

    async fn connect(&mut self, number: usize, place: &Place) -> Result<(), Failure> {
        let socket = TcpSocket::new_v4()?;
        if place.address.ip().is_loopback() && self.scene.members > PORTS {
            let last = u8::try_from(1 + number / PORTS)?;
            let own = IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
            socket.bind((own, 0).into())?;
        }
        let stream = socket.connect(place.address).await?;
        stream.set_nodelay(true)?;
        let (reader, writer): (Box<dyn AsyncRead + Unpin>, Box<dyn AsyncWrite + Unpin>) =
            if let Some(tls) = &place.tls {
                let name = ServerName::try_from("localhost")?;
                let stream = tls.connect(name, stream).await?;
                let (reader, writer) = tokio::io::split(stream);
                (Box::new(reader), Box::new(writer))
            } else {
                let (reader, writer) = stream.into_split();
                (Box::new(reader), Box::new(writer))
            };
        let mouth = Rc::new(Mutex::new(writer));
        let listener = Listener {
            board: Rc::clone(&self.board),
            mouth: Rc::clone(&mouth),
            observed: self.observed_by(number),
            tail: Vec::new(),
        };
        tokio::task::spawn_local(listener.run(reader));
        let mut hello = format!("NICK m{number}\r\nUSER load 0 * :load\r\n");
        if !place.caps.is_empty() {
            hello = format!("CAP REQ :{}\r\n{hello}CAP END\r\n", place.caps);
        }
        say(&mouth, hello.as_bytes()).await?;
        self.mouths.push(mouth);
        Ok(())
    }

    /// The group of a member: neighbours by number.
    fn group_of(&self, member: usize) -> usize {
        member / self.scene.size()
    }

    /// Which member a sender is: one of each group, then the next of each.
    pub fn member_of(&self, sender: usize) -> usize {
        let (groups, size) = (self.scene.groups, self.scene.size());
        sender % groups * size + sender / groups % size
    }

    /// The rooms of a member.
    pub fn rooms_of(&self, member: usize) -> Vec<usize> {
        (self.group_of(member)..self.scene.rooms)
            .step_by(self.scene.groups)
            .collect()
    }

    /// The senders whom a member hears for all of its group: it is the last of those who do not speak themselves.
    fn observed_by(&self, member: usize) -> Vec<usize> {
        let (group, size) = (self.group_of(member), self.scene.size());
        let last = (group + 1) * size - 1;
        (group..self.scene.senders)
            .step_by(self.scene.groups)
            .filter(|sender| {
                let speaker = self.member_of(*sender);
                member == if speaker == last { last - 1 } else { last }
            })
            .collect()
    }

    /// Whoever is not in yet, from this member on, enters all of its rooms.
    pub async fn enter(&mut self, first: usize) -> Result<(), Failure> {
        for number in first..self.mouths.len() {
            let rooms = self.rooms_of(number);
            self.entered += rooms.len();
            // A line has room for some forty names.
            for some in rooms.chunks(40) {
                let names: Vec<String> = some.iter().map(|room| format!("#r{room}")).collect();
                let line = format!("JOIN {}\r\n", names.join(","));
                self.say(number, line.as_bytes()).await?;
            }
        }
        let entered = self.entered;
        let all = |board: &Board| board.entered.get() >= entered;
        self.board.until("all have entered", all).await
    }

    /// Everybody enters at once; waits until everybody has heard of everybody who came later.
    pub async fn enter_at_once(&mut self, expected: u64) -> Result<(), Failure> {
        for number in 0..self.mouths.len() {
            self.say(number, b"JOIN #r0\r\n").await?;
        }
        let all = |board: &Board| board.heard.get() >= expected || board.lost.get() > 0;
        self.board.until("everybody has heard of all", all).await
    }

    /// Everybody leaves; waits until the server has let go of all.
    pub async fn leave(self) -> Result<(), Failure> {
        let count = self.mouths.len();
        for number in 0..count {
            self.say(number, b"QUIT\r\n").await?;
        }
        let all = |board: &Board| board.lost.get() >= count;
        self.board.until("all have left", all).await
    }

    async fn say(&self, number: usize, line: &[u8]) -> io::Result<()> {
        match self.mouths.get(number) {
            Some(mouth) => say(mouth, line).await,
            None => Ok(()),
        }
    }
}

/// Who listens for one member.
struct Listener {
    board: Rc<Board>,
    mouth: Mouth,
    /// The senders whom this member hears for its group.
    observed: Vec<usize>,
    /// The start of a line whose end has not come.
    tail: Vec<u8>,
}

impl Listener {
    async fn run(mut self, mut reader: Box<dyn AsyncRead + Unpin>) {
        while let Ok(true) = self.listen(&mut reader).await {}
        self.board.lost.set(self.board.lost.get() + 1);
        self.board.notify();
    }

    /// Reads once; false: nothing more will come.
    async fn listen(&mut self, reader: &mut Box<dyn AsyncRead + Unpin>) -> io::Result<bool> {
        let mut pings = Vec::new();
        let count = poll_fn(|context| {
            SCRATCH.with_borrow_mut(|scratch| {
                let mut buffer = ReadBuf::new(scratch);
                let read = Pin::new(&mut *reader).poll_read(context, &mut buffer);
                read.map_ok(|()| {
                    self.heard(buffer.filled(), &mut pings);
                    buffer.filled().len()
                })
            })
        })
        .await?;
        for ping in pings {
            say(&self.mouth, &ping).await?;
        }
        Ok(count > 0)
    }

    fn heard(&mut self, bytes: &[u8], pings: &mut Vec<Vec<u8>>) {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes) {
            let line = bytes.get(start..end).unwrap_or_default();
            start = end + 1;
            if self.tail.is_empty() {
                self.line(line, pings);
            } else {
                let mut whole = std::mem::take(&mut self.tail);
                whole.extend_from_slice(line);
                self.line(&whole, pings);
            }
        }
        self.tail
            .extend_from_slice(bytes.get(start..).unwrap_or_default());
        self.board.notify();
    }

    fn line(&self, line: &[u8], pings: &mut Vec<Vec<u8>>) {
        let board = &self.board;
        if let Some(at) = memchr::memmem::find(line, b" :load ") {
            board.heard.set(board.heard.get() + 1);
            self.observe(line.get(at + 7..).unwrap_or_default());
            return;
        }
        let mut words = line
            .split(|byte| *byte == b' ')
            .filter(|word| !word.starts_with(b"@"));
        match (words.next(), words.next()) {
            (Some(b"PING"), Some(token)) => pings.push([b"PONG ", token, b"\n"].concat()),
            (_, Some(b"JOIN")) if board.counts_entering => board.heard.set(board.heard.get() + 1),
            (_, Some(b"001")) => board.registered.set(board.registered.get() + 1),
            (_, Some(b"366")) => board.entered.set(board.entered.get() + 1),
            _ => {}
        }
    }

    /// What a sender said: its number and the microsecond.
    fn observe(&self, said: &[u8]) {
        if self.observed.is_empty() {
            return;
        }
        let text = String::from_utf8_lossy(said);
        let mut numbers = text.split(' ').map_while(|word| word.parse::<u64>().ok());
        let (Some(sender), Some(sent)) = (numbers.next(), numbers.next()) else {
            return;
        };
        let sender = usize::try_from(sender).unwrap_or(usize::MAX);
        if self.observed.contains(&sender)
            && let Some(seen) = self.board.seen.get(sender)
        {
            seen.count.set(seen.count.get() + 1);
            seen.more.notify_one();
            let wait = self
                .board
                .start
                .elapsed()
                .saturating_sub(Duration::from_micros(sent));
            self.board.waits.borrow_mut().push(wait);
        }
    }
}
