//! The whole screen as one value: everything that is known, and everything that is open.
//! It must never decide what happens next (`update`) nor how anything looks (`view`).

pub mod asking;
pub mod browse;
pub mod completion;
pub mod directory;
pub mod fuzzy;
pub mod keeping;
pub mod kills;
pub mod layout;
pub mod network;
pub mod overlay;
pub mod parents;
pub mod profiles;
pub mod recall;
pub mod roster;
pub mod scrollback;
pub mod search;
pub mod toast;

use jiff::tz::TimeZone;

use crate::habits::Habits;
use crate::ids::{LineId, NetworkId, WindowId};
use crate::keymap::Keymap;
use crate::model::completion::Completion;
use crate::model::keeping::Keeping;
use crate::model::kills::Kills;
use crate::model::layout::{Layout, Panes, Shape};
use crate::model::network::{Network, Networks, Settings};
use crate::model::overlay::Overlay;
use crate::model::search::{Find, Search};
use crate::model::toast::Toast;
use crate::name;
use crate::session::event::{Millis, OwnId};
use crate::store as kept;
use crate::text::fold;
use crate::window::{Kind, Place, Window};

/// How many private conversations may be open; more go to the server's window, so that nobody
/// can fill the list from outside.
pub const PEOPLE_MAX: usize = 200;

/// The server in this process, if we are the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosting {
    /// The address to give to a friend.
    pub address: String,
    /// How many others are connected to it.
    pub guests: usize,
}

/// The whole screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The time of the last thing that happened.
    pub now: Millis,
    /// The user's time zone.
    pub zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Whether the terminal is the one in front, as far as it tells.
    pub has_focus: bool,
    /// Which key means what.
    pub keymap: Keymap,
    /// The networks.
    pub networks: Networks,
    /// The server in this process.
    pub hosting: Option<Hosting>,
    /// The windows, network by network: rooms, then people, then the server; with several networks each server's
    /// window comes first, as the heading of its network.
    pub windows: Vec<Window>,
    /// The open one.
    pub current: WindowId,
    /// The one before it.
    pub last: Option<WindowId>,
    /// The room that we are outside of and read all the same, instead of standing at its door.
    pub read_outside: Option<WindowId>,
    /// What was cut.
    pub kills: Kills,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// The open list of completions.
    pub completion: Option<Completion>,
    /// The open search.
    pub find: Option<Find>,
    /// The search over all rooms.
    pub search: Option<Search>,
    /// The chosen message.
    pub chosen: Option<LineId>,
    /// A word about what just happened.
    pub toast: Option<Toast>,
    /// Until when a second Ctrl-C quits.
    pub quit_armed: Option<Millis>,
    /// Whether all of it is told in lines: nothing hides the messages then, and no key does anything.
    pub is_linear: bool,
    /// Whether the rooms are wanted.
    pub has_rooms: bool,
    /// Whether the members are wanted.
    pub has_members: bool,
    /// How wide the panes were made, and whose edge is being dragged.
    pub panes: Panes,
    /// How parlor behaves; the key for the mouse changes it, too.
    pub habits: Habits,
    /// The local store.
    pub keeping: Keeping,
    /// Whether the program ends.
    pub is_over: bool,
    /// When the bell rang last.
    pub called: Option<Millis>,
    /// What the terminal's title tells: mentions anywhere, if it was ever set, and the open window.
    pub titled: (Option<u32>, String),
    line_next: u64,
    window_next: u32,
    own_next: u64,
}

impl Model {
    /// The screen before anything happened; a window for the server and each of the rooms.
    pub fn new(settings: Settings, keymap: Keymap, zone: TimeZone, size: (u16, u16)) -> Self {
        let mut model = Self {
            now: 0,
            zone,
            size,
            has_focus: true,
            keymap,
            networks: Networks::new(settings),
            hosting: None,
            windows: Vec::new(),
            current: WindowId(0),
            last: None,
            read_outside: None,
            kills: Kills::default(),
            overlay: None,
            completion: None,
            find: None,
            search: None,
            chosen: None,
            toast: None,
            quit_armed: None,
            is_linear: false,
            has_rooms: true,
            has_members: true,
            panes: Panes::default(),
            habits: Habits::default(),
            keeping: Keeping::default(),
            is_over: false,
            called: None,
            titled: (None, String::new()),
            line_next: 0,
            window_next: 0,
            own_next: 0,
        };
        model.current = model.furnish(NetworkId::FIRST);
        model
    }

