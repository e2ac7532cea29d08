//! `docs/reference.md`: every command, mode, capability, token, numeric and limit, written down from the code's own
//! tables and from what a server with the default configuration says. The file never says anything else: this test
//! fails where it differs, and writes it anew with `PARLOR_BLESS=1`.

mod carried;
mod source;
mod token;

use std::fmt::Write as _;
use std::path::Path;

use protocol::capability::Capability;
use protocol::mode::Kind;
use server_core::Door;
use server_core::modes::{CHANNEL_MODES, Rank, UserMode};

use crate::world::world;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference.md");

const INTRODUCTION: &str = "# Reference

Every command, mode, capability, ISUPPORT token, numeric and limit of `parlord`. This page is made of the code's own
tables; a test fails where the two differ, and writes the page anew with
`PARLOR_BLESS=1 cargo test -p server reference`.
";

#[test]
fn the_reference_says_what_the_code_does() {
    let (caps, tokens) = announced();
    let page = [
        INTRODUCTION.to_owned(),
        commands(),
        room_modes(),
        user_modes(),
        capabilities(&caps),
        isupport(&tokens),
        numerics(),
        limits(),
        constants(),
    ]
    .concat();
    if std::env::var_os("PARLOR_BLESS").is_some() {
        std::fs::create_dir_all(Path::new(FILE).parent().unwrap()).unwrap();
        std::fs::write(FILE, &page).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    let mut lines = page
        .lines()
        .zip(written.lines().chain(std::iter::repeat("")));
    let different = lines.find(|(right, written)| right != written);
    assert!(
        page == written,
        "docs/reference.md is out of date, first here: {different:#?}\n\
         PARLOR_BLESS=1 cargo test -p server reference writes it anew"
    );
}

/// A table with its heading.
fn table(heading: &str, introduction: &str, columns: &[&str], rows: &[Vec<String>]) -> String {
    assert!(!rows.is_empty(), "nothing was found for {heading:?}");
    let mut text = format!("\n## {heading}\n\n");
    if !introduction.is_empty() {
        let _ = writeln!(text, "{introduction}\n");
    }
    let _ = writeln!(text, "| {} |", columns.join(" | "));
    let _ = writeln!(text, "|{}", "---|".repeat(columns.len()));
    for row in rows {
        assert_eq!(row.len(), columns.len());
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// Words as they stand in a cell; what is between backticks stays as it is.
fn words(text: &str) -> String {
    let pieces: Vec<String> = text
        .split('`')
        .enumerate()
        .map(|(number, piece)| match number % 2 {
            0 => piece.replace('<', "&lt;").replace('*', "\\*"),
            _ => piece.to_owned(),
        })
        .collect();
    pieces.join("`").replace('|', "\\|")
}

/// The same, as a sentence.
fn sentence(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    let stop = if text.ends_with('.') { "" } else { "." };
    words(&format!("{}{rest}{stop}", first.to_uppercase()))
}

/// Code as it stands in a cell.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{}`", text.replace('|', "\\|"))
}

fn commands() -> String {
    let rows: Vec<Vec<String>> = server_core::reference::commands()
        .map(|command| {
            vec![
                code(command.verb),
                code(command.grammar),
                words(command.does),
                command.when.to_owned(),
                command.params_min.to_string(),
            ]
        })
        .collect();
    let introduction = "With fewer parameters than *at least* a command is answered with 461.";
    let columns = ["Verb", "Grammar", "Does", "When", "At least"];
    table("Commands", introduction, &columns, &rows)
}

fn room_modes() -> String {
    let rows: Vec<Vec<String>> = CHANNEL_MODES
        .iter()
        .map(|mode| {
            let parameter = match mode.kind {
                Kind::List => "a mask; none asks for the list",
                Kind::Always => "to set and to clear",
                Kind::WhenSet => "to set",
                Kind::Never => "",
                Kind::Prefix => "a nick",
            };
            let letter = code(&mode.letter.to_string());
            vec![letter, parameter.to_owned(), words(mode.help)]
        })
        .collect();
    let ranks: Vec<String> = Rank::ALL
        .iter()
        .map(|rank| code(&format!("{}{}", rank.prefix(), rank.letter())))
        .collect();
    let introduction = format!(
        "Ranks with their signs, highest first: {}.",
        ranks.join(" ")
    );
    let columns = ["Mode", "Parameter", "Does"];
    table("Room modes", &introduction, &columns, &rows)
}

fn user_modes() -> String {
    let rows: Vec<Vec<String>> = UserMode::ALL
        .iter()
        .map(|(_, letter, does)| vec![code(&letter.to_string()), words(does)])
        .collect();
    table("User modes", "", &["Mode", "Says"], &rows)
}

/// The capabilities and the ISUPPORT tokens that a server with the default configuration announces, `name=value`.
fn announced() -> (Vec<String>, Vec<String>) {
    let world = world("");
    let mut ada = world.connect(Door::Tcp);
    ada.say("CAP LS 302");
    ada.say("NICK ada");
    ada.say("USER ada 0 * :Ada");
    ada.say("CAP END");
    let (mut caps, mut tokens) = (Vec::new(), Vec::new());
    loop {
        let line = ada.line().unwrap();
        if let Some((_, list)) = line.split_once(" LS ") {
            let list = list.trim_start_matches(['*', ' ', ':']);
            caps.extend(list.split(' ').map(str::to_owned));
        } else if let Some((_, list)) = line.split_once(" 005 ada ") {
            let (list, _) = list.split_once(" :").unwrap();
            tokens.extend(list.split(' ').map(str::to_owned));
        } else if line.contains(" 422 ") {
            return (caps, tokens);
        }
    }
}

fn capabilities(announced: &[String]) -> String {
    let rows: Vec<Vec<String>> = announced
        .iter()
        .map(|cap| {
            let (name, value) = cap.split_once('=').unwrap_or((cap, ""));
            let known = Capability::from_name(name).unwrap();
            vec![
                code(name),
                code(value),
                words(&source::capability(&format!("{known:?}"))),
            ]
        })
        .collect();
    let introduction =
        "As offered with the default configuration, with their values for `CAP LS 302`.";
    table(
        "Capabilities",
        introduction,
        &["Capability", "Value", "Means"],
        &rows,
    )
}

fn isupport(announced: &[String]) -> String {
    let rows: Vec<Vec<String>> = announced
        .iter()
        .map(|token| {
            let (name, value) = token.split_once('=').unwrap_or((token, ""));
            vec![code(name), code(value), words(token::meaning(name))]
        })
        .collect();
    let introduction = "As announced (005) with the default configuration.";
    table(
        "ISUPPORT",
        introduction,
        &["Token", "Value", "Means"],
        &rows,
    )
}

fn numerics() -> String {
    let rows: Vec<Vec<String>> = source::numerics()
        .into_iter()
        .map(|(number, name, fixed)| {
            let says = match fixed {
                Some(fixed) => format!("“{}”", words(&fixed)),
                None => words(carried::carried(name)),
            };
            vec![format!("{number:03}"), code(name), says]
        })
        .collect();
    let introduction =
        "Those that are sent. Words that are always the same stand in quotation marks.";
    let columns = ["Number", "Name", "Says"];
    table("Numerics", introduction, &columns, &rows)
}

fn limits() -> String {
    let rows: Vec<Vec<String>> = source::settable()
        .into_iter()
        .map(|limit| {
            vec![
                code(&limit.name),
                code(&limit.value),
                sentence(&limit.reason),
            ]
        })
        .collect();
    let introduction = "Keys of the configuration file. Times end in `_s`, sizes in `_bytes`.";
    let columns = ["Key", "Default", "What, and why"];
    table("Limits that can be set", introduction, &columns, &rows)
}

fn constants() -> String {
    let rows: Vec<Vec<String>> = source::fixed()
        .into_iter()
        .map(|limit| {
            vec![
                code(&limit.place),
                code(&limit.name),
                code(&limit.value),
                words(&limit.reason),
            ]
        })
        .collect();
    let introduction = "Bounds that no configuration changes, by the file that holds them.";
    let columns = ["Where", "Name", "Value", "What, and why"];
    table("Limits that are fixed", introduction, &columns, &rows)
}
