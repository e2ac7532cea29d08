//! One of those who talk while the server is killed or links are cut: says messages with ids of its own, in rooms and to
//! one another, several at a time, by an account or as a guest, and says again what was not confirmed. It never judges: it notes what it was told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Encoding};

use super::{Random, TALKERS};

/// The rooms of the drill.
pub(super) const ROOMS: [&str; 2] = ["#left", "#right"];

/// Of so many messages one is private.
const PRIVATE: u64 = 4;

/// Talkers up to this one have accounts; the others are guests, somebody else with each link.
pub(super) const ACCOUNTS: usize = 4;

/// The password of all accounts.
pub(super) const PASSWORD: &str = "sesame";

/// What ends a line.
const END: [char; 2] = ['\r', '\n'];

/// Messages of one talker that are not confirmed yet.
const WINDOW: usize = 8;

/// No answer takes so long.
const DEADLINE: Duration = Duration::from_secs(30);

/// How long a talker waits before it looks whether the server is back.
const AGAIN: Duration = Duration::from_millis(2);

/// What all talkers share.
#[derive(Default)]
pub(super) struct Stage {
    /// Where the server is right now.
    pub(super) address: Mutex<String>,
    /// Set when nothing new is to be said.
    pub(super) over: AtomicBool,
    /// Set when nobody waits for what is not confirmed.
    pub(super) abandoned: AtomicBool,
    /// Of how many bursts one is cut off half-way; 0: none.
    pub(super) cuts: u64,
}

/// What a talker was told, in order.
#[derive(Default)]
pub(super) struct Told {
    /// Texts that were said, each once.
    pub(super) said: Vec<String>,
    /// Text and id of each message that was confirmed.
    pub(super) confirmed: Vec<(String, String)>,
    /// Room and id of each message that was heard live, of the others and of its own.
    pub(super) heard: Vec<(usize, String)>,
    /// The same of private messages: text and id,
    pub(super) private: Vec<(String, String)>,
    /// ids that were read,
    pub(super) whispered: Vec<String>,
    /// and texts that were refused on their first sending, because nobody was there.
    pub(super) refused: Vec<String>,
    /// How often the link was gone.
    pub(super) links_lost: u64,
    /// Messages that were said again,
    pub(super) again: u64,
    /// and those of them that the server had stored before.
    pub(super) recognised: u64,
}

/// A message as a line from the server says it.
pub(super) struct Said<'l> {
    pub(super) label: &'l str,
    pub(super) batch: &'l str,
    pub(super) id: &'l str,
    pub(super) time: &'l str,
    /// `None`: it is private.
    pub(super) room: Option<usize>,
    pub(super) text: &'l str,
}

/// Reads a line as a message to one of the rooms.
pub(super) fn parse(line: &str) -> Option<Said<'_>> {
    let (tags, rest) = line.strip_prefix('@')?.split_once(' ')?;
    let (_, rest) = rest.split_once(" PRIVMSG ")?;
    let (target, text) = rest.split_once(" :")?;
    let tag = |key: &str| {
        let mut all = tags.split(';').filter_map(|tag| tag.split_once('='));
        all.find(|(name, _)| *name == key).map_or("", |(_, v)| v)
    };
    Some(Said {
        label: tag("label"),
        batch: tag("batch"),
        id: tag("msgid"),
        time: tag("time"),
        room: ROOMS.iter().position(|room| *room == target),
        text,
    })
}

/// One who talks.
pub(super) struct Talker<'s> {
    name: String,
    has_account: bool,
    stage: &'s Stage,
    told: &'s Mutex<Told>,
    random: Random,
    /// What is not confirmed: text, target, whether it was said on an earlier link.
    waiting: VecDeque<(String, String, bool)>,
    next: u64,
    /// When the link was made, as the server writes moments.
    since: String,
}

