//! The rows of the searched lists: windows, actions, commands, rooms, what was sent.
//! They must never be empty because the query is.

use std::collections::BTreeSet;

use crate::action::{ALL, Action};
use crate::entry::{Entry, Said};
use crate::ids::{NetworkId, WindowId};
use crate::model::overlay::{Overlay, Pick, Picker, Purpose, Row};
use crate::model::search::Search;
use crate::model::{Model, fuzzy};
use crate::name;
use crate::session::event::Millis;
use crate::store::row::Key;
use crate::window::{Kind, Place, Window};
use crate::{editor, emoji, gestures, rows, sanitise, sidebar, slash, undelivered};

/// The room that there is nearly everywhere.
const USUAL: &str = "#lobby";
/// How many rows a list holds at most; nobody reads further, everybody types on.
const ROWS_MAX: usize = 200;

/// And one of what was found, into which more comes as one reads it.
const FOUND_ROWS_MAX: usize = 6_000;

/// A list, opened.
pub fn open(model: &Model, purpose: Purpose) -> Picker {
    let mut picker = Picker {
        purpose,
        query: editor::Editor::default(),
        rows: Vec::new(),
        chosen: 0,
    };
    fill(model, &mut picker);
    picker
}

/// Fills a list with what fits its query.
pub fn fill(model: &Model, picker: &mut Picker) {
    let query = picker.query.text().to_owned();
    let mut rows = match picker.purpose {
        Purpose::Switch => switch(model, &query),
        Purpose::Join => join(model, &query),
        Purpose::Recall => recall(model, &query),
        Purpose::React => react(&query),
        Purpose::Links => links(model, &query),
        Purpose::Mentions => mentions(model, &query),
        Purpose::Search => found(model, &query),
    };
    rows.truncate(match picker.purpose {
        Purpose::Search => FOUND_ROWS_MAX,
        _ => ROWS_MAX,
    });
    picker.rows = rows;
    picker.chosen = 0;
}

/// The window that somebody means: by its number, its name, or what the switcher would offer first.
pub fn window(model: &Model, wanted: &str) -> Option<WindowId> {
    let named = model.named(model.on(), wanted);
    named.map(|window| window.id).or_else(|| {
        let mut rows = switch(model, wanted).into_iter();
        rows.find_map(|row| match row.pick {
            Pick::Window(id) => Some(id),
            _ => None,
        })
    })
}

fn switch(model: &Model, query: &str) -> Vec<Row> {
    // Digits name a window by its place, as the keys do.
    if let Ok(number) = query.trim().parse::<usize>()
        && let Some(window) = number
            .checked_sub(1)
            .and_then(|index| model.windows.get(index))
    {
        let label = sidebar::full_name(model, window);
        return vec![Row {
            label,
            aside: format!("window {number}"),
            pick: Pick::Window(window.id),
        }];
    }
    let mut windows: Vec<_> = model
        .windows
        .iter()
        .filter(|window| window.id != model.current)
        .collect();
    // The one we came from first, then those with what was not sent, then those that want us.
    windows.sort_by_key(|window| {
        (
            Some(window.id) != model.last,
            undelivered::of(model, window) == 0,
            std::cmp::Reverse((window.mentions, window.unread)),
        )
    });
    let mut rows: Vec<Row> = windows
        .into_iter()
        .map(|window| Row {
            label: sidebar::full_name(model, window),
            aside: beside(model, window),
            pick: Pick::Window(window.id),
        })
        .collect();
    let is_shown = |action: Action| {
        !action.is_gesture()
            && !matches!(
                action,
                Action::Window(_)
                    | Action::Switch
                    | Action::KillOrSwitch
                    | Action::Send
                    | Action::Left
                    | Action::Right
                    | Action::DeleteBack
                    | Action::Delete
            )
    };
    rows.extend(
        ALL.iter()
            .filter(|row| is_shown(row.action))
            .map(|row| Row {
                label: row.help.to_owned(),
                aside: model.keymap.first(row.action).unwrap_or_default(),
                pick: Pick::Act(row.action),
            }),
    );
    rows.extend(slash::ALL.iter().map(|row| Row {
        label: format!("/{}", row.name),
        aside: row.help.to_owned(),
        pick: Pick::Begin(format!("/{} ", row.name)),
    }));
    rows.extend(model.habits.aliases.iter().map(|alias| Row {
        label: format!("/{}", alias.name),
        aside: format!("/{}", alias.line),
        pick: Pick::Begin(format!("/{} ", alias.name)),
    }));
    fuzzy::ranked(query, rows, |row| &row.label)
}

