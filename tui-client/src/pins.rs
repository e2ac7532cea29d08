//! The servers that we have met and by what we know them again: a file with a line for each, which people can read
//! and edit. It must never take a line that it cannot read for a server that it does not know.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use protocol::fingerprint::Fingerprint;

use crate::folder;
use crate::trust::Known;

/// The file, in the data folder.
const FILE_NAME: &str = "known_servers";
/// The word for a server whose certificate the system trusted.
const SYSTEM: &str = "system";
/// What stands above the lines.
const HEAD: &str = "# Servers that parlor has met, and the SHA-256 of each one's key (\"system\": one whose certificate this\n\
                    # system trusts). A server that shows another is refused; without its line the next one counts.\n";

/// Why the file cannot be used.
#[derive(Debug)]
pub enum PinsError {
    /// It cannot be read or written.
    Io(PathBuf, io::Error),
    /// A line makes no sense.
    Garbled(PathBuf, usize),
}

impl fmt::Display for PinsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Garbled(path, line) => write!(
                f,
                "{}:{line}: a line is an address and a fingerprint; mend it or take it out",
                path.display()
            ),
        }
    }
}

impl std::error::Error for PinsError {}

/// The file; without a data folder nothing is remembered.
#[derive(Clone, Debug, Default)]
pub struct Pins {
    path: Option<PathBuf>,
}

impl Pins {
    /// Those in a data folder.
    pub fn of(folder: Option<&Path>) -> Self {
        let path = folder.map(|folder| folder.join(FILE_NAME));
        Self { path }
    }

    /// What is known of a server, by its address as people write it.
    ///
    /// # Errors
    /// When the file is there and cannot be used: then nothing is known, not even that the server is new.
    pub fn find(&self, address: &str) -> Result<Option<Known>, PinsError> {
        let Some(path) = &self.path else {
            return Ok(None);
        };
        let text = read(path)?;
        let mut found = None;
        for (number, line) in text.lines().enumerate() {
            match parse(line) {
                Line::Server(at, known) if is_same(at, address) => found = Some(known),
                Line::Garbled => return Err(PinsError::Garbled(path.clone(), number + 1)),
                Line::Server(..) | Line::Remark => {}
            }
        }
        Ok(found)
    }

    /// Remembers a server in place of what was known of it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(&self, address: &str, known: &Known) -> Result<(), PinsError> {
        let Some(path) = &self.path else {
            return Ok(());
        };
        folder::change(path, |old| Some(with(old, address, known)))
            .map_err(|error| PinsError::Io(path.clone(), error))
    }
}

/// What the file holds once a server is known.
fn with(old: &str, address: &str, known: &Known) -> String {
    let mut text = String::new();
    if old.is_empty() {
        text.push_str(HEAD);
    }
    for line in old.lines() {
        if !matches!(parse(line), Line::Server(at, _) if is_same(at, address)) {
            text.push_str(line);
            text.push('\n');
        }
    }
    let word = match known {
        Known::System => SYSTEM.to_owned(),
        Known::Pinned(fingerprint) => fingerprint.to_string(),
    };
    text.push_str(&address.to_ascii_lowercase());
    text.push(' ');
    text.push_str(&word);
    text.push('\n');
    text
}

fn read(path: &Path) -> Result<String, PinsError> {
    let text = folder::read(path).map_err(|error| PinsError::Io(path.to_owned(), error))?;
    Ok(text.unwrap_or_default())
}

fn is_same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

enum Line<'t> {
    Server(&'t str, Known),
    Remark,
    Garbled,
}

fn parse(line: &str) -> Line<'_> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Line::Remark;
    }
    let mut words = line.split_whitespace();
    let (Some(address), Some(word), None) = (words.next(), words.next(), words.next()) else {
        return Line::Garbled;
    };
    if word == SYSTEM {
        return Line::Server(address, Known::System);
    }
    match Fingerprint::parse(word) {
        Some(fingerprint) => Line::Server(address, Known::Pinned(fingerprint)),
        None => Line::Garbled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::fingerprint_of;

    /// A folder of the test's own.
    fn place(name: &str) -> PathBuf {
        let name = format!("parlor-pins-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn a_server_is_known_again_and_the_other_lines_stay() {
        let folder = place("again");
        let pins = Pins::of(Some(&folder));
        let (a, b) = (fingerprint_of(b"a"), fingerprint_of(b"b"));
        assert_eq!(pins.find("h:6697").unwrap(), None);
        pins.keep("h:6697", &Known::Pinned(a)).unwrap();
        pins.keep("[::1]:6697", &Known::System).unwrap();
        pins.keep("H:6697", &Known::Pinned(b.clone())).unwrap();
        assert_eq!(pins.find("h:6697").unwrap(), Some(Known::Pinned(b)));
        assert_eq!(pins.find("[::1]:6697").unwrap(), Some(Known::System));
        assert_eq!(pins.find("h:6698").unwrap(), None);
        let text = std::fs::read_to_string(folder.join(FILE_NAME)).unwrap();
        assert_eq!(text.lines().count(), 4, "{text}");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_garbled_file_is_no_empty_one() {
        let folder = place("garbled");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(FILE_NAME), "# x\nh:6697 ab12\n").unwrap();
        let error = Pins::of(Some(&folder)).find("h:6697").unwrap_err();
        assert!(error.to_string().contains("known_servers:2: "), "{error}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
