//! Finds links in clean text.
//! It must never guess: only what begins with a scheme that can be opened, or with `www.`, is a link.

use std::borrow::Cow;
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

/// What addresses begin with that people write without a scheme.
const BARE: &str = "www.";

/// The address of a link as it stands in a text.
pub(super) fn address(link: &str) -> Cow<'_, str> {
    let is_bare = link
        .get(..BARE.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(BARE));
    if is_bare {
        Cow::Owned(format!("https://{link}"))
    } else {
        Cow::Borrowed(link)
    }
}

/// Where a link without a scheme begins in a word: at its beginning or behind a bracket or quotation mark.
fn bare(lower: &str) -> Option<usize> {
    let start = lower.find(BARE)?;
    let before = lower.get(..start)?.chars().next_back();
    let host = trimmed(lower.get(start + BARE.len()..)?.trim_end());
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host = host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    let is_apart = before.is_none_or(|before| matches!(before, '(' | '<' | '[' | '"' | '“' | '«'));
    (is_host && is_apart).then_some(start)
}

/// Where the links are, in order, without what only ends the sentence around them.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    if !text.contains(':') && !text.contains('.') {
        return Vec::new();
    }
    let mut links = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let lower = word.to_ascii_lowercase();
        let start = SCHEMES.iter().filter_map(|scheme| lower.find(scheme)).min();
        let is_whole = |link: &str| link.len() > link.find(':').unwrap_or(0) + 3;
        if let Some(start) = start.or_else(|| bare(&lower))
            && let Some(link) = word.get(start..).map(str::trim_end).map(trimmed)
            && is_whole(link)
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