impl<'s> Talker<'s> {
    pub(super) fn new(number: usize, stage: &'s Stage, told: &'s Mutex<Told>, seed: u64) -> Self {
        Self {
            name: format!("talker{number}"),
            has_account: number < ACCOUNTS,
            stage,
            told,
            random: Random(seed ^ (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            waiting: VecDeque::new(),
            next: 0,
            since: String::new(),
        }
    }

    /// Talks until it is over and everything is confirmed.
    pub(super) fn run(mut self) {
        while !self.stage.abandoned.load(Ordering::Relaxed) {
            let address = self.stage.address.lock().unwrap().clone();
            match TcpStream::connect(&address) {
                Ok(stream) => {
                    if self.talk(&stream).is_ok() {
                        return;
                    }
                    self.told.lock().unwrap().links_lost += 1;
                }
                Err(_) => std::thread::park_timeout(AGAIN),
            }
        }
    }

    /// On one link; the error is that it is gone.
    fn talk(&mut self, stream: &TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(DEADLINE))?;
        stream.set_write_timeout(Some(DEADLINE))?;
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        self.since = now();
        self.arrive(stream, &mut reader)?;
        let mut burst = String::new();
        for (text, target, again) in &mut self.waiting {
            *again = true;
            burst.push_str(&line(text, target));
        }
        self.told.lock().unwrap().again += self.waiting.len() as u64;
        let mut to_read = String::new();
        loop {
            self.fill(&mut burst);
            self.put(stream, &mut burst)?;
            if self.waiting.is_empty() {
                (&*stream).write_all(b"QUIT :done\r\n")?;
                return Ok(());
            }
            loop {
                self.read(&mut reader, &mut to_read)?;
                if reader.buffer().is_empty() {
                    break;
                }
            }
        }
    }

    fn arrive(
        &self,
        mut stream: &TcpStream,
        reader: &mut BufReader<&TcpStream>,
    ) -> std::io::Result<()> {
        let name = &self.name;
        let rooms = ROOMS.join(",");
        let login = if self.has_account {
            let plain = format!("\0{name}\0{PASSWORD}");
            let words = Base64::encode_string(plain.as_bytes());
            format!("AUTHENTICATE PLAIN\r\nAUTHENTICATE {words}\r\n")
        } else {
            String::new()
        };
        stream.write_all(
            format!(
                "CAP REQ :sasl message-tags server-time echo-message labeled-response batch\r\n\
                 {login}NICK {name}\r\nUSER {name} 0 * :{name}\r\nCAP END\r\n"
            )
            .as_bytes(),
        )?;
        let (mut line, mut ghosts) = (String::new(), 0);
        let mut rooms_to_see = ROOMS.len();
        while rooms_to_see > 0 {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line.contains(" 433 ") {
                // Its own ghost still has the nick.
                ghosts += 1;
                stream.write_all(format!("NICK {name}g{ghosts}\r\n").as_bytes())?;
            } else if line.contains(" 422 ") {
                stream.write_all(format!("JOIN {rooms}\r\n").as_bytes())?;
            } else if line.contains(" 366 ") {
                rooms_to_see -= 1;
            } else {
                self.hear(line.trim_end_matches(END));
            }
        }
        Ok(())
    }

    /// Something new to say, as long as it is not over.
    fn fill(&mut self, burst: &mut String) {
        while self.waiting.len() < WINDOW && !self.stage.over.load(Ordering::Relaxed) {
            let is_private = self.random.below(PRIVATE) == 0;
            let target = if is_private {
                format!("talker{}", self.random.below(TALKERS as u64))
            } else {
                ROOMS[self.random.below(ROOMS.len() as u64) as usize].to_owned()
            };
            let padding = "x".repeat(1 + self.random.below(200) as usize);
            let text = format!("{}-{:010} {padding}", self.name, self.next);
            self.next += 1;
            burst.push_str(&line(&text, &target));
            if !is_private {
                self.told.lock().unwrap().said.push(text.clone());
            }
            self.waiting.push_back((text, target, false));
        }
    }

    /// Sends what is gathered; now and then only a part of it, and the link is cut.
    fn put(&mut self, mut stream: &TcpStream, burst: &mut String) -> std::io::Result<()> {
        let cut = self.stage.cuts > 0 && self.random.below(self.stage.cuts) == 0;
        let most = burst.len() as u64 + 1;
        if cut && !self.stage.over.load(Ordering::Relaxed) {
            let part = self.random.below(most) as usize;
            stream.write_all(&burst.as_bytes()[..part])?;
            stream.shutdown(Shutdown::Both)?;
            return Err(std::io::ErrorKind::ConnectionReset.into());
        }
        stream.write_all(burst.as_bytes())?;
        burst.clear();
        Ok(())
    }

    fn read(
        &mut self,
        reader: &mut BufReader<&TcpStream>,
        line: &mut String,
    ) -> std::io::Result<()> {
        line.clear();
        if reader.read_line(line)? == 0 || !line.ends_with('\n') {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end_matches(END);
        assert!(
            !text.contains(" FAIL "),
            "{} was refused: {text}",
            self.name
        );
        if let Some(said) = parse(text).filter(|said| said.label == own_id(said.text)) {
            self.confirmed(&said);
        } else if let Some((label, _)) = text.split_once(" 401 ") {
            self.refused(label);
        } else {
            self.hear(text);
        }
        Ok(())
    }

    fn hear(&self, line: &str) {
        if let Some(said) = parse(line) {
            let mut told = self.told.lock().unwrap();
            match said.room {
                Some(room) => told.heard.push((room, said.id.to_owned())),
                None => told.whispered.push(said.id.to_owned()),
            }
        }
    }

    /// Nobody of that nick is there: it is not said again.
    fn refused(&mut self, tags: &str) {
        let label = tags.trim_start_matches("@label=");
        let label = label.split([';', ' ']).next().unwrap_or_default();
        let place = self
            .waiting
            .iter()
            .position(|(text, ..)| own_id(text) == label);
        let (text, _, again) = self.waiting.remove(place.expect("it was said")).unwrap();
        if !again {
            self.told.lock().unwrap().refused.push(text);
        }
    }

    fn confirmed(&mut self, said: &Said<'_>) {
        let place = self.waiting.iter().position(|(text, ..)| text == said.text);
        let (_, _, again) = self
            .waiting
            .remove(place.expect("confirmed twice"))
            .unwrap();
        let mut told = self.told.lock().unwrap();
        let pair = (said.text.to_owned(), said.id.to_owned());
        let Some(room) = said.room else {
            told.recognised += u64::from(again && *said.time < *self.since);
            return told.private.push(pair);
        };
        told.confirmed.push(pair);
        if again && *said.time < *self.since {
            told.recognised += 1;
        } else if !again {
            // What it said again, it may be told of after what the others said later.
            told.heard.push((room, said.id.to_owned()));
        }
    }
}

fn own_id(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}

fn line(text: &str, target: &str) -> String {
    let id = own_id(text);
    format!("@label={id};+parlor.chat/id={id} PRIVMSG {target} :{text}\r\n")
}

fn now() -> String {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    protocol::Stamp(u64::try_from(since_1970.as_millis()).unwrap()).to_string()
}
