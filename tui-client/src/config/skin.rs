//! The theme that the config names: one of those in the program, or a file beside the config.
//! It must never take another one for one that is not there.

use std::path::Path;

use server::config::ConfigError;

use crate::config::place::Place;
use crate::folder;
use crate::theme::Sheet;

/// The name that means: whichever fits the terminal.
const AUTO: &str = "auto";

/// A name as the config has it, if it can be one; empty for `AUTO`.
pub(super) fn name(word: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let is_name = !word.is_empty() && word.chars().all(is_plain);
    is_name.then(|| {
        if word == AUTO {
            String::new()
        } else {
            word.to_owned()
        }
    })
}

/// Finds the theme of this name; `beside` is the config's folder, `place` the config.
pub(super) fn load(
    name: &str,
    beside: Option<&Path>,
    place: Place<'_>,
) -> Result<Option<Sheet>, ConfigError> {
    if name.is_empty() {
        return Ok(None);
    }
    let path = beside.map(|folder| folder.join("themes").join(format!("{name}.toml")));
    let unreadable = |error| wrong(place, name, &format!("cannot be read: {error}"));
    let read = path.as_deref().map(folder::read).transpose();
    if let (Some(path), Some(text)) = (&path, read.map_err(unreadable)?.flatten()) {
        let file = path.display().to_string();
        let place = Place {
            text: &text,
            file: &file,
        };
        let sheet = Sheet::parse(&text);
        return sheet
            .map(Some)
            .map_err(|fault| place.error(fault.offset, &fault.key, &fault.reason, &fault.hint));
    }
    match Sheet::built_in(name) {
        None => Err(wrong(
            place,
            name,
            "is no theme, and themes/ beside this file has none of that name",
        )),
        sheet => Ok(sheet),
    }
}

fn wrong(place: Place<'_>, name: &str, why: &str) -> ConfigError {
    let is_key = |line: &&str| line.trim_start().starts_with("theme");
    let offset = place.text.lines().find(is_key);
    let offset = offset
        .and_then(|line| place.text.find(line))
        .unwrap_or_default();
    let names: Vec<&str> = [AUTO].into_iter().chain(Sheet::names()).collect();
    let distance = |known: &&&str| strsim::damerau_levenshtein(name, known);
    let nearest = names.iter().min_by_key(distance);
    let nearest = nearest.filter(|known| distance(known) <= name.chars().count() / 2);
    let hint = match nearest {
        Some(nearest) => format!("\"{nearest}\""),
        None => format!("one of {}", names.join(", ")),
    };
    place.error(offset, "theme", &format!("= \"{name}\" {why}"), &hint)
}
