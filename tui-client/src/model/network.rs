//! One network: where it is, who we are there, how the link is, and what its server said about itself.
//! It must never know its windows; they know their network.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::address;
use crate::ids::{LineId, NetworkId};
use crate::model::directory::Directory;
use crate::model::profiles::Profiles;
use crate::name;
use crate::session::event::Millis;
use crate::session::link::{Facts, Link};
use crate::window::Kind;

/// Most bytes of one multiline message, below what servers allow.
pub const BUNDLE_BYTES: usize = 3_000;
/// How many networks can be open at once; each is a task, a wire and a file.
pub const NETWORKS_MAX: usize = 16;

/// So many programs are remembered.
const BOTS_MAX: usize = 1000;

/// A network that is reached through a bouncer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The bouncer, a network of its own.
    pub bouncer: NetworkId,
    /// How the bouncer names it.
    pub netid: String,
}

/// What the settings say about one network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the user calls it; empty for the one at the top of the config, which is called as it calls itself.
    pub name: String,
    /// Where the server is.
    pub host: String,
    /// And its port.
    pub port: u16,
    /// The nick that is wanted.
    pub nick: String,
    /// The rooms to begin with.
    pub rooms: Vec<String>,
    /// Whether they are entered at once.
    pub join_at_start: bool,
    /// The bouncer through which it is reached, and which of its networks it is.
    pub bound: Option<Bound>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            host: "127.0.0.1".into(),
            port: 6667,
            nick: "user".into(),
            rooms: vec!["#lobby".into()],
            join_at_start: true,
            bound: None,
        }
    }
}

/// A network, as far as the screen knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// Its name inside the program.
    pub id: NetworkId,
    /// What the settings say.
    pub settings: Settings,
    /// What it is called on the screen.
    pub label: String,
    /// The state of the link.
    pub link: Link,
    /// The last measured way to the server and back.
    pub lag: Option<Millis>,
    /// Since when nothing has been heard, while an answer is due.
    pub silent_since: Option<Millis>,
    /// The server's rules.
    pub facts: Facts,
    /// Our nick now.
    pub nick: String,
    /// Whether we are away.
    pub is_away: bool,
    /// Rooms that the server listed.
    pub directory: Directory,
    /// Whether rooms were entered after the first good link.
    pub has_started: bool,
    /// The first line of what this link told: lines before it are of earlier ones.
    pub linked_from: LineId,
    /// Whether the link was lost and we have not said that it is back.
    pub was_lost: bool,
    /// Up to when conversations that have no window were read on another device, by folded name.
    pub read_to: BTreeMap<String, Millis>,
    /// Those of whose coming and going the server was asked to tell.
    pub watched: Vec<String>,
    /// The programs that say so, folded.
    pub bots: BTreeSet<String>,
    /// What people tell of themselves.
    pub profiles: Profiles,
    /// Whom we do not want to hear, folded.
    pub ignored: BTreeSet<String>,
    /// The nicks that the ignored have taken since, on this link, folded, each with the one that it is ignored by; one at
    /// most for each.
    pub disguises: BTreeMap<String, String>,
    key: Arc<str>,
}

impl Network {
    /// A network that nothing was heard of yet.
    pub fn new(id: NetworkId, settings: Settings) -> Self {
        let label = if settings.name.is_empty() {
            settings.host.clone()
        } else {
            settings.name.clone()
        };
        let key = if settings.name.is_empty() {
            address::shown(&settings.host, settings.port)
        } else {
            settings.name.to_lowercase()
        };
        Self {
            id,
            label,
            key: key.into(),
            link: Link::Idle,
            lag: None,
            silent_since: None,
            facts: Facts::default(),
            nick: settings.nick.clone(),
            is_away: false,
            directory: Directory::default(),
            has_started: false,
            linked_from: LineId::default(),
            was_lost: false,
            read_to: BTreeMap::new(),
            watched: Vec::new(),
            bots: BTreeSet::new(),
            profiles: Profiles::default(),
            ignored: BTreeSet::new(),
            disguises: BTreeMap::new(),
            settings,
        }
    }

    /// What it is called in files, from one run to the next: its name, or else its address.
    pub fn key(&self) -> &Arc<str> {
        &self.key
    }

    /// Whether messages can go out.
    pub fn is_connected(&self) -> bool {
        matches!(self.link, Link::Connected(_))
    }

