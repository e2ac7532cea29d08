//! The rank tables of ARCHITECTURE.md, and whether imports keep to them.
//!
//! A table is a fenced block that begins with ```` ```ranks <folder> ````; each line is a rank and its modules:
//!
//! ````text
//! ```ranks tui-client/src
//! 0 action theme session/event
//! 1 keymap session/*
//! 2 session
//! ```
//! ````
//!
//! `session/*` stands for all files below `session/` that are not named themselves. An import may only point to a
//! lower rank; a file's own tests may import what they like.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::Source;

/// Ranks by module path, as in `session/event`.
pub(crate) type Table = BTreeMap<String, u32>;

/// Every table of a text, with its folder.
pub(crate) fn tables(text: &str) -> Vec<(String, Table)> {
    let mut tables = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(folder) = line.strip_prefix("```ranks ") else {
            continue;
        };
        let mut table = Table::new();
        for row in lines.by_ref().take_while(|row| !row.starts_with("```")) {
            let mut words = row.split_whitespace();
            let Some(rank) = words.next().and_then(|rank| rank.parse().ok()) else {
                continue;
            };
            table.extend(words.map(|module| (module.to_owned(), rank)));
        }
        tables.push((folder.trim().to_owned(), table));
    }
    tables
}

/// Finds imports that point to the same or a higher rank, and modules without a rank.
pub(crate) fn check(folder: &str, table: &Table, sources: &[Source], findings: &mut Vec<String>) {
    let prefix = format!("{folder}/");
    let inside: Vec<(String, &Source)> = sources
        .iter()
        .filter(|source| source.is_rust() && !source.is_test())
        .filter_map(|source| {
            let module = source.path.strip_prefix(&prefix)?.strip_suffix(".rs")?;
            Some((module.to_owned(), source))
        })
        .collect();
    let modules: BTreeSet<&str> = inside.iter().map(|(module, _)| module.as_str()).collect();
    for (module, source) in &inside {
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let Some(rank) = rank_of(table, module) else {
            findings.push(format!("{}: has no rank in ARCHITECTURE.md", source.path));
            continue;
        };
        for (line, target) in imports(module, &source.text, &modules) {
            let Some(other) = rank_of(table, target).filter(|_| target != module) else {
                continue;
            };
            if other >= rank {
                let path = &source.path;
                findings.push(format!(
                    "{path}:{line}: rank {rank} imports {target} of rank {other}"
                ));
            }
        }
    }
}

fn rank_of(table: &Table, module: &str) -> Option<u32> {
    if let Some(rank) = table.get(module) {
        return Some(*rank);
    }
    let mut above = module;
    while let Some((parent, _)) = above.rsplit_once('/') {
        if let Some(rank) = table.get(&format!("{parent}/*")) {
            return Some(*rank);
        }
        above = parent;
    }
    None
}

/// The modules that a file names by `crate::…`, `super::…` and `self::…`, with the line. Its tests do not count.
fn imports<'m>(module: &str, text: &str, modules: &BTreeSet<&'m str>) -> Vec<(usize, &'m str)> {
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    // Comments are blanked, so that the lines keep their numbers.
    let is_code = |row: &&str| !row.trim_start().starts_with("//");
    let rows = code
        .lines()
        .map(|row| Some(row).filter(is_code).unwrap_or(""));
    let code = rows.collect::<Vec<_>>().join("\n");
    let parent = module.rsplit_once('/').map_or("", |(parent, _)| parent);
    let mut found = Vec::new();
    for (word, root) in [("crate::", ""), ("super::", parent), ("self::", module)] {
        for (start, _) in code.match_indices(word) {
            // `xcrate::` and `a::self::` are no such paths.
            let before = code[..start].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || "_:".contains(c)) {
                continue;
            }
            let line = 1 + code[..start].matches('\n').count();
            for path in paths(&code[start + word.len()..]) {
                let target = resolve(&format!("{root}/{path}"), modules);
                found.extend(target.map(|target| (line, target)));
            }
        }
    }
    found
}

/// The paths that begin here; a group is taken apart one level deep.
fn paths(rest: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || "_:".contains(c);
    let word = |text: &str| {
        let word: String = text.trim().chars().take_while(|c| is_path(*c)).collect();
        word.replace("::", "/")
    };
    let base = word(rest);
    let Some(group) = rest.trim_start_matches(is_path).strip_prefix('{') else {
        return vec![base];
    };
    let group = group.split(';').next().unwrap_or("");
    let names = group.split(['}', ',']).map(word);
    // Behind the last comma stands nothing.
    names
        .filter(|name| !name.is_empty())
        .map(|name| format!("{base}{name}"))
        .collect()
}

/// The deepest module that a path leads to.
fn resolve<'m>(path: &str, modules: &BTreeSet<&'m str>) -> Option<&'m str> {
    let mut path = path.trim_matches('/');
    loop {
        if let Some(module) = modules.get(path) {
            return Some(module);
        }
        path = path.rsplit_once('/')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_import_upwards_is_found() {
        let tables = tables("words\n```ranks a/src\n0 low low/*\n1 high\n```\n");
        let sources = [
            source(
                "a/src/low.rs",
                "use crate::high::Thing;\nuse crate::low::{Own,};\n",
            ),
            source(
                "a/src/low/part.rs",
                "// crate::high\nuse crate::{\n    high, low,\n};\n",
            ),
            source(
                "a/src/high.rs",
                "use crate::low::part::Piece;\n#[cfg(test)]\nuse crate::lost;\n",
            ),
            source("a/src/lost.rs", "//! use crate::high;\n"),
        ];
        let mut findings = Vec::new();
        check(&tables[0].0, &tables[0].1, &sources, &mut findings);
        assert_eq!(
            findings,
            [
                "a/src/low.rs:1: rank 0 imports high of rank 1",
                "a/src/low/part.rs:2: rank 0 imports high of rank 1",
                "a/src/low/part.rs:2: rank 0 imports low of rank 0",
                "a/src/lost.rs: has no rank in ARCHITECTURE.md",
            ]
        );
    }
}
