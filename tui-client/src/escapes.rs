//! Keys that came behind an Esc in one reading, and were taken for letters: put together again.
//! It must never change what a person can type: only whole sequences that terminals send.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// The longest sequence, its introducer included.
const CHARS_MAX: usize = 24;

/// What a sequence behind an Esc stands for.
enum Meaning {
    /// A key.
    Key(KeyCode, KeyModifiers),
    /// Something else that the terminal tells.
    Told(Event),
    /// Nothing that could be made good.
    Nothing,
}

/// The events with such keys mended. `Esc Esc [ A` is how rxvt, PuTTY and screen write Alt with an arrow; before any
/// other key the Esc was one of its own.
pub fn mended(events: Vec<Event>) -> Vec<Event> {
    let mut mended = Vec::with_capacity(events.len());
    let mut at = 0;
    while let Some(event) = events.get(at) {
        at += 1;
        let rest = events.get(at..).unwrap_or_default();
        let found = is_esc(event).then(|| sequence(rest)).flatten();
        let Some((meaning, length)) = found else {
            mended.push(event.clone());
            continue;
        };
        at += length;
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        match meaning {
            Meaning::Key(code, modifiers) if modifiers.is_empty() && goes_with_alt(code) => {
                mended.push(key(code, KeyModifiers::ALT));
            }
            Meaning::Key(code, modifiers) => mended.extend([event.clone(), key(code, modifiers)]),
            Meaning::Told(told) => mended.extend([event.clone(), told]),
            Meaning::Nothing => mended.push(event.clone()),
        }
    }
    mended
}

fn is_esc(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.code == KeyCode::Esc && key.modifiers.is_empty())
}

fn goes_with_alt(code: KeyCode) -> bool {
    use KeyCode::{Down, End, Home, Left, Right, Up};
    matches!(code, Up | Down | Left | Right | Home | End)
}

/// The character of a key that was pressed with nothing but Shift.
fn char_of(event: &Event) -> Option<char> {
    match event {
        Event::Key(KeyEvent {
            code: KeyCode::Char(char),
            modifiers,
            ..
        }) if (*modifiers - KeyModifiers::SHIFT).is_empty() => Some(*char),
        _ => None,
    }
}

/// The sequence that begins here, and of how many events it is.
fn sequence(events: &[Event]) -> Option<(Meaning, usize)> {
    let mut chars = events.iter().take(CHARS_MAX).map_while(char_of);
    match chars.next()? {
        'O' => Some((
            Meaning::Key(of_letter(chars.next()?)?, KeyModifiers::NONE),
            2,
        )),
        '[' => {
            let mut params = String::new();
            let last = chars.find(|char| {
                let is_param =
                    matches!(char, '0'..='9' | ';' | '<') || (*char == '[' && params.is_empty());
                if is_param {
                    params.push(*char);
                }
                !is_param
            })?;
            Some((of_csi(&params, last)?, params.len() + 2))
        }
        _ => None,
    }
}

/// A control sequence, by its parameters and its last character.
fn of_csi(params: &str, last: char) -> Option<Meaning> {
    let is_mouse = params.starts_with('<') && matches!(last, 'M' | 'm');
    match (params, last) {
        _ if is_mouse => return Some(Meaning::Nothing),
        ("", 'I') => return Some(Meaning::Told(Event::FocusGained)),
        ("", 'O') => return Some(Meaning::Told(Event::FocusLost)),
        ("200" | "201", '~') => return Some(Meaning::Nothing),
        // The Linux console.
        ("[", 'A'..='E') => {
            let number = u8::try_from(u32::from(last) - u32::from('A')).ok()? + 1;
            return Some(Meaning::Key(KeyCode::F(number), KeyModifiers::NONE));
        }
        _ => {}
    }
    let (number, held) = params.split_once(';').unwrap_or((params, ""));
    let modifiers = match held {
        "" => KeyModifiers::NONE,
        held => modifiers(held.parse().ok()?),
    };
    let code = match last {
        '~' => of_number(number.parse().ok()?)?,
        letter if matches!(number, "" | "1") => of_letter(letter)?,
        _ => return None,
    };
    Some(Meaning::Key(code, modifiers))
}

/// xterm's number for what is held, which begins at one.
fn modifiers(number: u8) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let held = [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
    ];
    let held = held.into_iter().filter(|(bit, _)| bits & bit != 0);
    held.map(|(_, modifier)| modifier).collect()
}

fn of_letter(letter: char) -> Option<KeyCode> {
    Some(match letter {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'F' => KeyCode::End,
        'H' => KeyCode::Home,
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn of_number(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23 | 24 => KeyCode::F(number - 12),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events as crossterm makes them of what it takes for letters; `^` is an Esc.
    fn events(text: &str) -> Vec<Event> {
        let event = |char: char| {
            let shift = KeyModifiers::SHIFT;
            let modifiers = if char.is_uppercase() {
                shift
            } else {
                KeyModifiers::NONE
            };
            let code = if char == '^' {
                KeyCode::Esc
            } else {
                KeyCode::Char(char)
            };
            Event::Key(KeyEvent::new(code, modifiers))
        };
        text.chars().map(event).collect()
    }

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn alt_with_an_arrow_is_one_key_however_it_is_written() {
        let up = key(KeyCode::Up, KeyModifiers::ALT);
        for text in ["^[A", "^OA", "^[1A"] {
            assert_eq!(mended(events(text)), std::slice::from_ref(&up), "{text}");
        }
        assert_eq!(
            mended(events("^[7~")),
            [key(KeyCode::Home, KeyModifiers::ALT)]
        );
    }

    #[test]
    fn an_esc_before_another_key_is_one_of_its_own() {
        let none = KeyModifiers::NONE;
        for (text, after) in [
            ("^OQ", key(KeyCode::F(2), none)),
            ("^[12~", key(KeyCode::F(2), none)),
            ("^[[B", key(KeyCode::F(2), none)),
            ("^[24~", key(KeyCode::F(12), none)),
            ("^[5~", key(KeyCode::PageUp, none)),
            ("^[1;5A", key(KeyCode::Up, KeyModifiers::CONTROL)),
            ("^[I", Event::FocusGained),
            ("^[O", Event::FocusLost),
        ] {
            assert_eq!(
                mended(events(text)),
                [key(KeyCode::Esc, none), after],
                "{text}"
            );
        }
        assert_eq!(mended(events("^[<0;12;5M")), events("^"));
    }

    #[test]
    fn what_follows_stays_and_what_is_typed_stays() {
        let [esc, f2] = [KeyCode::Esc, KeyCode::F(2)].map(|code| key(code, KeyModifiers::NONE));
        let mut wanted = vec![esc, f2];
        wanted.extend(events("Hi^"));
        assert_eq!(mended(events("^OQHi^")), wanted);
        for text in [
            "^", "^^", "^O", "^[", "^[1;", "^Ok", "^[hello]", "[A", "OQ", "^[999~",
        ] {
            assert_eq!(mended(events(text)), events(text), "{text}");
        }
        assert_eq!(mended(events(&format!("^[{}A", "1".repeat(40)))).len(), 43);
    }
}
