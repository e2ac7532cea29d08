//! Completion of the word at the cursor: nicks, commands, rooms, emoji.
//! It must never change more of the input than that word.

use crate::deeds;
use crate::editor::Editor;
use crate::emoji;
use crate::model::Model;
use crate::model::completion::{Candidate, Completion};
use crate::preferences;
use crate::session::command::Bouncer;
use crate::slash::{self, Takes};
use crate::window::{Kind, Window};

/// How many candidates are offered.
const CANDIDATES_MAX: usize = 100;

/// Completes the word, or goes on to the next candidate.
pub fn step(model: &mut Model, is_back: bool) {
    if let Some(mut completion) = model.completion.take() {
        let count = completion.candidates.len();
        let step = if is_back { count.saturating_sub(1) } else { 1 };
        completion.chosen = (completion.chosen + step) % count.max(1);
        fill(model, completion);
        return;
    }
    let Some(window) = model.here() else { return };
    let before = window.input.before();
    let start = before.rfind(char::is_whitespace).map_or(0, |at| {
        at + before
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8)
    });
    let typed = before.get(start..).unwrap_or_default().to_owned();
    let mut candidates = candidates(model, window, before, start, &typed);
    candidates.truncate(CANDIDATES_MAX);
    if candidates.is_empty() {
        return tell_arguments(model);
    }
    let end = window.input.cursor();
    let chosen = if is_back { candidates.len() - 1 } else { 0 };
    fill(
        model,
        Completion {
            start,
            end,
            candidates,
            chosen,
            typed,
        },
    );
}

/// Puts an emoji in the place of its whole name, `:tada:`, where that was written as a word of its own; taking that back
/// brings the letters back.
pub fn named_emoji(input: &mut Editor) {
    let before = input.before();
    let word = before.rsplit(char::is_whitespace).next();
    let word = word.unwrap_or_default();
    let name = word
        .strip_prefix(':')
        .and_then(|name| name.strip_suffix(':'));
    if let Some(emoji) = name.and_then(emoji::named) {
        input.splice(before.len() - word.len()..before.len(), emoji);
    }
}

/// Fills in the candidate of this number.
pub fn choose(model: &mut Model, index: usize) {
    if let Some(mut completion) = model.completion.take() {
        completion.chosen = index.min(completion.candidates.len().saturating_sub(1));
        fill(model, completion);
    }
}

/// Takes the completion back: the word is as it was typed.
pub fn undo(model: &mut Model) {
    if let Some(completion) = model.completion.take()
        && let Some(window) = model.here_mut()
    {
        window
            .input
            .splice(completion.start..completion.end, &completion.typed);
    }
}

fn fill(model: &mut Model, mut completion: Completion) {
    let Some(candidate) = completion.candidates.get(completion.chosen) else {
        return;
    };
    let insert = candidate.insert.clone();
    let is_only = completion.candidates.len() == 1;
    if let Some(window) = model.here_mut() {
        window
            .input
            .splice(completion.start..completion.end, &insert);
        completion.end = window.input.cursor();
    }
    if is_only && completion.start == 0 {
        tell_arguments(model);
    }
    model.completion = (!is_only).then_some(completion);
}

/// Says what the command that is being written takes, where there is nothing to choose from.
fn tell_arguments(model: &mut Model) {
    let text = model.here().map_or("", |window| window.input.text());
    let name = slash::command_of(text).and_then(|command| command.split_whitespace().next());
    if let Some(row) = name.and_then(slash::named) {
        let text = format!("/{} {}", row.name, row.args);
        deeds::toast(model, format!("{}  {}", text.trim_end(), row.help));
    }
}

fn candidates(
    model: &Model,
    window: &Window,
    before: &str,
    start: usize,
    typed: &str,
) -> Vec<Candidate> {
    if start == 0
        && let Some(name) = typed.strip_prefix('/')
    {
        return commands(model, name, "/");
    }
    if let Some(name) = typed.strip_prefix(':').filter(|name| !name.is_empty()) {
        return emojis(name);
    }
    let mut words = before.split_whitespace();
    let command = words
        .next()
        .and_then(|word| word.strip_prefix('/'))
        .and_then(slash::named);
    if let Some(row) = command.filter(|row| row.takes == Takes::Bouncer) {
        let words: Vec<&str> = before
            .get(..start)
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        return bouncer(model, row.args, &words, typed);
    }
    let head = before.get(..start).unwrap_or_default();
    let mut head = head.split_whitespace().skip(1);
    let takes = match (head.next(), head.next()) {
        (None, _) => command.map(|row| row.takes),
        (Some(key), None) if command.is_some_and(|row| row.takes == Takes::Setting) => {
            return named(preferences::values(key), typed);
        }
        _ => None,
    };
    match takes {
        Some(Takes::OneOf(known)) => {
            let known = known.iter().map(|word| ((*word).to_owned(), String::new()));
            named(known, typed)
        }
        Some(Takes::Setting) => named(preferences::names(), typed),
        Some(Takes::Command) => commands(model, typed, ""),
        Some(Takes::Room) => rooms(model, typed, " "),
        Some(Takes::Network) => networks(model, typed),
        Some(Takes::Window) => windows(model, typed),
        Some(Takes::Nick) => nicks(model, window, typed, " "),
        _ if model.network().kind_of(typed) == Kind::Room && !typed.is_empty() => {
            rooms(model, typed, " ")
        }
        _ if typed.is_empty() && start == 0 => Vec::new(),
        _ => {
            let bare = typed.strip_prefix('@').unwrap_or(typed);
            let tail = if start == 0 { ": " } else { " " };
            nicks(model, window, bare, tail)
        }
    }
}

