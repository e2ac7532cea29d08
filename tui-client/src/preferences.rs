//! The config file while the chat runs: shown, changed with its comments kept, and read again when others change it.
//! It must never write a file that it would refuse to read.

mod door;
mod networks;
mod row;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use server::config::ConfigError;
use toml_edit::DocumentMut;

use crate::config::Both;
use crate::config::network::Network;
use crate::effect::Effect;
use crate::folder;
use crate::habits::Habits;
use crate::keymap::Keymap;
use crate::model::network::Settings;
use crate::name;
use crate::preferences::row::{Row, rows};
use crate::theme::Sheet;

const LATER: &str = "; this counts when parlor is started again";
const NO_TOML: &str = "The config file is no TOML just now; mend it first.";
const FIXED_NETWORKS: &str =
    "The config file has its networks in a form that cannot be changed from here.";

/// The config file; no path: nothing can be kept.
#[derive(Debug)]
pub struct Preferences {
    path: Option<PathBuf>,
    /// As it was read last.
    text: String,
    /// As it was when it could be read last: what counts, or will at the next start.
    held: String,
    /// What it said last of the mouse.
    leaves_mouse: bool,
    /// And of our nick on the first network, and of its rooms.
    nick: String,
    rooms: Vec<String>,
}

/// What is to be said about the settings, and what counts from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The words, a line each.
    pub words: Vec<String>,
    /// Whether something did not work.
    pub is_trouble: bool,
    /// What counts now, if anything may have changed.
    pub counts: Option<Counts>,
}

impl Answer {
    /// The networks below the first one, if the file was read.
    pub fn networks(&self) -> Option<&[Network]> {
        self.counts
            .as_ref()
            .map(|counts| counts.networks.as_slice())
    }
}

/// What counts as soon as it is in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// The keys.
    pub keymap: Keymap,
    /// The theme that is named, if one is.
    pub sheet: Option<Sheet>,
    /// How parlor behaves.
    pub habits: Habits,
    /// Whether `mouse` is another than before: else the key for the mouse has the last word.
    pub is_mouse_new: bool,
    /// The nick that is wanted on the first network, if it is another than before: else `/nick` has the last word.
    pub nick: Option<String>,
    /// The rooms of the first network that were not in the file before.
    pub rooms: Vec<String>,
    /// The networks below the first one.
    pub networks: Vec<Network>,
}

/// The settings' names, and what each does.
pub fn names() -> impl Iterator<Item = (String, String)> {
    rows().map(|row| (row.full_name(), row.help.to_owned()))
}

/// The words that a setting may be, where they can be counted.
pub fn values(name: &str) -> Vec<(String, String)> {
    let row = rows().find(|row| row.full_name() == name);
    let words = row.map(Row::words).unwrap_or_default();
    words
        .into_iter()
        .map(|word| (word, String::new()))
        .collect()
}

impl Preferences {
    /// The file at this path, which need not be there.
    pub fn at(path: Option<PathBuf>) -> Self {
        let text = path.as_deref().and_then(|path| folder::read(path).ok()?);
        let text = text.unwrap_or_default();
        let both = path
            .as_deref()
            .and_then(|path| Both::parse(&text, path).ok());
        let Both { client, .. } = both.unwrap_or_default();
        Self {
            path,
            held: text.clone(),
            text,
            leaves_mouse: client.habits.leaves_mouse,
            nick: client.first.nickname,
            rooms: client.first.rooms,
        }
    }

    /// Where the file is or will be.
    pub fn path(&self) -> Option<&std::path::Path> {
        self.path.as_deref()
    }

