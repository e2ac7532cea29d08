//! Finding text in the open window, newest first: in what is loaded, then in the local store.
//! It must never look at what the window would not show.

use crate::deeds;
use crate::effect::Effect;
use crate::ids::WindowId;
use crate::model::Model;
use crate::model::scrollback::Sought;
use crate::model::search::Find;
use crate::reading;
use crate::store::Request;

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
pub fn changed(model: &mut Model, effects: &mut Vec<Effect>) {
    if let Some(find) = &mut model.find {
        find.hit = None;
    }
    step(model, effects, true);
}

/// Goes to the match before, or after.
pub fn step(model: &mut Model, effects: &mut Vec<Effect>, is_back: bool) {
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
    let asked = match hit {
        None if is_back => ask(model, &query),
        _ => None,
    };
    if let Some(find) = &mut model.find {
        find.is_missing = hit.is_none() && find.hit.is_none() && asked.is_none();
        find.hit = hit.or(find.hit);
    }
    match hit {
        Some(line) => reading::show(model, line),
        None if asked.is_some() => {}
        None => no_more(model),
    }
    effects.extend(asked.map(Effect::Keep));
}

fn no_more(model: &mut Model) {
    if model.find.as_ref().is_some_and(|find| find.hit.is_some()) {
        deeds::toast(model, "No more matches that way");
    }
}

/// What is older than all that is loaded, the local store knows.
fn ask(model: &Model, query: &str) -> Option<Request> {
    let window = model.here().filter(|window| !window.is_bottom)?;
    let mut entries = window.scrollback.iter();
    let oldest = entries.find(|entry| entry.as_logged().is_some())?;
    Some(Request::Spot {
        window: window.id,
        place: model.kept_as(window.id)?,
        text: query.to_owned(),
        before: oldest.at,
    })
}

/// The local store has looked.
pub fn spotted(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    id: WindowId,
    text: &str,
    found: Option<Sought>,
) {
    let is_wanted = |find: &Find| find.query.text().eq_ignore_ascii_case(text);
    if model.current != id || !model.find.as_ref().is_some_and(is_wanted) {
        return;
    }
    match found {
        Some(sought) => reading::seek(model, effects, id, sought),
        None => {
            if let Some(find) = &mut model.find {
                find.is_missing = find.hit.is_none();
            }
            no_more(model);
        }
    }
}
