//! Keys to actions: how a chord is written, the map we ship, and what `[keys]` makes of it.
//! It must never act on a key, and never let two actions share one.

mod defaults;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::action::{ALL, Action};
use crate::keymap::defaults::DEFAULTS;

/// A key with its modifiers, in the one form that all terminals' reports are brought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// The chord of a key event.
    ///
    /// Terminals disagree on what Shift adds to a character, and report Ctrl-_ and Ctrl-/ as
    /// Ctrl-7 (all are 0x1F), so both are folded here.
    pub fn of(event: KeyEvent) -> Self {
        let kept = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let mut modifiers = event.modifiers & kept;
        let mut code = event.code;
        match code {
            KeyCode::BackTab => modifiers -= KeyModifiers::SHIFT,
            KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => {
                code = KeyCode::BackTab;
                modifiers -= KeyModifiers::SHIFT;
            }
            KeyCode::Char(char) => {
                let is_upper = char.is_ascii_uppercase();
                let is_held = modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
                if is_held && char.is_ascii_alphabetic() {
                    code = KeyCode::Char(char.to_ascii_lowercase());
                    if is_upper && !modifiers.contains(KeyModifiers::CONTROL) {
                        modifiers |= KeyModifiers::SHIFT;
                    }
                } else {
                    modifiers -= KeyModifiers::SHIFT;
                }
                let is_unit_separator = matches!(char, '7' | '/' | '_' | '-');
                if modifiers == KeyModifiers::CONTROL && is_unit_separator {
                    code = KeyCode::Char('_');
                }
            }
            _ => {}
        }
        Self { code, modifiers }
    }

    /// Whether the chord is a character that people type into a message.
    pub fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }

    /// The chord as the footer shows it: short, as in `^T`, `F2` or `M-a`.
    pub fn short(self) -> String {
        let mut text = String::new();
        if self.modifiers.contains(KeyModifiers::ALT) {
            text.push_str("M-");
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            text.push_str("S-");
        }
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            text.push('^');
        }
        match self.code {
            KeyCode::Char(' ') => text.push_str("Space"),
            KeyCode::Char(char) if self.modifiers.contains(KeyModifiers::CONTROL) => {
                text.push(char.to_ascii_uppercase());
            }
            KeyCode::Char(char) => text.push(char),
            KeyCode::F(number) => text.extend(['F'.to_string(), number.to_string()]),
            KeyCode::Up => text.push('↑'),
            KeyCode::Down => text.push('↓'),
            KeyCode::Left => text.push('←'),
            KeyCode::Right => text.push('→'),
            KeyCode::PageUp => text.push_str("PgUp"),
            KeyCode::PageDown => text.push_str("PgDn"),
            KeyCode::BackTab => text.push_str("S-Tab"),
            code => {
                let name = name_of(code);
                let mut chars = name.chars();
                text.extend(chars.next().map(|first| first.to_ascii_uppercase()));
                text.push_str(chars.as_str());
            }
        }
        text
    }
}

const NAMED: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("tab", KeyCode::Tab),
    ("esc", KeyCode::Esc),
    ("space", KeyCode::Char(' ')),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
];

fn name_of(code: KeyCode) -> &'static str {
    NAMED
        .iter()
        .find(|(_, named)| *named == code)
        .map_or("?", |(name, _)| name)
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            f.write_str("ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("alt-")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) || self.code == KeyCode::BackTab {
            f.write_str("shift-")?;
        }
        match self.code {
            KeyCode::BackTab => f.write_str("tab"),
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(char) => write!(f, "{char}"),
            KeyCode::F(number) => write!(f, "f{number}"),
            code => f.write_str(name_of(code)),
        }
    }
}

impl FromStr for Chord {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut modifiers = KeyModifiers::empty();
        let mut rest = text.trim();
        loop {
            let lower = rest.to_ascii_lowercase();
            let (modifier, length) = if lower.starts_with("ctrl-") {
                (KeyModifiers::CONTROL, 5)
            } else if lower.starts_with("alt-") {
                (KeyModifiers::ALT, 4)
            } else if lower.starts_with("shift-") {
                (KeyModifiers::SHIFT, 6)
            } else {
                break;
            };
            modifiers |= modifier;
            rest = rest.get(length..).unwrap_or_default();
        }
        let code = code_of(rest).ok_or_else(|| {
            format!("\"{text}\" is no key; write for instance \"ctrl-k\", \"alt-enter\" or \"f2\"")
        })?;
        Ok(Self::of(KeyEvent::new(code, modifiers)))
    }
}

fn code_of(text: &str) -> Option<KeyCode> {
    let lower = text.to_ascii_lowercase();
    if let Some((_, code)) = NAMED.iter().find(|(name, _)| *name == lower) {
        return Some(*code);
    }
    let mut chars = text.chars();
    if let (Some(char), None) = (chars.next(), chars.next()) {
        return (!char.is_control()).then_some(KeyCode::Char(char));
    }
    let number = lower.strip_prefix('f')?.parse::<u8>().ok()?;
    (1..=24).contains(&number).then_some(KeyCode::F(number))
}

