//! Human text to lines of IRC and back, for people who have only a socket. Pure: it never sees one, and decides
//! nothing but words; what may be said is for the core to judge.

use protocol::message::Message;
use protocol::name::{check_nick, is_unseen, nick_from};
use protocol::write::clip;

use crate::config::PlainStyle;

/// Bytes of text in one line of IRC: what surely leaves room for the source and the target.
const TEXT_BYTES_MAX: usize = 350;

/// Names tried before somebody is turned away.
const NAMES_TRIED_MAX: u32 = 1000;

/// What a step leads to.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    /// Text for the person.
    pub(crate) to_person: String,
    /// Lines for the core, without their ends.
    pub(crate) to_core: Vec<String>,
}

/// What is known of one person.
///
/// `Asked -> Naming` when a name is given, `Naming -> Inside` when the room is entered, anything `-> Gone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// A name is awaited.
    Asked,
    /// The core is asked for a name, then for the room.
    Naming,
    /// In the room.
    Inside,
    /// Has left; hears nothing more.
    Gone,
}

/// One person's side of the conversation.
#[derive(Debug)]
pub(crate) struct Dialect {
    style: PlainStyle,
    room: String,
    nick_bytes_max: usize,
    phase: Phase,
    /// The name as it was given, which the person's program may put before each message.
    given: String,
    nick: String,
    /// How many names have been tried.
    tried: u32,
    /// What came before the room was entered: said once it is.
    early: Vec<String>,
}

/// Messages kept until the room is entered; a program may send its first one with its name.
const EARLY_MAX: usize = 16;

impl Dialect {
    /// Somebody who came from `port`.
    pub(crate) fn new(style: PlainStyle, room: &str, port: u16, nick_bytes_max: usize) -> Self {
        let given = match style {
            PlainStyle::Join => format!("USER{port}"),
            PlainStyle::Nick => String::new(),
        };
        Self {
            style,
            room: room.to_owned(),
            nick_bytes_max,
            phase: Phase::Asked,
            nick: given.clone(),
            given,
            tried: 0,
            early: Vec::new(),
        }
    }

    /// The connection is there.
    pub(crate) fn opened(&mut self, out: &mut Exchange) {
        match self.style {
            PlainStyle::Nick => out.to_person.push_str("NICK"),
            PlainStyle::Join => self.register(out),
        }
    }

    fn register(&mut self, out: &mut Exchange) {
        self.phase = Phase::Naming;
        if self.style == PlainStyle::Nick {
            out.to_core.push("CAP REQ :echo-message".to_owned());
            out.to_core.push("CAP END".to_owned());
        }
        out.to_core.push(format!("NICK {}", self.nick));
        out.to_core
            .push(format!("USER plain 0 * :{}", clean(&self.given)));
    }

    /// The person said something.
    pub(crate) fn said(&mut self, bytes: &[u8], out: &mut Exchange) {
        let text = text_of(bytes);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match self.phase {
            _ if is_leave(text) => {
                self.phase = Phase::Gone;
                out.to_core.push("QUIT :left".to_owned());
            }
            Phase::Asked => self.named(text, out),
            Phase::Naming if self.early.len() < EARLY_MAX => self.early.push(text.to_owned()),
            Phase::Naming | Phase::Gone => {}
            Phase::Inside => self.speak(text, out),
        }
    }

    fn named(&mut self, text: &str, out: &mut Exchange) {
        text.clone_into(&mut self.given);
        self.nick = nick_from(text, self.nick_bytes_max);
        if self.nick != self.given {
            self.tell_name(out);
        }
        self.register(out);
    }

    fn tell_name(&self, out: &mut Exchange) {
        tell(out, &format!("You are called {} here.", self.nick));
    }

    fn speak(&self, text: &str, out: &mut Exchange) {
        let mut rest = self.without_prefix(text).trim();
        while !rest.is_empty() {
            let piece = clip(rest, TEXT_BYTES_MAX);
            out.to_core.push(format!("PRIVMSG {} :{piece}", self.room));
            rest = rest.strip_prefix(piece).unwrap_or("");
        }
    }

