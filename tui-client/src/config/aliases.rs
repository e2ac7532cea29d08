//! `[aliases]`: commands of the user's own.
//! It must never know what a command does.

use server::config::ConfigError;
use toml::Spanned;
use toml::de::DeValue;

use crate::alias::{ALIASES_MAX, Alias};
use crate::config::place::Place;

/// Reads the table.
pub(crate) fn read(
    value: &Spanned<DeValue<'_>>,
    place: Place<'_>,
) -> Result<Vec<Alias>, ConfigError> {
    let start = value.span().start;
    let table = value.get_ref().as_table().ok_or_else(|| {
        let right = "a table: [aliases], and below it lines such as wii = \"whois $1 $1\"";
        place.error(start, "aliases", "is no table", right)
    })?;
    let mut aliases: Vec<Alias> = Vec::new();
    for (name, value) in table {
        let (offset, name) = (name.span().start, name.get_ref().as_ref());
        let key = format!("aliases.{name}");
        let line = value.get_ref().as_str();
        let line =
            line.ok_or_else(|| place.refused(offset, &key, "a text, such as \"whois $1 $1\""))?;
        let alias = Alias::new(name, line).map_err(|right| place.refused(offset, &key, &right))?;
        if aliases.iter().any(|other| other.name == alias.name) {
            return Err(place.error(
                offset,
                &key,
                "is there twice",
                "a name of its own for each alias",
            ));
        }
        if aliases.len() >= ALIASES_MAX {
            let right = format!("at most {ALIASES_MAX} aliases");
            return Err(place.error(offset, &key, "is one too many", &right));
        }
        aliases.push(alias);
    }
    Ok(aliases)
}
