//! The file that holds what waits to be sent to one server, so that the end of the program, or of the power, loses
//! nothing. It must never be written by two programs: the second one to come keeps nothing.
//!
//! Each row is written behind the others; of one that is done with, its number is, counted from the beginning of the
//! file. So nothing that the disk has is ever in danger, and a row is safe from the end of the program as soon as the
//! system has taken it, which no disk delays. The disk is waited for afterwards, beside what goes on.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::folder;

/// Begins the line that says which row is done with; no row begins so.
const DONE: char = '-';
/// Bytes of rows that are done with, after which the file is written anew.
const DONE_BYTES_MAX: usize = 256 * 1024;

/// The file of one server; without a path nothing is kept.
#[derive(Debug, Default)]
pub struct Unsent {
    path: Option<PathBuf>,
    rows: Rows,
    /// What it is to hold.
    wanted: Option<String>,
    /// The writing that is under way; one at a time, so that none overtakes another.
    saving: Option<JoinHandle<io::Result<Arc<File>>>>,
    /// The file on its way from the system to the disk; one at a time.
    settling: Option<JoinHandle<io::Result<()>>>,
    /// Whether the last writing failed.
    has_failed: bool,
    /// Held as long as the program runs.
    _lock: Option<File>,
}

/// What the file holds, or will when it is written.
#[derive(Debug, Default)]
struct Rows {
    file: Option<Arc<File>>,
    /// The rows that count, in order, and their numbers.
    held: Vec<(usize, String)>,
    /// The number of the next row.
    next: usize,
    /// The bytes of the file.
    bytes: usize,
    /// Whether nothing may be written behind what is there.
    is_stale: bool,
    /// Whether rows were added that the disk may not have.
    has_news: bool,
}

/// How the file comes to hold what is wanted.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    /// It does already.
    None,
    /// Nothing is left of it.
    Clear,
    /// This is written behind the rest.
    Append(String),
    /// It is written anew.
    Replace(String),
}

impl Rows {
    /// Takes over the rows that are wanted, in order.
    fn change(&mut self, text: String) -> Change {
        if text.is_empty() {
            let is_empty = self.bytes == 0 && !self.is_stale;
            *self = Self {
                file: self.file.take(),
                ..Self::default()
            };
            return if is_empty {
                Change::None
            } else {
                Change::Clear
            };
        }
        let mut wanted = text.lines().peekable();
        let mut done = String::new();
        self.held.retain(|(number, row)| {
            let stays = wanted.next_if_eq(&row.as_str()).is_some();
            if !stays {
                // A string takes whatever is written.
                let _ = writeln!(done, "{DONE}{number}");
            }
            stays
        });
        self.has_news |= wanted.peek().is_some();
        let mut added = String::new();
        for row in wanted {
            self.held.push((self.next, row.to_owned()));
            self.next += 1;
            added.push_str(row);
            added.push('\n');
        }
        // Last, so that a row that changes is there twice for a moment of power lost rather than not at all: the server
        // knows it again.
        added.push_str(&done);
        self.bytes += added.len();
        if self.is_stale || self.bytes > text.len() + DONE_BYTES_MAX {
            self.replaced(&text);
            return Change::Replace(text);
        }
        if added.is_empty() {
            Change::None
        } else {
            Change::Append(added)
        }
    }

    /// The file holds these rows and no others.
    fn replaced(&mut self, text: &str) {
        let rows = text.lines().map(str::to_owned);
        *self = Self {
            held: rows.enumerate().collect(),
            next: text.lines().count(),
            bytes: text.len(),
            ..Self::default()
        };
    }
}

/// The rows of a file that count. One that was not written to its end never went out.
fn counting(text: &str) -> String {
    let whole = text
        .rfind('\n')
        .map_or("", |end| text.get(..=end).unwrap_or(""));
    let mut rows: Vec<&str> = Vec::new();
    for line in whole.lines() {
        let Some(number) = line.strip_prefix(DONE) else {
            rows.push(line);
            continue;
        };
        let row = number
            .parse()
            .ok()
            .and_then(|number: usize| rows.get_mut(number));
        if let Some(row) = row {
            *row = "";
        }
    }
    let rows = rows.into_iter().filter(|row| !row.is_empty());
    rows.flat_map(|row| [row, "\n"]).collect()
}

