//! A text in the user's own editor (`$VISUAL`, `$EDITOR`): written to a file, edited, read back.
//! It must never lose the text, nor leave the terminal as a crashed editor left it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use base64ct::{Base64UrlUnpadded, Encoding};
use ring::rand::{SecureRandom, SystemRandom};

use crate::folder;

/// The editor of a system where nobody chose one.
const USUAL: &str = "vi";
/// The longest text that is taken back: the input box holds no more.
const TEXT_BYTES_MAX: u64 = 256 * 1024;

/// Edits a text; returns when the editor has ended. The terminal must be given back before.
///
/// # Errors
/// Why nothing was taken over, in a sentence without a full stop.
pub fn edit(text: &str, folder: Option<&Path>) -> Result<String, String> {
    let chosen = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok());
    let editor = chosen.filter(|editor| !editor.trim().is_empty());
    let editor = editor.unwrap_or_else(|| USUAL.to_owned());
    let place = folder.map_or_else(std::env::temp_dir, Path::to_owned);
    let own = own_folder(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    let done = visit(text, &editor, &own.join("message.txt"));
    // What is left there is only a copy, and what the editor wrote beside it.
    let _ = std::fs::remove_dir_all(&own);
    done.map_err(|why| format!("{editor}: {why}"))
}

/// A folder that nobody else can have made, foreseen or enter: where there is no data folder it is made in one that all
/// people of this machine share.
fn own_folder(place: &Path) -> io::Result<PathBuf> {
    folder::make(place)?;
    let mut random = [0; 16];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| io::Error::other("this system gives no random bytes"))?;
    let name = format!("message-{}", Base64UrlUnpadded::encode_string(&random));
    let path = place.join(name);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&path)?;
    Ok(path)
}

/// Writes a file that was not there, for this user only.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

fn visit(text: &str, editor: &str, path: &Path) -> Result<String, String> {
    let failed = |error: io::Error| error.to_string();
    write(path, text).map_err(failed)?;
    let modes = rustix::termios::tcgetattr(io::stdin());
    // As other programs do it: the variable may hold words and quotes.
    let status = Command::new("sh")
        .args(["-c", &format!("{editor} \"$1\""), "parlor"])
        .arg(path)
        .status();
    if let Ok(modes) = modes {
        // An editor that crashed may have left others.
        let _ =
            rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, &modes);
    }
    let status = status.map_err(failed)?;
    if !status.success() {
        return Err(format!("it ended with {status}, so nothing was taken over"));
    }
    if std::fs::metadata(path).map_err(failed)?.len() > TEXT_BYTES_MAX {
        return Err("that is too long for a message".to_owned());
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.trim_end_matches('\n').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(editor: &str) -> Result<String, String> {
        let own = own_folder(&std::env::temp_dir()).unwrap();
        let done = visit("one\ntwo", editor, &own.join("message.txt"));
        std::fs::remove_dir_all(own).unwrap();
        done
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_foresees_enters_or_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let shared = std::env::temp_dir();
        let (own, other) = (own_folder(&shared).unwrap(), own_folder(&shared).unwrap());
        assert_ne!(own, other);
        let path = own.join("message.txt");
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        write(&path, "secret").unwrap();
        assert_eq!((mode(&own), mode(&path)), (0o700, 0o600));
        assert!(
            write(&path, "again").is_err(),
            "what is there is not written over"
        );
        // A link that somebody has put there leads nowhere.
        let target = other.join("target");
        let link = other.join("message.txt");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(write(&link, "secret").is_err() && !target.exists());
        std::fs::remove_dir_all(own).unwrap();
        std::fs::remove_dir_all(other).unwrap();
    }

    #[test]
    fn what_the_editor_leaves_is_taken_over() {
        assert_eq!(run("true"), Ok("one\ntwo".to_owned()));
        assert_eq!(
            run("sh -c 'echo three >> \"$0\"'"),
            Ok("one\ntwothree".to_owned())
        );
    }

    #[test]
    fn an_editor_that_fails_changes_nothing() {
        for editor in ["false", "no-such-editor-anywhere", "kill -9 $$;"] {
            assert!(run(editor).is_err(), "{editor}");
        }
    }
}
