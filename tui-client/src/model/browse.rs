//! The list of a network's rooms as it lies over the screen: what is typed, the order, the chosen row.
//! It must never hold what is known of the rooms, but their names.

use crate::editor::Editor;
use crate::ids::NetworkId;
use crate::model::directory::{Directory, Listed};

/// How the rooms are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The largest first.
    Members,
    /// By name.
    Name,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Browse {
    /// Whose rooms.
    pub on: NetworkId,
    /// What is typed: a part of the name, or of the topic.
    pub query: Editor,
    /// How they are sorted.
    pub order: Order,
    /// The names of those that fit, in order.
    pub names: Vec<String>,
    /// The chosen one.
    pub chosen: usize,
    /// How many rooms there were when the names were put together.
    filled: usize,
}

impl Browse {
    /// The list, with what is there.
    pub fn new(on: NetworkId, directory: &Directory) -> Self {
        let mut browse = Self {
            on,
            query: Editor::default(),
            order: Order::Members,
            names: Vec::new(),
            chosen: 0,
            filled: 0,
        };
        browse.fill(directory);
        browse
    }

    /// The first row that is shown in a list of this height.
    pub fn top(&self, height: u16) -> usize {
        (self.chosen + 1).saturating_sub(usize::from(height))
    }

    /// How many rows there are, that of asking the server among them.
    pub fn rows(&self, directory: &Directory) -> usize {
        self.names.len() + usize::from(self.may_ask(directory))
    }

    /// The server may have more that fits: small rooms, which were not asked for.
    pub fn may_ask(&self, directory: &Directory) -> bool {
        let typed = self.query.text().trim();
        directory.least > 0 && !directory.is_arriving && typed.chars().count() > 1
    }

    /// A room came. The names are put together anew when there are twice as many, so that no flood costs more than a
    /// few such times.
    pub fn grew(&mut self, directory: &Directory) {
        if directory.len() >= 2 * self.filled.max(8) {
            self.fill(directory);
        }
    }

    /// Puts the names together anew; the chosen one stays chosen, unless it is the first.
    pub fn fill(&mut self, directory: &Directory) {
        let kept = (self.chosen > 0).then(|| self.names.get(self.chosen).cloned());
        let typed = self.query.text().trim().to_lowercase();
        let fits = |name: &str, listed: &Listed| {
            typed.is_empty()
                || name.to_lowercase().contains(&typed)
                || listed.topic.to_lowercase().contains(&typed)
        };
        let fitting = directory.iter().filter(|(name, listed)| fits(name, listed));
        let mut fitting: Vec<(&str, u32)> = fitting
            .map(|(name, listed)| (name, listed.members))
            .collect();
        if self.order == Order::Members {
            fitting.sort_by_key(|(_, members)| std::cmp::Reverse(*members));
        }
        self.names = fitting
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect();
        let place = kept.flatten().and_then(|name| {
            let mut names = self.names.iter();
            names.position(|other| *other == name)
        });
        self.chosen = place.unwrap_or_default();
        self.filled = directory.len();
    }
}
