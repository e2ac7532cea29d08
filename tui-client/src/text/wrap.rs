//! Breaks text into rows by grapheme and display width.
//! It must never lose a character, split a grapheme, or break a word that would fit into a row.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::width;

/// The rows of a text as ranges of its bytes, each at most `width` cells wide.
///
/// Between the rows only white space is missing. A grapheme that is wider than the row stands in
/// it alone, and whoever draws leaves it out. There is always at least one row.
pub fn rows(text: &str, width: u16) -> Vec<Range<usize>> {
    rows_from(text, 0, width)
}

/// The rows of a text from a byte on, where a character begins.
pub fn rows_from(text: &str, start: usize, width: u16) -> Vec<Range<usize>> {
    let width = width.max(1);
    let mut rows = Vec::new();
    let mut start = start;
    for line in text.get(start..).unwrap_or_default().split('\n') {
        wrap_line(line, start, width, &mut rows);
        start += line.len() + 1;
    }
    rows
}

/// The byte of a row at so many cells from its beginning.
pub fn byte_at(text: &str, row: &Range<usize>, cells: u16) -> Option<usize> {
    let mut used = 0;
    for (at, grapheme) in text.get(row.clone())?.grapheme_indices(true) {
        used += width::of_grapheme(grapheme);
        if cells < used {
            return Some(row.start + at);
        }
    }
    None
}

/// A stretch of a line that stays together if it can: a word, or one wide character.
struct Piece {
    range: Range<usize>,
    width: u16,
    is_space: bool,
}

struct Row {
    start: usize,
    /// The end without the white space that follows.
    end: usize,
    /// The cells up to `end`.
    used: u16,
    /// The cells of the white space after `end`.
    gap: u16,
}

fn wrap_line(line: &str, offset: usize, width: u16, rows: &mut Vec<Range<usize>>) {
    let mut row = Row {
        start: 0,
        end: 0,
        used: 0,
        gap: 0,
    };
    for piece in pieces(line) {
        if piece.is_space {
            row.gap = row.gap.saturating_add(piece.width);
            continue;
        }
        let needed = row.used.saturating_add(row.gap).saturating_add(piece.width);
        if needed <= width {
            row.end = piece.range.end;
            row.used = needed;
            row.gap = 0;
            continue;
        }
        if row.end > row.start {
            rows.push(offset + row.start..offset + row.end);
        }
        row = Row {
            start: piece.range.start,
            end: piece.range.end,
            used: piece.width,
            gap: 0,
        };
        if piece.width > width {
            row = split(line, &piece, offset, width, rows);
        }
    }
    rows.push(offset + row.start..offset + row.end);
}

/// Breaks a piece that is wider than a row; returns the row that it leaves open.
fn split(
    line: &str,
    piece: &Piece,
    offset: usize,
    width: u16,
    rows: &mut Vec<Range<usize>>,
) -> Row {
    let mut row = Row {
        start: piece.range.start,
        end: piece.range.start,
        used: 0,
        gap: 0,
    };
    let text = line.get(piece.range.clone()).unwrap_or_default();
    for (at, grapheme) in text.grapheme_indices(true) {
        let cells = width::of_grapheme(grapheme);
        if row.used.saturating_add(cells) > width && row.end > row.start {
            rows.push(offset + row.start..offset + row.end);
            row = Row {
                start: row.end,
                end: row.end,
                used: 0,
                gap: 0,
            };
        }
        row.end = piece.range.start + at + grapheme.len();
        row.used = row.used.saturating_add(cells);
    }
    row
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut may_break = true;
    for (at, grapheme) in line.grapheme_indices(true) {
        let cells = width::of_grapheme(grapheme);
        let is_space = grapheme
            .chars()
            .all(|char| char.is_whitespace() && !is_gluing(char));
        // Of letters that only together are wide, as in Devanagari, words are made.
        let mut chars = grapheme.char_indices().skip(1);
        let first = chars
            .next()
            .map_or(grapheme, |(end, _)| grapheme.get(..end).unwrap_or(grapheme));
        let is_wide =
            cells > 1 && (width::of_grapheme(first) > 1 || !first.chars().all(char::is_alphabetic));
        let range = at..at + grapheme.len();
        match pieces.last_mut() {
            Some(last)
                if last.is_space == is_space
                    && (is_space || !(may_break || is_wide) || hangs(grapheme)) =>
            {
                last.range.end = range.end;
                last.width = last.width.saturating_add(cells);
            }
            _ => pieces.push(Piece {
                range,
                width: cells,
                is_space,
            }),
        }
        // After a wide character the row may end, unless it opens a bracket.
        may_break = is_wide && !opens(grapheme);
    }
    pieces
}

/// Spaces that hold their neighbours together.
fn is_gluing(char: char) -> bool {
    matches!(char, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// What must not begin a row in Chinese and Japanese text.
fn hangs(grapheme: &str) -> bool {
    matches!(
        grapheme,
        "、" | "。"
            | "，"
            | "．"
            | "："
            | "；"
            | "？"
            | "！"
            | "）"
            | "］"
            | "｝"
            | "」"
            | "』"
            | "】"
            | "》"
            | "〉"
            | "ー"
            | "々"
            | "…"
    )
}

/// What must not end one.
fn opens(grapheme: &str) -> bool {
    matches!(
        grapheme,
        "（" | "［" | "｛" | "「" | "『" | "【" | "《" | "〈"
    )
}

#[cfg(test)]
mod tests;
