//! Finding text in the open window, newest first.
//! It must never look at what the window does not show.

use crate::deeds;
use crate::model::{Find, Model};
use crate::reading;

/// Opens the search.
pub fn open(model: &mut Model) {
    if !model.is_outside() {
        model.completion = None;
        model.chosen = None;
        model.find = Some(Find::default());
    }
}

/// Closes the search; the view stays where it is.
pub fn close(model: &mut Model) {
    model.find = None;
}

/// Looks again after the query changed.
pub fn changed(model: &mut Model) {
    if let Some(find) = &mut model.find {
        find.hit = None;
    }
    step(model, true);
}

/// Goes to the match before, or after.
pub fn step(model: &mut Model, is_back: bool) {
    let Some(find) = &model.find else { return };
    let query = find.query.text().to_ascii_lowercase();
    if query.is_empty() {
        return;
    }
    let hit = model.here().and_then(|window| {
        let scrollback = &window.scrollback;
        let fits = |index: &usize| {
            scrollback
                .get(*index)
                .is_some_and(|entry| entry.rich.text.to_ascii_lowercase().contains(&query))
        };
        let start = find.hit.and_then(|line| scrollback.index_of(line));
        let index = if is_back {
            (0..start.unwrap_or(scrollback.len())).rev().find(fits)
        } else {
            (start? + 1..scrollback.len()).find(fits)
        };
        scrollback.get(index?).map(|entry| entry.id)
    });
    if let Some(find) = &mut model.find {
        find.is_missing = hit.is_none() && find.hit.is_none();
        find.hit = hit.or(find.hit);
    }
    match hit {
        Some(line) => reading::show(model, line),
        None if model.find.as_ref().is_some_and(|find| find.hit.is_some()) => {
            deeds::toast(model, "No more matches that way");
        }
        None => {}
    }
}