    /// Another network with its windows; `None` where there are too many.
    pub fn add_network(&mut self, settings: Settings) -> Option<NetworkId> {
        let on = self.networks.add(settings)?;
        self.furnish(on);
        self.arrange();
        Some(on)
    }

    /// Forgets a network and its windows; the first one stays.
    pub fn remove_network(&mut self, on: NetworkId) {
        if on == NetworkId::FIRST {
            return;
        }
        self.networks.remove(on);
        self.windows.retain(|window| window.network != on);
        self.arrange();
        self.last = self.last.filter(|last| self.window(*last).is_some());
        if self.here().is_none()
            && let Some(first) = self.last.or(self.windows.first().map(|window| window.id))
        {
            self.current = first;
        }
    }

    /// The windows that a network begins with; the one to show first.
    fn furnish(&mut self, on: NetworkId) -> WindowId {
        let server = self.server(on);
        let rooms = self.networks.get(on).settings.rooms.clone();
        let opened: Vec<WindowId> = rooms
            .iter()
            .map(|room| self.open(on, Kind::Room, room))
            .collect();
        opened.first().copied().unwrap_or(server)
    }

    /// Puts the windows in order: the second network changes where the first one's server stands.
    fn arrange(&mut self) {
        let are_many = self.networks.are_many();
        self.windows
            .sort_by_key(|window| place_of(are_many, window.network, window.kind));
    }

    /// The window of a network's server, which is always there.
    pub fn server(&mut self, on: NetworkId) -> WindowId {
        let label = self.networks.get(on).label.clone();
        self.open(on, Kind::Server, &label)
    }

    /// The network of the open window.
    pub fn network(&self) -> &Network {
        self.networks.get(self.on())
    }

    /// The network of the open window.
    pub fn network_mut(&mut self) -> &mut Network {
        self.networks.get_mut(self.on())
    }

    /// Which network the open window belongs to.
    pub fn on(&self) -> NetworkId {
        self.here()
            .map_or(NetworkId::FIRST, |window| window.network)
    }

    /// The window of this kind and name on a network, opened if there is none.
    pub fn open(&mut self, on: NetworkId, kind: Kind, name: &str) -> WindowId {
        let folds = self.networks.get(on).facts.is_rfc1459;
        let found = self
            .windows
            .iter()
            .find(|window| is_it(window, (on, folds), kind, name));
        if let Some(window) = found {
            return window.id;
        }
        let id = WindowId(self.window_next);
        self.window_next += 1;
        let are_many = self.networks.are_many();
        let place = place_of(are_many, on, kind);
        let after = self
            .windows
            .partition_point(|window| place_of(are_many, window.network, window.kind) <= place);
        self.windows.insert(after, Window::new(id, on, kind, name));
        id
    }

    /// The window for a room or a person of a network, by the name alone.
    pub fn named(&self, on: NetworkId, target: &str) -> Option<&Window> {
        let network = self.networks.get(on);
        let (kind, folds) = (network.kind_of(target), network.facts.is_rfc1459);
        self.windows
            .iter()
            .find(|window| is_it(window, (on, folds), kind, target))
    }

    /// The window for a room or a person of a network, by the name alone.
    pub fn named_mut(&mut self, on: NetworkId, target: &str) -> Option<&mut Window> {
        let network = self.networks.get(on);
        let (kind, folds) = (network.kind_of(target), network.facts.is_rfc1459);
        self.windows
            .iter_mut()
            .find(|window| is_it(window, (on, folds), kind, target))
    }

    /// The windows of a network.
    pub fn windows_of(&mut self, on: NetworkId) -> impl Iterator<Item = &mut Window> {
        self.windows
            .iter_mut()
            .filter(move |window| window.network == on)
    }

