//! Text being written: a cursor on grapheme boundaries, words, lines, undo.
//! It must never hold anything that could not be sent, nor know what is done with it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::sanitise;

/// How many steps can be undone.
const UNDO_STEPS_MAX: usize = 200;

/// More than anybody types, less than would slow the box down; a paste is cut there.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Text with a cursor and its past.
///
/// Invariant: `cursor` is a grapheme boundary of `text`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editor {
    text: String,
    cursor: usize,
    undone: Vec<(String, usize)>,
    done: Vec<(String, usize)>,
    /// Whether the last change was a typed character, which the next one joins in one step.
    is_typing: bool,
}

impl Editor {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte at which the cursor stands.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    /// The text after the cursor.
    pub fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    /// Puts other text in place of all, with the cursor at its end.
    pub fn replace(&mut self, text: &str) {
        self.remember(false);
        self.text = bounded(sanitise::lines(text), TEXT_BYTES_MAX);
        self.cursor = self.text.len();
    }

    /// Takes the text out, and forgets its past.
    pub fn take(&mut self) -> String {
        std::mem::take(self).text
    }

    /// Writes at the cursor.
    pub fn insert(&mut self, text: &str) {
        let room = TEXT_BYTES_MAX.saturating_sub(self.text.len());
        let text = bounded(sanitise::lines(text), room);
        if text.is_empty() {
            return;
        }
        let mut chars = text.chars();
        let is_typing =
            chars.next().is_some_and(|char| !char.is_whitespace()) && chars.next().is_none();
        self.remember(is_typing);
        self.text.insert_str(self.cursor, &text);
        self.settle(self.cursor + text.len());
    }

    /// Puts text in place of a part, with the cursor after it.
    pub fn splice(&mut self, range: Range<usize>, text: &str) {
        if self.text.get(range.clone()).is_none() {
            return;
        }
        self.remember(false);
        let text = sanitise::lines(text);
        let end = range.start + text.len();
        self.text.replace_range(range, &text);
        self.settle(end);
    }

    /// Cuts a part out and returns it.
    pub fn cut(&mut self, range: Range<usize>) -> String {
        let Some(part) = self.text.get(range.clone()) else {
            return String::new();
        };
        if part.is_empty() {
            return String::new();
        }
        let part = part.to_owned();
        self.remember(false);
        let start = range.start;
        self.text.replace_range(range, "");
        self.settle(start);
        part
    }

    /// Puts the cursor at a byte, or the next grapheme boundary after it.
    pub fn go(&mut self, byte: usize) {
        self.is_typing = false;
        self.settle(byte);
    }

    /// The grapheme boundary left of the cursor.
    pub fn left(&self) -> usize {
        self.before()
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    /// The grapheme boundary right of the cursor.
    pub fn right(&self) -> usize {
        self.cursor + self.after().graphemes(true).next().map_or(0, str::len)
    }

    /// The start of the word left of the cursor, words being letters and digits.
    pub fn word_left(&self) -> usize {
        let word = |char: char| char.is_alphanumeric();
        let trimmed = self.before().trim_end_matches(|char| !word(char));
        trimmed.trim_end_matches(word).len()
    }

    /// The end of the word right of the cursor.
    pub fn word_right(&self) -> usize {
        let word = |char: char| char.is_alphanumeric();
        let trimmed = self.after().trim_start_matches(|char| !word(char));
        self.text.len() - trimmed.trim_start_matches(word).len()
    }

    /// The start of what white space ends, left of the cursor: what Ctrl-W cuts.
    pub fn chunk_left(&self) -> usize {
        self.before()
            .trim_end()
            .trim_end_matches(|char: char| !char.is_whitespace())
            .len()
    }

    /// The start of the line.
    pub fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |at| at + 1)
    }

    /// The end of the line.
    pub fn line_end(&self) -> usize {
        self.cursor + self.after().find('\n').unwrap_or(self.after().len())
    }

    /// The same column in the line above, if there is one.
    pub fn above(&self) -> Option<usize> {
        let start = self.line_start();
        let column = self.text.get(start..self.cursor)?.graphemes(true).count();
        let end = start.checked_sub(1)?;
        let above = self.text.get(..end)?.rfind('\n').map_or(0, |at| at + 1);
        Some(at_column(&self.text, above..end, column))
    }

    /// The same column in the line below, if there is one.
    pub fn below(&self) -> Option<usize> {
        let column = self
            .text
            .get(self.line_start()..self.cursor)?
            .graphemes(true)
            .count();
        let end = self.line_end();
        let below = end + 1;
        let rest = self.text.get(below..)?;
        (end < self.text.len()).then_some(())?;
        let below_end = below + rest.find('\n').unwrap_or(rest.len());
        Some(at_column(&self.text, below..below_end, column))
    }

    /// Takes the last step back.
    pub fn undo(&mut self) {
        if let Some((text, cursor)) = self.done.pop() {
            self.undone
                .push((std::mem::replace(&mut self.text, text), self.cursor));
            self.cursor = cursor;
            self.is_typing = false;
        }
    }

    /// Does the last step that was taken back again.
    pub fn redo(&mut self) {
        if let Some((text, cursor)) = self.undone.pop() {
            self.done
                .push((std::mem::replace(&mut self.text, text), self.cursor));
            self.cursor = cursor;
            self.is_typing = false;
        }
    }

    fn remember(&mut self, is_typing: bool) {
        if !(is_typing && self.is_typing) {
            if self.done.len() >= UNDO_STEPS_MAX {
                self.done.remove(0);
            }
            self.done.push((self.text.clone(), self.cursor));
        }
        self.undone.clear();
        self.is_typing = is_typing;
    }

    fn settle(&mut self, byte: usize) {
        let mut boundary = 0;
        for (at, grapheme) in self.text.grapheme_indices(true) {
            if at >= byte {
                break;
            }
            boundary = at + grapheme.len();
        }
        self.cursor = boundary;
    }
}

fn at_column(text: &str, line: Range<usize>, column: usize) -> usize {
    let content = text.get(line.clone()).unwrap_or_default();
    line.start
        + content
            .graphemes(true)
            .take(column)
            .map(str::len)
            .sum::<usize>()
}

fn bounded(mut text: String, bytes_max: usize) -> String {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

#[cfg(test)]
mod tests;
