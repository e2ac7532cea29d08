//! What is told to the local store: what was said, and what the user leaves behind.
//! It must never ask the store for what it was told in this run, nor tell it twice.

use crate::attention;
use crate::deeds;
use crate::discreet;
use crate::effect::Effect;
use crate::entry::Entry;
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::reading;
use crate::session::command::Command;
use crate::session::event::{Event, Message, OwnId};
use crate::session::gap::Gap;
use crate::slash;
use crate::store::{Place, Request};
use crate::update::network::past;
use crate::update::reopening;
use crate::window::{Kind, Window};

/// The setting that says whether the rooms are shown.
const ROOMS: &str = "rooms";
/// And the members.
const MEMBERS: &str = "members";
/// How wide they are, if their edge was dragged.
const ROOMS_WIDTH: &str = "rooms_width";
/// And the members.
const MEMBERS_WIDTH: &str = "members_width";
/// And which window was open: its network, a space, and its name.
const WINDOW: &str = "window";

/// Asks for what is kept of windows that are new.
pub fn recall(model: &mut Model, effects: &mut Vec<Effect>) {
    let asked = model.keeping.asked;
    if !model.keeping.is_on || asked == model.windows_made() {
        return;
    }
    model.keeping.asked = model.windows_made();
    let new = model.windows.iter().filter(|window| window.id.0 >= asked);
    let new: Vec<WindowId> = new.map(|window| window.id).collect();
    for id in new {
        let recall = model.kept_as(id).map(|place| Request::Recall(id, place));
        effects.extend(recall.map(Effect::Keep));
    }
    ignore(model);
    tell_heard(model, effects);
}

/// Tells the sessions until when earlier runs heard their networks, so that they ask who wrote since.
fn tell_heard(model: &mut Model, effects: &mut Vec<Effect>) {
    let heard = &mut model.keeping.heard;
    for network in model.networks.iter() {
        if let Some(at) = heard.remove(&**network.key()) {
            effects.push(Effect::Send(network.id, Command::HeardUntil { at }));
        }
    }
}

/// Those who are ignored on a network that is new.
fn ignore(model: &mut Model) {
    for (network, nick) in &model.keeping.ignored {
        let on = model.networks.iter().find(|one| **one.key() == **network);
        if let Some(on) = on.map(|one| one.id) {
            model.networks.get_mut(on).ignored.insert(nick.clone());
        }
    }
}

/// The store is open: the screen is as it was left.
pub fn restore(model: &mut Model, effects: &mut Vec<Effect>) {
    ignore(model);
    tell_heard(model, effects);
    let is_shown = |model: &Model, name: &str| {
        let value = model.keeping.settings.get(name);
        value.is_none_or(|value| value != "no")
    };
    model.has_rooms = is_shown(model, ROOMS);
    model.has_members = is_shown(model, MEMBERS);
    let width = |model: &Model, name: &str| {
        let value = model.keeping.settings.get(name)?;
        value.parse().ok()
    };
    model.panes.rooms = width(model, ROOMS_WIDTH);
    model.panes.members = width(model, MEMBERS_WIDTH);
    reopening::run(model, effects);
    let last = model.keeping.settings.get(WINDOW).cloned();
    let last = last.as_ref().and_then(|last| last.split_once(' '));
    // Whoever went somewhere meanwhile stays there.
    if let Some((key, name)) = last.filter(|_| model.last.is_none() && !model.keeping.is_placed) {
        let on = model.networks.iter().find(|one| **one.key() == *key);
        let id = on.and_then(|on| model.named(on.id, name));
        if let Some(id) = id.map(|window| window.id) {
            deeds::go(model, effects, id);
            model.last = None;
        }
    }
    model.keeping.is_placed = true;
}

/// Tells what the user has changed: drafts, what calls, what was read and sent, what is shown.
pub fn tell(model: &mut Model, effects: &mut Vec<Effect>) {
    if !model.keeping.is_on {
        return;
    }
    let changed = model.windows.iter().filter(|window| has_news(window));
    let changed: Vec<WindowId> = changed.map(|window| window.id).collect();
    for id in changed {
        if let (Some(place), Some(window)) = (model.kept_as(id), model.window_mut(id)) {
            effects.extend(news(window, &place).into_iter().map(Effect::Keep));
        }
    }
    if model.keeping.is_placed {
        settings(model, effects);
        ignored(model, effects);
    }
}

