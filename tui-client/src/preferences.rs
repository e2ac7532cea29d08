//! The config file while the chat runs: shown, changed with its comments kept, and read again when others change it.
//! It must never write a file that it would refuse to read.

use std::io;
use std::path::PathBuf;

use server::config::ConfigError;
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::config::Both;
use crate::folder;
use crate::keymap::Keymap;
use crate::theme::Sheet;

/// Every key with its default and what it does; a test holds it to the code.
const EXAMPLE: &str = include_str!("../../config.example.toml");
/// What counts at once; everything else does when parlor is started again.
const AT_ONCE: &[&str] = &["theme"];
/// What no screen shows.
const HIDDEN: &[&str] = &["password", "server_password"];

/// The config file; no path: nothing can be kept.
#[derive(Debug, Default)]
pub struct Preferences {
    path: Option<PathBuf>,
    /// As it was read last.
    text: String,
}

/// What is to be said about the settings, and what counts from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The words, a line each.
    pub words: Vec<String>,
    /// Whether something did not work.
    pub is_trouble: bool,
    /// The keys and the theme that count now, if anything may have changed.
    pub counts: Option<(Keymap, Option<Sheet>)>,
}

/// A key that can be set: its name, its default as TOML, and what it does.
#[derive(Clone, Copy, Debug)]
struct Row {
    table: &'static str,
    name: &'static str,
    default: &'static str,
    help: &'static str,
}

fn rows() -> impl Iterator<Item = Row> {
    let mut table = "";
    EXAMPLE.lines().filter_map(move |line| {
        if let Some(name) = line.strip_prefix('[') {
            table = name.split(']').next().unwrap_or_default();
        }
        let (name, rest) = line.split_once(" = ")?;
        let (default, help) = rest.split_once(" # ")?;
        let is_ours = !name.starts_with('#') && matches!(table, "" | "keys");
        is_ours.then(|| Row {
            table,
            name,
            default: default.trim(),
            help: help.trim(),
        })
    })
}

impl Row {
    fn full_name(self) -> String {
        match self.table {
            "" => self.name.to_owned(),
            table => format!("{table}.{}", self.name),
        }
    }

    /// Its value in a file, as it is written there.
    fn value(self, document: &DocumentMut) -> Option<String> {
        let table: &Table = match self.table {
            "" => document.as_table(),
            table => document.get(table)?.as_table()?,
        };
        let mut value = table.get(self.name)?.as_value()?.clone();
        // The comment behind it.
        value.decor_mut().clear();
        Some(value.to_string())
    }

    /// Its value as people see it, with the default if it is that.
    fn shown(self, document: &DocumentMut) -> String {
        let name = self.full_name();
        match self.value(document) {
            Some(_) if HIDDEN.contains(&self.name) => format!("{name} is set, and not shown"),
            Some(value) if value != self.default => {
                format!("{name} = {value} (default: {})", self.default)
            }
            _ => format!("{name} = {}", self.default),
        }
    }

    fn counts_at_once(self) -> bool {
        self.table == "keys" || AT_ONCE.contains(&self.name)
    }

    /// What was written as a value: the quotes and brackets that the key's kind needs may be left out.
    fn parse(self, written: &str) -> Value {
        let has_form = |mark: char| self.default.starts_with(mark) && !written.starts_with(mark);
        if has_form('[') {
            return Value::Array(written.split_whitespace().collect::<Array>());
        }
        let parsed = written.parse::<Value>().ok().filter(|_| !has_form('"'));
        parsed.unwrap_or_else(|| Value::from(written))
    }

    /// Puts a value into a file; what stands around the old one stays.
    fn put(self, document: &mut DocumentMut, mut value: Value) -> Option<()> {
        let table: &mut Table = match self.table {
            "" => document.as_table_mut(),
            table => {
                let item = document.entry(table);
                item.or_insert(Item::Table(Table::new())).as_table_mut()?
            }
        };
        let old = table.get(self.name).and_then(Item::as_value);
        if let Some(old) = old {
            *value.decor_mut() = old.decor().clone();
        }
        // Not `insert`: that would lose the comment above the key.
        *table.entry(self.name).or_insert(Item::None) = Item::Value(value);
        Some(())
    }
}

