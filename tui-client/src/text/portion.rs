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
