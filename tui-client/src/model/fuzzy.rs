//! How well a few typed letters fit a name.
//! It must never prefer a scattered match to one at the start of a word.

/// The fit, higher is better; nothing if a letter is missing.
pub fn score(query: &str, name: &str) -> Option<i32> {
    let mut wanted = query
        .chars()
        .filter(|char| !char.is_whitespace())
        .flat_map(char::to_lowercase);
    let mut next = wanted.next();
    let mut score = 0;
    let mut was_match = false;
    let mut was_edge = true;
    for char in name.chars() {
        let is_match = next.is_some_and(|wanted| char.to_lowercase().eq([wanted]));
        if is_match {
            score += 1 + if was_edge { 8 } else { 0 } + if was_match { 9 } else { 0 };
            next = wanted.next();
        }
        was_match = is_match;
        was_edge = !char.is_alphanumeric();
    }
    let length = i32::try_from(name.chars().count())
        .unwrap_or(i32::MAX)
        .min(64);
    next.is_none().then_some(score * 8 - length)
}

/// Those that fit, best first; in their own order where they fit alike.
pub fn ranked<T>(query: &str, all: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    if query.trim().is_empty() {
        return all;
    }
    let mut fitting: Vec<(i32, T)> = all
        .into_iter()
        .filter_map(|item| score(query, name(&item)).map(|score| (score, item)))
        .collect();
    fitting.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    fitting.into_iter().map(|(_, item)| item).collect()
}
