//! What packages of both programs take along: completions for shells, and man pages, made of the command lines and the
//! programs' own tables. It must never repeat what a table says.

mod page;

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use roff::Roff;

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
    let man = clap_mangen::Man::new(command(program));
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    man.render_subcommands_section(out)?;
    let mut page = Roff::new();
    page::write(program, &mut page);
    page.to_writer(out)?;
    man.render_version_section(out)
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
        let sections = |page: &str| -> Vec<String> {
            let heads = page.lines().filter_map(|line| line.strip_prefix(".SH "));
            heads.map(|head| head.replace('"', "")).collect()
        };
        for head in ["KEYS", "COMMANDS", "EXIT STATUS", "FILES", "EXAMPLES"] {
            assert!(
                sections(&parlor).contains(&head.to_owned()),
                "{head}: {parlor}"
            );
        }
        for head in ["SIGNALS", "EXIT STATUS", "FILES", "EXAMPLES"] {
            assert!(
                sections(&parlord).contains(&head.to_owned()),
                "{head}: {parlord}"
            );
        }
        let plain = parlor.replace('\\', "");
        for row in crate::slash::ALL {
            assert!(
                plain.contains(&format!("/{} {}", row.name, row.args).trim_end().to_owned()),
                "{}",
                row.name
            );
        }
        let described = crate::action::ALL.iter();
        for row in described.filter(|row| !matches!(row.action, crate::action::Action::Window(_))) {
            assert!(plain.contains(row.help), "{}: {plain}", row.name);
        }
    }

    #[test]
    fn what_examples_write_is_understood() {
        for page in [Program::Parlor, Program::Parlord] {
            let man = text(|out| man(page, out)).replace('\\', "");
            let name = command(page).get_name().to_owned();
            let after = man.split(".SH EXAMPLES").nth(1).unwrap();
            let lines = after.lines().filter_map(|line| line.strip_prefix("fB"));
            let mut count = 0;
            for line in lines {
                let line = line.trim_end_matches("fR").rsplit("| ").next().unwrap();
                let words = line.split(' ').map(|word| word.trim_matches('\''));
                let known = command(page).try_get_matches_from(words);
                assert!(
                    known.is_ok() && line.starts_with(&name),
                    "{line}: {known:?}"
                );
                count += 1;
            }
            assert!(count > 2, "{after}");
        }
    }
}
