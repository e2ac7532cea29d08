//! Strangers who mean harm, at every real door and all at once, while two honest people talk: these hear each other
//! within some hundred milliseconds, nothing panics, and the memory stays bounded. What the strangers do is random, the
//! same in each run, and over after some seconds.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::program::{Program, started_with};
use crate::world::Person;

/// Strangers at once, each a thread.
const STRANGERS: u64 = 4;
/// What each of them does at most, and for how long at most.
const ATTACKS: usize = 1000;
const ATTACK_TIME: Duration = Duration::from_secs(6);
/// How often the honest people say something.
const PACE: Duration = Duration::from_millis(200);
/// How long what one of them says may take to the other, in most cases and at worst. The machine is busy with other tests,
/// and with the strangers themselves: alone on two cores it is some 3 ms.
const MOSTLY_WITHIN: Duration = Duration::from_millis(500);
const AT_WORST: Duration = Duration::from_secs(5);
/// MiB of memory that the server may have after all that.
const MEMORY_MIB: u64 = 256;

/// Random numbers that are the same in each run (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % most
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let count = self.below(most);
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Where the doors are.
#[derive(Clone)]
struct Doors {
    irc: SocketAddr,
    tls: SocketAddr,
    websocket: SocketAddr,
    websocket_tls: SocketAddr,
    plain: SocketAddr,
}

const CONFIG: &str = "[server.tls]\nlisten = [\"127.0.0.1:0\"]\n\
    [server.websocket]\nlisten = [\"127.0.0.1:0\"]\nlisten_tls = [\"127.0.0.1:0\"]\n\
    [server.plain]\nlisten = [\"127.0.0.1:0\"]\n[server.proxy]\ntrusted = [\"127.0.0.2\"]\n\
    [server.limits]\nregistration_timeout_s = 5\n\
    [server.history]\ndurability = \"process\"\n\
    [server.accounts]\npassword_hash = \"minimum\"\n";

impl Doors {
    /// As the program says that it opens them, the one for IRC first.
    fn of(program: &mut Program) -> Self {
        let irc = program.address.parse().unwrap();
        let mut next = |door: &str| {
            let line = program.says(&format!("{door} door open on "));
            line.trim().rsplit(' ').next().unwrap().parse().unwrap()
        };
        Self {
            irc,
            plain: next("Plain"),
            tls: next("Tls"),
            websocket: next("WebSocket"),
            websocket_tls: next("WebSocket"),
        }
    }

    fn any(&self, chance: &mut Chance) -> SocketAddr {
        let all = [
            self.irc,
            self.tls,
            self.websocket,
            self.websocket_tls,
            self.plain,
        ];
        *chance.one_of(&all)
    }
}

/// A stranger's connections that stay open to the end.
type Held = Vec<TcpStream>;

fn connect(address: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect(address).ok()?;
    // Whoever is slowed down by the server does something else next.
    stream
        .set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    Some(stream)
}

/// Sends it and reads a little of the answer; what the server thinks of it does not matter here.
fn send(address: SocketAddr, bytes: &[u8]) -> Option<TcpStream> {
    let mut stream = connect(address)?;
    let _ = stream.write_all(bytes);
    let _ = stream.read(&mut [0; 4096]);
    Some(stream)
}

/// The beginning of a line: verbs that exist, and words that are too many, too long or no text.
fn line(chance: &mut Chance) -> Vec<u8> {
    let verbs = [
        "PRIVMSG",
        "NOTICE",
        "TAGMSG",
        "JOIN",
        "PART",
        "MODE",
        "TOPIC",
        "NICK",
        "WHO",
        "WHOIS",
        "LIST",
        "NAMES",
        "MONITOR +",
        "METADATA * SET",
        "BATCH +1 draft/multiline",
        "CHATHISTORY",
        "SEARCH",
        "REDACT",
        "MARKREAD",
        "REGISTER",
        "VERIFY ada",
        "AUTHENTICATE",
        "CAP REQ",
        "CAP LS",
        "INVITE",
        "KICK",
        "DEVICE",
        "PASSWD",
        "ERASE",
        "PERSISTENCE",
        "WEBIRC",
        "PASS",
        "OPER",
    ];
    let mut line = Vec::new();
    if chance.below(4) == 0 {
        line.extend(b"@label=1;+draft/reply=");
        line.extend(chance.bytes(200));
        line.push(b' ');
    }
    line.extend(chance.one_of(&verbs).as_bytes());
    for _ in 0..chance.below(18) {
        line.extend(chance.one_of(&[b" ", b" ", b" ", b"\t"]).iter());
        match chance.below(5) {
            0 => line.extend(chance.bytes(60)),
            1 => line.extend(b"#lobby"),
            2 => line.extend(b"ada,bob,".repeat(chance.below(80))),
            3 => line.extend(b"+bbbbooookkkklll"),
            _ => line.extend(b":"),
        }
    }
    line.extend(b"\r\n");
    line
}

