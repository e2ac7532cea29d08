//! What was behind the text of each terminal when it told last, so that the first frame has the right colours before it
//! can tell again. It must never be believed against what the terminal says.

use std::path::{Path, PathBuf};

use crate::folder;
use crate::theme::Background;

/// The file in the data folder: a line for each terminal, the one that told last at the top.
const FILE: &str = "backgrounds";
/// So many terminals are remembered.
const TERMINALS_MAX: usize = 32;
/// Longest name of a terminal, in characters.
const NAME_MAX: usize = 120;

/// What tells terminals apart, and the profiles of one that may have other colours.
const TOLD_BY: [&str; 7] = [
    "TERM",
    "TERM_PROGRAM",
    "LC_TERMINAL",
    "ITERM_PROFILE",
    "KONSOLE_PROFILE_NAME",
    "WT_PROFILE_ID",
    "TERMINAL_EMULATOR",
];

/// What is remembered of all terminals, and which of them this is.
#[derive(Debug, Default)]
pub struct Backdrops {
    /// Where it is kept; `None`: nowhere.
    path: Option<PathBuf>,
    terminal: String,
    last: Option<Background>,
}

impl Backdrops {
    /// Reads what is remembered in the data folder of the terminal that the environment names.
    pub fn of(folder: Option<&Path>, environment: impl Fn(&str) -> Option<String>) -> Self {
        let words = TOLD_BY.map(|name| environment(name).unwrap_or_default());
        let is_plain = |char: &char| !char.is_control() && *char != ' ';
        let all = words.join("|");
        let terminal: String = all.chars().filter(is_plain).take(NAME_MAX).collect();
        let path = folder.map(|folder| folder.join(FILE));
        let kept = path.as_deref().and_then(|path| folder::read(path).ok()?);
        let kept = kept.unwrap_or_default();
        let last = kept.lines().find_map(|line| {
            let (word, name) = line.split_once(' ')?;
            (name == terminal).then(|| background(word))?
        });
        Self {
            path,
            terminal,
            last,
        }
    }

    /// What this terminal told last.
    pub fn last(&self) -> Option<Background> {
        self.last
    }

    /// The terminal told; where that is news, it is kept.
    pub fn keep(&mut self, told: Background) {
        if self.last.replace(told) == Some(told) {
            return;
        }
        let Some(path) = &self.path else { return };
        let own = format!("{} {}", word(told), self.terminal);
        // The next start asks again, so that nothing hangs on it.
        let _ = folder::change(path, |text| {
            let is_other = |line: &&str| {
                let name = line.split_once(' ').map(|(_, name)| name);
                name.is_some_and(|name| name != self.terminal)
            };
            let others = text.lines().filter(is_other);
            let lines = std::iter::once(own.as_str()).chain(others);
            let lines: Vec<&str> = lines.take(TERMINALS_MAX).collect();
            Some(lines.join("\n") + "\n")
        });
    }
}

fn word(background: Background) -> &'static str {
    match background {
        Background::Dark => "dark",
        Background::Light => "light",
    }
}

fn background(word: &str) -> Option<Background> {
    let both = [Background::Dark, Background::Light];
    both.into_iter().find(|one| self::word(*one) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_terminal_is_remembered_and_not_more_than_there_is_space_for() {
        let folder = std::env::temp_dir().join(format!("parlor-backdrops-{}", std::process::id()));
        let of = |term: &str| {
            let term = term.to_owned();
            Backdrops::of(Some(&folder), move |name| {
                (name == "TERM").then(|| term.clone())
            })
        };
        assert_eq!(of("xterm").last(), None);
        of("xterm").keep(Background::Light);
        of("foot").keep(Background::Dark);
        assert_eq!(of("xterm").last(), Some(Background::Light));
        assert_eq!(of("foot").last(), Some(Background::Dark));
        assert_eq!(of("kitty").last(), None);
        of("xterm").keep(Background::Dark);
        assert_eq!(of("xterm").last(), Some(Background::Dark));
        for number in 0..TERMINALS_MAX {
            of(&format!("term\n{number}")).keep(Background::Dark);
        }
        let text = folder::read(&folder.join(FILE)).unwrap().unwrap();
        assert_eq!(text.lines().count(), TERMINALS_MAX);
        assert_eq!(of("foot").last(), None);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
