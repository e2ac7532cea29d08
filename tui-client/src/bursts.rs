//! A paste that the terminal does not mark as one (screen, old terminals): many lines at once, which nobody types.
//! It must never take typing for a paste, nor what a program sends line by line on purpose.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::session::event::Millis;
use crate::slash;

/// So many lines that came at once were pasted. `tmux send-keys "hello" Enter` is one, and a script may well answer a
/// question and send a line behind it; the shortest three lines that fingers make take them half a second.
const LINES_MIN: usize = 3;
/// What comes so soon after a paste belongs to it.
const TAIL_MS: Millis = 100;

/// Finds pastes among keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bursts {
    /// When the last part of one came.
    pasted: Option<Millis>,
}

impl Bursts {
    /// The events with what was pasted as such. `is_sudden`: they came while somebody waited for them, and are not what
    /// had gathered while nobody looked.
    pub fn read(&mut self, events: Vec<Event>, is_sudden: bool, now: Millis) -> Vec<Event> {
        let mut read = Vec::with_capacity(events.len());
        let mut typed: Vec<Event> = Vec::new();
        for event in events {
            if char_of(&event).is_some() {
                typed.push(event);
            } else {
                self.judge(std::mem::take(&mut typed), is_sudden, now, &mut read);
                read.push(event);
            }
        }
        self.judge(typed, is_sudden, now, &mut read);
        read
    }

    /// What was typed without anything between, or pasted.
    fn judge(&mut self, typed: Vec<Event>, is_sudden: bool, now: Millis, read: &mut Vec<Event>) {
        let is_tail = self
            .pasted
            .is_some_and(|at| now.saturating_sub(at) < TAIL_MS);
        let text: String = typed.iter().filter_map(char_of).collect();
        let is_many = is_sudden && lines(&text) >= LINES_MIN && !is_command(&text);
        // Enter alone is somebody who has seen it.
        let goes_on = is_tail && text.contains('\r') && !text.trim().is_empty();
        if is_many || goes_on {
            self.pasted = Some(now);
            read.push(Event::Paste(text));
        } else {
            read.extend(typed);
        }
    }
}

/// How many keys may be a part of a paste of which the rest is on its way: more than fingers leave in one reading.
const PART_MIN: usize = 64;

/// Whether more may be on its way that belongs to these.
pub fn may_go_on(events: &[Event]) -> bool {
    let last = events.iter().rev().take(PART_MIN);
    last.filter_map(char_of).count() == PART_MIN
}

/// How many lines with something in them have ended.
fn lines(text: &str) -> usize {
    let ended = text.rsplit_once('\r').map_or("", |(ended, _)| ended);
    let lines = ended.split('\r').filter(|line| !line.trim().is_empty());
    lines.count()
}

/// Whether it begins with a command that there is: a list of commands is meant as one.
fn is_command(text: &str) -> bool {
    let first = text.split('\r').next().unwrap_or_default();
    slash::command_of(first).is_some_and(|command| {
        let name = command.split(' ').next().unwrap_or_default();
        slash::named(name).is_some()
    })
}

/// The character that a key writes into a text.
fn char_of(event: &Event) -> Option<char> {
    let Event::Key(KeyEvent {
        code,
        modifiers,
        kind: KeyEventKind::Press | KeyEventKind::Repeat,
        ..
    }) = event
    else {
        return None;
    };
    match (code, *modifiers - KeyModifiers::SHIFT) {
        (KeyCode::Char(char), KeyModifiers::NONE) => Some(*char),
        (KeyCode::Char('j'), KeyModifiers::CONTROL) => Some('\n'),
        (KeyCode::Enter, KeyModifiers::NONE) => Some('\r'),
        (KeyCode::Tab, KeyModifiers::NONE) => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Event> {
        let key = |char| {
            let code = match char {
                '\r' => KeyCode::Enter,
                '\t' => KeyCode::Tab,
                '\u{1b}' => KeyCode::Esc,
                char => KeyCode::Char(char),
            };
            Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
        };
        text.chars().map(key).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: Vec<Event>) {
        assert_eq!(Bursts::default().read(keys(text), true, 0), expected);
    }

    #[test]
    fn many_lines_at_once_were_pasted() {
        for text in [
            "one\rtwo\rthree\r",
            "a\r\r\tb\rc\rand the beginning of",
            "/etc\r/usr\r/tmp\r",
        ] {
            check(text, vec![Event::Paste(text.to_owned())]);
        }
        let mut around = keys("\u{1b}");
        around.push(Event::Paste("a\rb\rc\r".into()));
        around.extend(keys("\u{1b}d"));
        check("\u{1b}a\rb\rc\r\u{1b}d", around);
    }

    #[test]
    fn what_people_and_programs_type_is_typed() {
        for text in [
            "hello\r",
            "hello\rworld\r",
            "\r\r\r\r",
            "a\rb\rc",
            "/join #a\rhello\ryou\r",
        ] {
            check(text, keys(text));
        }
        let gathered = keys("a\rb\rc\r");
        let read = Bursts::default().read(gathered.clone(), false, 0);
        assert_eq!(read, gathered, "while nobody looked");
    }

    #[test]
    fn what_comes_right_behind_a_paste_belongs_to_it() {
        let mut bursts = Bursts::default();
        bursts.read(keys("a\rb\rc\r"), true, 1_000);
        let tail = bursts.read(keys("d\r"), true, 1_050);
        assert_eq!(tail, [Event::Paste("d\r".into())]);
        assert_eq!(bursts.read(keys("\r"), true, 1_060), keys("\r"));
        assert_eq!(bursts.read(keys("e\r"), true, 2_000), keys("e\r"));
    }

    #[test]
    fn only_a_long_reading_may_be_the_first_of_several() {
        assert!(may_go_on(&keys(&"x".repeat(PART_MIN))));
        assert!(!may_go_on(&keys("hello\r")));
    }
}
