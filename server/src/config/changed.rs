//! Which keys two configurations differ in, for people. It never tells a value: some are secrets.

use std::collections::BTreeMap;

use super::key::{Place, Visitor};
use super::list::{value, visit};
use super::shape::Config;

/// The names of the keys that have another value now, with their section, such as `limits.nick_length`.
pub(crate) fn changed(before: &Config, after: &Config) -> Vec<String> {
    let (before, after) = (read(before), read(after));
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    let others = names.filter(|name| before.get(*name) != after.get(*name));
    let mut names: Vec<String> = others.map(named).collect();
    names.sort();
    names.dedup();
    names
}

/// Every key by its section, which table of that name, and its own name.
type Values = BTreeMap<(&'static str, usize, &'static str), String>;

fn named((section, _, name): &(&'static str, usize, &'static str)) -> String {
    match section.strip_prefix("server.") {
        Some(section) => format!("{section}.{name}"),
        None => (*name).to_owned(),
    }
}

fn read(config: &Config) -> Values {
    let mut reader = Reader {
        values: Values::new(),
        section: "",
        index: 0,
        counts: [
            ("server.operator", config.operators.len()),
            ("server.gateway", config.gateways.len()),
        ],
    };
    visit(&mut config.clone(), &mut reader);
    reader.values
}

struct Reader {
    values: Values,
    section: &'static str,
    index: usize,
    /// How many tables there are of each name of which there may be several.
    counts: [(&'static str, usize); 2],
}

impl Visitor for Reader {
    fn key(&mut self, name: &'static str, place: Place<'_>, _does: &'static str) {
        self.values
            .insert((self.section, self.index, name), value(&place));
    }

    fn section(&mut self, name: &'static str, _does: &'static str) {
        (self.section, self.index) = (name, 0);
    }

    fn entries(&mut self, name: &'static str, _does: &'static str) -> usize {
        let count = self.counts.iter().find(|(known, _)| *known == name);
        count.map_or(0, |(_, count)| *count)
    }

    fn entry(&mut self, name: &'static str, index: usize) {
        (self.section, self.index) = (name, index);
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::Operator;
    use super::*;

    #[test]
    fn what_is_other_is_named_and_never_shown() {
        let before = Config::default();
        assert_eq!(changed(&before, &before), [""; 0]);
        let mut after = Config::default();
        after.limits.nick_length += 1;
        after.motd = "hello".to_owned();
        after.password.0 = "sesame".to_owned();
        after.operators = vec![Operator::default(), Operator::default()];
        let named = changed(&before, &after);
        let expected = [
            "limits.nick_length",
            "motd",
            "operator.name",
            "operator.password",
            "password",
        ];
        assert_eq!(named, expected);
        assert_eq!(changed(&after, &before), expected);
    }
}
