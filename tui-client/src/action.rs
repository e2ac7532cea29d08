//! Everything a key can mean: each action with its name for the settings and its line of help.
//! It must never know which key means it, nor what comes of it.

/// One meaning of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send what is written, or take what is chosen.
    Send,
    /// Begin a new line in the box.
    Newline,
    /// Complete the word; again: the next candidate.
    Complete,
    /// The candidate before.
    CompleteBack,
    /// Up: a line of the box, else what was sent before.
    Previous,
    /// Down: a line of the box, else what was sent after.
    Next,
    /// Search in what was sent.
    HistorySearch,
    /// The next window.
    NextWindow,
    /// The window before.
    PreviousWindow,
    /// The window with this number, from 1.
    Window(u8),
    /// The next window with something unread, mentions first.
    NextUnread,
    /// The window we came from.
    LastWindow,
    /// The switcher for windows and commands.
    Switch,
    /// Kill to the end of the line; with nothing to kill: the switcher.
    KillOrSwitch,
    /// Enter a room.
    Join,
    /// Leave the room.
    Leave,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The oldest message.
    Top,
    /// The newest message.
    Bottom,
    /// Close what is open; with nothing open: the newest message.
    Close,
    /// Find in the messages of this window.
    Find,
    /// The first unread message.
    FirstUnread,
    /// The mention before.
    PreviousMention,
    /// The mention after.
    NextMention,
    /// The list of mentions in all rooms.
    Mentions,
    /// Show or hide the members.
    Members,
    /// Show or hide the rooms.
    Rooms,
    /// Choose the message before.
    SelectPrevious,
    /// Choose the message after.
    SelectNext,
    /// Answer the chosen message, or try it again.
    Reply,
    /// React to the chosen message.
    React,
    /// Copy the chosen message.
    Copy,
    /// Open a link of the chosen message.
    OpenLink,
    /// Go to what the chosen message answers.
    Parent,
    /// Take the chosen message back, or forget what failed.
    TakeBack,
    /// One character left.
    Left,
    /// One character right.
    Right,
    /// One word left.
    WordLeft,
    /// One word right.
    WordRight,
    /// The start of the line.
    LineStart,
    /// The end of the line; with nothing written: the newest message.
    LineEnd,
    /// Delete the character before the cursor.
    DeleteBack,
    /// Delete the character under the cursor.
    Delete,
    /// Kill the word before the cursor.
    KillWordBack,
    /// Kill the word after the cursor.
    KillWord,
    /// Kill to the start of the line.
    KillToStart,
    /// Put back what was killed.
    Yank,
    /// Put back what was killed before that instead.
    YankPop,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// Help.
    Help,
    /// Write in the user's own editor.
    Edit,
    /// Leave the mouse to the terminal, or take it back.
    Mouse,
    /// Draw everything anew.
    Redraw,
    /// Put the program to sleep.
    Suspend,
    /// Clear the line; again with an empty line: quit.
    Interrupt,
    /// Quit.
    Quit,
}

/// An action with its name in `[keys]` and its line of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Described {
    /// The action.
    pub action: Action,
    /// Its name in the settings.
    pub name: &'static str,
    /// What it does, in a few words.
    pub help: &'static str,
}

const fn row(action: Action, name: &'static str, help: &'static str) -> Described {
    Described { action, name, help }
}

