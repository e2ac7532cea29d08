//! Hears that a file or a theme beside it was changed, without ever looking: the system tells.
//! It must never wake anybody while nothing changes.

use std::ffi::{CStr, OsStr, OsString};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::inotify;
use tokio::io::unix::AsyncFd;

/// Bytes of the system's words that are taken at a time.
const WORDS_BYTES: usize = 4096;

/// A file that is watched.
#[derive(Debug)]
pub struct Watch {
    told: AsyncFd<OwnedFd>,
    name: OsString,
}

impl Watch {
    /// Watches a file, and `themes/` beside it. Editors put a new file in place of the old one, so that it is the
    /// folder that is watched.
    ///
    /// # Errors
    /// When the folder is not there, or the system cannot do it.
    pub fn of(path: &Path) -> io::Result<Self> {
        let flags = inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC;
        let told = inotify::init(flags)?;
        let changes = inotify::WatchFlags::CLOSE_WRITE | inotify::WatchFlags::MOVED_TO;
        let folder = path.parent().unwrap_or(Path::new("."));
        inotify::add_watch(&told, folder, changes)?;
        // There need not be any.
        let _ = inotify::add_watch(&told, folder.join("themes"), changes);
        #[expect(
            deprecated,
            reason = "what takes its place is unsafe, and needed only for what can change its own descriptor"
        )]
        let told = AsyncFd::new(told)?;
        Ok(Self {
            told,
            name: path.file_name().unwrap_or_default().to_owned(),
        })
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
                        let is_theme = name.extension().is_some_and(|end| end == "toml");
                        is_ours |= is_theme || name.as_os_str() == self.name;
                    }
                    Err(error) => break error,
                }
            };
            if ended != rustix::io::Errno::AGAIN {
                return Err(ended.into());
            }
            ready.clear_ready();
            if is_ours {
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
}
