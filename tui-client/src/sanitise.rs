//! Takes out of foreign text what could move the cursor, reorder the line or hide a name.
//! It must never change how honest text looks: joiners that make emoji stay.

use unicode_segmentation::UnicodeSegmentation;

/// More code points than any real grapheme has; what follows in the same cluster is dropped, so
/// that a heap of combining marks cannot smear over other rows or fill memory.
const CLUSTER_CHARS_MAX: usize = 16;

/// Whether a character may never reach a cell: C0, C1, line separators, everything that sets the
/// direction of text, and what is invisible without joining anything.
pub fn is_hostile(char: char) -> bool {
    if char.is_ascii() {
        return char.is_ascii_control();
    }
    char.is_control()
        || matches!(char,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}')
}

/// Whether a character is invisible, so that two names could look the same for it.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{200c}' | '\u{200d}'
        | '\u{2800}' | '\u{3164}' | '\u{ffa0}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// One line of text, clean: tabs and line ends become spaces, formatting codes vanish.
pub fn line(text: &str) -> String {
    clean(text, |char| match char {
        '\t' | '\n' | '\r' => Some(' '),
        char if is_hostile(char) => None,
        char => Some(char),
    })
}

/// Several lines of text, clean: line ends stay.
pub fn lines(text: &str) -> String {
    clean(text, |char| match char {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        char if is_hostile(char) => None,
        char => Some(char),
    })
}

/// A nick or a room's name, clean, with nothing invisible in it.
pub fn name(text: &str) -> String {
    let kept = clean(text, |char| {
        (!is_hostile(char) && !is_invisible(char) && !char.is_whitespace()).then_some(char)
    });
    if kept.is_empty() {
        "?".to_owned()
    } else {
        kept
    }
}

fn clean(text: &str, keep: impl Fn(char) -> Option<char>) -> String {
    // Most texts are plain, and taken as they are.
    if text.bytes().all(|byte| {
        (b' '..0x7f).contains(&byte) && keep(char::from(byte)) == Some(char::from(byte))
    }) {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    kept.extend(text.chars().filter_map(keep));
    if !may_have_heaps(&kept) {
        return kept;
    }
    kept.graphemes(true)
        .flat_map(|grapheme| grapheme.chars().take(CLUSTER_CHARS_MAX))
        .collect()
}

/// Whether a cluster could be too long: all but its first character would lie beyond ASCII, one after another.
///
/// Looking for the borders of graphemes costs more than all else that is done to a message, so most texts skip it.
fn may_have_heaps(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|char| {
        run = if char.is_ascii() { 0 } else { run + 1 };
        run >= CLUSTER_CHARS_MAX
    })
}

#[cfg(test)]
mod tests;
