//! The terminal's answer to what is behind its text (OSC 11), told apart from the keys among which it comes.
//! It must never swallow a key for good: what turns out to be no answer is handed on.

use crossterm::event::{Event, KeyCode, KeyModifiers};

use crate::session::event::Millis;
use crate::theme::Background;

/// An answer that has not come after this time will not come.
const PATIENCE_MS: Millis = 5_000;
/// An answer may still come at the end of a program that ends so soon.
const NEAR_MS: Millis = 1_000;
/// How an answer begins, after its introducer.
const PREFIX: &str = "11;rgb:";
/// The longest answer.
const CHARS_MAX: usize = 32;

/// What became of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// It may be a part of the answer.
    Held,
    /// These are the user's.
    Passed(Vec<Event>),
    /// So are these, and no answer is waited for any longer.
    Over(Vec<Event>),
    /// The answer is complete.
    Answered(Background),
}

/// Waits for the answer.
#[derive(Clone, Debug)]
pub struct Answer {
    asked: Millis,
    held: Vec<Event>,
    /// The answer so far, once it has begun.
    text: Option<String>,
    /// Whether the last key was Esc alone: an answer that was torn apart there.
    is_torn: bool,
}

impl Answer {
    /// The terminal was asked.
    pub fn new(asked: Millis) -> Self {
        Self {
            asked,
            held: Vec::new(),
            text: None,
            is_torn: false,
        }
    }

    /// Whether the question is so young that the answer may be on its way.
    pub fn is_near(&self, now: Millis) -> bool {
        now < self.asked + NEAR_MS
    }

    /// Takes what came from the terminal.
    pub fn take(&mut self, event: Event, now: Millis) -> Taken {
        let key = match &event {
            Event::Key(key) => Some((key.code, key.modifiers - KeyModifiers::SHIFT)),
            _ => None,
        };
        let was_torn = std::mem::replace(&mut self.is_torn, key == Some(ESC));
        let is_escaped = |char: char| {
            key == Some((KeyCode::Char(char), KeyModifiers::ALT))
                || was_torn && key == Some((KeyCode::Char(char), KeyModifiers::NONE))
        };
        let is_end = is_escaped('\\') || key == Some((KeyCode::Char('g'), KeyModifiers::CONTROL));
        if is_escaped(']') && self.text.is_none() {
            self.text = Some(String::new());
        } else if let Some(text) = &mut self.text {
            match key {
                _ if is_end => {
                    let told = told(text);
                    self.text = None;
                    return match told {
                        Some(background) => Taken::Answered(background),
                        None => Taken::Over(self.released(event)),
                    };
                }
                Some((KeyCode::Char(char), KeyModifiers::NONE)) if !was_torn => {
                    text.push(char);
                    if !may_begin(text) {
                        return Taken::Passed(self.released(event));
                    }
                }
                Some(ESC) => {}
                _ => return Taken::Passed(self.released(event)),
            }
        } else if now > self.asked + PATIENCE_MS {
            return Taken::Over(vec![event]);
        } else {
            return Taken::Passed(vec![event]);
        }
        self.held.push(event);
        Taken::Held
    }

    /// All that was held, and this: it was no answer.
    fn released(&mut self, event: Event) -> Vec<Event> {
        self.text = None;
        let mut events = std::mem::take(&mut self.held);
        events.push(event);
        events
    }
}

const ESC: (KeyCode, KeyModifiers) = (KeyCode::Esc, KeyModifiers::NONE);

/// Whether an answer may begin so.
fn may_begin(text: &str) -> bool {
    let is_level = |char: char| char.is_ascii_hexdigit() || char == '/';
    match text.strip_prefix(PREFIX) {
        Some(levels) => text.len() <= CHARS_MAX && levels.chars().all(is_level),
        None => PREFIX.starts_with(text),
    }
}

/// What an answer says: red, green and blue with one to four digits each.
fn told(text: &str) -> Option<Background> {
    let mut levels = text.strip_prefix(PREFIX)?.split('/').map(level);
    let (r, g, b) = (levels.next()??, levels.next()??, levels.next()??);
    // How bright the eye finds them, in thousandths.
    let light = 299 * r + 587 * g + 114 * b;
    Some(if light > 500 * u32::from(u16::MAX) {
        Background::Light
    } else {
        Background::Dark
    })
}

/// One level, of 65535.
fn level(digits: &str) -> Option<u32> {
    let most = 16_u32.checked_pow(u32::try_from(digits.len()).ok()?)? - 1;
    let value = u32::from_str_radix(digits, 16).ok()?;
    (digits.len() <= 4).then(|| value * u32::from(u16::MAX) / most)
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyEvent;

    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    /// An answer as it comes: `^[` before a character is Alt with it, `^G` is the bell.
    fn events(text: &str) -> Vec<Event> {
        let mut events = Vec::new();
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            events.push(match (char, char == '^') {
                (_, true) if chars.next() == Some('G') => {
                    key(KeyCode::Char('g'), KeyModifiers::CONTROL)
                }
                (_, true) => key(KeyCode::Char(chars.next().unwrap()), KeyModifiers::ALT),
                (char, _) => key(KeyCode::Char(char), KeyModifiers::NONE),
            });
        }
        events
    }

    /// What is answered, and what the user has typed.
    fn run(events: Vec<Event>) -> (Option<Background>, Vec<Event>) {
        let mut answer = Answer::new(0);
        let (mut background, mut typed) = (None, Vec::new());
        for event in events {
            match answer.take(event, 1) {
                Taken::Held => {}
                Taken::Passed(events) | Taken::Over(events) => typed.extend(events),
                Taken::Answered(answered) => background = Some(answered),
            }
        }
        (background, typed)
    }

    #[test]
    fn an_answer_is_understood_however_it_is_written() {
        for (text, background) in [
            ("^[]11;rgb:ffff/ffff/ffff^[\\", Background::Light),
            ("^[]11;rgb:1e1e/1e1e/2e2e^G", Background::Dark),
            ("^[]11;rgb:f/f/f^[\\", Background::Light),
            ("^[]11;rgb:00/80/00^G", Background::Dark),
        ] {
            assert_eq!(run(events(text)), (Some(background), vec![]), "{text}");
        }
    }

    #[test]
    fn an_answer_that_is_torn_apart_is_one_all_the_same() {
        let esc = || key(KeyCode::Esc, KeyModifiers::NONE);
        let mut torn = vec![esc()];
        torn.extend(events("]11;rgb:0/0/0"));
        torn.push(esc());
        torn.extend(events("\\"));
        assert_eq!(run(torn), (Some(Background::Dark), vec![esc()]));
    }

    #[test]
    fn what_a_person_types_is_handed_on_whole() {
        for text in [
            "^[]hello",
            "^[]11;x",
            "^[]11;rgb:1^[x",
            "]11;rgb:0/0/0",
            "^[]^[]",
        ] {
            let typed = events(text);
            let (background, handed) = run(typed.clone());
            assert_eq!(background, None, "{text}");
            assert_eq!(handed, typed, "{text}");
        }
    }

    #[test]
    fn nobody_waits_for_ever() {
        let mut answer = Answer::new(0);
        let typed = key(KeyCode::Char('x'), KeyModifiers::NONE);
        assert_eq!(
            answer.take(typed.clone(), PATIENCE_MS + 1),
            Taken::Over(vec![typed])
        );
    }
}
