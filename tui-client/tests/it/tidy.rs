//! The rules of this repository that no compiler checks, over all files that git knows. Each finding is a line with
//! its place; a test fails with all of them at once.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ranks;

/// Lines of a file that is no test: what fits into a head.
const FILE_LINES_MAX: usize = 400;
/// Lines of a function, but for blank ones and comments, as clippy counts.
const FUNCTION_LINES_MAX: usize = 70;
/// Bytes of a file outside `assets/`.
const FILE_BYTES_MAX: u64 = 200_000;
/// Names that say nothing about the job.
const NAMES_BANNED: &[&str] = &[
    "utils", "util", "common", "helpers", "misc", "base", "manager", "types", "prelude", "mod",
];

/// A file that git knows.
pub(crate) struct Source {
    /// From the top of the repository.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    }

    /// Whether it is compiled for tests only.
    pub(crate) fn is_test(&self) -> bool {
        let stem = |part: &str| part.trim_end_matches(".rs").to_owned();
        let is_suite = |part: &str| {
            matches!(
                stem(part).as_str(),
                "tests" | "benches" | "fuzz" | "screens" | "stage"
            )
        };
        self.path.split('/').any(is_suite)
    }
}

pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files that git knows, as they are now. Without git (a release's archive) there is nothing to check.
fn paths() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(top())
        .output();
    let listed = listed.map(|output| output.stdout).unwrap_or_default();
    let listed = String::from_utf8(listed).unwrap();
    listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect()
}

fn sources() -> Vec<Source> {
    let read = |path: String| {
        let bytes = std::fs::read(top().join(&path)).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        Some(Source { path, text })
    };
    paths().into_iter().filter_map(read).collect()
}

#[track_caller]
fn check(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.is_rust()) {
        let path = &source.path;
        if !source.text.starts_with("//!") {
            findings.push(format!(
                "{path}: does not open with //!, its job and what it must never do"
            ));
        }
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX && !source.is_test() {
            findings.push(format!("{path}: {lines} lines, more than {FILE_LINES_MAX}"));
        }
        let stem = Path::new(path)
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or("");
        if NAMES_BANNED.contains(&stem) {
            findings.push(format!("{path}: the name says nothing about the job"));
        }
    }
    check(&findings);
}

#[test]
fn functions_are_short() {
    let mut findings = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| source.is_rust() && !source.is_test())
    {
        for (line, name, length) in functions(&source.text) {
            if length > FUNCTION_LINES_MAX {
                let path = &source.path;
                findings.push(format!(
                    "{path}:{line}: `{name}` has {length} lines, more than {FUNCTION_LINES_MAX}"
                ));
            }
        }
    }
    check(&findings);
}

/// Line, name and length of the body of each function, by its indentation: rustfmt has made that reliable.
fn functions(text: &str) -> Vec<(usize, String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        let Some(name) = function_name(bare) else {
            continue;
        };
        let end = format!("{}}}", &line[..line.len() - bare.len()]);
        let body = lines[start..]
            .iter()
            .skip_while(|line| !line.ends_with('{'))
            .skip(1);
        let body = body.take_while(|line| **line != end);
        let counts = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        found.push((start + 1, name, body.filter(counts).count()));
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let mut rest = line;
    for word in [
        "pub(crate) ",
        "pub(super) ",
        "pub ",
        "const ",
        "async ",
        "unsafe ",
    ] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    // A signature that ends on its own line has no body.
    let has_body = !line.ends_with(';') && !line.ends_with('}');
    let name = name.split(['(', '<']).next().unwrap_or("");
    has_body.then(|| name.to_owned())
}

#[test]
fn imports_name_what_they_import() {
    let mut findings = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| source.is_rust() && !source.is_test())
    {
        let mut is_test = false;
        for (line, text) in source.text.lines().enumerate() {
            // Test modules stand at the end of a file.
            is_test |= text.trim() == "#[cfg(test)]";
            let bare = text.trim_start();
            let is_import = bare.starts_with("use ") || bare.starts_with("pub use ");
            if is_import && bare.ends_with("::*;") && !is_test {
                findings.push(format!("{}:{}: a glob import", source.path, line + 1));
            }
        }
    }
    check(&findings);
}

#[test]
fn what_is_left_to_do_has_a_number() {
    // Put together, so that this file does not find itself.
    let (todo, fixme) = (["TO", "DO"].concat(), ["FIX", "ME"].concat());
    let mut findings = Vec::new();
    for source in sources().iter().filter(|source| source.is_rust()) {
        for (line, text) in source.text.lines().enumerate() {
            let place = format!("{}:{}", source.path, line + 1);
            if text.contains(&fixme) {
                findings.push(format!("{place}: {fixme} means: before this is merged"));
            }
            if text.contains(&todo) && !text.contains(&format!("{todo}(#")) {
                findings.push(format!("{place}: write {todo}(#number)"));
            }
        }
    }
    check(&findings);
}

#[test]
fn no_file_is_large() {
    let mut findings = Vec::new();
    for path in paths()
        .iter()
        .filter(|path| !path.starts_with("assets/") && *path != "Cargo.lock")
    {
        let bytes = std::fs::metadata(top().join(path)).map_or(0, |metadata| metadata.len());
        if bytes > FILE_BYTES_MAX {
            findings.push(format!("{path}: {bytes} bytes, more than {FILE_BYTES_MAX}"));
        }
    }
    check(&findings);
}

#[test]
fn imports_point_down_the_ranks() {
    let Ok(architecture) = std::fs::read_to_string(top().join("ARCHITECTURE.md")) else {
        return;
    };
    let tables = ranks::tables(&architecture);
    let mut findings = Vec::new();
    for (folder, table) in &tables {
        ranks::check(folder, table, &sources(), &mut findings);
    }
    check(&findings);
}
