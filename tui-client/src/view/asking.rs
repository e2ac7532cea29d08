//! The box that asks for a password.
//! It must never draw more of it than how long it is.
//!
//! ```text
//! ╭ Log in as ada ─────────────────────────╮
//! │ Password ›••••••                       │
//! │                                        │
//! │ Enter go on    Esc no                  │
//! ╰────────────────────────────────────────╯
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::action::Action;
use crate::boxed;
use crate::model::Model;
use crate::model::asking::{Asking, Errand, Field, Objection};
use crate::model::layout::Layout;
use crate::pen;
use crate::theme::{Role, Theme};

/// How wide and high the box is, where there is room for it.
const SIZE: (u16, u16) = (46, 5);

fn heading(model: &Model, asking: &Asking) -> String {
    let network = model.networks.get(asking.on);
    let what = match &asking.errand {
        Errand::Login { account: None } => "Log in".to_owned(),
        Errand::Login {
            account: Some(account),
        } => format!("Log in as {account}"),
        Errand::Register { email: None } => format!("An account for {}", network.nick),
        Errand::Register { email: Some(email) } => {
            format!("An account for {}, {email}", network.nick)
        }
        Errand::Password => "Your password".to_owned(),
        Errand::Oper { name } => format!("Operator {name}"),
    };
    if model.networks.are_many() {
        format!("{what} at {}", network.key())
    } else {
        what
    }
}

fn label(asking: &Asking) -> &'static str {
    match asking.field() {
        Some(Field::Old) => "Now (Enter: none)",
        Some(Field::New) => "New password",
        Some(Field::Again) => "The same again",
        Some(Field::Known) | None => "Password",
    }
}

/// Draws it; returns where the cursor goes.
pub fn draw(
    model: &Model,
    asking: &Asking,
    theme: Theme,
    layout: Layout,
    buf: &mut Buffer,
) -> Option<Position> {
    let inner = boxed::draw(theme, layout, SIZE, &heading(model, asking), buf);
    if inner.height < 3 {
        return None;
    }
    let inner = Rect {
        width: inner.width.saturating_sub(1),
        ..inner
    };
    let left = inner.x + 1;
    let text = theme.style(Role::Text);
    let x = pen::write(buf, inner, (left, inner.y), label(asking), text);
    let x = pen::write(buf, inner, (x, inner.y), " › ", theme.style(Role::Accent));
    let room = usize::from(inner.right().saturating_sub(x + 1));
    let dots = "•".repeat(asking.typed.count().min(room));
    let cursor = pen::write(buf, inner, (x, inner.y), &dots, text);
    if let Some(objection) = asking.objection {
        let words = match objection {
            Objection::Empty => "There must be one.",
            Objection::Differed => "They differ. Both anew, please.",
        };
        let style = theme.style(Role::Failed);
        pen::write(buf, inner, (left, inner.y + 1), words, style);
    }
    let mut x = left;
    let keys = [(Action::Send, "go on"), (Action::Close, "no")];
    for (action, word) in keys {
        let key = model.keymap.first(action).unwrap_or_default();
        let at = (x, inner.bottom() - 1);
        let after = pen::write(buf, inner, at, &key, theme.style(Role::Key));
        x = pen::write(buf, inner, (after + 1, at.1), word, text) + 4;
    }
    Some(Position::new(cursor, inner.y))
}
