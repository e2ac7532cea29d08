//! People come, talk, rename, enter, leave and go for as long as one likes, each by its own dice. It never decides what
//! a server may keep: it says what memory and which files there were on the way, and what was left in the end.

use std::cell::Cell;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::host::{History, Host};
use crate::process::Use;
use crate::{Failure, enough_files, say};

/// Rooms where there is always somebody.
const HALLS: u64 = 10;

/// Deeds of one visit, at most.
const DEEDS_MAX: u64 = 60;

/// How long the last have to leave.
const FAREWELL: Duration = Duration::from_secs(60);

/// How long it goes on.
#[derive(Debug, clap::Args)]
pub struct Soak {
    /// Minutes
    #[arg(long, default_value_t = 20)]
    minutes: u64,
    /// People at once
    #[arg(long, default_value_t = 200)]
    people: usize,
    /// Milliseconds between two deeds of one, on average
    #[arg(long, default_value_t = 200)]
    pause: u64,
    /// Seconds between two looks at the server
    #[arg(long, default_value_t = 30)]
    look: u64,
    /// Whether the server keeps history
    #[arg(long, default_value = "disk")]
    history: History,
}

/// What they have done.
#[derive(Debug, Default)]
struct Tally {
    over: Cell<bool>,
    here: Cell<usize>,
    visits: Cell<u64>,
    deeds: Cell<u64>,
    lines: Cell<u64>,
}

fn more<T: Copy + std::ops::Add<Output = T>>(cell: &Cell<T>, by: T) {
    cell.set(cell.get() + by);
}

/// Lets them, and watches.
pub fn measure(soak: &Soak) -> Result<(), Failure> {
    enough_files(soak.people)?;
    let host = Host::start(soak.history)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, watch(soak, &host))
}

async fn watch(soak: &Soak, host: &Host) -> Result<(), Failure> {
    let tally = Rc::new(Tally::default());
    let start = Instant::now();
    let end = start + Duration::from_secs(soak.minutes * 60);
    look(start, host, &tally).await?;
    for number in 1..=soak.people {
        let person = Person {
            number,
            dice: Dice(0x9e37_79b9_7f4a_7c15 ^ u64::try_from(number)?),
            pause: soak.pause,
            tally: Rc::clone(&tally),
        };
        tokio::task::spawn_local(person.live(host.plain));
    }
    while Instant::now() < end {
        let next = Duration::from_secs(soak.look.max(1));
        tokio::time::sleep(next.min(end.saturating_duration_since(Instant::now()))).await;
        look(start, host, &tally).await?;
    }
    tally.over.set(true);
    let last = Instant::now() + FAREWELL;
    while tally.here.get() > 0 && Instant::now() < last {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What the last said is still on its way to the log.
    tokio::time::sleep(Duration::from_secs(2)).await;
    look(start, host, &tally).await
}

async fn look(start: Instant, host: &Host, tally: &Tally) -> Result<(), Failure> {
    // What it costs to ask is not to be counted.
    let Use { bytes, files, .. } = Use::of(host.pid())?;
    let (people, rooms) = census(host.plain).await?;
    say(format_args!(
        "{:>5} s: {} KiB, {files} files, {people} people, {rooms} rooms; {} visits, {} deeds, {} lines heard",
        start.elapsed().as_secs(),
        bytes >> 10,
        tally.visits.get(),
        tally.deeds.get(),
        tally.lines.get(),
    ))
}

/// Who is here besides the one who asks, and how many rooms there are.
async fn census(address: SocketAddr) -> Result<(u64, u64), Failure> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    stream
        .write_all(b"NICK census\r\nUSER load 0 * :load\r\n")
        .await?;
    let (mut rooms, mut line) = (0, String::new());
    while stream.read_line(&mut line).await? > 0 {
        let mut words = line.split(' ').skip(1);
        match words.next() {
            Some("PING") => answer(&mut stream, &line).await?,
            Some("254") => rooms = words.nth(1).unwrap_or_default().parse()?,
            Some("265") => {
                let people: u64 = words.nth(1).unwrap_or_default().parse()?;
                return Ok((people.saturating_sub(1), rooms));
            }
            _ if line.starts_with("PING ") => answer(&mut stream, &line).await?,
            _ => {}
        }
        line.clear();
    }
    Err("the server closed the link of who asked".into())
}

async fn answer(stream: &mut BufReader<TcpStream>, ping: &str) -> std::io::Result<()> {
    let token = ping.rsplit(' ').next().unwrap_or_default();
    stream.write_all(format!("PONG {token}").as_bytes()).await
}

/// Figures by chance, the same in every run.
struct Dice(u64);

impl Dice {
    /// Below that.
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides.max(1)
    }
}

/// One who comes and goes.
struct Person {
    number: usize,
    dice: Dice,
    pause: u64,
    tally: Rc<Tally>,
}

impl Person {
    async fn live(mut self, server: SocketAddr) {
        more(&self.tally.here, 1);
        while !self.tally.over.get() {
            more(&self.tally.visits, 1);
            // A link that breaks is a visit that ends.
            let _ = self.visit(server).await;
        }
        self.tally.here.set(self.tally.here.get() - 1);
    }

