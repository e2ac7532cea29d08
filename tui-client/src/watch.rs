//! Hears that a file or a theme beside it was changed, without ever looking: the system tells.
//! It must never wake anybody while nothing changes.

use std::ffi::{CStr, OsStr};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::inotify;
use tokio::io::unix::AsyncFd;

/// Bytes of the system's words that are taken at a time.
const WORDS_BYTES: usize = 4096;
/// The folder of themes, beside the file.
const THEMES: &str = "themes";

/// What a folder's changes are told of: what is written to its end, put into its place, or made.
const CHANGES: inotify::WatchFlags = inotify::WatchFlags::CLOSE_WRITE
    .union(inotify::WatchFlags::MOVED_TO)
    .union(inotify::WatchFlags::CREATE);

/// A file that is watched.
#[derive(Debug)]
pub struct Watch {
    told: AsyncFd<OwnedFd>,
    /// The file by its name, and where it really is, if that is a link's other end.
    files: Vec<PathBuf>,
    /// How many of the folders are there.
    here: usize,
}

impl Watch {
    /// Watches a file, and `themes/` beside it. Editors put a new file in place of the old one, so that it is the
    /// folder that is watched. What is not there yet is waited for.
    ///
    /// # Errors
    /// When the system cannot do it.
    pub fn of(path: &Path) -> io::Result<Self> {
        let flags = inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC;
        let told = inotify::init(flags)?;
        #[expect(
            deprecated,
            reason = "what takes its place is unsafe, and needed only for what can change its own descriptor"
        )]
        let told = AsyncFd::new(told)?;
        let mut files = vec![path.to_owned()];
        files.extend(path.canonicalize().ok().filter(|real| real != path));
        let mut watch = Self {
            told,
            files,
            here: 0,
        };
        watch.look()?;
        Ok(watch)
    }

    /// Watches each folder, or of one that is not there yet the nearest above it; whether more are there than before.
    fn look(&mut self) -> io::Result<bool> {
        let folders = self.files.iter().filter_map(|file| file.parent());
        let folders: Vec<PathBuf> = folders
            .flat_map(|folder| [folder.to_owned(), folder.join(THEMES)])
            .collect();
        let mut here = 0;
        for folder in folders {
            let nearest = folder.ancestors().find(|above| above.is_dir());
            let nearest = nearest.unwrap_or(Path::new("."));
            inotify::add_watch(&self.told, nearest, CHANGES)?;
            here += usize::from(nearest == folder);
        }
        let before = std::mem::replace(&mut self.here, here);
        Ok(here > before)
    }

    /// Whether this is the name of the file, or that of a theme.
    fn is_ours(&self, name: &Path) -> bool {
        let is_theme = name.extension().is_some_and(|end| end == "toml");
        let is_file = |file: &PathBuf| file.file_name() == Some(name.as_os_str());
        is_theme || self.files.iter().any(is_file)
    }

    /// Waits until it is changed.
    ///
    /// # Errors
    /// When the system no longer tells.
    pub async fn changed(&mut self) -> io::Result<()> {
        loop {
            let mut ready = self.told.readable().await?;
            let mut is_ours = false;
            let mut words = [MaybeUninit::uninit(); WORDS_BYTES];
            let mut reader = inotify::Reader::new(self.told.get_ref(), &mut words);
            let ended = loop {
                match reader.next() {
                    Ok(event) => {
                        let name = event.file_name().map(CStr::to_bytes);
                        let name = Path::new(OsStr::from_bytes(name.unwrap_or_default()));
                        // What was only just made is told of again when it is written.
                        let is_written = !event.events().contains(inotify::ReadFlags::CREATE);
                        is_ours |= is_written && self.is_ours(name);
                    }
                    Err(error) => break error,
                }
            };
            if ended != rustix::io::Errno::AGAIN {
                return Err(ended.into());
            }
            ready.clear_ready();
            if self.look()? || is_ours {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_is_heard_also_when_the_file_is_replaced() {
        let folder = std::env::temp_dir().join(format!("parlor-watch-{}", std::process::id()));
        let path = folder.join("config.toml");
        crate::folder::write(&path, "port = 1\n").unwrap();
        let mut watch = Watch::of(&path).unwrap();
        std::fs::write(folder.join("other.txt"), "x").unwrap();
        std::fs::write(&path, "port = 2\n").unwrap();
        watch.changed().await.unwrap();
        crate::folder::write(&path, "port = 3\n").unwrap();
        watch.changed().await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn folders_that_are_made_later_are_watched_too() {
        let folder = std::env::temp_dir().join(format!("parlor-later-{}", std::process::id()));
        let path = folder.join("deep/config.toml");
        std::fs::create_dir_all(&folder).unwrap();
        let mut watch = Watch::of(&path).unwrap();
        std::fs::create_dir(folder.join("deep")).unwrap();
        watch.changed().await.unwrap();
        std::fs::write(&path, "theme = \"mine\"\n").unwrap();
        watch.changed().await.unwrap();
        let theme = folder.join("deep/themes/mine.toml");
        std::fs::create_dir(theme.parent().unwrap()).unwrap();
        watch.changed().await.unwrap();
        std::fs::write(&theme, "accent = \"red\"\n").unwrap();
        watch.changed().await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn of_a_link_both_ends_are_watched() {
        let folder = std::env::temp_dir().join(format!("parlor-linked-{}", std::process::id()));
        let (real, path) = (folder.join("dotfiles/parlor"), folder.join("config.toml"));
        std::fs::create_dir_all(folder.join("dotfiles")).unwrap();
        std::fs::create_dir_all(folder.join("themes")).unwrap();
        std::fs::write(&real, "port = 1\n").unwrap();
        std::os::unix::fs::symlink(&real, &path).unwrap();
        let mut watch = Watch::of(&path).unwrap();
        std::fs::write(&real, "port = 2\n").unwrap();
        watch.changed().await.unwrap();
        std::fs::write(folder.join("themes/mine.toml"), "accent = \"red\"\n").unwrap();
        watch.changed().await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }
}
