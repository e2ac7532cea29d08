//! Which command somebody meant whose word is none.
//! It must never guess where nothing is near.

use crate::slash::ALL;

/// The command whose name is nearest to this, if any is near.
pub fn nearest(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let rows = ALL
        .iter()
        .flat_map(|row| [row.name].into_iter().chain(row.aliases.iter().copied()));
    let near = rows.filter(|other| other.len() > 1).min_by_key(|other| {
        let distance = strsim::damerau_levenshtein(&name, other);
        // A shared beginning is worth a letter: people begin words rightly.
        distance * 2 - usize::from(distance > 0 && other.starts_with(name.get(..1).unwrap_or("\0")))
    })?;
    let distance = strsim::damerau_levenshtein(&name, near);
    (distance <= near.len().max(2) / 2 || near.starts_with(&name)).then_some(near)
}
