//! How wide text is, measured grapheme by grapheme exactly as ratatui draws it.
//! It must never measure a whole string at once: the sum over the graphemes is what is drawn.

use std::borrow::Cow;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// How many cells one grapheme takes; nothing for what is not drawn.
pub fn of_grapheme(grapheme: &str) -> u16 {
    if grapheme.contains(char::is_control) {
        0
    } else {
        grapheme.cell_width()
    }
}

/// How many cells the text takes.
pub fn of(text: &str) -> u16 {
    // Most names and words; the borders of graphemes need not be sought.
    if text.bytes().all(|byte| matches!(byte, 0x20..0x7f)) {
        return u16::try_from(text.len()).unwrap_or(u16::MAX);
    }
    text.graphemes(true)
        .map(of_grapheme)
        .fold(0, u16::saturating_add)
}

/// The text cut to so many cells, with `…` where something was cut.
pub fn truncated(text: &str, width: u16) -> Cow<'_, str> {
    if of(text) <= width {
        return Cow::Borrowed(text);
    }
    let mut used = 0;
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        let next = used + of_grapheme(grapheme);
        if next + 1 > width {
            break;
        }
        used = next;
        kept.push_str(grapheme);
    }
    if width > 0 {
        kept.push('…');
    }
    Cow::Owned(kept)
}