    async fn visit(&mut self, server: SocketAddr) -> std::io::Result<()> {
        let mut stream = BufReader::new(TcpStream::connect(server).await?);
        let caps = "message-tags server-time batch labeled-response echo-message away-notify \
                    draft/chathistory draft/read-marker draft/metadata-2";
        let caps = if self.dice.roll(3) == 0 { "" } else { caps };
        let hello = format!(
            "CAP REQ :{caps}\r\nNICK s{0}\r\nUSER load 0 * :load\r\nCAP END\r\n",
            self.number
        );
        stream.write_all(hello.as_bytes()).await?;
        let mut rooms = Vec::new();
        for _ in 0..self.dice.roll(DEEDS_MAX) {
            self.listen(&mut stream).await?;
            if self.tally.over.get() {
                break;
            }
            let mut deed = String::new();
            // Writing to a string cannot fail.
            let _ = self.choose(&mut rooms, &mut deed);
            more(&self.tally.deeds, 1);
            stream.write_all(deed.as_bytes()).await?;
        }
        // Some say that they leave; others are gone.
        if self.dice.roll(3) > 0 {
            stream.write_all(b"QUIT :see you\r\n").await?;
            let mut line = String::new();
            while stream.read_line(&mut line).await? > 0 {
                line.clear();
            }
        }
        Ok(())
    }

    /// Listens until it is time for the next deed.
    async fn listen(&mut self, stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
        let pause = Duration::from_millis(self.dice.roll(2 * self.pause));
        let until = tokio::time::Instant::now() + pause;
        let mut line = Vec::new();
        // Of a line that is cut off in time, the rest is read as a line of its own.
        while let Ok(read) =
            tokio::time::timeout_at(until, stream.read_until(b'\n', &mut line)).await
        {
            if read? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            more(&self.tally.lines, 1);
            if line.starts_with(b"PING ") {
                answer(stream, &String::from_utf8_lossy(&line)).await?;
            }
            line.clear();
        }
        Ok(())
    }

    fn room(&mut self, rooms: &[String]) -> String {
        let count = u64::try_from(rooms.len()).unwrap_or(0);
        let place = usize::try_from(self.dice.roll(count)).unwrap_or(0);
        rooms.get(place).cloned().unwrap_or("#hall0".to_owned())
    }

    fn choose(&mut self, rooms: &mut Vec<String>, deed: &mut String) -> std::fmt::Result {
        let chance = self.dice.roll(u64::MAX);
        let other = self.dice.roll(200) + 1;
        let own = self.number;
        let room = self.room(rooms);
        match self.dice.roll(28) {
            0..=2 => {
                let hall = format!("#hall{}", chance % HALLS);
                write!(deed, "JOIN {hall}\r\n")?;
                rooms.push(hall);
            }
            // A name that nobody has ever used.
            3..=5 => {
                let hall = format!("#r{chance:x}");
                write!(deed, "JOIN {hall}\r\n")?;
                rooms.push(hall);
            }
            6..=7 => {
                rooms.retain(|name| *name != room);
                write!(deed, "PART {room} :enough\r\n")?;
            }
            8..=13 => write!(deed, "PRIVMSG {room} :load {own} {chance} and so on\r\n")?,
            14 => write!(deed, "PRIVMSG s{other} :load {own} {chance} for you\r\n")?,
            15 => write!(deed, "NICK s{own}x{}\r\n", chance % 1000)?,
            16 => write!(deed, "TOPIC {room} :{chance}\r\n")?,
            17 => write!(deed, "CHATHISTORY LATEST {room} * 50\r\n")?,
            18 => write!(deed, "WHO {room}\r\nWHOIS s{other}\r\nWHOWAS s{other}\r\n")?,
            19 => write!(deed, "LIST\r\nLUSERS\r\nNAMES {room}\r\n")?,
            20 => write!(deed, "AWAY :{chance}\r\nMONITOR + s{other},q{chance:x}\r\n")?,
            21 => write!(deed, "MODE {room} +b {chance:x}!*@*\r\n")?,
            22 => write!(
                deed,
                "@+typing=active TAGMSG {room}\r\nMARKREAD {room} timestamp=20{:02}-01-01T00:00:00.000Z\r\n",
                chance % 100
            )?,
            23 => write!(
                deed,
                "INVITE s{other} {room}\r\nKICK {room} s{other} :out\r\n"
            )?,
            24 => write!(deed, "METADATA * SET note{} :{chance}\r\n", chance % 3)?,
            25 => write!(
                deed,
                "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 50\r\n"
            )?,
            26 => write!(deed, "@label=l{own} NONSENSE {chance}\r\n")?,
            _ => write!(
                deed,
                "JOIN #key{chance:x} key\r\nMODE #key{chance:x} +k key\r\nPART #key{chance:x}\r\n"
            )?,
        }
        Ok(())
    }
}
