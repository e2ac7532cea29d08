//! The style of a part of a message, as its look and the theme have it.
//! It must never make a text unreadable that the theme made readable, unless its author asked for that.

use ratatui::style::{Modifier, Style};

use crate::text::format::{Ink, Look};
use crate::theme::{Role, Theme};

/// The style of a part with this look in a text of this role; `own` is that of the nick who said it.
pub fn style(theme: Theme, look: Look, base: Role, own: Style) -> Style {
    let mut style = theme.style(if look.is_dim { Role::Dim } else { base });
    if look.is_mono {
        style = style.patch(theme.style(Role::Code));
    }
    if look.is_link {
        style = style.patch(theme.style(Role::Link));
    }
    if look.ink == Some(Ink::Nick) {
        style = style.patch(own);
    }
    let colour = |ink: Ink| theme.ink(ink.rgb()?);
    // Whoever names the paper, too, means them together, as to hide what the end of a film is.
    let letters = |ink: Ink| match look.paper {
        None => theme.letters(ink.rgb()?),
        Some(_) => colour(ink),
    };
    if let Some(colour) = look.ink.and_then(letters) {
        style = style.fg(colour);
    }
    if let Some(colour) = look.paper.and_then(colour) {
        style = style.bg(colour);
    }
    let modifiers = [
        (look.is_bold, Modifier::BOLD),
        (look.is_italic, Modifier::ITALIC),
        (look.is_underlined, Modifier::UNDERLINED),
        (look.is_struck, Modifier::CROSSED_OUT),
        (look.is_reversed, Modifier::REVERSED),
    ];
    for (is_on, modifier) in modifiers {
        if is_on {
            style = style.add_modifier(modifier);
        }
    }
    style
}