fn half_lines(doors: &Doors, chance: &mut Chance, held: &mut Held) {
    let mut bytes = line(chance);
    bytes.truncate(chance.below(bytes.len()));
    held.extend(send(doors.any(chance), &bytes));
}

fn giant_tags(doors: &Doors, chance: &mut Chance, _: &mut Held) {
    let mut bytes = b"@".to_vec();
    bytes.extend(b"+a=b;".repeat(chance.below(30_000)));
    bytes.extend(b" PRIVMSG #lobby :x\r\n");
    send(doors.irc, &bytes);
}

/// Somebody who is let in and goes on from there.
fn from_inside(doors: &Doors, chance: &mut Chance, held: &mut Held) {
    let nick = format!("x{}", chance.below(1_000_000));
    let mut bytes = format!(
        "CAP REQ :batch draft/multiline message-tags\r\nNICK {nick}\r\nUSER x 0 * :x\r\nCAP END\r\n"
    )
    .into_bytes();
    match chance.below(3) {
        0 => {
            let targets: Vec<String> = (0..chance.below(5000)).map(|n| format!("#r{n}")).collect();
            let verb = *chance.one_of(&["JOIN", "PART", "PRIVMSG", "NAMES", "WHO"]);
            bytes.extend(format!("{verb} {} :x\r\n", targets.join(",")).bytes());
        }
        1 => bytes.extend(b"JOIN #lobby\r\nPART #lobby\r\n".repeat(chance.below(300))),
        _ => (0..chance.below(60)).for_each(|_| bytes.extend(line(chance))),
    }
    let stream = send(doors.irc, &bytes);
    if chance.below(3) == 0 {
        // It stays, and never reads.
        held.extend(stream);
    }
}

fn comes_and_goes(doors: &Doors, chance: &mut Chance, _: &mut Held) {
    let door = doors.any(chance);
    for _ in 0..25 {
        if let Some(stream) = connect(door)
            && chance.below(2) == 0
        {
            // So that the server's next write fails.
            let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        }
    }
}

fn slowly(doors: &Doors, chance: &mut Chance, held: &mut Held) {
    for stream in held.iter_mut() {
        let _ = stream.write_all(&[b"NICKUSER \r\n"[chance.below(11)]]);
    }
    held.extend(connect(doors.any(chance)));
    // A stranger's own limit of files is not what is tested.
    held.truncate(100);
}

fn frames(doors: &Doors, chance: &mut Chance, held: &mut Held) {
    let mut bytes = b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        .to_vec();
    if chance.below(5) == 0 {
        bytes.truncate(chance.below(bytes.len()));
    }
    for _ in 0..chance.below(40) {
        // Any opcode and reserved bits, any length, masked or not, and as much as comes.
        bytes.push(chance.next().to_le_bytes()[0]);
        bytes.push(*chance.one_of(&[0x80, 0x85, 0xfe, 0xff, 0x7f, 0x05]));
        bytes.extend(chance.bytes(40));
    }
    held.extend(send(doors.websocket, &bytes));
}

