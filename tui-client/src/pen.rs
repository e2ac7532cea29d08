//! Writes text into cells, inside a rectangle and nowhere else.
//! It must never trust a position: what does not fit is left out.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use crate::width;

/// Begins and ends a link (OSC 8); ends the string that it carries.
const LINK_START: &str = "\u{1b}]8;";
const STRING_END: &str = "\u{1b}\\";

/// Terminals drop longer addresses, or what stands around them.
const LINK_BYTES_MAX: usize = 2_000;

/// Writes from a cell on to the right; returns the column after the last cell written.
pub fn write(buf: &mut Buffer, area: Rect, at: (u16, u16), text: &str, style: Style) -> u16 {
    let area = area.intersection(buf.area);
    let (mut x, y) = at;
    if y < area.y || y >= area.bottom() || x < area.x {
        return x;
    }
    for grapheme in text.graphemes(true) {
        let cells = width::of_grapheme(grapheme);
        let Some(end) = x.checked_add(cells).filter(|end| *end <= area.right()) else {
            break;
        };
        if cells == 0 {
            continue;
        }
        if let Some(cell) = buf.cell_mut((x, y)) {
            put(cell, grapheme, cells);
            cell.set_style(style);
        }
        for covered in x + 1..end {
            if let Some(cell) = buf.cell_mut((covered, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
        x = end;
    }
    x
}

/// Puts a grapheme into a cell, which says how wide that is where ratatui would believe otherwise.
fn put(cell: &mut Cell, grapheme: &str, cells: u16) {
    let forced = NonZeroU16::new(cells).filter(|cells| cells.get() != grapheme.cell_width());
    let forced = forced.map_or(CellDiffOption::None, CellDiffOption::ForcedWidth);
    cell.set_symbol(grapheme).set_diff_option(forced);
}

/// Writes a piece of a link, so that the terminal knows where it leads; pieces with the same `id` are one link to it.
///
/// The first cell carries the whole piece, and says how wide that is. The cells after it hold what the terminal shows
/// there, so that whatever is drawn over them later is compared with that.
pub fn link(
    buf: &mut Buffer,
    area: Rect,
    at: (u16, u16),
    text: &str,
    style: Style,
    to: (&str, u64),
) -> u16 {
    let end = write(buf, area, at, text, style);
    let (address, id) = to;
    let (x, y) = at;
    let cells = end.saturating_sub(x);
    let Some(address) = target(address) else {
        return end;
    };
    let mut left = cells;
    let shown = text.graphemes(true).take_while(|grapheme| {
        let wide = width::of_grapheme(grapheme);
        let fits = wide <= left;
        left = left.saturating_sub(wide);
        fits
    });
    let shown: String = shown.collect();
    if let (Some(cells), Some(cell)) = (NonZeroU16::new(cells), buf.cell_mut((x, y))) {
        let symbol =
            format!("{LINK_START}id={id:x};{address}{STRING_END}{shown}{LINK_START};{STRING_END}");
        cell.set_symbol(&symbol);
        cell.set_diff_option(CellDiffOption::ForcedWidth(cells));
    }
    end
}

/// The address as it may stand in a sequence: visible ASCII, and not too long.
fn target(address: &str) -> Option<String> {
    let mut safe = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            0x21..=0x7e => safe.push(char::from(byte)),
            byte => safe.extend(['%', hex(byte >> 4), hex(byte & 15)]),
        }
    }
    (safe.len() <= LINK_BYTES_MAX).then_some(safe)
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

/// What a cell shows in its own place: of a link's first cell, the first grapheme.
pub fn shown(symbol: &str) -> &str {
    let text = symbol.strip_prefix(LINK_START);
    let text = text.and_then(|rest| rest.split_once(STRING_END));
    text.map_or(symbol, |(_, text)| {
        text.graphemes(true).next().unwrap_or(" ")
    })
}

/// Makes the link that reaches over this cell from the left plain text, because something is drawn over its end.
fn unlink(buf: &mut Buffer, at: (u16, u16)) {
    let (end, y) = at;
    for x in (buf.area.x..end).rev() {
        let Some(cell) = buf.cell_mut((x, y)) else {
            return;
        };
        if cell.symbol().starts_with(LINK_START) {
            let plain = shown(cell.symbol()).to_owned();
            put(cell, &plain, width::of_grapheme(&plain));
            return;
        }
    }
}

/// Writes so that the text ends at the right edge, cut to the room there is.
pub fn write_right(buf: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) {
    let cut = width::truncated(text, area.width);
    let x = area.right().saturating_sub(width::of(&cut));
    write(buf, area, (x, y), &cut, style);
}

/// Writes in the middle of a row, cut to the room there is.
pub fn write_centred(buf: &mut Buffer, area: Rect, y: u16, text: &str, style: Style) {
    let cut = width::truncated(text, area.width);
    let x = area.x + area.width.saturating_sub(width::of(&cut)) / 2;
    write(buf, area, (x, y), &cut, style);
}

/// Gives every cell of a rectangle this style.
pub fn tint(buf: &mut Buffer, area: Rect, style: Style) {
    buf.set_style(area.intersection(buf.area), style);
}

/// Empties a rectangle. A wide character that its left edge would cut in half goes whole.
pub fn clear(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(buf.area);
    for y in area.y..area.bottom() {
        unlink(buf, (area.x, y));
        let nearest = (buf.area.x..area.x).rev().find(|x| {
            let cell = buf.cell((*x, y));
            cell.is_some_and(|cell| cell.symbol() != " ")
        });
        if let Some(x) = nearest
            && let Some(cell) = buf.cell_mut((x, y))
            && width::of_grapheme(cell.symbol()) > area.x - x
        {
            put(cell, " ", 1);
        }
        for x in area.x..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}

/// Draws a line from left to right.
pub fn line(buf: &mut Buffer, area: Rect, y: u16, style: Style) {
    for x in area.x..area.right() {
        write(buf, area, (x, y), "─", style);
    }
}

#[cfg(test)]
mod tests;