impl Unsent {
    /// Opens the file for a server, by its address as people write it; and what an earlier run left in it.
    pub fn open(folder: Option<&Path>, address: &str) -> (Self, String) {
        let opened = folder.and_then(|folder| open(folder, address).ok());
        opened.unwrap_or_default()
    }

    /// Wants this kept in place of what was kept.
    pub fn want(&mut self, text: String) {
        self.wanted = Some(text);
    }

    /// Waits until what is wanted outlives this program, whatever ends it; the disk has it soon after, which nobody
    /// waits for. What it returns is why it cannot be kept, once. It may be given up while it waits, and called again.
    pub async fn settle(&mut self) -> Option<io::Error> {
        let mut failed = None;
        loop {
            if let Some(saving) = &mut self.saving {
                let saved = joined(saving.await);
                self.saving = None;
                failed = self.saved(saved).or(failed);
            } else if self.rows.has_news {
                // Only who writes twice in the time of one turn of the disk waits for the first one here.
                if let Some(settling) = &mut self.settling {
                    let settled = joined(settling.await);
                    self.settling = None;
                    failed = self.judged(settled).or(failed);
                }
                self.settle_later();
            } else if let Some(text) = self.wanted.take() {
                self.save(text);
            } else {
                return failed;
            }
        }
    }

    /// What was written is the system's now.
    fn saved(&mut self, saved: io::Result<Arc<File>>) -> Option<io::Error> {
        match saved {
            Ok(file) => {
                self.rows.file = Some(file);
                self.judged(Ok(()))
            }
            Err(error) => {
                self.rows.is_stale = true;
                self.rows.has_news = false;
                self.judged(Err(error))
            }
        }
    }

    /// The first of several failures.
    fn judged(&mut self, done: io::Result<()>) -> Option<io::Error> {
        let was_failed = std::mem::replace(&mut self.has_failed, done.is_err());
        done.err().filter(|_| !was_failed)
    }

    /// What is new in the file is on its way to the disk from here on.
    fn settle_later(&mut self) {
        self.rows.has_news = false;
        if let (Some(file), Some(path)) = (self.rows.file.clone(), self.path.clone()) {
            self.settling = Some(spawn_blocking(move || {
                file.sync_data()?;
                folder::settle_name(&path)
            }));
        }
    }

    /// Writes it where waiting for the system holds up nobody.
    fn save(&mut self, text: String) {
        let Some(path) = self.path.clone() else {
            return;
        };
        let (change, file) = (self.rows.change(text), self.rows.file.clone());
        if change != Change::None {
            self.saving = Some(spawn_blocking(move || write(&path, file, change)));
        }
    }
}

