//! Finds links in clean text.
//! It must never guess: only what begins with a scheme that can be opened is a link.

use std::ops::Range;

const SCHEMES: &[&str] = &[
    "https://",
    "http://",
    "parlor://",
    "ircs://",
    "irc://",
    "gemini://",
    "ftp://",
    "mailto:",
];

/// Where the links are, in order, without what only ends the sentence around them.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    if !text.contains(':') {
        return Vec::new();
    }
    let mut links = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let lower = word.to_ascii_lowercase();
        let start = SCHEMES.iter().filter_map(|scheme| lower.find(scheme)).min();
        if let Some(start) = start
            && let Some(link) = word.get(start..).map(str::trim_end).map(trimmed)
            && link.len() > link.find(':').unwrap_or(0) + 3
        {
            links.push(at + start..at + start + link.len());
        }
        at += word.len();
    }
    links
}

/// A link without the full stop, the comma, or the bracket that was opened before it.
fn trimmed(link: &str) -> &str {
    let mut link = link;
    while let Some(last) = link.chars().last() {
        let is_extra = match last {
            ')' => link.matches('(').count() < link.matches(')').count(),
            ']' => link.matches('[').count() < link.matches(']').count(),
            '.' | ',' | ';' | ':' | '!' | '?' | '"' | '\'' | '>' | '»' | '”' | '。' | '，' => {
                true
            }
            _ => false,
        };
        if !is_extra {
            break;
        }
        link = link.get(..link.len() - last.len_utf8()).unwrap_or_default();
    }
    link
}