/// From an address that must begin with a PROXY header, and does so badly.
fn proxied(doors: &Doors, chance: &mut Chance, _: &mut Held) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let from: SocketAddr = "127.0.0.2:0".parse().unwrap();
    socket.bind(&from.into()).unwrap();
    if socket.connect(&doors.irc.into()).is_err() {
        return;
    }
    let mut stream = TcpStream::from(socket);
    stream
        .set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let mut bytes = match chance.below(3) {
        0 => b"PROXY TCP4 198.51.100.1 127.0.0.1 1 2\r\n".to_vec(),
        1 => b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc6\x33\x64\x01\x7f\0\0\x01\0\x01\0\x02".to_vec(),
        _ => b"PROXY TCP6 ".to_vec(),
    };
    if chance.below(2) == 0 {
        let place = chance.below(bytes.len());
        bytes[place] = chance.next().to_le_bytes()[0];
    }
    bytes.extend(chance.bytes(300));
    let _ = stream.write_all(&bytes);
}

fn no_handshake(doors: &Doors, chance: &mut Chance, held: &mut Held) {
    // A record of a handshake, of whatever length it says, and garbage in it.
    let mut bytes = vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];
    bytes.extend(chance.bytes(20_000));
    let door = *chance.one_of(&[doors.tls, doors.websocket_tls]);
    held.extend(send(door, &bytes));
}

fn noise(doors: &Doors, chance: &mut Chance, _: &mut Held) {
    let bytes = chance.bytes(50_000);
    if let Some(stream) = send(doors.any(chance), &bytes) {
        let _ = stream.shutdown(Shutdown::Write);
    }
}

type Attack = fn(&Doors, &mut Chance, &mut Held);

const ALL: [Attack; 9] = [
    half_lines,
    giant_tags,
    from_inside,
    comes_and_goes,
    slowly,
    frames,
    proxied,
    no_handshake,
    noise,
];

fn attack(doors: &Doors, seed: u64) -> usize {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ (seed << 32));
    let mut held = Held::new();
    let began = Instant::now();
    let mut count = 0;
    while count < ATTACKS && began.elapsed() < ATTACK_TIME {
        // Each once, then at random.
        let next = ALL.get(count).copied();
        next.unwrap_or_else(|| *chance.one_of(&ALL))(doors, &mut chance, &mut held);
        count += 1;
    }
    count
}

/// MiB of memory that the program has.
fn memory(program: &Program) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.process())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kib / 1024
}

fn member(program: &Program, nick: &str) -> Person {
    let mut person = program.person(nick);
    person.say("JOIN #lobby");
    person.reads(" 366 ");
    person
}

#[test]
fn honest_people_talk_on_while_strangers_do_their_worst() {
    let mut program = started_with(CONFIG, &[]);
    let doors = Doors::of(&mut program);
    let log = program.reads_log_aside();
    let (mut ada, mut bob) = (member(&program, "ada"), member(&program, "bob"));
    let (over, done) = channel();
    let mut waits = Vec::new();
    std::thread::scope(|scope| {
        for seed in 1..=STRANGERS {
            let (doors, over) = (doors.clone(), over.clone());
            scope.spawn(move || over.send(attack(&doors, seed)).unwrap());
        }
        let (mut ended, mut attacks) = (0, 0);
        while ended < STRANGERS {
            let words = format!("number {} of ada", waits.len());
            let said = Instant::now();
            ada.say(&format!("PRIVMSG #lobby :{words}"));
            bob.reads(&words);
            waits.push(said.elapsed());
            match done.recv_timeout(PACE.saturating_sub(said.elapsed())) {
                Ok(count) => {
                    ended += 1;
                    attacks += count;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => panic!("a stranger failed"),
            }
        }
        assert!(attacks >= ALL.len() * 4, "only {attacks} attacks");
    });
    waits.sort_unstable();
    let (middle, worst) = (waits[waits.len() / 2], waits[waits.len() - 1]);
    assert!(middle < MOSTLY_WITHIN && worst < AT_WORST, "{waits:?}");
    let memory = memory(&program);
    assert!(memory < MEMORY_MIB, "{memory} MiB");
    ada.is_served();
    bob.is_served();
    assert_eq!(program.ended(), Some(0));
    let log = log.join().unwrap();
    assert!(!log.contains("bug") && !log.contains("panicked"), "{log}");
}
