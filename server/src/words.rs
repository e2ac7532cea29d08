//! What counts as a word in a search, for every driver alike. It never sees a log.
//!
//! A word is a run of letters and digits, whatever its case; a Chinese, Japanese or Korean character is a word by
//! itself, because these are written without spaces and people seek parts of a run.

use server_core::storage::EntryLine;

/// Pieces of a search that are looked at; the others are left out.
const PIECES_MAX: usize = 16;

/// The text of a message as it goes into an index: lines that were cut are whole again, and every word is apart.
pub fn indexed(lines: &[EntryLine]) -> String {
    let mut text = String::new();
    for line in lines {
        if !line.concat {
            text.push(' ');
        }
        push_apart(&mut text, &line.text);
    }
    text
}

/// The pieces of a search, each a row of words that must follow one another: `foo-bar` is one piece of two words.
/// Text in double quotes is one piece. `None`: something is sought, but nothing of it is a word.
pub fn pieces(sought: &str) -> Option<Vec<Vec<String>>> {
    let mut pieces = Vec::new();
    for (place, part) in sought.split('"').enumerate() {
        if place % 2 == 1 {
            pieces.push(words(part));
        } else {
            pieces.extend(part.split_whitespace().map(words));
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces.truncate(PIECES_MAX);
    if pieces.is_empty() && !sought.trim().is_empty() {
        return None;
    }
    Some(pieces)
}

/// The words of a text, in the form in which they are compared.
pub fn words(text: &str) -> Vec<String> {
    let mut apart = String::new();
    push_apart(&mut apart, text);
    apart
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.chars()
                .flat_map(char::to_lowercase)
                .map(bare)
                .collect()
        })
        .collect()
}

fn push_apart(text: &mut String, more: &str) {
    for c in more.chars() {
        if is_word_alone(c) {
            text.extend([' ', c, ' ']);
        } else {
            text.push(c);
        }
    }
}

fn is_word_alone(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3040}'..='\u{30ff}' | '\u{3100}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A letter of western Europe without its accent, so that `cafe` finds `café`; SQLite's index knows many more.
fn bare(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        _ => c,
    }
}

#[cfg(test)]
mod tests;
