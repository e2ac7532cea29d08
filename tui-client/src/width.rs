//! How wide text is, measured grapheme by grapheme as ratatui draws it, or as wide as the terminal is known to take it.
//! It must never measure a whole string at once: the sum over the graphemes is what is drawn.

use std::borrow::Cow;
use std::cell::Cell;

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

/// Clusters that people read have a dozen cells at most, where all their characters are added up.
const CELLS_MAX: u16 = 64;

thread_local! {
    /// Known before the first frame, and the same for all that this thread draws.
    static ADDS_UP: Cell<bool> = const { Cell::new(false) };
}

/// Whether a terminal of this name (`TERM`) takes a cluster for as wide as all its characters together. foot does, as
/// long as its `grapheme-width-method` is not set: what stands behind a family that measures two would be hidden.
pub fn adds_up_on(term: &str) -> bool {
    term.starts_with("foot")
}

/// The terminal of this thread takes clusters for as wide as all their characters together, or does not.
pub fn add_up(adds_up: bool) {
    ADDS_UP.set(adds_up);
}

/// How many cells one grapheme takes; nothing for what is not drawn.
pub fn of_grapheme(grapheme: &str) -> u16 {
    if grapheme.contains(char::is_control) {
        return 0;
    }
    let cells = grapheme.cell_width();
    if cells > 0 && grapheme.len() > 1 && ADDS_UP.get() {
        let all = grapheme.chars().map(alone).fold(0, u16::saturating_add);
        return cells.max(all.min(CELLS_MAX));
    }
    cells
}

/// What one character adds to a cluster where all are added up.
fn alone(char: char) -> u16 {
    char.encode_utf8(&mut [0; 4]).cell_width() + u16::from(is_wider(char))
}

/// Whether the C library of GNU, which foot asks, takes it for a cell wider than our tables: marks with a place of their
/// own, signs before Arabic numbers, circled numbers. foot 1.13 was asked about all characters there are.
fn is_wider(char: char) -> bool {
    matches!(char,
        '\u{605}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{9be}' | '\u{9d7}' | '\u{b3e}' | '\u{b57}'
        | '\u{bbe}' | '\u{bd7}' | '\u{cc0}' | '\u{cc2}' | '\u{cc7}'..='\u{cc8}' | '\u{cca}'..='\u{ccb}'
        | '\u{cd5}'..='\u{cd6}' | '\u{d3e}' | '\u{d4e}' | '\u{d57}' | '\u{dcf}' | '\u{ddf}' | '\u{1715}'
        | '\u{1734}' | '\u{1b35}' | '\u{1b3b}' | '\u{1b3d}' | '\u{1b43}'..='\u{1b44}' | '\u{1baa}'
        | '\u{1bf2}'..='\u{1bf3}' | '\u{302e}'..='\u{302f}' | '\u{3248}'..='\u{324f}' | '\u{a8fa}' | '\u{a953}'
        | '\u{a9c0}' | '\u{111c0}' | '\u{111c2}'..='\u{111c3}' | '\u{11235}' | '\u{1133e}' | '\u{1134d}'
        | '\u{11357}' | '\u{114b0}' | '\u{114bd}' | '\u{115af}' | '\u{116b6}' | '\u{11930}' | '\u{1193d}'
        | '\u{1193f}' | '\u{11941}' | '\u{11a84}'..='\u{11a89}' | '\u{11d46}')
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
