//! Where people stress words as they do in Markdown: `code`, *slanted*, _slanted_, **bold** and ~~struck~~.
//! It must never change the text: the marks stay, so that nothing is lost where somebody meant an asterisk.

use std::ops::Range;

use super::{Look, link};

/// What a mark does to the look of its words.
type Set = fn(&mut Look);

/// The marks of words, the longer one first.
const MARKS: &[(&str, Set)] = &[
    ("**", |look| look.is_bold = true),
    ("~~", |look| look.is_struck = true),
    ("*", |look| look.is_italic = true),
    ("_", |look| look.is_italic = true),
];

/// From so many backticks on, code goes over lines.
const FENCE: usize = 3;

/// Marks that are looked at in one message: what has more is a drawing, or made to cost time.
const MARKS_MAX: usize = 200;

/// A stretch with marks around it.
pub(super) struct Span {
    /// The words, without the marks.
    pub(super) inner: Range<usize>,
    /// How long each of the two marks is.
    pub(super) mark: usize,
    /// How the words look.
    pub(super) set: Set,
}

/// Finds them, in the order in which they begin; one may stand in another.
pub(super) fn find(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    // Most messages: nothing to look for.
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'`' | b'*' | b'_' | b'~'))
    {
        return spans;
    }
    let links = link::find(text);
    let (mut at, mut tried) = (0, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if tried > MARKS_MAX {
            break;
        }
        if let Some(link) = links.iter().find(|link| link.contains(&at)) {
            at = link.end;
        } else if rest.starts_with('`') {
            tried += 1;
            at = code(text, at, &mut spans);
        } else if let Some((mark, set)) = MARKS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            tried += 1;
            spans.extend(words(text, at, mark, *set));
            let same = mark.chars().next().unwrap_or_default();
            at += rest.len() - rest.trim_start_matches(same).len();
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    spans
}

/// The text with IRC's own codes in the place of the marks, for those whose programs know no others.
pub fn coded(text: &str) -> String {
    let mut marks: Vec<(Range<usize>, char)> = Vec::new();
    for span in find(text) {
        let mut look = Look::default();
        (span.set)(&mut look);
        let code = match look {
            Look { is_bold: true, .. } => '\u{2}',
            Look {
                is_struck: true, ..
            } => '\u{1e}',
            Look { is_mono: true, .. } => '\u{11}',
            _ => '\u{1d}',
        };
        let Range { start, end } = span.inner;
        marks.push((start - span.mark..start, code));
        marks.push((end..end + span.mark, code));
    }
    marks.sort_by_key(|(range, _)| range.start);
    let (mut coded, mut at) = (String::with_capacity(text.len()), 0);
    for (range, code) in marks {
        coded.push_str(text.get(at..range.start).unwrap_or_default());
        coded.push(code);
        at = range.end;
    }
    coded.push_str(text.get(at..).unwrap_or_default());
    coded
}

/// Code from this backtick to as many; returns where to look on.
fn code(text: &str, at: usize, spans: &mut Vec<Span>) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let after = rest.trim_start_matches('`');
    let mark = rest.len() - after.len();
    let start = at + mark;
    let line = after.split('\n').next().unwrap_or_default();
    let within = if mark >= FENCE { after } else { line };
    let Some(end) = closing(within, mark).filter(|end| *end > 0) else {
        return start;
    };
    spans.push(Span {
        inner: start..start + end,
        mark,
        set: |look| look.is_mono = true,
    });
    start + end + mark
}

/// Where exactly so many backticks stand.
fn closing(text: &str, mark: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let rest = text.get(start..)?;
        let run = rest.len() - rest.trim_start_matches('`').len();
        if run == mark {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// Words between this mark and the next of its kind in the line.
fn words(text: &str, at: usize, mark: &str, set: Set) -> Option<Span> {
    let before = text.get(..at)?.chars().next_back();
    let start = at + mark.len();
    let line = text.get(start..)?.split('\n').next()?;
    let same = mark.chars().next()?;
    let opens = before.is_none_or(is_edge) && line.starts_with(|c: char| is_word(c, same));
    if !opens {
        return None;
    }
    let end = line.match_indices(mark).find_map(|(end, _)| {
        let inner = line.get(..end)?;
        let after = line.get(end + mark.len()..)?.chars().next();
        let closes = inner.ends_with(|c: char| is_word(c, same))
            && after.is_none_or(|c| is_edge(c) && c != same)
            && inner.contains(char::is_alphanumeric);
        closes.then_some(end)
    })?;
    Some(Span {
        inner: start..start + end,
        mark: mark.len(),
        set,
    })
}

/// What may stand at the inner side of a mark.
fn is_word(char: char, mark: char) -> bool {
    !char.is_whitespace() && char != mark
}

/// What may stand at the outer side of one.
fn is_edge(char: char) -> bool {
    !char.is_alphanumeric() && !matches!(char, '`' | '\\')
}

#[cfg(test)]
mod tests;
