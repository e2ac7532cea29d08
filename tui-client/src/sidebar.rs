//! The rows of the list of rooms, as drawn and as clicked.
//! It must never be in another order than the keys go through the windows.

use crate::ids::WindowId;
use crate::model::Model;
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
    let mut items = Vec::new();
    let mut kind = None;
    let mut current = 0;
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
        if window.id == model.current {
            current = items.len();
        }
        items.push(Item::Window(window.id));
    }
    let height = usize::from(height);
    let hidden = (current + 2)
        .saturating_sub(height)
        .min(items.len().saturating_sub(height));
    items.into_iter().skip(hidden).take(height).collect()
}

/// The counts behind a name: "12 @2", or nothing.
pub fn counts(window: &Window) -> String {
    match (window.unread, window.mentions) {
        (0, _) => String::new(),
        (_, 0) if window.is_muted => String::new(),
        (_, mentions) if window.is_muted => format!("@{}", capped(mentions)),
        (unread, 0) => capped(unread),
        (unread, mentions) if window.kind == Kind::Room => {
            format!("{} @{}", capped(unread), capped(mentions))
        }
        (unread, _) => capped(unread),
    }
}

fn capped(count: u32) -> String {
    if count > 999 {
        "999+".into()
    } else {
        count.to_string()
    }
}
