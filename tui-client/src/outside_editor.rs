//! A text in the user's own editor (`$VISUAL`, `$EDITOR`): written to a file, edited, read back.
//! It must never lose the text, nor leave the terminal as a crashed editor left it.

use std::io;
use std::path::Path;
use std::process::Command;

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
    let path = place.join(format!("message-{}.txt", std::process::id()));
    let done = visit(text, &editor, &path);
    // What is left there is only a copy.
    let _ = std::fs::remove_file(&path);
    done.map_err(|why| format!("{editor}: {why}"))
}

fn visit(text: &str, editor: &str, path: &Path) -> Result<String, String> {
    let failed = |error: io::Error| error.to_string();
    folder::write(path, text).map_err(failed)?;
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
        let name = format!("parlor-editor-{}-{}", std::process::id(), editor.len());
        let path = std::env::temp_dir().join(name);
        let done = visit("one\ntwo", editor, &path);
        let _ = std::fs::remove_file(path);
        done
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
