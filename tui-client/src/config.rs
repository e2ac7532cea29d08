//! The client's part of the one config file: its shape, its defaults, and what is wrong with it, in words.
//! It must never touch the terminal, nor guess what a key that it does not know might mean.

mod aliases;
pub(crate) mod habits;
pub(crate) mod key;
pub mod network;
mod place;
mod skin;
pub mod store;

use std::collections::BTreeMap;
use std::path::Path;

use server::config::ConfigError;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::key::Key;
use crate::config::network::Network;
use crate::config::place::Place;
use crate::config::store::Store;
use crate::habits::Habits;
use crate::keymap::Keymap;
use crate::model::network::NETWORKS_MAX;
use crate::theme::Sheet;

/// What the user may choose. `config.example.toml` explains each field, and a test holds the two together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The network of the keys at the top of the file, which is always there.
    pub first: Network,
    /// Those of `[[network]]`, each with a name and a host.
    pub others: Vec<Network>,
    /// What is kept on this machine.
    pub store: Store,
    /// The theme's name; empty: whichever fits the terminal.
    pub theme: String,
    /// How parlor behaves.
    pub habits: Habits,
    /// Which key means what.
    pub keymap: Keymap,
}

/// Both parts of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Both {
    /// The client's.
    pub client: Config,
    /// The server's, for when we host.
    pub server: server::config::Config,
    /// The theme that is named; `None`: the one that fits the terminal.
    pub sheet: Option<Sheet>,
}

/// The theme, which stands at the top of the file.
const THEME: Key<Config> = Key {
    name: "theme",
    right: "\"auto\", or a theme's name: \"dark\", \"light\", \"ansi\", \"contrast\", or one of your own",
    set: |config, value| {
        config.theme = skin::name(value.as_str()?)?;
        Some(())
    },
};

/// The tables that the file may have beside the keys.
const TABLES: &[&str] = &["aliases", "keys", "network", "server", "store"];

impl Both {
    /// Reads the file that was asked for, or else the one that is found, or else takes the defaults.
    ///
    /// # Errors
    /// The first thing that is wrong with the file.
    pub fn load(asked: Option<&Path>) -> Result<Self, ConfigError> {
        let Some(path) = server::config::find(asked) else {
            return Ok(Self::default());
        };
        let file = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| ConfigError {
            file: file.clone(),
            line: 0,
            key: String::new(),
            reason: format!("cannot be read: {error}"),
            hint: "a file that exists and is yours to read".to_owned(),
        })?;
        Self::parse(&text, &path)
    }

    /// Reads a file's text; its themes are beside `path`.
    ///
    /// # Errors
    /// The first thing that is wrong with it, or with the theme that it names.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let client = Config::parse(text, &file)?;
        let place = Place { text, file: &file };
        let sheet = skin::load(&client.theme, path.parent(), place)?;
        Ok(Self {
            client,
            server: server::config::Config::parse(text, &file)?,
            sheet,
        })
    }
}

impl Config {
    /// Gives a nick to every network that has none: that of the first one, which `login` gives where it has none.
    pub fn name_everybody(&mut self, login: impl FnOnce() -> String) {
        if self.first.nickname.is_empty() {
            self.first.nickname = login();
        }
        for network in &mut self.others {
            if network.nickname.is_empty() {
                network.nickname.clone_from(&self.first.nickname);
            }
        }
    }

    /// Reads the client's part of a file's text; `file` is its name, for people.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        let place = Place { text, file };
        let document = DeTable::parse(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            place.error(offset, "", error.message(), "")
        })?;
        let mut config = Self::default();
        for (name, value) in document.get_ref() {
            let offset = name.span().start;
            let name = name.get_ref().as_ref();
            let plain = value.get_ref();
            let set = one_of(&[THEME], &mut config, name, plain)
                .or_else(|| one_of(habits::KEYS, &mut config.habits, name, plain))
                .or_else(|| one_of(network::KEYS, &mut config.first, name, plain));
            if let Some(set) = set {
                set.map_err(|right| place.refused(offset, name, right))?;
            } else if name == "network" {
                config.others = networks(value, place)?;
            } else if name == "store" {
                config.store = kept(value, place)?;
            } else if name == "aliases" {
                config.habits.aliases = aliases::read(value, place)?;
            } else if name == "keys" {
                config.keymap = keymap(value, place)?;
            } else if !TABLES.contains(&name) {
                let known = top_keys();
                let known = known.chain(network::KEYS.iter().map(|key| key.name));
                let known = known.chain(TABLES.iter().copied());
                return Err(place.unknown(offset, name, nearest(name, known)));
            }
        }
        Ok(config)
    }
}

/// The keys at the top of the file that are no network's.
fn top_keys() -> impl Iterator<Item = &'static str> {
    [THEME.name]
        .into_iter()
        .chain(habits::KEYS.iter().map(|key| key.name))
}

/// Whether this key at the top of the file counts as soon as it is changed; the others do at the next start.
pub fn counts_at_once(name: &str) -> bool {
    let of_first = ["nickname", "rooms"].into_iter();
    top_keys().chain(of_first).any(|key| key == name)
}

