//! Breaks text that is being written into rows, every character keeping its cell.
//! It must never move a word: the cursor stays where it was put.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::width;

/// The rows of the text as ranges of its bytes; always one, and one more when the last is full.
pub fn rows(text: &str, width: u16) -> Vec<Range<usize>> {
    let width = width.max(1);
    let mut rows = Vec::new();
    let mut start = 0;
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if grapheme == "\n" {
            rows.push(start..at);
            start = at + 1;
            used = 0;
            continue;
        }
        let cells = width::of_grapheme(grapheme);
        if used + cells > width && at > start {
            rows.push(start..at);
            start = at;
            used = 0;
        }
        used += cells;
    }
    rows.push(start..text.len());
    if used >= width {
        rows.push(text.len()..text.len());
    }
    rows
}

/// The row and the cell in it at which a byte stands.
pub fn place(text: &str, rows: &[Range<usize>], byte: usize) -> (usize, u16) {
    let row = rows
        .partition_point(|range| range.start <= byte)
        .saturating_sub(1);
    let start = rows.get(row).map_or(0, |range| range.start);
    let before = text.get(start..byte).unwrap_or_default();
    (row, width::of(before))
}
