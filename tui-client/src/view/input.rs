//! The line that is written, with our nick in front; also the search.
//! It must never hide the cursor, nor what will not fit into one message.
//!
//! ```text
//!  ada ▏ bring the good coffee█
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

use crate::action::Action;
use crate::editor::Editor;
use crate::model::Model;
use crate::model::layout::NARROW_BELOW;
use crate::pen;
use crate::text::fold;
use crate::theme::{Role, Theme};
use crate::width;
use crate::window::{Kind, Window};

/// Draws the input; returns where the cursor goes.
pub fn draw(model: &Model, theme: Theme, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let window = model.here()?;
    if area.is_empty() {
        return None;
    }
    let editor = model
        .find
        .as_ref()
        .map_or(&window.input, |find| &find.query);
    let start = prompt(model, theme, area, buf);
    let text = Rect {
        x: start.min(area.right()),
        width: area.right().saturating_sub(start + 1),
        ..area
    };
    if editor.is_empty() {
        let cut = width::truncated(&placeholder(model, window), text.width).into_owned();
        pen::write(buf, text, (text.x, text.y), &cut, theme.style(Role::Dim));
    }
    let limit = match model.find {
        Some(_) => usize::MAX,
        None => model
            .network()
            .line_bytes_max(window.input.text(), &window.name),
    };
    Some(write(theme, text, editor, limit, buf))
}

fn prompt(model: &Model, theme: Theme, area: Rect, buf: &mut Buffer) -> u16 {
    let end = area.x + model.prompt_width();
    let inner = Rect {
        width: model.prompt_width().min(area.width),
        ..area
    };
    if area.width >= NARROW_BELOW {
        let (word, style) = match &model.find {
            Some(find) if find.is_missing => ("none", theme.style(Role::Warm)),
            Some(_) => ("find", theme.style(Role::Accent)),
            None => (
                model.network().nick.as_str(),
                theme.nick(&model.network().nick),
            ),
        };
        let word = width::truncated(word, 16);
        let room = model.prompt_width().saturating_sub(4);
        let x = area.x + 1 + room.saturating_sub(width::of(&word));
        pen::write(buf, inner, (x, area.y), &word, style);
    }
    for y in area.y..area.bottom() {
        let bar = if model.find.is_some() && area.width < NARROW_BELOW {
            "/"
        } else {
            "▏"
        };
        pen::write(
            buf,
            inner,
            (end.saturating_sub(2), y),
            bar,
            theme.style(Role::Accent),
        );
    }
    end
}

fn placeholder(model: &Model, window: &Window) -> String {
    if model.find.is_some() {
        return "what to find".into();
    }
    let key = |action| model.keymap.first(action).unwrap_or_default();
    match window.kind {
        Kind::Room if window.is_outside() => format!("{} to join", key(Action::Join)),
        Kind::Room => format!("say something in {}", window.name),
        Kind::Person => format!("say something to {}", window.name),
        Kind::Server => "/help tells what can be done here".into(),
    }
}

fn write(theme: Theme, area: Rect, editor: &Editor, limit: usize, buf: &mut Buffer) -> Position {
    let text = editor.text();
    let rows = fold::rows(text, area.width);
    let (cursor_row, cursor_x) = fold::place(text, &rows, editor.cursor());
    let height = usize::from(area.height);
    // The cursor's row is always among those shown.
    let top = (cursor_row + 1).saturating_sub(height);
    for (y, range) in (area.y..area.bottom()).zip(rows.iter().skip(top)) {
        let line_start = text
            .get(..range.start)
            .and_then(|before| before.rfind('\n'));
        let line_start = line_start.map_or(0, |at| at + 1);
        let row = text.get(range.clone()).unwrap_or_default();
        let mut x = area.x;
        for (at, grapheme) in row.grapheme_indices(true) {
            let is_beyond = range.start + at + grapheme.len() - line_start > limit;
            let role = if is_beyond { Role::Beyond } else { Role::Text };
            x = pen::write(buf, area, (x, y), grapheme, theme.style(role));
        }
    }
    let y = area.y + u16::try_from(cursor_row - top).unwrap_or(0);
    Position::new(area.x + cursor_x, y)
}
