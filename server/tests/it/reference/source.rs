//! What the code says of itself in its comments: why a limit is what it is, what a capability means, the words of a
//! numeric. It never guesses: what it does not find is an error, or left out.

#![expect(
    clippy::string_slice,
    reason = "the places are those of characters that were found there"
)]

use std::path::{Path, PathBuf};

const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Where the core's limits are.
const SETTINGS: &str = "server/core/src/settings.rs";

/// Constants with the name of a limit that number something.
const NO_LIMITS: [&str; 2] = ["KIND_MAX", "MESSAGE_MAX"];

/// A limit, its value as it is written, and its reason.
pub(super) struct Limit {
    pub(super) place: String,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) reason: String,
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(Path::new(TOP).join(path)).unwrap()
}

/// The sources below a folder, sorted, without tests.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The sources of a package: path from the top, and text.
fn texts(package: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&Path::new(TOP).join(package).join("src"), &mut found);
    let named = |path: PathBuf| {
        let name = path.strip_prefix(TOP).unwrap().display().to_string();
        (name, read(path))
    };
    found.into_iter().map(named).collect()
}

/// Lines that stand behind a comment, with the comment's words.
fn commented(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut words = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(comment) = line.strip_prefix("///") {
            words.push(comment.trim());
        } else if !line.starts_with("#[") {
            if !words.is_empty() {
                let mut whole = line.to_owned();
                // A long value stands in the line below.
                if whole.ends_with('=') {
                    whole = format!("{whole} {}", lines.next().unwrap_or(""));
                }
                found.push((whole, words.join(" ")));
            }
            words.clear();
        }
    }
    found
}

/// What a capability means.
pub(super) fn capability(variant: &str) -> String {
    let text = read("protocol/src/capability.rs");
    let start = format!("{variant} = \"");
    let mut rows = commented(&text).into_iter();
    rows.find(|(line, _)| line.starts_with(&start)).unwrap().1
}

/// The limits of the core by field: the comment of each.
fn core_limits() -> Vec<(String, String)> {
    let text = read(SETTINGS);
    let (_, limits) = text.split_once("pub struct Limits {").unwrap();
    let (limits, _) = limits.split_once("\n}").unwrap();
    let field = |(line, reason): (String, String)| {
        let name = line.strip_prefix("pub ")?.split_once(':')?.0.to_owned();
        Some((name, reason))
    };
    commented(limits).into_iter().filter_map(field).collect()
}

/// Which key of the configuration sets which limit of the core.
fn keys() -> Vec<(String, String)> {
    let text = read("server/src/settings.rs");
    let (_, body) = text.split_once("fn limits(").unwrap();
    let pair = |line: &str| {
        let (field, value) = line.trim().split_once(':')?;
        let (_, key) = value.split_once("from.")?;
        let key = key.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        Some((key.into_iter().next()?.to_owned(), field.to_owned()))
    };
    body.lines().filter_map(pair).collect()
}

/// The limits that have a key, in the order of the example file.
pub(super) fn settable() -> Vec<Limit> {
    let (keys, reasons) = (keys(), core_limits());
    let reason = |key: &str| {
        let (_, field) = keys.iter().find(|(name, _)| name == key)?;
        let (_, reason) = reasons.iter().find(|(name, _)| name == field)?;
        // Times have other units there.
        (!reason.starts_with("Milliseconds")).then(|| reason.clone())
    };
    let mut found = Vec::new();
    let mut section = String::new();
    for line in server::config::example().lines() {
        if let Some(name) = line.strip_prefix('[') {
            name.split(']').next().unwrap().clone_into(&mut section);
        }
        let Some((setting, does)) = line.split_once(" # ") else {
            continue;
        };
        let Some((name, value)) = setting.split_once(" = ") else {
            continue;
        };
        let is_number = value.trim().parse::<u64>().is_ok();
        if section == "server.limits" || is_number {
            found.push(Limit {
                place: String::new(),
                name: format!("{section}.{name}"),
                value: value.trim().to_owned(),
                reason: reason(name).unwrap_or_else(|| does.to_owned()),
            });
        }
    }
    found
}

/// The limits that no key changes: constants, and what the core has a default for.
pub(super) fn fixed() -> Vec<Limit> {
    let mut found = Vec::new();
    for package in ["protocol", "server/core", "server"] {
        for (path, text) in texts(package) {
            let rows = commented(&text).into_iter();
            found.extend(rows.filter_map(|row| constant(&path, row)));
            if path == SETTINGS {
                found.extend(defaults());
            }
        }
    }
    found
}

fn constant(path: &str, (line, reason): (String, String)) -> Option<Limit> {
    let (_, rest) = line.split_once("const ")?;
    let (name, rest) = rest.split_once(": ")?;
    let (kind, value) = rest.split_once(" = ")?;
    let is_bound = name.ends_with("_MAX") || name.ends_with("_MIN") || kind == "Duration";
    (is_bound && !NO_LIMITS.contains(&name)).then(|| Limit {
        place: path.to_owned(),
        name: name.to_owned(),
        value: value.trim_end_matches(';').to_owned(),
        reason,
    })
}

/// Fields of the core's limits without a key.
fn defaults() -> Vec<Limit> {
    let values = format!("{:?}", server_core::settings::Limits::default());
    let value = |name: &str| {
        let (_, rest) = values.split_once(&format!(" {name}: ")).unwrap();
        rest.split([',', ' ']).next().unwrap().to_owned()
    };
    let keys = keys();
    core_limits()
        .into_iter()
        .filter(|(name, _)| !keys.iter().any(|(_, field)| field == name))
        .map(|(name, reason)| Limit {
            place: SETTINGS.to_owned(),
            value: value(&name),
            name,
            reason,
        })
        .collect()
}

/// The numerics that the server sends, with their words where they are always the same.
pub(super) fn numerics() -> Vec<(u16, &'static str, Option<String>)> {
    let texts = [texts("server/core"), texts("server")].concat();
    let said = |(number, name): &(u16, &'static str)| {
        let uses: Vec<&str> = texts
            .iter()
            .flat_map(|(_, text)| uses(text, name))
            .collect();
        let fixed = uses.iter().find_map(|rest| fixed_words(rest));
        (!uses.is_empty()).then_some((*number, *name, fixed))
    };
    protocol::numeric::ALL.iter().filter_map(said).collect()
}

/// What follows each use of a numeric's name.
fn uses<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let is_use = |place: &usize| {
        let (before, rest) = text.split_at(*place);
        let is_whole = !rest[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        is_whole
            && ["n::", "numeric::", " = "]
                .iter()
                .any(|end| before.ends_with(end))
    };
    text.match_indices(name)
        .map(|(place, _)| place)
        .filter(is_use)
        .map(|place| &text[place + name.len()..])
        .collect()
}

/// The text that is an argument beside the numeric, or the trailing parameter of its line.
fn fixed_words(rest: &str) -> Option<String> {
    let (mut depth, mut found) = (0_i32, None);
    let mut places = rest.char_indices();
    while let Some((place, c)) = places.next() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            // The call ends; its line may go on.
            ')' if rest[place + 1..].trim_start().starts_with('.') => {}
            ')' | ']' | ';' | '}' => break,
            '"' => {
                let text: String = places
                    .by_ref()
                    .map(|(_, c)| c)
                    .take_while(|c| *c != '"')
                    .collect();
                if depth == 0 || rest[..place].ends_with("trailing(") {
                    found = Some(text);
                }
            }
            _ if rest[place..].starts_with("n::") => return None,
            _ => {}
        }
    }
    found.filter(|text| text.len() > 3)
}