impl Preferences {
    /// The file at this path, which need not be there.
    pub fn at(path: Option<PathBuf>) -> Self {
        // A link to a file elsewhere stays one.
        let path = path.map(|path| path.canonicalize().unwrap_or(path));
        let text = path.as_deref().and_then(|path| folder::read(path).ok()?);
        Self {
            text: text.unwrap_or_default(),
            path,
        }
    }

    /// Where the file is or will be.
    pub fn path(&self) -> Option<&std::path::Path> {
        self.path.as_deref()
    }

    /// Shows all settings (no name), one (no value), or changes one.
    pub fn set(&mut self, name: &str, value: &str) -> Answer {
        self.take_in();
        let Ok(mut document) = self.text.parse::<DocumentMut>() else {
            return trouble("The config file is no TOML just now; mend it first.");
        };
        if name.is_empty() {
            let words = rows().filter(|row| row.table.is_empty());
            let mut words: Vec<String> = words.map(|row| row.shown(&document)).collect();
            words.push("And keys.ACTION for each key. /set KEY VALUE changes one.".to_owned());
            return Answer {
                words,
                ..Answer::default()
            };
        }
        let Some(row) = rows().find(|row| row.full_name() == name) else {
            let known = rows().map(Row::full_name);
            let nearest = known.min_by_key(|known| strsim::damerau_levenshtein(name, known));
            let nearest = nearest.filter(|known| {
                strsim::damerau_levenshtein(name, known) <= name.chars().count() / 2
            });
            return trouble(&match nearest {
                Some(nearest) => format!("There is no setting {name}. Did you mean {nearest}?"),
                None => format!("There is no setting {name}. /set shows all there are."),
            });
        };
        if value.is_empty() {
            let words = vec![format!("{}: {}", row.shown(&document), row.help)];
            return Answer {
                words,
                ..Answer::default()
            };
        }
        if row.put(&mut document, row.parse(value)).is_none() {
            return trouble(
                "The config file has [keys] in a form that cannot be changed from here.",
            );
        }
        match self.keep(&document.to_string()) {
            Ok(both) => Answer {
                words: vec![format!("{}{}", row.shown(&document), when(row))],
                is_trouble: false,
                counts: Some((both.client.keymap, both.sheet)),
            },
            Err(why) => trouble(&why),
        }
    }

    /// Writes the file, if it would be read.
    fn keep(&mut self, text: &str) -> Result<Both, String> {
        let Some(path) = &self.path else {
            return Err("There is no place for a config file here.".to_owned());
        };
        let both = Both::parse(text, path).map_err(|error| plain(&error))?;
        let written: io::Result<()> = folder::write(path, text);
        written.map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        text.clone_into(&mut self.text);
        Ok(both)
    }

    /// Reads the file again; whether it is another one than before.
    fn take_in(&mut self) -> bool {
        let read = self.path.as_deref().map(folder::read);
        let Some(Ok(text)) = read else {
            return false;
        };
        let text = text.unwrap_or_default();
        let is_other = text != self.text;
        self.text = text;
        is_other
    }

    /// The file, or a theme beside it, was changed by somebody; `None`: nothing came of it.
    pub fn reload(&mut self) -> Option<Answer> {
        let before = self.text.parse::<DocumentMut>().unwrap_or_default();
        let is_other = self.take_in();
        let both = match Both::parse(&self.text, self.path.as_deref()?) {
            Ok(both) => both,
            Err(error) => return Some(trouble(&format!("What stood there counts on. {error}"))),
        };
        let counts = Some((both.client.keymap, both.sheet));
        if !is_other {
            // A theme's file.
            return Some(Answer {
                counts,
                ..Answer::default()
            });
        }
        let after = self.text.parse::<DocumentMut>().unwrap_or_default();
        let changed = rows().filter(|row| row.value(&before) != row.value(&after));
        let words = changed.map(|row| format!("{}{}", row.shown(&after), when(row)));
        Some(Answer {
            words: words.collect(),
            is_trouble: false,
            counts,
        })
    }
}

fn when(row: Row) -> &'static str {
    if row.counts_at_once() {
        ""
    } else {
        "; this counts when parlor is started again"
    }
}

fn trouble(why: &str) -> Answer {
    Answer {
        words: vec![why.to_owned()],
        is_trouble: true,
        counts: None,
    }
}

