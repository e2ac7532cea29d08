//! The rows of help: the effective keys and all commands.
//! It must never list a key that the settings took away.

use crate::action::{ALL, Action, Described};
use crate::alias::Alias;
use crate::keymap::{Chord, Keymap};
use crate::slash;

/// A row of help: what is pressed or written, and what it does; a heading has no second part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The keys or the command.
    pub what: String,
    /// What it does.
    pub does: String,
}

/// All rows.
pub fn rows(keymap: &Keymap, aliases: &[Alias]) -> Vec<Row> {
    let heading = |word: &str| Row {
        what: word.to_owned(),
        does: String::new(),
    };
    let (writing, going): (Vec<&Described>, Vec<&Described>) = ALL
        .iter()
        .partition(|described| is_writing(described.action));
    let mut rows = vec![heading("Keys")];
    rows.extend(
        going
            .into_iter()
            .filter_map(|described| key(keymap, described)),
    );
    rows.push(heading(""));
    rows.push(heading("Commands"));
    for row in slash::ALL {
        rows.push(Row {
            what: format!("/{} {}", row.name, row.args),
            does: row.help.into(),
        });
    }
    rows.extend(aliases.iter().map(|alias| Row {
        what: format!("/{}", alias.name),
        does: format!("yours: /{}", alias.line),
    }));
    rows.push(Row {
        what: "//…".into(),
        does: "say something that begins with a slash".into(),
    });
    rows.push(heading(""));
    rows.push(heading("Writing"));
    rows.extend(
        writing
            .into_iter()
            .filter_map(|described| key(keymap, described)),
    );
    rows
}

fn is_writing(action: Action) -> bool {
    let place = |action| ALL.iter().position(|described| described.action == action);
    (place(Action::Send)..=place(Action::Redo)).contains(&place(action))
}

fn key(keymap: &Keymap, described: &Described) -> Option<Row> {
    match described.action {
        Action::Window(1) => return windows(keymap),
        Action::Window(_) => return None,
        _ => {}
    }
    let keys: Vec<String> = keymap.chords(described.action).map(Chord::short).collect();
    (!keys.is_empty()).then(|| Row {
        what: keys.join("  "),
        does: described.help.into(),
    })
}

/// The nine windows in one row, if their keys were left as they are.
fn windows(keymap: &Keymap) -> Option<Row> {
    let first = keymap.first(Action::Window(1))?;
    let last = keymap.first(Action::Window(10)).unwrap_or_default();
    Some(Row {
        what: format!("{first} … {last}"),
        does: "window 1 … 10".into(),
    })
}
