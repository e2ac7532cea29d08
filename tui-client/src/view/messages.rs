//! The messages: only the rows that are seen, straight into the cells.
//! It must never wrap what it did not have to, nor decide what is scrolled where.
//!
//! ```text
//!  ─────────────── Friday 21 November ───────────────
//!  14:02     ada  morning all
//!              ·  linus and ken came in, dennis left
//! ▌14:06   grace  ada: lunch?
//!  14:07    ◦tea  it is four o'clock
//!  ─────────────────────────────────────────── new ──
//!  14:21     ada  in ten minutes                sent
//! ```

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::entry::{Body, Delivery, Entry, Said, Tone};
use crate::hues::Hues;
use crate::model::Model;
use crate::pen;
use crate::rows::{self, Grid, Row, Rows, Wrap};
use crate::session::event::Kind;
use crate::theme::{Role, Theme};
use crate::view::around::Around;
use crate::view::looks;
use crate::view::margin::Margin;
use crate::width;
use crate::window::Window;

/// Draws the pane.
pub fn draw(
    model: &Model,
    (theme, hues): (Theme, &mut Hues),
    area: Rect,
    buf: &mut Buffer,
    wrap: &mut dyn Wrap,
) {
    let Some(window) = model.here() else { return };
    let layout = model.layout();
    let grid = Grid::of(window, area.width, layout.is_narrow, &model.habits.time);
    if window.scrollback.is_empty() {
        let text = "It is quiet here. Say hello.";
        pen::write_centred(
            buf,
            area,
            area.y + area.height / 2,
            text,
            theme.style(Role::Dim),
        );
        return;
    }
    let page = Rows {
        window,
        grid,
        height: area.height,
        zone: &model.zone,
        chosen: model.chosen,
    }
    .page(wrap);
    let shown = u16::try_from(page.rows.len()).unwrap_or(area.height);
    let top = area.bottom().saturating_sub(shown);
    let seen = page
        .rows
        .iter()
        .filter_map(|(index, _)| window.scrollback.get(*index));
    hues.meet(seen.filter_map(Entry::as_said).flat_map(Said::nicks), theme);
    for (y, (index, row)) in (top..area.bottom()).zip(&page.rows) {
        let Some(entry) = window.scrollback.get(*index) else {
            continue;
        };
        let line = Line {
            model,
            theme,
            hues,
            window,
            grid,
            entry,
            index: *index,
        };
        line.draw(
            Rect {
                y,
                height: 1,
                ..area
            },
            row,
            buf,
        );
    }
}

struct Line<'a> {
    model: &'a Model,
    theme: Theme,
    hues: &'a Hues,
    window: &'a Window,
    grid: Grid,
    entry: &'a Entry,
    index: usize,
}

