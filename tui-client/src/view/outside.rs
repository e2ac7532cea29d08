//! The door of a room that we are not in: its name, who is there, which key enters.
//! It must never show what only members may see beyond what the server told.
//!
//! ```text
//!                 parlor
//!
//!        #lobby  on  127.0.0.1:6667
//!        4 here: ada, grace, ken, linus
//!
//!        [ F2 ]  join          [ ^Q ]  quit
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::action::Action;
use crate::model::Model;
use crate::pen;
use crate::sanitise;
use crate::session::link::Link;
use crate::text::wrap;
use crate::theme::{Role, Theme};
use crate::width;
use crate::window::{Place, Window};

/// Rows of one sentence, where there is room.
const ROWS_MAX: usize = 3;
/// Rows below what is told: a gap, the keys, who we are.
const BELOW: usize = 3;

/// A part of a row.
type Part = (String, Style);

/// Draws the door.
pub fn draw(model: &Model, theme: Theme, area: Rect, buf: &mut Buffer) {
    let Some(window) = model.here() else { return };
    let margin = if area.width > 30 { 2 } else { 0 };
    let area = Rect {
        x: area.x + margin,
        width: area.width - 2 * margin,
        ..area
    };
    let dim = theme.style(Role::Dim);
    let mut rows: Vec<Vec<Part>> = vec![vec![("parlor".into(), theme.style(Role::Title))]];
    let is_roomy = area.height >= 9;
    if is_roomy {
        rows.push(Vec::new());
        rows.push(Vec::new());
    }
    rows.push(vec![
        (window.name.clone(), theme.style(Role::Title)),
        ("  on  ".into(), dim),
        (
            format!(
                "{}:{}",
                model.network().settings.host,
                model.network().settings.port
            ),
            theme.style(Role::Text),
        ),
    ]);
    if !window.topic.is_empty() && is_roomy {
        rows.push(vec![(
            sanitise::line(&window.topic),
            theme.style(Role::Muted),
        )]);
    }
    let told = who(model, window, area.width);
    let why = window.why_outside.as_str();
    let others = rows.len() + BELOW + usize::from(!why.is_empty());
    let free = usize::from(area.height).saturating_sub(others);
    let width = area.width;
    rows.extend(wrapped(&told, theme.style(Role::Muted), (width, free)));
    rows.extend(wrapped(why, theme.style(Role::Warm), (width, free)));
    rows.push(Vec::new());
    rows.push(keys(model, theme));
    let older = model.keymap.first(Action::PageUp);
    if let Some(key) = older.filter(|_| area.height >= 8 && has_words(window)) {
        rows.push(vec![
            (key, theme.style(Role::Key)),
            (" reads what was said".into(), dim),
        ]);
    }
    if area.height >= 6 {
        let nick = (
            model.network().nick.clone(),
            theme.nick(&model.network().nick),
        );
        rows.push(vec![("you are ".into(), dim), nick]);
    }
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let top = area.y + area.height.saturating_sub(height) * 2 / 5;
    for (y, row) in (top..area.bottom()).zip(rows) {
        let total = row
            .iter()
            .map(|(text, _)| width::of(text))
            .fold(0, u16::saturating_add);
        let mut x = area.x + area.width.saturating_sub(total) / 2;
        for (text, style) in row {
            let cut = width::truncated(&text, area.right().saturating_sub(x)).into_owned();
            x = pen::write(buf, area, (x, y), &cut, style);
        }
    }
}

/// A sentence in as many rows as it needs and there are free.
fn wrapped(text: &str, style: Style, (width, free): (u16, usize)) -> Vec<Vec<Part>> {
    if text.is_empty() {
        return Vec::new();
    }
    let mut ranges = wrap::rows(text, width);
    let most = free.clamp(1, ROWS_MAX);
    if ranges.len() > most {
        ranges.truncate(most);
        if let Some(last) = ranges.last_mut() {
            // It is cut with a sign that it goes on.
            last.end = text.len();
        }
    }
    let parts = ranges.into_iter().filter_map(|range| text.get(range));
    parts.map(|part| vec![(part.to_owned(), style)]).collect()
}

fn who(model: &Model, window: &Window, room: u16) -> String {
    match (&model.network().link, window.place) {
        (_, Place::Entering) => return "going in…".into(),
        (Link::Connected(_), _) => {}
        (Link::Lost { reason, .. } | Link::Refused { reason }, _) => return reason.clone(),
        _ => return "connecting…".into(),
    }
    match window.roster.len() {
        0 => "nobody here, as far as the server tells".into(),
        count => {
            let mut text = format!("{count} here: ");
            for (index, member) in window.roster.iter().enumerate() {
                let is_first = index == 0;
                let next = width::of(&text) + width::of(&member.nick) + 4;
                if next > room.min(60) && !is_first {
                    text.push_str(", …");
                    break;
                }
                text.push_str(if is_first { "" } else { ", " });
                text.push_str(&member.nick);
            }
            text
        }
    }
}

fn has_words(window: &Window) -> bool {
    let mut entries = window.scrollback.iter();
    entries.any(|entry| entry.as_said().is_some())
}

fn keys(model: &Model, theme: Theme) -> Vec<Part> {
    let dim = theme.style(Role::Dim);
    let mut parts = Vec::new();
    for (action, word) in [(Action::Join, "join"), (Action::Quit, "quit")] {
        if let Some(key) = model.keymap.first(action) {
            if !parts.is_empty() {
                parts.push(("        ".into(), dim));
            }
            parts.push(("[ ".into(), dim));
            parts.push((key, theme.style(Role::Key)));
            parts.push((" ]  ".into(), dim));
            parts.push((word.to_owned(), theme.style(Role::Text)));
        }
    }
    parts
}