/// What can be done with a bouncer's networks, then which, then what of it.
fn bouncer(model: &Model, help: &str, words: &[&str], start: &str) -> Vec<Candidate> {
    let plain = |words: &[&str], tail: &str, help: &str| {
        let fitting = words.iter().filter(|word| word.starts_with(start));
        let made = fitting.map(|word| Candidate {
            insert: format!("{word}{tail}"),
            label: (*word).to_owned(),
            help: help.to_owned(),
        });
        made.collect::<Vec<_>>()
    };
    match words {
        [_] => plain(&["add", "change", "list", "remove"], " ", help),
        [_, "change" | "remove"] => networks(model, start),
        [_, "add" | "change", _, ..] => plain(&Bouncer::KEYS, "=", ""),
        _ => Vec::new(),
    }
}

/// Those of the names, each with what it does, that begin so.
fn named(names: impl IntoIterator<Item = (String, String)>, start: &str) -> Vec<Candidate> {
    let start = start.to_lowercase();
    let fitting = names
        .into_iter()
        .filter(|(name, _)| name.starts_with(&start));
    fitting
        .map(|(name, help)| Candidate {
            insert: format!("{name} "),
            label: name,
            help,
        })
        .collect()
}

fn windows(model: &Model, start: &str) -> Vec<Candidate> {
    let start = start.to_lowercase();
    let names = model.windows.iter().map(|window| &window.name);
    let fitting = names.filter(|name| {
        let name = name.to_lowercase();
        name.starts_with(&start) || name.trim_start_matches('#').starts_with(&start)
    });
    fitting
        .map(|name| Candidate {
            insert: name.clone(),
            label: name.clone(),
            help: String::new(),
        })
        .collect()
}

fn networks(model: &Model, start: &str) -> Vec<Candidate> {
    let start = start.to_lowercase();
    let labels = model.networks.iter().map(|network| &network.label);
    let fitting = labels.filter(|label| label.to_lowercase().starts_with(&start));
    fitting
        .map(|label| Candidate {
            insert: format!("{label} "),
            label: label.clone(),
            help: String::new(),
        })
        .collect()
}

fn emojis(name: &str) -> Vec<Candidate> {
    emoji::beginning(name.trim_end_matches(':'))
        .map(|(name, emoji)| Candidate {
            insert: format!("{emoji} "),
            label: format!(":{name}:"),
            help: emoji.to_owned(),
        })
        .collect()
}

fn commands(model: &Model, start: &str, prefix: &str) -> Vec<Candidate> {
    let start = start.to_ascii_lowercase();
    // By another name only what has no such name of its own: who types /par means /part.
    let fitting = slash::ALL.iter().filter_map(|row| {
        let mut names = [row.name].into_iter().chain(row.aliases.iter().copied());
        let name = names.find(|name| name.starts_with(&start))?;
        (!start.is_empty() || name == row.name).then_some((name, row))
    });
    let fitting = fitting.map(|(name, row)| Candidate {
        insert: format!("{prefix}{name} "),
        label: format!("{prefix}{name} {}", row.args).trim_end().to_owned(),
        help: row.help.to_owned(),
    });
    let own = model.habits.aliases.iter();
    let own = own.filter(|alias| alias.name.starts_with(&start));
    let own = own.map(|alias| Candidate {
        insert: format!("{prefix}{} ", alias.name),
        label: format!("{prefix}{}", alias.name),
        help: format!("/{}", alias.line),
    });
    fitting.chain(own).collect()
}

fn rooms(model: &Model, start: &str, tail: &str) -> Vec<Candidate> {
    let start = start.to_lowercase();
    let open = model
        .windows
        .iter()
        .filter(|window| window.kind == Kind::Room);
    let mut names: Vec<&str> = open.map(|window| window.name.as_str()).collect();
    names.extend(model.network().directory.iter().map(|(name, _)| name));
    let bare = |name: &str| {
        name.trim_start_matches(|char| model.network().facts.room_prefixes.contains(char))
            .to_lowercase()
    };
    let wanted = bare(&start);
    let mut candidates: Vec<Candidate> = Vec::new();
    for name in names
        .into_iter()
        .filter(|name| bare(name).starts_with(&wanted))
    {
        if !candidates
            .iter()
            .any(|other| other.label.eq_ignore_ascii_case(name))
        {
            candidates.push(Candidate {
                insert: format!("{name}{tail}"),
                label: name.to_owned(),
                help: String::new(),
            });
        }
    }
    candidates
}

fn nicks(model: &Model, window: &Window, start: &str, tail: &str) -> Vec<Candidate> {
    let mut nicks: Vec<&str> = window.roster.completions(start);
    if window.kind == Kind::Person {
        nicks.push(&window.name);
    }
    let people = model
        .windows
        .iter()
        .filter(|window| window.kind == Kind::Person);
    if nicks.is_empty() {
        nicks.extend(people.map(|window| window.name.as_str()));
        nicks.extend(
            model
                .windows
                .iter()
                .flat_map(|window| window.roster.completions(start)),
        );
    }
    let start = start.to_ascii_lowercase();
    let mut candidates: Vec<Candidate> = Vec::new();
    for nick in nicks {
        let is_fitting = nick.to_ascii_lowercase().starts_with(&start);
        let is_own = nick.eq_ignore_ascii_case(&model.network().nick);
        if is_fitting && !is_own && !candidates.iter().any(|other| other.label == nick) {
            candidates.push(Candidate {
                insert: format!("{nick}{tail}"),
                label: nick.to_owned(),
                help: String::new(),
            });
        }
    }
    candidates
}