fn beside(model: &Model, window: &Window) -> String {
    let (counts, unsent) = (sidebar::counts(window), sidebar::unsent(model, window));
    let apart = if counts.is_empty() || unsent.is_empty() {
        ""
    } else {
        " "
    };
    format!("{counts}{apart}{unsent}")
}

fn join(model: &Model, query: &str) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let outside = model
        .windows
        .iter()
        .filter(|window| window.kind == Kind::Room && window.place == Place::Outside);
    for window in outside {
        rows.push(Row {
            label: sidebar::full_name(model, window),
            aside: "you were here".into(),
            pick: Pick::Join(window.network, window.name.clone()),
        });
    }
    for (room, listed) in model.network().directory.iter() {
        let is_known = model.named(model.on(), room).is_some();
        if !is_known {
            rows.push(Row {
                label: room.to_owned(),
                aside: format!("{} here", listed.members),
                pick: Pick::Join(model.on(), room.to_owned()),
            });
        }
    }
    let settings = &model.network().settings;
    for room in settings.rooms.iter().map(String::as_str).chain([USUAL]) {
        let is_there = |row: &Row| row.label.eq_ignore_ascii_case(room);
        if model.named(model.on(), room).is_none() && !rows.iter().any(is_there) {
            rows.push(Row {
                label: room.to_owned(),
                aside: "enter or make it".into(),
                pick: Pick::Join(model.on(), room.to_owned()),
            });
        }
    }
    let mut rows = fuzzy::ranked(query, rows, |row| &row.label);
    let typed = query.trim();
    if !typed.is_empty() && !rows.iter().any(|row| row.label.eq_ignore_ascii_case(typed)) {
        let room = room_name(model, typed);
        let row = Row {
            label: room.clone(),
            aside: "enter or make it".into(),
            pick: Pick::Join(model.on(), room),
        };
        rows.push(row);
    }
    rows
}

/// The room that is meant: people forget the `#`.
pub fn room_name(model: &Model, typed: &str) -> String {
    if model.network().kind_of(typed) == Kind::Room {
        typed.to_owned()
    } else {
        let prefix = model
            .network()
            .facts
            .room_prefixes
            .chars()
            .next()
            .unwrap_or('#');
        format!("{prefix}{typed}")
    }
}

fn recall(model: &Model, query: &str) -> Vec<Row> {
    let Some(window) = model.here() else {
        return Vec::new();
    };
    let found = window.recall.search(query);
    found
        .into_iter()
        .map(|text| Row {
            label: text.replace('\n', " ⏎ "),
            aside: String::new(),
            pick: Pick::Recall(text),
        })
        .collect()
}

/// Opens the list of what is found of this text: at first what is loaded.
pub fn search(model: &mut Model, text: &str) {
    model.search = Some(Search {
        text: text.to_owned(),
        ..Search::default()
    });
    let picker = open(model, Purpose::Search);
    model.overlay = Some(Overlay::Picker(picker));
}

fn react(query: &str) -> Vec<Row> {
    let typed = query.trim();
    let mut rows: Vec<Row> = emoji::beginning(typed.trim_matches(':'))
        .map(|(name, emoji)| Row {
            label: format!("{emoji}  {name}"),
            aside: String::new(),
            pick: Pick::React(emoji.to_owned()),
        })
        .collect();
    // An emoji that has no name here is meant as it is; a word that nothing begins with is a slip, which all would see.
    if rows.is_empty() && emoji::is_one(typed) {
        rows.push(Row {
            label: typed.to_owned(),
            aside: "as it is".into(),
            pick: Pick::React(typed.to_owned()),
        });
    }
    rows
}