/// What is wrong with a `[keys]` table, one finding each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No action has this name.
    UnknownAction {
        /// The name.
        name: String,
        /// The nearest that there is.
        nearest: Option<&'static str>,
    },
    /// This is no chord, or not one that can be bound.
    BadChord {
        /// The action it was given to.
        action: &'static str,
        /// What was written.
        chord: String,
        /// Why not.
        reason: String,
    },
    /// Two actions want the same chord.
    Duplicate {
        /// The chord.
        chord: String,
        /// The action that `[keys]` gives it to.
        action: &'static str,
        /// The action that has it already.
        holder: &'static str,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAction {
                name,
                nearest: Some(nearest),
            } => {
                write!(
                    f,
                    "there is no action \"{name}\"; did you mean \"{nearest}\"?"
                )
            }
            Self::UnknownAction {
                name,
                nearest: None,
            } => {
                write!(f, "there is no action \"{name}\"; F1 lists them all")
            }
            Self::BadChord { reason, .. } => f.write_str(reason),
            Self::Duplicate {
                chord,
                action,
                holder,
            } => write!(
                f,
                "\"{chord}\" is already \"{holder}\"; give \"{action}\" another key, \
                 or \"{holder}\" others"
            ),
        }
    }
}

impl Fault {
    /// The key of the `[keys]` table at which the fault stands.
    pub fn key(&self) -> &str {
        match self {
            Self::UnknownAction { name, .. } => name,
            Self::BadChord { action, .. } | Self::Duplicate { action, .. } => action,
        }
    }
}

/// Which chord means what.
///
/// Invariant: no chord stands in it twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<(Chord, Action)>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::remapped(&BTreeMap::new()).unwrap_or(Self::without_keys())
    }
}

impl Keymap {
    /// No key does anything: where there are only lines, hints name commands.
    pub fn without_keys() -> Self {
        Self {
            bindings: Vec::new(),
        }
    }

    /// The default map with the actions named in `[keys]` given those chords instead of theirs.
    ///
    /// # Errors
    /// Everything that is wrong with the table, in its order.
    pub fn remapped(keys: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut bindings: Vec<(Chord, Action)> = Vec::new();
        for name in keys.keys() {
            if Action::named(name).is_none() {
                faults.push(Fault::UnknownAction {
                    name: name.clone(),
                    nearest: nearest(name),
                });
            }
        }
        // What was not touched comes first, so that a fault names the key that the user wrote.
        for (action, chords) in DEFAULTS {
            if !keys.contains_key(action.name()) {
                let parsed = chords.iter().filter_map(|text| text.parse::<Chord>().ok());
                bindings.extend(parsed.map(|chord| (chord, *action)));
            }
        }
        for (name, chords) in keys {
            let Some(action) = Action::named(name) else {
                continue;
            };
            for text in chords {
                match bound(&bindings, action, text) {
                    Ok(Some(chord)) => bindings.push((chord, action)),
                    Ok(None) => {}
                    Err(fault) => faults.push(fault),
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        bindings.sort_by_key(|(_, action)| ALL.iter().position(|row| row.action == *action));
        Ok(Self { bindings })
    }

    /// What the key means, if it means anything.
    pub fn action(&self, chord: Chord) -> Option<Action> {
        self.meaning(chord).filter(|action| !action.is_gesture())
    }

    /// What the key does to the chosen message, if it does anything.
    pub fn gesture(&self, chord: Chord) -> Option<Action> {
        self.meaning(chord).filter(|action| action.is_gesture())
    }

    fn meaning(&self, chord: Chord) -> Option<Action> {
        let mut bindings = self.bindings.iter();
        let found = bindings.find(|(bound, _)| *bound == chord);
        found.map(|(_, action)| *action)
    }

    /// The chords that mean this, the one to show first.
    pub fn chords(&self, action: Action) -> impl Iterator<Item = Chord> + '_ {
        self.bindings
            .iter()
            .filter(move |(_, bound)| *bound == action)
            .map(|(chord, _)| *chord)
    }

    /// The chord to show in the footer.
    pub fn first(&self, action: Action) -> Option<String> {
        self.chords(action).next().map(Chord::short)
    }
}

/// The chord to add, or nothing when the action has it already.
fn bound(bindings: &[(Chord, Action)], action: Action, text: &str) -> Result<Option<Chord>, Fault> {
    let bad = |reason: String| Fault::BadChord {
        action: action.name(),
        chord: text.to_owned(),
        reason,
    };
    let chord = text.parse::<Chord>().map_err(bad)?;
    if chord.is_text() && !action.is_gesture() {
        return Err(bad(format!(
            "\"{text}\" is needed for writing; add ctrl- or alt-"
        )));
    }
    match bindings.iter().find(|(other, _)| *other == chord) {
        Some((_, holder)) if *holder == action => Ok(None),
        Some((_, holder)) => Err(Fault::Duplicate {
            chord: chord.to_string(),
            action: action.name(),
            holder: holder.name(),
        }),
        None => Ok(Some(chord)),
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    ALL.iter()
        .map(|row| (strsim::damerau_levenshtein(name, row.name), row.name))
        .min()
        .filter(|(distance, _)| *distance <= 4)
        .map(|(_, nearest)| nearest)
}

#[cfg(test)]
mod tests;
