//! Cuts a line into portions that fit onto the wire.
//! It must never cut a grapheme, nor a word that fits into a portion of its own.

use unicode_segmentation::UnicodeSegmentation;

/// The portions of a line, each of at most so many bytes where a grapheme allows it.
pub fn portions(line: &str, bytes_max: usize) -> Vec<String> {
    let mut portions = Vec::new();
    let mut rest = line;
    while rest.len() > bytes_max {
        let cut = cut(rest, bytes_max);
        let (portion, after) = rest.split_at_checked(cut).unwrap_or((rest, ""));
        portions.push(portion.trim_end().to_owned());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        portions.push(rest.to_owned());
    }
    portions
}

/// The lines of a text in bundles, each of at most so many lines and bytes; a line longer than a bundle is cut.
pub fn bundles(text: &str, lines_max: usize, bytes_max: usize) -> Vec<String> {
    let mut bundles: Vec<String> = Vec::new();
    let mut lines_in_last = 0;
    let mut pieces: Vec<String> = Vec::new();
    for line in text.split('\n') {
        if line.len() > bytes_max {
            pieces.extend(portions(line, bytes_max));
        } else {
            pieces.push(line.to_owned());
        }
    }
    for piece in pieces {
        match bundles.last_mut() {
            Some(last)
                if lines_in_last < lines_max && last.len() + 1 + piece.len() <= bytes_max =>
            {
                last.push('\n');
                last.push_str(&piece);
                lines_in_last += 1;
            }
            _ => {
                bundles.push(piece);
                lines_in_last = 1;
            }
        }
    }
    bundles
}

/// Where to cut: after the last space that fits, else after the last grapheme that fits.
fn cut(text: &str, bytes_max: usize) -> usize {
    let mut fitting = 0;
    let mut after_space = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        let end = at + grapheme.len();
        if end > bytes_max && fitting > 0 {
            break;
        }
        fitting = end;
        if grapheme == " " {
            after_space = end;
        }
    }
    // A space far back would make the first portion a stub.
    if after_space > bytes_max / 2 {
        after_space
    } else {
        fitting
    }
}

#[cfg(test)]
mod tests;
