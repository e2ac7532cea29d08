//! The table of commands in plain words, for whoever writes it down. It never runs a command.

use crate::command::COMMANDS;
use crate::handler::Phase;

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// The verb, in capitals.
    pub verb: &'static str,
    /// How it is written.
    pub grammar: &'static str,
    /// What it does.
    pub does: &'static str,
    /// When it may be used.
    pub when: &'static str,
    /// Fewest parameters; with less it is answered with 461.
    pub params_min: usize,
}

/// Every command, sorted by verb.
pub fn commands() -> impl Iterator<Item = Command> {
    COMMANDS.iter().map(|spec| {
        let (grammar, does) = spec.help.split_once('\n').unwrap_or((spec.help, ""));
        Command {
            verb: spec.verb,
            grammar,
            does,
            when: when(spec.phase),
            params_min: spec.params_min,
        }
    })
}

const fn when(phase: Phase) -> &'static str {
    match phase {
        Phase::Always => "always",
        Phase::Before => "before registration",
        Phase::After => "once registered",
        Phase::Operator => "server operators",
    }
}