    /// The window with this id.
    pub fn window(&self, id: WindowId) -> Option<&Window> {
        self.windows.iter().find(|window| window.id == id)
    }

    /// The window with this id.
    pub fn window_mut(&mut self, id: WindowId) -> Option<&mut Window> {
        self.windows.iter_mut().find(|window| window.id == id)
    }

    /// The open window.
    pub fn here(&self) -> Option<&Window> {
        self.window(self.current)
    }

    /// The open window.
    pub fn here_mut(&mut self) -> Option<&mut Window> {
        self.window_mut(self.current)
    }

    /// Where the open window stands in the list.
    pub fn index(&self) -> usize {
        self.windows
            .iter()
            .position(|window| window.id == self.current)
            .unwrap_or(0)
    }

    /// A name for a new entry.
    pub fn next_line(&mut self) -> LineId {
        self.line_next += 1;
        LineId(self.line_next)
    }

    /// A name for a new message of ours.
    pub fn next_own(&mut self) -> OwnId {
        self.own_next += 1;
        OwnId(self.own_next)
    }

    /// Whether the open window is a room that we are outside of, so that the door is shown.
    pub fn is_outside(&self) -> bool {
        let shows_past = |window: &Window| {
            // On the way in, and while there is no link, what was said before is worth more than a door.
            let is_coming = window.place == Place::Entering || !self.network().is_connected();
            let is_past_better = window.has_past && is_coming && window.why_outside.is_empty();
            is_past_better || self.read_outside == Some(window.id)
        };
        let here = self.here();
        here.is_some_and(|window| window.is_outside() && !shows_past(window))
    }

    /// What a window is called in the store; `None`: nothing is kept of it.
    pub fn kept_as(&self, id: WindowId) -> Option<kept::Place> {
        let window = self.window(id).filter(|_| self.keeping.is_on)?;
        let network = self.networks.get(window.network).key().to_string();
        let name = window.name.clone();
        (window.kind != Kind::Server).then_some(kept::Place { network, name })
    }

    /// How many windows there were.
    pub fn windows_made(&self) -> u32 {
        self.window_next
    }

    /// How wide the name in front of the input is, with the bar after it.
    pub fn prompt_width(&self) -> u16 {
        let is_narrow = self.size.0 < layout::NARROW_BELOW;
        let nick = crate::width::of(&self.network().nick).min(16);
        match (is_narrow, &self.find) {
            (true, _) => 3,
            // As wide as the word that stands there instead.
            (false, Some(_)) => nick.max(4) + 4,
            (false, None) => nick + 4,
        }
    }

    /// Where everything is.
    pub fn layout(&self) -> Layout {
        let others = self
            .windows
            .iter()
            .filter(|window| window.kind != Kind::Server)
            .count();
        let is_outside = self.is_outside();
        let here = self.here();
        let is_room = here.is_some_and(|window| window.kind == Kind::Room);
        let shape = Shape {
            size: self.size,
            has_rooms: self.has_rooms && !(is_outside && others < 2),
            has_members: self.has_members && is_room && !is_outside,
            panes: self.panes,
        };
        let width = self.size.0.saturating_sub(self.prompt_width() + 1).max(1);
        let text = match &self.find {
            Some(find) => find.query.text(),
            None => here.map_or("", |window| window.input.text()),
        };
        let rows = u16::try_from(fold::rows(text, width).len()).unwrap_or(u16::MAX);
        Layout::of(shape, rows)
    }
}

fn is_it(window: &Window, (on, is_rfc1459): (NetworkId, bool), kind: Kind, name: &str) -> bool {
    window.network == on
        && window.kind == kind
        && (kind == Kind::Server || name::is_same_on(is_rfc1459, &window.name, name))
}

/// What the windows are sorted by. With several networks the server's window is the heading.
fn place_of(are_many: bool, on: NetworkId, kind: Kind) -> (NetworkId, u8) {
    let place = match kind {
        Kind::Server if are_many => 0,
        Kind::Room => 1,
        Kind::Person => 2,
        Kind::Server => 3,
    };
    (on, place)
}