/// What is wrong, without the place: the user wrote it just now.
fn plain(error: &ConfigError) -> String {
    let hint = if error.hint.is_empty() {
        String::new()
    } else {
        format!("; right would be: {}", error.hint)
    };
    format!("{} {}{hint}", error.key, error.reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Action;

    struct Home(PathBuf);

    impl Home {
        fn new(name: &str, text: &str) -> Self {
            let folder = format!("parlor-preferences-{name}-{}", std::process::id());
            let home = Self(std::env::temp_dir().join(folder));
            home.write(text);
            home
        }

        fn path(&self) -> PathBuf {
            self.0.join("config.toml")
        }

        fn write(&self, text: &str) {
            folder::write(&self.path(), text).unwrap();
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.path()).unwrap()
        }

        fn preferences(&self) -> Preferences {
            Preferences::at(Some(self.path()))
        }
    }

    impl Drop for Home {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_value_is_written_back_and_every_comment_stays() {
        let home = Home::new(
            "set",
            "# mine\nport = 7000 # not the usual one\n\n# by day\ntheme = \"light\" # or dark\n\n[server]\nmotd = \"hi\" # short\n",
        );
        let mut preferences = home.preferences();
        let answer = preferences.set("theme", "dark");
        assert_eq!(answer.words, ["theme = \"dark\" (default: \"auto\")"]);
        assert_eq!(answer.counts.unwrap().1, Sheet::built_in("dark"));
        let answer = preferences.set("rooms", "#a #b");
        assert!(answer.words[0].ends_with("; this counts when parlor is started again"));
        let answer = preferences.set("keys.join", "f3");
        let keymap = answer.counts.unwrap().0;
        assert_eq!(keymap.first(Action::Join).as_deref(), Some("F3"));
        assert_eq!(
            home.text(),
            "# mine\nport = 7000 # not the usual one\n\n# by day\ntheme = \"dark\" # or dark\nrooms = [\"#a\", \"#b\"]\n\n[server]\nmotd = \"hi\" # short\n\n[keys]\njoin = [\"f3\"]\n"
        );
    }

    #[test]
    fn what_is_wrong_is_refused_and_nothing_is_written() {
        let home = Home::new("refused", "port = 7000\n");
        let mut preferences = home.preferences();
        for (name, value, why) in [
            (
                "port",
                "many",
                "port has a value it cannot have; right would be: a number",
            ),
            ("theme", "lihgt", "right would be: \"light\""),
            ("keys.join", "f4", "already"),
            (
                "thme",
                "dark",
                "There is no setting thme. Did you mean theme?",
            ),
            (
                "bogus",
                "1",
                "There is no setting bogus. /set shows all there are.",
            ),
        ] {
            let answer = preferences.set(name, value);
            assert!(
                answer.is_trouble && answer.words[0].contains(why),
                "{answer:?}"
            );
        }
        assert_eq!(home.text(), "port = 7000\n");
    }

    #[test]
    fn settings_are_shown_with_their_defaults_and_secrets_are_not() {
        let home = Home::new("shown", "port = 7000\npassword = \"sesame\"\n");
        let mut preferences = home.preferences();
        let all = preferences.set("", "").words;
        assert!(
            all.contains(&"port = 7000 (default: 6667)".to_owned()),
            "{all:?}"
        );
        assert!(all.contains(&"theme = \"auto\"".to_owned()), "{all:?}");
        assert!(!all.iter().any(|line| line.contains("sesame")), "{all:?}");
        let one = preferences.set("keys.quit", "").words;
        assert_eq!(one, ["keys.quit = [\"ctrl-q\"]: quit"]);
        let mut nowhere = Preferences::at(None);
        assert!(nowhere.set("port", "7000").is_trouble);
    }

    #[test]
    fn a_change_from_outside_counts_and_one_that_cannot_be_read_does_not() {
        let home = Home::new("reload", "");
        let mut preferences = home.preferences();
        home.write("theme = \"light\"\nport = 7000\n");
        let answer = preferences.reload().unwrap();
        assert_eq!(answer.counts.unwrap().1, Sheet::built_in("light"));
        assert_eq!(answer.words.len(), 2);
        home.write("prot = 1\n");
        let answer = preferences.reload().unwrap();
        assert!(answer.is_trouble && answer.counts.is_none());
        assert!(
            answer.words[0].contains("config.toml:1: `prot`"),
            "{answer:?}"
        );
    }
}