fn joined<T>(done: Result<io::Result<T>, tokio::task::JoinError>) -> io::Result<T> {
    done.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn write(path: &Path, file: Option<Arc<File>>, change: Change) -> io::Result<Arc<File>> {
    let open = || folder::append(path).map(Arc::new);
    match change {
        Change::None => file.map_or_else(open, Ok),
        Change::Clear => {
            let file = file.map_or_else(open, Ok)?;
            file.set_len(0)?;
            Ok(file)
        }
        Change::Append(text) => {
            let file = file.map_or_else(open, Ok)?;
            file.as_ref().write_all(text.as_bytes())?;
            Ok(file)
        }
        Change::Replace(text) => {
            folder::write_durably(path, &text)?;
            open()
        }
    }
}

fn open(folder: &Path, address: &str) -> io::Result<(Unsent, String)> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = address.to_ascii_lowercase().chars().map(plain).collect();
    let path = folder.join(format!("unsent-{name}"));
    let guard = folder.join(format!("unsent-{name}.lock"));
    folder::make(folder)?;
    let lock = File::options().create(true).append(true).open(&guard)?;
    lock.try_lock()?;
    let text = folder::read(&path)?.unwrap_or_default();
    let mut rows = Rows::default();
    rows.replaced(&counting(&text));
    // What is there may end in the middle of a row.
    rows.is_stale = !text.is_empty();
    let unsent = Unsent {
        path: Some(path),
        rows,
        _lock: Some(lock),
        ..Unsent::default()
    };
    Ok((unsent, counting(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn keep(unsent: &mut Unsent, text: &str) {
        unsent.want(text.to_owned());
        assert!(unsent.settle().await.is_none());
    }

    #[tokio::test]
    async fn one_program_at_a_time_keeps_what_waits() {
        let name = format!("parlor-unsent-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (mut first, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "");
        keep(&mut first, "a\nb\n").await;
        let (mut second, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "", "it is the first one's");
        keep(&mut second, "c\n").await;
        drop(first);
        let (mut third, text) = Unsent::open(Some(&folder), "[::1]:6697");
        assert_eq!(text, "a\nb\n");
        keep(&mut third, "b\n").await;
        keep(&mut third, "").await;
        keep(&mut third, "").await;
        drop(third);
        assert_eq!(Unsent::open(Some(&folder), "[::1]:6697").1, "");
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// What a crash of the program leaves, cut off anywhere by a loss of power on top of it.
    #[tokio::test]
    async fn each_moment_leaves_whole_rows_in_order_and_none_that_was_done_with() {
        let name = format!("parlor-unsent-crash-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (mut unsent, _) = Unsent::open(Some(&folder), "h:1");
        let path = unsent.path.clone().unwrap();
        let states = ["a\n", "a\nb\n", "b\nc\n", "B\nc\nd\n", "d\n", "d\ne\n"];
        let mut before = String::new();
        for state in states {
            let held = std::fs::read_to_string(&path).unwrap_or_default();
            keep(&mut unsent, state).await;
            let text = std::fs::read_to_string(&path).unwrap();
            assert_eq!(
                counting(&text),
                state,
                "nothing more is needed for it to be there"
            );
            assert!(text.starts_with(&held), "what the disk had stays as it was");
            for cut in held.len()..text.len() {
                let kept = counting(text.get(..cut).unwrap());
                let is_known = |row: &str| before.contains(row) || state.contains(row);
                assert!(kept.lines().all(is_known), "{kept:?} of {text:?}");
                let lost = |row: &str| state.contains(row) && !kept.contains(row);
                assert!(!before.lines().any(lost), "{kept:?} of {text:?}");
            }
            before = state.to_owned();
        }
        keep(&mut unsent, "").await;
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "");
        keep(&mut unsent, "f\n").await;
        drop(unsent);
        assert_eq!(Unsent::open(Some(&folder), "h:1").1, "f\n");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn rows_that_are_done_with_do_not_fill_the_disk() {
        let name = format!("parlor-unsent-long-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (mut unsent, _) = Unsent::open(Some(&folder), "h:1");
        let path = unsent.path.clone().unwrap();
        let row = "x".repeat(DONE_BYTES_MAX / 4);
        for number in 0..20 {
            keep(&mut unsent, &format!("first\n{number}{row}\n")).await;
            let bytes = std::fs::metadata(&path).unwrap().len();
            assert!(bytes < 2 * DONE_BYTES_MAX as u64, "{bytes}");
        }
        let (held, text) = (counting(&std::fs::read_to_string(&path).unwrap()), row);
        assert_eq!(held, format!("first\n19{text}\n"));
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn who_stops_waiting_loses_nothing_and_the_last_wish_counts() {
        let name = format!("parlor-unsent-wish-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let (mut unsent, _) = Unsent::open(Some(&folder), "h:1");
        unsent.want("a\n".to_owned());
        let given_up = tokio::time::timeout(std::time::Duration::ZERO, unsent.settle()).await;
        drop(given_up);
        keep(&mut unsent, "a\nb\n").await;
        drop(unsent);
        assert_eq!(Unsent::open(Some(&folder), "h:1").1, "a\nb\n");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
