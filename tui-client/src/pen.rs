//! Writes text into cells, inside a rectangle and nowhere else.
//! It must never trust a position: what does not fit is left out.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use crate::width;

/// Makes terminals draw an emoji in colour, and some of them misjudge its width.
const VARIATION_SELECTOR: char = '\u{fe0f}';

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
            cell.set_symbol(grapheme).set_style(style);
            if grapheme.contains(VARIATION_SELECTOR)
                && let Some(cells) = NonZeroU16::new(cells)
            {
                cell.set_diff_option(CellDiffOption::ForcedWidth(cells));
            }
        }
        for covered in x + 1..end {
            if let Some(cell) = buf.cell_mut((covered, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
        // A terminal that does not know the cluster draws its parts one by one, over what stands behind it.
        for spilled in end..x.saturating_add(width::of_parts(grapheme)) {
            if let Some(cell) = buf.cell_mut((spilled, y)) {
                cell.set_diff_option(CellDiffOption::AlwaysUpdate);
            }
        }
        x = end;
    }
    x
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
        if let Some(left) = area.x.checked_sub(1)
            && let Some(cell) = buf.cell_mut((left, y))
            && width::of_grapheme(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
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