impl Line<'_> {
    fn draw(&self, area: Rect, row: &Row, buf: &mut Buffer) {
        let dim = self.theme.style(Role::Dim);
        match row {
            Row::Day => {
                let day = rows::day(&self.model.zone, self.entry.at, self.model.now);
                self.rule(area, &day, dim, buf);
            }
            Row::New => {
                let style = self.theme.style(Role::Accent);
                let inner = inset(area);
                pen::line(buf, inner, area.y, style);
                let word = Rect {
                    width: inner.width.saturating_sub(2),
                    ..inner
                };
                pen::write_right(buf, word, area.y, " new ", style);
            }
            Row::Gap => self.rule(
                area,
                &self.entry.rich.text,
                self.theme.style(Role::Warm),
                buf,
            ),
            Row::Quote => self.around().quote(area, buf),
            Row::Text {
                range,
                is_first,
                is_last,
            } => {
                self.mark(area, buf);
                if *is_first {
                    Margin {
                        model: self.model,
                        theme: self.theme,
                        hues: self.hues,
                        window: self.window,
                        grid: self.grid,
                        index: self.index,
                    }
                    .draw(self.entry, area, buf);
                }
                let end = self.text(area, range.clone(), buf);
                if *is_last {
                    self.state(area, end, buf);
                }
            }
            Row::Reactions { chips, is_cut } => self.around().reactions(area, chips, *is_cut, buf),
            Row::Givers { chip, range } => self.around().givers(area, *chip, range, buf),
            Row::Reason { range } => self.around().reason(area, range.clone(), buf),
            Row::Retry => self.around().retry(area, buf),
        }
    }

    fn around(&self) -> Around<'_> {
        Around {
            keymap: &self.model.keymap,
            theme: self.theme,
            hues: self.hues,
            grid: self.grid,
            entry: self.entry,
        }
    }

    fn rule(&self, area: Rect, text: &str, style: Style, buf: &mut Buffer) {
        let inner = inset(area);
        pen::line(buf, inner, area.y, self.theme.style(Role::Dim));
        pen::write_centred(buf, inner, area.y, &format!(" {text} "), style);
    }

    /// The mark in the margin and the colour behind: a mention, or the chosen message.
    fn mark(&self, area: Rect, buf: &mut Buffer) {
        let found = self.model.find.as_ref().and_then(|find| find.hit);
        if self.model.chosen == Some(self.entry.id) || found == Some(self.entry.id) {
            pen::tint(buf, area, self.theme.style(Role::Chosen));
            pen::write(
                buf,
                area,
                (area.x, area.y),
                "▸",
                self.theme.style(Role::Accent),
            );
        } else if self.entry.as_said().is_some_and(|said| said.is_mention) {
            pen::tint(buf, area, self.theme.style(Role::Mention));
            pen::write(
                buf,
                area,
                (area.x, area.y),
                "▌",
                self.theme.style(Role::Warm),
            );
        }
    }

    /// Writes a row of it; returns the column after it.
    fn text(&self, area: Rect, range: Range<usize>, buf: &mut Buffer) -> u16 {
        let start = area.x + self.grid.start(self.entry);
        let base = match &self.entry.body {
            Body::Said(said) if said.delivery == Some(Delivery::Sending) => Role::Muted,
            Body::Said(said) if said.kind == Kind::Notice => Role::Muted,
            Body::Said(_) | Body::Note(Tone::Trouble) => Role::Text,
            Body::Note(Tone::Answer) => Role::Muted,
            Body::Presence(_) | Body::Note(Tone::Aside) | Body::Gap { .. } => Role::Dim,
        };
        let own = self.entry.as_said();
        let own = own.map(|said| self.hues.style(self.theme, &said.nick));
        let own = own.unwrap_or_default();
        let rich = &self.entry.rich;
        let found = self.found();
        let mut at = range.start;
        let mut x = start;
        while at < range.end {
            let look = rich.look_at(at);
            let is_found = found.iter().any(|hit| hit.contains(&at));
            let mut edges: Vec<usize> = rich
                .looks
                .iter()
                .flat_map(|(part, _)| [part.start, part.end])
                .collect();
            edges.extend(found.iter().flat_map(|hit| [hit.start, hit.end]));
            let end = edges
                .into_iter()
                .filter(|edge| *edge > at)
                .min()
                .unwrap_or(range.end);
            let end = end.min(range.end);
            let Some(part) = rich.text.get(at..end) else {
                break;
            };
            let mut style = looks::style(self.theme, look, base, own);
            if is_found {
                style = style.patch(self.theme.style(Role::Found));
            }
            let link = rich
                .link_at(at)
                .filter(|_| look.is_link && self.theme.has_links);
            x = match link {
                Some((start, address)) => {
                    let to = (
                        address.as_ref(),
                        self.entry.id.0 << 16 | start as u64 & 0xffff,
                    );
                    pen::link(buf, area, (x, area.y), part, style, to)
                }
                None => pen::write(buf, area, (x, area.y), part, style),
            };
            at = end;
        }
        x
    }

    /// Where the search matches in this entry.
    fn found(&self) -> Vec<Range<usize>> {
        let Some(find) = &self.model.find else {
            return Vec::new();
        };
        let query = find.query.text().to_ascii_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let text = self.entry.rich.text.to_ascii_lowercase();
        text.match_indices(&query)
            .map(|(at, hit)| at..at + hit.len())
            .collect()
    }

    /// What became of a message of ours: in a word where the text leaves room for one, else as a sign.
    fn state(&self, area: Rect, end: u16, buf: &mut Buffer) {
        let Some(said) = self.entry.as_said() else {
            return;
        };
        let (long, short, role) = match &said.delivery {
            Some(Delivery::Sending) => ("sending…", "…", Role::Dim),
            Some(Delivery::Failed(_)) => ("failed", "✗", Role::Failed),
            Some(Delivery::Sent) if self.window.last_sent == Some(self.entry.id) => {
                ("sent", "✓", Role::Dim)
            }
            Some(Delivery::Sent) | None => return,
        };
        let inner = inset(area);
        let has_room = end + 2 + width::of(long) <= inner.right();
        let word = if self.grid.is_narrow || !has_room {
            short
        } else {
            long
        };
        pen::write_right(buf, inner, area.y, word, self.theme.style(role));
    }
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    }
}
