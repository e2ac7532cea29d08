//! What packages of both programs take along: completions for shells, and man pages, made of the command lines.
//! It must never say anything that `--help` does not.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::cli::{Cli, Program};

fn command(program: Program) -> Command {
    match program {
        Program::Parlor => Cli::command(),
        Program::Parlord => server::cli::Arguments::command(),
    }
}

/// Writes the completions of a program for a shell.
///
/// # Errors
/// When they cannot be written.
pub fn completions(program: Program, shell: Shell, out: &mut impl Write) -> io::Result<()> {
    let mut command = command(program);
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut text);
    out.write_all(&text)
}

/// Writes the man page of a program.
///
/// # Errors
/// When it cannot be written.
pub fn man(program: Program, out: &mut impl Write) -> io::Result<()> {
    clap_mangen::Man::new(command(program)).render(out)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_shell_learns_the_words_of_both_programs() {
        for shell in Shell::value_variants() {
            let parlor = text(|out| completions(Program::Parlor, *shell, out));
            assert!(parlor.contains("linear"), "{shell}");
            let parlord = text(|out| completions(Program::Parlord, *shell, out));
            assert!(parlord.contains("check-config"), "{shell}");
        }
    }

    #[test]
    fn man_pages_name_their_program_and_its_options() {
        let parlor = text(|out| man(Program::Parlor, out));
        assert!(
            parlor.contains(".TH parlor 1") && parlor.contains("\\-\\-linear"),
            "{parlor}"
        );
        let parlord = text(|out| man(Program::Parlord, out));
        assert!(parlord.contains(".TH parlord 1"), "{parlord}");
    }
}