fn has_news(window: &Window) -> bool {
    let told = &window.told;
    window.kind != Kind::Server
        && (told.level != window.level
            || told.read_to < window.read_to
            || told.wrote != window.recall.count()
            || told.draft != draft(window))
}

/// What is being written, if it is a message: a command may carry a password, and is typed again soon enough.
fn draft(window: &Window) -> &str {
    let text = window.input.text();
    let is_secret = discreet::masked(&window.name, text).is_some();
    let is_plain = slash::command_of(text).is_none() && !is_secret;
    if is_plain { text } else { "" }
}

fn news(window: &mut Window, place: &Place) -> Vec<Request> {
    let mut news = Vec::new();
    let draft = draft(window);
    if window.told.draft != draft {
        window.told.draft = draft.to_owned();
        news.push(Request::Draft(place.clone(), window.told.draft.clone()));
    }
    let told = &mut window.told;
    if told.level != window.level {
        told.level = window.level;
        news.push(Request::Level(place.clone(), told.level));
    }
    if let Some(at) = window.read_to.filter(|at| told.read_to < Some(*at)) {
        told.read_to = Some(at);
        news.push(Request::Read(place.clone(), at));
    }
    let wrote = window.recall.count() - told.wrote;
    told.wrote += wrote;
    let wrote = window.recall.last(wrote);
    let wrote = wrote.filter(|text| slash::may_outlast(text));
    news.extend(wrote.map(|text| Request::Wrote(place.clone(), text.clone())));
    news
}

fn settings(model: &mut Model, effects: &mut Vec<Effect>) {
    let word = |is_shown| String::from(if is_shown { "yes" } else { "no" });
    // Not each step on the way.
    let is_still = model.panes.dragged.is_none();
    let width = |cells: Option<u16>| Some(cells?.to_string()).filter(|_| is_still);
    let open = model.here().filter(|window| window.kind != Kind::Server);
    let open = open.map(|window| (model.networks.get(window.network).key(), &window.name));
    let open = open.map(|(network, name)| format!("{network} {name}"));
    let all = [
        (ROOMS, Some(word(model.has_rooms))),
        (MEMBERS, Some(word(model.has_members))),
        (ROOMS_WIDTH, width(model.panes.rooms)),
        (MEMBERS_WIDTH, width(model.panes.members)),
        (WINDOW, open),
    ];
    let open = reopening::open(model).map(|(name, open)| (name, Some(open)));
    for (name, value) in all.into_iter().chain(open) {
        let Some(value) = value else { continue };
        let told = model.keeping.settings.entry(name.to_owned()).or_default();
        if *told != value {
            told.clone_from(&value);
            effects.push(Effect::Keep(Request::Setting(name.to_owned(), value)));
        }
    }
}

fn ignored(model: &mut Model, effects: &mut Vec<Effect>) {
    for network in model.networks.iter() {
        let key = network.key().to_string();
        let told = model.keeping.ignored.iter();
        let told = told.filter(|(network, _)| *network == key);
        let mut news: Vec<(String, bool)> = told
            .filter(|(_, nick)| !network.ignored.contains(nick))
            .map(|(_, nick)| (nick.clone(), false))
            .collect();
        let is_new = |nick: &&String| {
            !model
                .keeping
                .ignored
                .contains(&(key.clone(), (*nick).clone()))
        };
        let new = network.ignored.iter().filter(is_new);
        news.extend(new.map(|nick| (nick.clone(), true)));
        for (nick, is_ignored) in news {
            let pair = (key.clone(), nick.clone());
            if is_ignored {
                model.keeping.ignored.insert(pair);
            } else {
                model.keeping.ignored.remove(&pair);
            }
            effects.push(Effect::Keep(Request::Ignored {
                network: key.clone(),
                nick,
                is_ignored,
            }));
        }
    }
}

