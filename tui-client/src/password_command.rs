//! Asks the program that knows the password: a password manager. It must never go through a shell, nor show what the
//! program printed.

use std::io::{self, IsTerminal};
use std::process::{Command, Stdio};

use crate::login::{Login, Secret};

/// The longest password.
const PASSWORD_BYTES_MAX: usize = 1024;

/// Puts the password in that the program prints, if there is such a program and no password.
///
/// # Errors
/// When the program cannot be had or gives no password, in a sentence.
pub fn fill(login: &mut Login) -> Result<(), String> {
    let Some((program, words)) = login.password_command.split_first() else {
        return Ok(());
    };
    if !login.password.0.is_empty() {
        return Err(
            "the config has both `password` and `password_command`; take one out".to_owned(),
        );
    }
    let failed = |why: &str| format!("the program of `password_command`, {program}, {why}");
    // What a script pipes in is what is to be said, and not the program's.
    let input = if io::stdin().is_terminal() {
        Stdio::inherit()
    } else {
        Stdio::null()
    };
    let output = Command::new(program)
        .args(words)
        .stdin(input)
        .stderr(Stdio::inherit())
        .output();
    let output = output.map_err(|error| failed(&format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(failed(&format!("failed ({})", output.status)));
    }
    let text = String::from_utf8(output.stdout).map_err(|_| failed("printed what is no text"))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() || line.len() > PASSWORD_BYTES_MAX || line.contains('\0') {
        return Err(failed("printed no password in its first line"));
    }
    login.password = Secret(line.to_owned());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &[&str]) -> Result<String, String> {
        let mut login = Login {
            password_command: words.iter().map(|word| (*word).to_owned()).collect(),
            ..Login::default()
        };
        fill(&mut login).map(|()| login.password.0)
    }

    #[test]
    fn the_first_line_counts_and_no_shell_reads_the_words() {
        assert_eq!(
            asked(&["printf", "a b; $HOME\\nsecond\\n"]).unwrap(),
            "a b; $HOME"
        );
        assert_eq!(asked(&[]).unwrap(), "");
    }

    #[test]
    fn a_program_without_a_password_is_said() {
        assert!(
            asked(&["printf", "\\nsecond"])
                .unwrap_err()
                .contains("printf")
        );
        assert!(asked(&["false"]).unwrap_err().contains("failed"));
        let missing = asked(&["there-is-no-such-program"]).unwrap_err();
        assert!(missing.contains("cannot be run"), "{missing}");
    }
}