    /// Does what an effect asks of the file; `None`: it asks nothing of it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "few effects are about the file"
    )]
    pub fn serve(&mut self, effect: &Effect) -> Option<Answer> {
        match effect {
            Effect::Set { name, value } => Some(self.set(name, value)),
            Effect::KeepDoor(door) => Some(self.keep_door(*door)),
            Effect::KeepNetwork(network) => Some(self.keep_network(network)),
            Effect::DropNetwork(name) => Some(self.drop_network(name)),
            Effect::RenameRoom { network, from, to } => Some(self.rename_room(network, from, to)),
            _ => None,
        }
    }

    /// Shows all settings (no name), one (no value), or changes one.
    pub fn set(&mut self, name: &str, value: &str) -> Answer {
        self.take_in();
        let Ok(mut document) = self.text.parse::<DocumentMut>() else {
            return trouble(NO_TOML);
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
        match self.keep(&document.to_string(), name) {
            Ok(both) => Answer {
                words: vec![format!("{}{}", row.shown(&document), when(row))],
                is_trouble: false,
                counts: Some(both),
            },
            Err(why) => trouble(&why),
        }
    }

    /// Puts a door for encrypted links into the file, so that it is open at the next start, too.
    pub fn keep_door(&mut self, door: SocketAddr) -> Answer {
        const WHY: &str =
            "The config file has [server.tls] in a form that cannot be changed from here.";
        let kept = self.changed(|document| door::put(document, door).ok_or(WHY));
        match kept {
            Ok(_) => Answer::default(),
            Err(why) => trouble(&format!("That door is open until parlor ends. {why}")),
        }
    }

    /// Puts a network into the file, so that it is there at the next start.
    pub fn keep_network(&mut self, network: &Settings) -> Answer {
        let name = &network.name;
        let kept = self.with_networks(|document| {
            if networks::has(document, name) {
                return Some(false);
            }
            networks::put(document, network).map(|()| true)
        });
        match kept {
            Ok(true) => told(format!("{name} is in the config file now.")),
            Ok(false) => told(format!("{name} is in the config file already.")),
            Err(why) => trouble(&format!("{name} is here until parlor ends. {why}")),
        }
    }

    /// Takes a network out of the file, if it is there.
    pub fn drop_network(&mut self, name: &str) -> Answer {
        match self.with_networks(|document| networks::remove(document, name)) {
            Ok(true) => told(format!("{name} is no longer in the config file.")),
            Ok(false) => Answer::default(),
            Err(why) => trouble(&format!("{name} is back at the next start. {why}")),
        }
    }

    /// Gives a room of the file another name, if it is there.
    pub fn rename_room(&mut self, network: &str, from: &str, to: &str) -> Answer {
        let usual = rows().find(|row| row.full_name() == "rooms");
        let usual = usual.map_or("", |row| row.default);
        let renamed = self.with_networks(|document| {
            Some(networks::rename_room(document, network, (from, to), usual))
        });
        match renamed {
            Ok(true) => told(format!("The config file has {to} in place of {from} now.")),
            Ok(false) => Answer::default(),
            Err(why) => trouble(&format!(
                "At the next start it is {from} that parlor enters. {why}"
            )),
        }
    }

    /// Changes the networks of the file; whether there was anything to be changed.
    fn with_networks(
        &mut self,
        change: impl FnOnce(&mut DocumentMut) -> Option<bool>,
    ) -> Result<bool, String> {
        self.changed(|document| change(document).ok_or(FIXED_NETWORKS))
    }

    /// Changes the file; whether there was anything to be changed.
    fn changed(
        &mut self,
        change: impl FnOnce(&mut DocumentMut) -> Result<bool, &'static str>,
    ) -> Result<bool, String> {
        self.take_in();
        let parsed = self.text.parse::<DocumentMut>();
        let mut document = parsed.map_err(|_| NO_TOML.to_owned())?;
        let is_other = change(&mut document)?;
        if is_other {
            self.keep(&document.to_string(), "")?;
        }
        Ok(is_other)
    }

    /// Writes the file, in which the user wrote this key just now, if it would be read.
    fn keep(&mut self, text: &str, written: &str) -> Result<Counts, String> {
        let Some(path) = &self.path else {
            return Err("There is no place for a config file here.".to_owned());
        };
        let both = Both::parse(text, path).map_err(|error| plain(&error, written))?;
        // A link to a file elsewhere stays one.
        let real = path.canonicalize();
        let written: io::Result<()> = folder::write(real.as_deref().unwrap_or(path), text);
        written.map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
        text.clone_into(&mut self.text);
        text.clone_into(&mut self.held);
        Ok(self.counts(both))
    }

    /// What counts of a file from now on.
    fn counts(&mut self, both: Both) -> Counts {
        let Both { client, sheet, .. } = both;
        let leaves_mouse = client.habits.leaves_mouse;
        let is_mouse_new = std::mem::replace(&mut self.leaves_mouse, leaves_mouse) != leaves_mouse;
        let Network {
            nickname, rooms, ..
        } = client.first;
        let nick = std::mem::replace(&mut self.nick, nickname.clone());
        let is_other = !nickname.is_empty() && nickname != nick;
        let before = std::mem::replace(&mut self.rooms, rooms.clone());
        let was_there = |room: &String| before.iter().any(|old| name::is_same(old, room));
        Counts {
            nick: Some(nickname).filter(|_| is_other),
            rooms: rooms.into_iter().filter(|room| !was_there(room)).collect(),
            keymap: client.keymap,
            sheet,
            habits: client.habits,
            is_mouse_new,
            networks: client.others,
        }
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
        let is_other = self.take_in();
        let path = self.path.as_deref()?;
        let both = match Both::parse(&self.text, path) {
            Ok(both) => both,
            Err(error) => return Some(trouble(&format!("What stood there counts on. {error}"))),
        };
        let held = std::mem::replace(&mut self.held, self.text.clone());
        let before = Both::parse(&held, path).map(|both| both.client.others);
        let networks = later(&before.unwrap_or_default(), &both.client.others);
        let before = held.parse::<DocumentMut>().unwrap_or_default();
        let counts = Some(self.counts(both));
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
            words: words.chain(networks).collect(),
            is_trouble: false,
            counts,
        })
    }
}

fn when(row: Row) -> &'static str {
    if row.counts_at_once() { "" } else { LATER }
}

/// What has changed of networks that were there; new ones count at once.
fn later(before: &[Network], after: &[Network]) -> Vec<String> {
    let told = before.iter().filter_map(|old| {
        let what = match after.iter().find(|new| new.name == old.name) {
            Some(new) if new == old => return None,
            Some(_) => "is another in the config file now",
            None => "is no longer in the config file",
        };
        Some(format!("The network {} {what}{LATER}", old.name))
    });
    told.collect()
}

fn told(word: String) -> Answer {
    Answer {
        words: vec![word],
        ..Answer::default()
    }
}

fn trouble(why: &str) -> Answer {
    Answer {
        words: vec![why.to_owned()],
        is_trouble: true,
        counts: None,
    }
}

/// What is wrong: without the place, if it is what the user wrote just now.
fn plain(error: &ConfigError, written: &str) -> String {
    if error.key != written {
        return error.to_string();
    }
    let hint = if error.hint.is_empty() {
        String::new()
    } else {
        format!("; right would be: {}", error.hint)
    };
    format!("{} {}{hint}", error.key, error.reason)
}

#[cfg(test)]
mod tests;
