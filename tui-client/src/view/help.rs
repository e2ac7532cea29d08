//! Help: the effective keys and all commands, over the screen.
//! It must never be typed in twice: its rows come from the keymap and the table of commands.
//!
//! ```text
//! ╭ Help ─────────────────────────────────╮
//! │ F2  ^O  M-j     join a room           │
//! ╰───────────────────────────── 12 more ─╯
//! ```

use ratatui::buffer::Buffer;

use crate::model::Model;
use crate::model::layout::Layout;
use crate::theme::{Role, Theme};
use crate::width;
use crate::{boxed, manual, pen};

/// Draws help from this row on.
pub fn draw(model: &Model, theme: Theme, top: usize, layout: Layout, buf: &mut Buffer) {
    let rows = manual::rows(&model.keymap, &model.habits.aliases);
    let area = layout.help_box();
    let inner = boxed::frame(theme, area, "Help", buf);
    let is_small = inner.width < 48;
    let what = if is_small { 16 } else { 26 };
    let top = top.min(rows.len().saturating_sub(usize::from(inner.height)));
    for (y, row) in (inner.y..inner.bottom()).zip(rows.iter().skip(top)) {
        if row.does.is_empty() {
            pen::write(
                buf,
                inner,
                (inner.x + 1, y),
                &row.what,
                theme.style(Role::Title),
            );
            continue;
        }
        let cut = width::truncated(&row.what, what - 1);
        pen::write(buf, inner, (inner.x + 1, y), &cut, theme.style(Role::Text));
        let does = width::truncated(&row.does, inner.width.saturating_sub(what + 2));
        pen::write(
            buf,
            inner,
            (inner.x + 1 + what, y),
            &does,
            theme.style(Role::Muted),
        );
    }
    let below = rows.len().saturating_sub(top + usize::from(inner.height));
    if below > 0 {
        boxed::foot(theme, area, &format!("{below} more ↓"), buf);
    }
}
