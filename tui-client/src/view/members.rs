//! The members of the room: by standing, then by name, those who are away at the end.
//! It must never sort: the roster is sorted as shown.
//!
//! ```text
//!  Members
//!  @ada
//!   ken
//!   tea bot
//!   kay (Kay McNulty)
//!
//!  away
//!   dennis
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::hues::Hues;
use crate::model::Model;
use crate::pen;
use crate::session::whereabouts::Member;
use crate::theme::{Role, Theme};
use crate::width;

/// What stands behind the name of a program that says so.
const BOT: &str = "bot";
/// What is cut to less than this tells nothing.
const CUT_MIN: u16 = 8;

/// Draws the pane.
pub fn draw(model: &Model, (theme, hues): (Theme, &mut Hues), area: Rect, buf: &mut Buffer) {
    if area.is_empty() {
        return;
    }
    pen::write(
        buf,
        area,
        (area.x + 1, area.y),
        "Members",
        theme.style(Role::Dim),
    );
    let below = Rect {
        y: area.y + 1,
        height: area.height - 1,
        ..area
    };
    list(model, (theme, hues), below, 0, buf);
}

/// Draws the list from this member on. In a small room everybody has a colour, in others those who were heard.
pub fn list(
    model: &Model,
    (theme, hues): (Theme, &mut Hues),
    area: Rect,
    top: usize,
    buf: &mut Buffer,
) {
    let Some(window) = model.here() else { return };
    if window.roster.len() <= theme.hues() {
        hues.meet(window.roster.iter().map(|member| &*member.nick), theme);
    }
    let mut y = area.y;
    let mut was_away = false;
    let mut shown = 0;
    let left = window.roster.len().saturating_sub(top);
    for member in window.roster.iter().skip(top) {
        let needed = if member.is_away && !was_away { 3 } else { 1 };
        let is_last_row = y + needed >= area.bottom();
        if is_last_row && left - shown > 1 || y + needed > area.bottom() {
            break;
        }
        if member.is_away && !was_away {
            y += u16::from(shown > 0);
            pen::write(buf, area, (area.x + 1, y), "away", theme.style(Role::Dim));
            y += 1;
            was_away = true;
        }
        let about = beside(model, member);
        row((theme, hues), area, y, (member, &about), buf);
        y += 1;
        shown += 1;
    }
    if shown < left && y < area.bottom() {
        let rest = format!("{} more", left - shown);
        pen::write(buf, area, (area.x + 2, y), &rest, theme.style(Role::Dim));
    }
}

fn row(
    (theme, hues): (Theme, &Hues),
    area: Rect,
    y: u16,
    (member, about): (&Member, &str),
    buf: &mut Buffer,
) {
    let prefix: String = member.prefixes.chars().take(1).collect();
    pen::write(
        buf,
        area,
        (area.x + 1, y),
        &prefix,
        theme.style(Role::Muted),
    );
    let inner = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let nick = width::truncated(&member.nick, inner.width.saturating_sub(2));
    let style = if member.is_away {
        theme.style(Role::Dim)
    } else {
        hues.known(theme, &member.nick)
            .unwrap_or_else(|| theme.style(Role::Text))
    };
    let x = pen::write(buf, inner, (area.x + 2, y), &nick, style);
    let free = inner.right().saturating_sub(x + 1);
    if free >= CUT_MIN || width::of(about) <= free {
        let about = width::truncated(about, free);
        pen::write(buf, inner, (x + 1, y), &about, theme.style(Role::Dim));
    }
}

/// What stands behind a nick: that it is a program, or else the name that they give themselves. That may be anybody's
/// name; therefore the nick always comes first, and alone has a colour.
fn beside(model: &Model, member: &Member) -> String {
    let network = model.network();
    if network.is_bot(&member.nick) {
        return BOT.to_owned();
    }
    let display_name = network.profiles.display_name(&member.nick);
    display_name.map_or_else(String::new, |display_name| format!("({display_name})"))
}
