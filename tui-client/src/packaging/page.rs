//! What a man page tells beyond the command line: keys and commands from their tables, files, the environment, examples.
//! It must never name a key, a command or a file that the program does not know.

use roff::{Roff, bold, roman};

use crate::cli::{ENDS, Program};
use crate::keymap::Keymap;
use crate::manual;

/// A term, and what it means.
type Entry = (String, String);

const FILES: &[(&str, &str)] = &[
    (
        "~/.config/parlor/config.toml",
        "the settings of both programs; the tables [server…] are parlord's. A mistake is told with file, line and key",
    ),
    (
        "~/.config/parlor/themes/NAME.toml",
        "a theme of your own, for theme = \"NAME\"",
    ),
    (
        "~/.local/share/parlor/",
        "what is kept, for its owner only; $XDG_CONFIG_HOME and $XDG_DATA_HOME lead elsewhere",
    ),
    (
        "~/.local/share/parlor/client.db",
        "what was said, drafts, what was sent, whom you ignore: parlor's, and not encrypted",
    ),
    (
        "~/.local/share/parlor/parlor.db",
        "rooms, messages and accounts: those of parlord, or of parlor when it hosts",
    ),
];

const OWN_ENVIRONMENT: &[(&str, &str)] = &[
    (
        "TERM, COLORTERM, COLORFGBG",
        "how many colours there are, and on which background",
    ),
    ("NO_COLOR", "if it is set: no colours"),
    ("VISUAL, EDITOR", "what long messages are written in"),
    ("BROWSER", "what opens links"),
];

const PARLOR_EXAMPLES: &[(&str, &str)] = &[
    (
        "parlor",
        "enters #lobby on this machine, and hosts it if nobody does",
    ),
    (
        "parlor --host irc.libera.chat --room '#rust' --nick ada",
        "enters a room elsewhere, encrypted",
    ),
    (
        "parlor invite --host chat.example",
        "prints a link by which a friend comes in",
    ),
    (
        "make 2>&1 | parlor --linear --room '#ops'",
        "tells a room what a program says, each line a message",
    ),
];

const PARLORD_EXAMPLES: &[(&str, &str)] = &[
    (
        "parlord --check-config",
        "says whether the configuration is right",
    ),
    (
        "parlord --listen 127.0.0.1:6667 --data /srv/parlor",
        "serves this machine, and keeps everything in one folder",
    ),
    (
        "parlord backup parlor-backup.db",
        "copies what is kept, while the server runs",
    ),
    (
        "parlord invite lobby --host chat.example --uses 5 --expires 7d",
        "prints a link by which five friends come in",
    ),
];

const SIGNALS: &[(&str, &str)] = &[
    (
        "SIGTERM, SIGINT",
        "end it: everybody is told, and everything is stored",
    ),
    (
        "SIGHUP",
        "reads the configuration and the certificate again; nobody is dropped",
    ),
];

/// Adds the sections of a program.
pub(super) fn write(program: Program, page: &mut Roff) {
    match program {
        Program::Parlor => {
            let (keys, commands) = tables();
            section(page, "KEYS", keys);
            paragraph(
                page,
                "^ is Ctrl, M- is Alt. [keys] of the config file changes every one.",
            );
            section(page, "COMMANDS", commands);
            page.control("SH", ["EXIT STATUS"]);
            paragraph(page, ENDS);
            section(page, "ENVIRONMENT", environment(OWN_ENVIRONMENT));
            section(page, "FILES", owned(FILES));
            section(page, "EXAMPLES", owned(PARLOR_EXAMPLES));
        }
        Program::Parlord => {
            section(page, "SIGNALS", owned(SIGNALS));
            page.control("SH", ["EXIT STATUS"]);
            paragraph(
                page,
                "0 after a clean end, 2 on a bad command line or configuration, 1 when something failed.",
            );
            section(page, "ENVIRONMENT", environment(&[]));
            section(page, "FILES", owned(FILES));
            section(page, "EXAMPLES", owned(PARLORD_EXAMPLES));
        }
    }
}

/// The keys as they are unless the settings change them, and the commands.
fn tables() -> (Vec<Entry>, Vec<Entry>) {
    let rows = manual::rows(&Keymap::default(), &[]);
    let rows = rows.into_iter().filter(|row| !row.does.is_empty());
    let entries = rows.map(|row| (row.what.trim_end().to_owned(), row.does));
    let (commands, keys) = entries.partition(|(what, _): &Entry| what.starts_with('/'));
    (keys, commands)
}

fn environment(own: &[(&str, &str)]) -> Vec<Entry> {
    let mut all = owned(&[(
        "PARLOR_CONFIG",
        "the config file, where --config names none",
    )]);
    all.extend(owned(own));
    all
}

fn owned(entries: &[(&str, &str)]) -> Vec<Entry> {
    let owned = |(what, does): &(&str, &str)| ((*what).to_owned(), (*does).to_owned());
    entries.iter().map(owned).collect()
}

fn section(page: &mut Roff, heading: &str, entries: Vec<Entry>) {
    page.control("SH", [heading]);
    for (what, does) in entries {
        page.control("TP", []);
        page.text([bold(what)]);
        page.text([roman(does)]);
    }
}

fn paragraph(page: &mut Roff, text: &str) {
    page.control("PP", []);
    page.text([roman(text)]);
}
