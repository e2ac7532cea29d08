//! Cuts a text into pieces that fit the wire, at words where it can and never inside a grapheme that fits.
//! It must never lose or change a character, but for the one space at which a line was cut.

use unicode_segmentation::UnicodeSegmentation;

/// The pieces of one line of text, each at most `bytes_max` bytes; a text without characters has none.
pub(crate) fn split(text: &str, bytes_max: usize) -> Vec<&str> {
    // A character has at most four bytes, and each piece must make progress.
    let bytes_max = bytes_max.max(4);
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > bytes_max {
        let cut = cut_before(rest, bytes_max);
        let Some((piece, after)) = rest.split_at_checked(cut) else {
            break;
        };
        pieces.push(piece);
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    pieces
}

/// Where to cut so that the front has at most `bytes_max` bytes and is not empty.
fn cut_before(text: &str, bytes_max: usize) -> usize {
    let mut whole = 0;
    let mut word = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        if start <= bytes_max && grapheme == " " && start > 0 {
            word = start;
        }
        if start + grapheme.len() > bytes_max {
            break;
        }
        whole = start + grapheme.len();
    }
    // A word that fills more than half a line is cut: a short line would look like two messages.
    if word > bytes_max / 2 {
        return word;
    }
    if whole > 0 {
        return whole;
    }
    let mut end = bytes_max;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_words_then_at_graphemes() {
        assert_eq!(split("", 10), Vec::<&str>::new());
        assert_eq!(split("short", 10), ["short"]);
        assert_eq!(split("aaa bbb ccc ddd", 8), ["aaa bbb", "ccc ddd"]);
        assert_eq!(split("aaaaaaaaaaaa", 5), ["aaaaa", "aaaaa", "aa"]);
        let flags = "🇩🇪🇩🇪🇩🇪";
        assert_eq!(split(flags, 9), ["🇩🇪", "🇩🇪", "🇩🇪"]);
        let crowd = "e\u{301}".repeat(3);
        assert_eq!(split(&crowd, 7), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn a_grapheme_longer_than_a_line_is_cut_at_characters() {
        let tower = format!("a{}", "\u{301}".repeat(40));
        let pieces = split(&tower, 16);
        assert!(pieces.iter().all(|piece| piece.len() <= 16));
        assert_eq!(pieces.concat(), tower);
    }
}