/// The links of the chosen message, in its order.
fn links(model: &Model, query: &str) -> Vec<Row> {
    let links = gestures::chosen(model).map(|entry| entry.rich.links());
    let rows = links.unwrap_or_default().into_iter().map(|address| Row {
        label: address.clone(),
        aside: String::new(),
        pick: Pick::Open(address),
    });
    fuzzy::ranked(query, rows.collect(), |row| &row.label)
}

/// Messages that name us, newest first.
fn mentions(model: &Model, query: &str) -> Vec<Row> {
    let mut found = loaded(model, |_, said| said.is_mention);
    for window in &model.windows {
        let full = sidebar::full_name(model, window);
        found.extend(window.named_beyond().map(|message| {
            let said = (message.source.as_str(), message.text.as_str());
            let sought = (message.at, message.msgid.clone());
            let pick = Pick::Past(window.network, window.name.clone(), sought);
            row(model, &full, message.at, said, pick)
        }));
    }
    newest_first(query, found)
}

/// What is loaded and what the server found, newest first.
fn found(model: &Model, query: &str) -> Vec<Row> {
    let Some(search) = &model.search else {
        return Vec::new();
    };
    let wanted = search.text.to_lowercase();
    let mut found = loaded(model, |entry, _| {
        entry.rich.text.to_lowercase().contains(&wanted)
    });
    let mut known: BTreeSet<(NetworkId, String, Key)> = BTreeSet::new();
    for (on, message) in search.found.iter().chain(&search.kept) {
        let network = model.networks.get(*on);
        let window = model.named(*on, &message.target);
        let sought = (message.at, message.msgid.clone());
        let is_loaded = window.is_some_and(|window| window.scrollback.find(&sought).is_some());
        // The door of a room that is left would be all that is seen; away from the server its past is.
        let is_shown = window.is_some()
            || network.kind_of(&message.target) == Kind::Person
            || !network.is_connected();
        let key = (*on, name::folded(&message.target), Key::of(message));
        if !is_loaded && is_shown && known.insert(key) {
            let full = window.map(|window| sidebar::full_name(model, window));
            let full = full.unwrap_or_else(|| message.target.clone());
            let said = (message.source.as_str(), message.text.as_str());
            let pick = Pick::Past(*on, message.target.clone(), sought);
            found.push(row(model, &full, message.at, said, pick));
        }
    }
    newest_first(query, found)
}

/// The loaded messages for which this holds.
fn loaded(model: &Model, is_it: impl Fn(&Entry, &Said) -> bool) -> Vec<(Millis, Row)> {
    let mut found = Vec::new();
    for window in &model.windows {
        let newest = window.scrollback.iter().rev();
        let fitting = newest.filter_map(|entry| {
            let said = entry.as_said().filter(|said| is_it(entry, said))?;
            let text = (said.nick.as_str(), entry.rich.text.as_str());
            let pick = Pick::Message(window.id, entry.id);
            Some(row(
                model,
                &sidebar::full_name(model, window),
                entry.at,
                text,
                pick,
            ))
        });
        found.extend(fitting.take(ROWS_MAX));
    }
    found
}

fn row(model: &Model, window: &str, at: Millis, said: (&str, &str), pick: Pick) -> (Millis, Row) {
    let time = rows::civil(&model.zone, at);
    let is_today = time.date() == rows::civil(&model.zone, model.now).date();
    let mut when = model.habits.time.write(time);
    if !is_today {
        when = format!("{} {when}", time.strftime("%-d %b"));
    }
    let row = Row {
        label: format!("{}: {}", sanitise::name(said.0), sanitise::line(said.1)),
        aside: format!("{window} {when}"),
        pick,
    };
    (at, row)
}

fn newest_first(query: &str, mut found: Vec<(Millis, Row)>) -> Vec<Row> {
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let rows = found.into_iter().map(|(_, row)| row).collect();
    fuzzy::ranked(query, rows, |row| &row.label)
}