/// Every action, in the order in which help lists them.
pub const ALL: &[Described] = &[
    row(Action::Join, "join", "join a room"),
    row(Action::Leave, "leave", "leave this room"),
    row(Action::Switch, "switch", "go to a window, or run a command"),
    row(
        Action::KillOrSwitch,
        "kill-or-switch",
        "cut to the end of the line, else switch",
    ),
    row(
        Action::NextUnread,
        "next-unread",
        "next unread window, mentions first",
    ),
    row(Action::NextWindow, "next-window", "next window"),
    row(Action::PreviousWindow, "previous-window", "previous window"),
    row(Action::LastWindow, "last-window", "back to the last window"),
    row(Action::Window(1), "window-1", "window 1"),
    row(Action::Window(2), "window-2", "window 2"),
    row(Action::Window(3), "window-3", "window 3"),
    row(Action::Window(4), "window-4", "window 4"),
    row(Action::Window(5), "window-5", "window 5"),
    row(Action::Window(6), "window-6", "window 6"),
    row(Action::Window(7), "window-7", "window 7"),
    row(Action::Window(8), "window-8", "window 8"),
    row(Action::Window(9), "window-9", "window 9"),
    row(Action::Window(10), "window-10", "window 10"),
    row(Action::PageUp, "page-up", "older messages"),
    row(Action::PageDown, "page-down", "newer messages"),
    row(Action::Top, "top", "oldest message"),
    row(Action::Bottom, "bottom", "newest message"),
    row(Action::FirstUnread, "first-unread", "first unread message"),
    row(
        Action::PreviousMention,
        "previous-mention",
        "previous mention of you",
    ),
    row(
        Action::NextMention,
        "next-mention",
        "next mention of you, here or elsewhere",
    ),
    row(Action::Mentions, "mentions", "mentions of you in all rooms"),
    row(Action::Find, "find", "find in this window"),
    row(
        Action::SelectPrevious,
        "select-previous",
        "choose a message",
    ),
    row(
        Action::SelectNext,
        "select-next",
        "choose the message after",
    ),
    row(Action::Reply, "reply", "chosen: reply, or try again"),
    row(Action::React, "react", "chosen: react"),
    row(Action::Copy, "copy", "chosen: copy"),
    row(Action::OpenLink, "open-link", "chosen: open its link"),
    row(Action::Parent, "parent", "chosen: go to what it answers"),
    row(
        Action::TakeBack,
        "take-back",
        "chosen: take back, or forget what failed",
    ),
    row(Action::Members, "members", "show or hide the members"),
    row(Action::Rooms, "rooms", "show or hide the rooms"),
    row(
        Action::Close,
        "close",
        "close what is open, else newest message",
    ),
    row(Action::Send, "send", "send"),
    row(Action::Newline, "newline", "new line in the message"),
    row(
        Action::Complete,
        "complete",
        "complete a nick, command, room or :emoji:",
    ),
    row(
        Action::CompleteBack,
        "complete-back",
        "the candidate before",
    ),
    row(
        Action::Previous,
        "previous",
        "line up, or what you sent before",
    ),
    row(Action::Next, "next", "line down, or what you sent after"),
    row(
        Action::HistorySearch,
        "history-search",
        "search what you sent",
    ),
    row(Action::Left, "left", "left"),
    row(Action::Right, "right", "right"),
    row(Action::WordLeft, "word-left", "a word left"),
    row(Action::WordRight, "word-right", "a word right"),
    row(Action::LineStart, "line-start", "start of the line"),
    row(
        Action::LineEnd,
        "line-end",
        "end of the line, or newest message",
    ),
    row(
        Action::DeleteBack,
        "delete-back",
        "delete the character before",
    ),
    row(Action::Delete, "delete", "delete the character here"),
    row(
        Action::KillWordBack,
        "kill-word-back",
        "cut the word before",
    ),
    row(Action::KillWord, "kill-word", "cut the word after"),
    row(
        Action::KillToStart,
        "kill-to-start",
        "cut to the start of the line",
    ),
    row(Action::Yank, "yank", "paste what was cut"),
    row(Action::YankPop, "yank-pop", "after that: the cut before"),
    row(Action::Undo, "undo", "undo"),
    row(Action::Redo, "redo", "redo"),
    row(Action::Help, "help", "this help"),
    row(Action::Edit, "edit", "write in your own editor ($EDITOR)"),
    row(
        Action::Mouse,
        "mouse",
        "leave the mouse to the terminal, or take it",
    ),
    row(Action::Redraw, "redraw", "draw the screen anew"),
    row(
        Action::Suspend,
        "suspend",
        "put parlor to sleep (fg wakes it)",
    ),
    row(
        Action::Interrupt,
        "interrupt",
        "clear the line; twice: quit",
    ),
    row(Action::Quit, "quit", "quit"),
];

impl Action {
    /// Whether it is done to the chosen message, and means nothing while none is chosen: then its keys write.
    pub fn is_gesture(self) -> bool {
        matches!(
            self,
            Self::Reply | Self::React | Self::Copy | Self::OpenLink | Self::Parent | Self::TakeBack
        )
    }

    /// The action's name in the settings.
    pub fn name(self) -> &'static str {
        ALL.iter()
            .find(|described| described.action == self)
            .map_or("", |found| found.name)
    }

    /// The action of this name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter()
            .find(|described| described.name == name)
            .map(|found| found.action)
    }
}
