//! What can lie over the screen: help, switcher, prompts, questions, lists.
//! It must never hold a copy of what the model knows, except the rows of a list being searched.

use crate::action::Action;
use crate::editor::Editor;
use crate::ids::{LineId, NetworkId, WindowId};
use crate::model::asking::Asking;
use crate::model::browse::Browse;
use crate::model::scrollback::Sought;

/// What a row of a list does when it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Go to a window.
    Window(WindowId),
    /// Do what a key would.
    Act(Action),
    /// Begin this command in the input.
    Begin(String),
    /// Enter this room of this network.
    Join(NetworkId, String),
    /// Put this into the input.
    Recall(String),
    /// Open this link.
    Open(String),
    /// Put this reaction to the chosen message, or take it back.
    React(String),
    /// Go to this message.
    Message(WindowId, LineId),
    /// Go to a message of this room or person of a network, which is not loaded.
    Past(NetworkId, String, Sought),
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it shows, and what is searched.
    pub label: String,
    /// More, dimmed, at the right.
    pub aside: String,
    /// What it does.
    pub pick: Pick,
}

/// What a searched list is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Windows, actions and commands.
    Switch,
    /// Rooms to enter.
    Join,
    /// What was sent before.
    Recall,
    /// Reactions to the chosen message.
    React,
    /// Links of the chosen message.
    Links,
    /// Messages that name us, in all rooms.
    Mentions,
    /// Messages in which what was searched for was found.
    Search,
}

/// A list that is searched by typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picker {
    /// What it is for.
    pub purpose: Purpose,
    /// What is typed.
    pub query: Editor,
    /// The rows that fit, best first.
    pub rows: Vec<Row>,
    /// The chosen row.
    pub chosen: usize,
}

impl Picker {
    /// The first row that is shown in a list of this height.
    pub fn top(&self, height: u16) -> usize {
        (self.chosen + 1).saturating_sub(usize::from(height))
    }
}

/// A question that one key answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Leave this room?
    Leave {
        /// The room.
        room: String,
    },
    /// Quit, although others are guests here?
    Quit {
        /// How many would be cut off.
        guests: usize,
    },
    /// Put the program to sleep, although others are guests here?
    Sleep {
        /// How many would wait.
        guests: usize,
    },
    /// Take this message back?
    TakeBack {
        /// The message.
        line: LineId,
        /// How it begins.
        text: String,
    },
    /// Send what is written, although it is many lines?
    Many {
        /// How many lines.
        lines: usize,
        /// In how many messages they go.
        messages: usize,
    },
}

impl Question {
    /// Whether the key that sends says yes, too: never to what cannot be undone, and cuts others off or is seen by them.
    pub fn takes_enter(&self) -> bool {
        match self {
            Self::Leave { .. } | Self::Many { .. } => true,
            Self::Quit { .. } | Self::Sleep { .. } | Self::TakeBack { .. } => false,
        }
    }
}

/// What lies over the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys and commands, from this row on.
    Help {
        /// The first row shown.
        top: usize,
        /// Whether `?` opened it, which typing `?` again then writes.
        is_typed: bool,
    },
    /// The rooms of a network.
    Directory(Browse),
    /// A searched list.
    Picker(Picker),
    /// A password.
    Asking(Asking),
    /// A question.
    Question(Question),
    /// The members, where there is no room for their pane.
    Members {
        /// The first row shown.
        top: usize,
    },
    /// The rooms, where there is no room for their pane.
    Rooms {
        /// The chosen window.
        chosen: usize,
    },
}