/// Takes a value over if one of these keys is meant; the error is what would be right.
fn one_of<T>(
    keys: &[Key<T>],
    part: &mut T,
    name: &str,
    value: &DeValue<'_>,
) -> Option<Result<(), &'static str>> {
    let key = keys.iter().find(|key| key.name == name)?;
    Some((key.set)(part, value).ok_or(key.right))
}

/// `[store]`: what is kept on this machine.
fn kept(value: &Spanned<DeValue<'_>>, place: Place<'_>) -> Result<Store, ConfigError> {
    let table = value.get_ref().as_table().ok_or_else(|| {
        let right = "a table: [store], and below it lines such as enabled = false";
        place.error(value.span().start, "store", "is no table", right)
    })?;
    let mut kept = Store::default();
    for (name, value) in table {
        let (offset, name) = (name.span().start, name.get_ref().as_ref());
        let key = format!("store.{name}");
        match one_of(store::KEYS, &mut kept, name, value.get_ref()) {
            Some(set) => set.map_err(|right| place.refused(offset, &key, right))?,
            None => {
                let known = store::KEYS.iter().map(|key| key.name);
                return Err(place.unknown(offset, &key, nearest(name, known)));
            }
        }
    }
    Ok(kept)
}

/// Each `[[network]]`: a name, a host, and what else differs from the defaults.
fn networks(value: &Spanned<DeValue<'_>>, place: Place<'_>) -> Result<Vec<Network>, ConfigError> {
    let start = value.span().start;
    let right = "a table of its own for each network: [[network]], and below it name and host";
    let wrong = || place.error(start, "network", "is no list of tables", right);
    let tables = value.get_ref().as_array().ok_or_else(wrong)?;
    let mut networks: Vec<Network> = Vec::new();
    for table in tables {
        let offset = table.span().start;
        let table = table.get_ref().as_table().ok_or_else(wrong)?;
        let network = one_network(table, offset, place)?;
        let is_same = |other: &Network| other.name.to_lowercase() == network.name.to_lowercase();
        if networks.iter().any(is_same) {
            let right = "a name of its own for each network";
            return Err(place.error(offset, "network.name", "is there twice", right));
        }
        if networks.len() + 1 >= NETWORKS_MAX {
            let right = format!("at most {NETWORKS_MAX} networks");
            return Err(place.error(offset, "network", "is one too many", &right));
        }
        networks.push(network);
    }
    Ok(networks)
}

fn one_network(
    table: &DeTable<'_>,
    start: usize,
    place: Place<'_>,
) -> Result<Network, ConfigError> {
    let mut network = Network::blank();
    for (name, value) in table {
        let offset = name.span().start;
        let name = name.get_ref().as_ref();
        let shown = format!("network.{name}");
        let keys = [network::NAME];
        let set = one_of(&keys, &mut network, name, value.get_ref())
            .or_else(|| one_of(network::KEYS, &mut network, name, value.get_ref()));
        match set {
            Some(Ok(())) => {}
            Some(Err(right)) => return Err(place.refused(offset, &shown, right)),
            None => {
                let known = network::KEYS.iter().map(|key| key.name).chain(["name"]);
                return Err(place.unknown(offset, &shown, nearest(name, known)));
            }
        }
    }
    for (key, is_missing) in [
        ("host", network.host.is_empty()),
        ("name", network.name.is_empty()),
    ] {
        if is_missing {
            let right = "name = \"libera\" and host = \"irc.libera.chat\", for example";
            let key = format!("network.{key}");
            return Err(place.error(start, &key, "is missing", right));
        }
    }
    Ok(network)
}

/// The known word that is most like this one.
fn nearest<'w>(name: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    known.min_by_key(|known| strsim::damerau_levenshtein(name, known))
}

/// `[keys]`: an action's name, and its chord or a list of them.
fn keymap(value: &Spanned<DeValue<'_>>, place: Place<'_>) -> Result<Keymap, ConfigError> {
    let table = value.get_ref().as_table().ok_or_else(|| {
        let right = "a table: [keys], and below it lines such as join = \"F2\"";
        place.error(value.span().start, "keys", "is no table", right)
    })?;
    let mut keys = BTreeMap::new();
    let mut offsets = BTreeMap::new();
    for (name, value) in table {
        let offset = name.span().start;
        let name = name.get_ref().as_ref();
        let chords = chords(value.get_ref()).ok_or_else(|| {
            let right = "a key such as \"F2\", or a list of them, such as [\"ctrl-o\", \"F2\"]";
            place.error(
                offset,
                &format!("keys.{name}"),
                "has a value it cannot have",
                right,
            )
        })?;
        keys.insert(name.to_owned(), chords);
        offsets.insert(name.to_owned(), offset);
    }
    Keymap::remapped(&keys).map_err(|faults| {
        // The first in the file is the one to mend first.
        let at = |key: &str| offsets.get(key).copied().unwrap_or(0);
        let first = faults.iter().min_by_key(|fault| at(fault.key()));
        let key = first.map_or("", |fault| fault.key());
        let reason = first.map_or_else(String::new, |fault| format!("is wrong: {fault}"));
        place.error(at(key), &format!("keys.{key}"), &reason, "")
    })
}

fn chords(value: &DeValue<'_>) -> Option<Vec<String>> {
    if let Some(chord) = value.as_str() {
        return Some(vec![chord.to_owned()]);
    }
    let list = value.as_array()?.iter();
    list.map(|chord| chord.get_ref().as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests;