    /// Whether this is a program that says so.
    pub fn is_bot(&self, nick: &str) -> bool {
        !self.bots.is_empty() && self.bots.contains(&name::folded(nick))
    }

    /// Remembers that this is a program.
    pub fn mark_bot(&mut self, nick: &str) {
        if self.bots.len() < BOTS_MAX {
            self.bots.insert(name::folded(nick));
        }
    }

    /// Whether the name is a room's or a person's here.
    pub fn kind_of(&self, target: &str) -> Kind {
        if name::is_room(target, &self.facts.room_prefixes) {
            Kind::Room
        } else {
            Kind::Person
        }
    }

    /// The signs of ranks before a room's name, as in `@#ops`, and the name: only those above hear what is said to it.
    pub fn ranks_of<'t>(&self, target: &'t str) -> (&'t str, &'t str) {
        let bare = target.trim_start_matches(|c| self.facts.member_prefixes.contains(c));
        let is_room = self.kind_of(target) == Kind::Person && self.kind_of(bare) == Kind::Room;
        let split = target.split_at_checked(target.len() - bare.len());
        split.filter(|_| is_room).unwrap_or(("", target))
    }

    /// Whether the server sends back what we say.
    pub fn has_echo(&self) -> bool {
        matches!(&self.link, Link::Connected(connected) if connected.has_echo)
    }

    /// Bytes of text that fit into one message to this target.
    pub fn text_bytes_max(&self, target: &str) -> usize {
        self.facts
            .target_and_text_bytes_max
            .saturating_sub(target.len())
            .max(1)
    }

    /// Bytes of a line of what is written that one message to this target holds; a command is not a message.
    pub fn line_bytes_max(&self, written: &str, target: &str) -> usize {
        let is_command = written.starts_with('/') && !written.starts_with("//");
        if is_command && !written.starts_with("/me ") {
            return usize::MAX;
        }
        if self.facts.has_multiline && !is_command {
            return BUNDLE_BYTES;
        }
        self.text_bytes_max(target)
    }

    /// In how many pieces the longest line of what is written goes to this target.
    pub fn pieces(&self, written: &str, target: &str) -> usize {
        let max = self.line_bytes_max(written, target);
        let lines = written.lines().map(|line| line.len().div_ceil(max));
        lines.max().unwrap_or(0)
    }
}

/// All networks; the first is always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Networks {
    first: Network,
    others: Vec<Network>,
    next: u16,
}

impl Networks {
    /// One network.
    pub fn new(settings: Settings) -> Self {
        Self {
            first: Network::new(NetworkId::FIRST, settings),
            others: Vec::new(),
            next: NetworkId::FIRST.0 + 1,
        }
    }

    /// Another network; `None` where there are too many.
    pub fn add(&mut self, settings: Settings) -> Option<NetworkId> {
        if self.count() >= NETWORKS_MAX || self.next == u16::MAX {
            return None;
        }
        let id = NetworkId(self.next);
        self.next += 1;
        self.others.push(Network::new(id, settings));
        Some(id)
    }

    /// Forgets a network; the first one stays.
    pub fn remove(&mut self, id: NetworkId) {
        self.others.retain(|network| network.id != id);
    }

    /// Whether it is still there. What comes from one that is not means nothing.
    pub fn has(&self, id: NetworkId) -> bool {
        self.iter().any(|network| network.id == id)
    }

    /// The network with this id; the first if it is gone.
    pub fn get(&self, id: NetworkId) -> &Network {
        let found = self.others.iter().find(|network| network.id == id);
        found.unwrap_or(&self.first)
    }

    /// The network with this id; the first if it is gone.
    pub fn get_mut(&mut self, id: NetworkId) -> &mut Network {
        let found = self.others.iter_mut().find(|network| network.id == id);
        found.unwrap_or(&mut self.first)
    }

    /// The network that people mean by this word: its name, its label, or its host.
    pub fn called(&self, word: &str) -> Option<&Network> {
        let is_it = |text: &str| text.to_lowercase() == word.to_lowercase();
        let by_name = self.iter().find(|network| is_it(&network.label));
        by_name.or_else(|| self.iter().find(|network| is_it(&network.settings.host)))
    }

    /// All of them, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = &Network> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// How many there are; at least one.
    pub fn count(&self) -> usize {
        1 + self.others.len()
    }

    /// Whether there are several, so that it must be said which is meant.
    pub fn are_many(&self) -> bool {
        !self.others.is_empty()
    }
}
