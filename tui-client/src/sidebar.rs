//! The rows of the list of rooms, as drawn and as clicked, and what windows are called in lists.
//! It must never be in another order than the keys go through the windows.
//!
//! With one network there are words above rooms and people. With several, each server's window stands above its own.

use crate::ids::WindowId;
use crate::level::Level;
use crate::model::Model;
use crate::undelivered;
use crate::window::{Kind, Window};

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A word above windows of one kind.
    Heading(&'static str),
    /// Nothing.
    Blank,
    /// A window.
    Window(WindowId),
}

/// The rows, at most so many, with the open window among them.
pub fn rows(model: &Model, height: u16) -> Vec<Item> {
    let items = if model.networks.are_many() {
        by_network(model)
    } else {
        by_kind(model)
    };
    let is_open = |item: &Item| *item == Item::Window(model.current);
    let current = items.iter().position(is_open).unwrap_or(0);
    let height = usize::from(height);
    let hidden = (current + 2)
        .saturating_sub(height)
        .min(items.len().saturating_sub(height));
    items.into_iter().skip(hidden).take(height).collect()
}

fn by_kind(model: &Model) -> Vec<Item> {
    let mut items = Vec::new();
    let mut kind = None;
    for window in &model.windows {
        if kind != Some(window.kind) {
            if kind.is_some() {
                items.push(Item::Blank);
            }
            match window.kind {
                Kind::Room => items.push(Item::Heading("Rooms")),
                Kind::Person => items.push(Item::Heading("People")),
                Kind::Server => {}
            }
            kind = Some(window.kind);
        }
        items.push(Item::Window(window.id));
    }
    items
}

fn by_network(model: &Model) -> Vec<Item> {
    let mut items = Vec::new();
    for window in &model.windows {
        if window.kind == Kind::Server && !items.is_empty() {
            items.push(Item::Blank);
        }
        items.push(Item::Window(window.id));
    }
    items
}

/// A window's name where those of all networks stand together.
pub fn full_name(model: &Model, window: &Window) -> String {
    if model.networks.are_many() && window.kind != Kind::Server {
        let network = model.networks.get(window.network);
        format!("{} · {}", window.name, network.label)
    } else {
        window.name.clone()
    }
}

/// The counts behind a name: "12 @2", or nothing; "12+ @2" where more is unread than is here.
pub fn counts(window: &Window) -> String {
    let more = if window.is_more_unread() { "+" } else { "" };
    match (window.unread, window.mentions) {
        (0, _) => String::new(),
        _ if window.level == Level::Nothing => String::new(),
        (_, 0) if window.level == Level::Mentions => String::new(),
        (_, mentions) if window.level == Level::Mentions => format!("@{}", capped(mentions, more)),
        (unread, 0) => capped(unread, more),
        (unread, mentions) if window.kind == Kind::Room => {
            format!("{} @{}", capped(unread, more), capped(mentions, ""))
        }
        (unread, _) => capped(unread, more),
    }
}

/// The sign of what we said there and nobody has: "!2", or nothing.
pub fn unsent(model: &Model, window: &Window) -> String {
    match undelivered::of(model, window) {
        0 => String::new(),
        count => format!("!{count}"),
    }
}

fn capped(count: u32, more: &str) -> String {
    if count > 999 {
        "999+".into()
    } else {
        format!("{count}{more}")
    }
}