    /// Text without the `name: ` that the person's own program put before it.
    fn without_prefix<'t>(&self, text: &'t str) -> &'t str {
        if self.style == PlainStyle::Join {
            return text;
        }
        [&self.given, &self.nick]
            .into_iter()
            .find_map(|name| text.strip_prefix(name.as_str())?.strip_prefix(':'))
            .unwrap_or(text)
    }

    /// The core sent a line.
    pub(crate) fn heard(&mut self, line: &str, out: &mut Exchange) {
        let Ok(message) = Message::parse(line) else {
            return;
        };
        if self.phase == Phase::Gone {
            return;
        }
        if let Some(numeric) = message.numeric() {
            return self.numeric(numeric, &message, out);
        }
        let from = message.source.map_or("", |source| source.name);
        let first = message.param(0).unwrap_or("");
        let last = message.params().last().copied().unwrap_or("");
        match message.command {
            "PING" => out.to_core.push(format!("PONG :{first}")),
            "JOIN" => self.joined(from, first, out),
            "PART" if first == self.room => self.went(from, out),
            "QUIT" => self.went(from, out),
            "KICK" => self.kicked(&message, out),
            "NICK" => self.renamed(from, first, out),
            "PRIVMSG" | "NOTICE" => self.spoken(from, first, last, out),
            "ERROR" | "FAIL" => tell(out, last),
            _ => {}
        }
    }

    fn numeric(&mut self, numeric: u16, message: &Message<'_>, out: &mut Exchange) {
        let reason = message.params().last().copied().unwrap_or("");
        match numeric {
            // Welcome: the name is ours, whatever the core made of it.
            1 => {
                if let Some(nick) = message.param(0) {
                    nick.clone_into(&mut self.nick);
                }
                out.to_core.push(format!("JOIN {}", self.room));
            }
            // Erroneous, taken, or held back for somebody.
            432 | 433 | 437 if self.phase == Phase::Naming => self.next_name(out),
            // Refused: more than one connection's worth, a password, a ban; the room is full, closed, keyed.
            464 | 465 | 403 | 405 | 471 | 473 | 474 | 475 | 477 | 489
                if self.phase == Phase::Naming =>
            {
                tell(out, &format!("You cannot enter: {reason}"));
                self.phase = Phase::Gone;
                out.to_core.push("QUIT :cannot enter".to_owned());
            }
            400..=599 if self.phase == Phase::Inside => tell(out, reason),
            _ => {}
        }
    }

    /// The name is taken: the same with a number, and the person is told.
    fn next_name(&mut self, out: &mut Exchange) {
        self.tried += 1;
        if self.tried > NAMES_TRIED_MAX {
            self.phase = Phase::Gone;
            tell(out, "Every name like yours is taken.");
            out.to_core.push("QUIT :no name".to_owned());
            return;
        }
        let number = (self.tried + 1).to_string();
        let base = nick_from(&self.given, self.nick_bytes_max);
        let room = self.nick_bytes_max.saturating_sub(number.len());
        let taken = std::mem::replace(&mut self.nick, format!("{}{number}", clip(&base, room)));
        if check_nick(&self.nick, self.nick_bytes_max).is_err() {
            self.nick = format!("guest{number}");
        }
        tell(
            out,
            &format!("{taken} is taken: you are {} here.", self.nick),
        );
        out.to_core.push(format!("NICK {}", self.nick));
    }

    fn joined(&mut self, from: &str, room: &str, out: &mut Exchange) {
        if from != self.nick {
            return match self.style {
                PlainStyle::Join => tell(out, &format!("{from} has joined the chat")),
                PlainStyle::Nick => tell(out, &format!("{from} joined the chat!")),
            };
        }
        // The core may write the room's name otherwise than the configuration.
        room.clone_into(&mut self.room);
        self.phase = Phase::Inside;
        match self.style {
            PlainStyle::Join => tell(out, "Welcome to the chatroom!"),
            PlainStyle::Nick => {
                tell(out, &format!("{from} joined the chat!"));
                tell(out, "Connected to the server!");
            }
        }
        for text in std::mem::take(&mut self.early) {
            self.speak(&text, out);
        }
    }

    fn went(&mut self, from: &str, out: &mut Exchange) {
        if from == self.nick {
            return;
        }
        match self.style {
            PlainStyle::Join => tell(out, &format!("{from} has left the chat")),
            PlainStyle::Nick => tell(out, &format!("{from} left the chat!")),
        }
    }

    fn kicked(&mut self, message: &Message<'_>, out: &mut Exchange) {
        let by = message.source.map_or("", |source| source.name);
        let who = message.param(1).unwrap_or("");
        let reason = message.param(2).unwrap_or("");
        if who != self.nick {
            return self.went(who, out);
        }
        tell(out, &format!("{by} has put you out of the room: {reason}"));
        self.phase = Phase::Gone;
        out.to_core.push("QUIT :put out".to_owned());
    }

    fn renamed(&mut self, from: &str, to: &str, out: &mut Exchange) {
        if from == self.nick {
            to.clone_into(&mut self.nick);
            return self.tell_name(out);
        }
        tell(out, &format!("{from} is now {to}"));
    }

    fn spoken(&self, from: &str, target: &str, text: &str, out: &mut Exchange) {
        if self.phase != Phase::Inside {
            return;
        }
        let words = match text.strip_prefix('\u{1}') {
            None => format!("{from}: {text}"),
            Some(ctcp) => match ctcp.trim_end_matches('\u{1}').split_once(' ') {
                Some(("ACTION", deed)) => format!("{from} {deed}"),
                _ => return,
            },
        };
        if target == self.room {
            tell(out, &words);
        } else if from != self.nick {
            tell(out, &format!("(to you) {words}"));
        }
    }
}

/// One line for the person, with nothing in it that a terminal obeys.
fn tell(out: &mut Exchange, text: &str) {
    out.to_person.push_str(&clean(text));
    out.to_person.push('\n');
}

/// Whether the person wants to leave.
fn is_leave(text: &str) -> bool {
    let word = text.strip_prefix('/').unwrap_or(text);
    word.eq_ignore_ascii_case("leave")
}

/// Bytes as text: UTF-8, or Latin-1 where they are not; a tab is a space, other control characters are dropped.
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => clean(text),
        Err(_) => clean(
            &bytes
                .iter()
                .map(|byte| char::from(*byte))
                .collect::<String>(),
        ),
    }
}

/// Text without control characters, and without the colours and styles of IRC.
fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\t' => cleaned.push(' '),
            // A colour: up to two digits, and again behind a comma.
            '\u{3}' => {
                let mut digits = 0;
                let mut comma = false;
                while let Some(next) = chars.peek().copied() {
                    match next {
                        '0'..='9' if digits < 2 => digits += 1,
                        ',' if !comma && digits > 0 => {
                            comma = true;
                            digits = 0;
                        }
                        _ => break,
                    }
                    chars.next();
                }
            }
            // Joiners make one picture of several; they stay.
            '\u{200c}' | '\u{200d}' | '\u{a0}' | '\u{3000}' => cleaned.push(c),
            _ if is_unseen(c) => {}
            _ => cleaned.push(c),
        }
    }
    cleaned
}

#[cfg(test)]
mod tests;