/// What is to be kept of any other event that was not taken yet, and of which window's name it is.
pub fn of(model: &Model, on: NetworkId, event: &Event) -> Vec<(String, Request)> {
    if !model.keeping.is_on {
        return Vec::new();
    }
    let network = model.networks.get(on).key();
    let place = |name: &str| Place {
        network: network.to_string(),
        name: name.to_owned(),
    };
    let is_heard =
        |message: &Message| message.is_own || !attention::is_ignored(model, on, &message.source);
    let said = |target: &str, messages: Vec<Message>, is_before| Request::Said {
        place: place(target),
        messages,
        is_before,
    };
    match event {
        Event::History {
            target,
            messages,
            gap,
            ..
        } => {
            let id = model.named(on, target).map(|window| window.id);
            let is_before = id.is_some_and(|id| reading::is_before(model, id, messages));
            let span = id.and_then(|id| past::proved(model, id, messages));
            // What was asked about first, and at once: a rest of it would stand at a place of its own.
            let fill = gap.as_ref().map(Gap::span).into_iter().chain(span);
            let fill = fill.map(|(first, last)| Request::Fill(place(target), first, last));
            let heard = messages.iter().filter(|message| is_heard(message));
            let said = said(target, heard.cloned().collect(), is_before);
            let all = fill.chain(std::iter::once(said));
            all.map(|request| (target.clone(), request)).collect()
        }
        Event::Confirmed { own_id, msgid, at } => {
            let found = own(model, on, *own_id).map(|(target, entry)| {
                let message = past::message(target, entry).map(|message| Message {
                    at: *at,
                    msgid: msgid.clone(),
                    is_own: true,
                    ..message
                });
                let said = said(target, message.into_iter().collect(), false);
                (target.to_owned(), said)
            });
            found.into_iter().collect()
        }
        // It may have counted as sent.
        Event::Refused { own_id, .. } => {
            let found = own(model, on, *own_id).filter(|(_, entry)| entry.as_logged().is_some());
            let found = found.and_then(|(target, entry)| {
                let unsaid = Request::Unsaid(place(target), past::message(target, entry)?);
                Some((target.to_owned(), unsaid))
            });
            found.into_iter().collect()
        }
        event => done(event, place),
    }
}

/// A message of ours, and in which window it is.
fn own(model: &Model, on: NetworkId, own_id: OwnId) -> Option<(&str, &Entry)> {
    let mut windows = model.windows.iter().filter(|window| window.network == on);
    windows.find_map(|window| {
        let mut entries = window.scrollback.iter().rev();
        let is_it = |entry: &&Entry| {
            let said = entry.as_said();
            said.is_some_and(|said| said.own_id == Some(own_id))
        };
        Some((window.name.as_str(), entries.find(is_it)?))
    })
}

/// What is to be kept of something that was done to a message.
fn done(event: &Event, place: impl Fn(&str) -> Place) -> Vec<(String, Request)> {
    let (target, request) = match event {
        Event::Reacted {
            target,
            msgid,
            nick,
            reaction,
            is_given,
        } => {
            let reacted = Request::Reacted {
                place: place(target),
                msgid: msgid.clone(),
                nick: nick.clone(),
                reaction: crate::sanitise::line(reaction).chars().take(16).collect(),
                is_given: *is_given,
            };
            (target, reacted)
        }
        Event::Redacted {
            target,
            msgid,
            by,
            reason,
        } => {
            let taken_back = Request::TakenBack {
                place: place(target),
                msgid: msgid.clone(),
                text: deeds::taken_back(by, reason),
            };
            (target, taken_back)
        }
        Event::GapFound { target, gap } => (target, Request::Gap(place(target), gap.clone())),
        _ => return Vec::new(),
    };
    vec![(target.clone(), request)]
}

/// Keeps what was found to be kept where its window is open now, before the effect of this number. What was taken back
/// goes from the disk though nobody looks.
pub fn keep(
    model: &Model,
    effects: &mut Vec<Effect>,
    first: usize,
    (on, requests): (NetworkId, Vec<(String, Request)>),
) {
    let open = requests.into_iter();
    let open = open.filter(|(target, request)| {
        matches!(request, Request::TakenBack { .. }) || model.named(on, target).is_some()
    });
    effects.splice(first..first, open.map(|(_, request)| Effect::Keep(request)));
}
