//! The messages that others answer, where they are not loaded: asked for on sight, the local store first, each once.
//! It must never put them among the messages of the window: there is no page around them.

use crate::attention;
use crate::effect::Effect;
use crate::entry::{Entry, Quote};
use crate::ids::{NetworkId, WindowId};
use crate::model::Model;
use crate::model::parents::Parent;
use crate::msg::Msg;
use crate::rows::{Plain, Row};
use crate::session::command::Command;
use crate::session::event::{Event, Kind, Message};
use crate::session::link::Link;
use crate::store::{Request, Stored};
use crate::text::format::Rich;
use crate::{reading, sanitise};

/// What a message may bring into sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing.
    Nothing,
    /// The newest message.
    Newest,
    /// Anything.
    Page,
}

/// What may come into sight by what happens: of what there can be a flood, little is looked at.
pub fn sight(msg: &Msg) -> Sight {
    match msg {
        Msg::Network(_, Event::Message(_)) => Sight::Newest,
        Msg::Network(_, Event::History { .. } | Event::Link(Link::Connected(_)))
        | Msg::Pressed(_)
        | Msg::Pointed(_)
        | Msg::Resized(..)
        | Msg::Stored(_) => Sight::Page,
        _ => Sight::Nothing,
    }
}

/// Asks for what is answered by messages in sight.
pub fn ask(model: &mut Model, effects: &mut Vec<Effect>, sight: Sight) {
    let Some(window) = model.here().filter(|_| !model.is_outside()) else {
        return;
    };
    let newest = || {
        let newest = window.scrollback.iter().rev().take(1);
        newest.filter_map(unknown).collect::<Vec<_>>()
    };
    let wanted = match sight {
        Sight::Nothing => return,
        Sight::Newest => newest(),
        Sight::Page
            if !window
                .scrollback
                .iter()
                .any(|entry| unknown(entry).is_some()) =>
        {
            return;
        }
        Sight::Page => seen(model),
    };
    let id = model.current;
    for msgid in wanted {
        let is_new = model
            .window_mut(id)
            .is_some_and(|window| window.parents.ask(&msgid));
        match model.kept_as(id).filter(|_| is_new) {
            Some(place) => effects.push(Effect::Keep(Request::Parent(id, place, msgid))),
            None if is_new => ask_there(model, effects, id, msgid),
            None => {}
        }
    }
}

fn unknown(entry: &Entry) -> Option<String> {
    let parent = entry.as_said()?.unknown_parent()?;
    Some(parent.to_owned())
}

fn seen(model: &Model) -> Vec<String> {
    let Some(rows) = reading::rows(model) else {
        return Vec::new();
    };
    let page = rows.page(&mut Plain).rows;
    let quotes = page.into_iter().filter(|(_, row)| *row == Row::Quote);
    let entries = quotes.filter_map(|(index, _)| rows.window.scrollback.get(index));
    entries.filter_map(unknown).collect()
}

fn ask_there(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, msgid: String) {
    let Some(window) = model.window(id) else {
        return;
    };
    let network = model.networks.get(window.network);
    if network.facts.has_history && network.is_connected() {
        let target = window.name.clone();
        let command = Command::Parent { target, msgid };
        effects.push(Effect::Send(window.network, command));
    } else {
        settle(model, id, &msgid, Parent::Gone);
    }
}

/// The local store answered.
pub fn kept(
    model: &mut Model,
    effects: &mut Vec<Effect>,
    id: WindowId,
    msgid: String,
    found: Option<Stored>,
) {
    match found {
        Some(stored) => show(model, id, &msgid, &stored.message, stored.is_taken_back),
        None => ask_there(model, effects, id, msgid),
    }
}

/// The server answered.
pub fn told(
    model: &mut Model,
    (on, target): (NetworkId, &str),
    msgid: &str,
    message: Option<&Message>,
) {
    let Some(id) = model.named(on, target).map(|window| window.id) else {
        return;
    };
    match message {
        Some(message) => show(model, id, msgid, message, false),
        None => settle(model, id, msgid, Parent::Gone),
    }
}

fn settle(model: &mut Model, id: WindowId, msgid: &str, parent: Parent) {
    if let Some(window) = model.window_mut(id) {
        window.parents.settle(msgid, parent);
    }
}

/// The answers say what it says.
fn show(model: &mut Model, id: WindowId, msgid: &str, message: &Message, is_taken_back: bool) {
    settle(model, id, msgid, Parent::Found(message.at));
    let Some(on) = model.window(id).map(|window| window.network) else {
        return;
    };
    let quote = if is_taken_back {
        Quote::taken_back()
    } else if !message.is_own && attention::is_ignored(model, on, &message.source) {
        return;
    } else {
        quote(message)
    };
    if let Some(window) = model.window_mut(id) {
        for answer in window.scrollback.answers_to(msgid) {
            answer.reply = Some(quote.clone());
            // Who is answered is meant.
            answer.is_mention |= message.is_own && !answer.is_own;
        }
    }
}

fn quote(message: &Message) -> Quote {
    let nick = sanitise::name(&message.source);
    let text = Rich::parse(&message.text).text;
    match message.kind {
        Kind::Say | Kind::Notice => Quote { nick, text },
        // What somebody does names them itself.
        Kind::Action => Quote {
            nick: String::new(),
            text: format!("{nick} {text}"),
        },
    }
}

/// Goes to a message that is answered and not loaded; whether it can be looked for.
pub fn seek(model: &mut Model, effects: &mut Vec<Effect>, msgid: &str) -> bool {
    let id = model.current;
    let known = model.here().and_then(|window| window.parents.get(msgid));
    let network = model.network();
    let can_tell = network.facts.has_history && network.is_connected();
    match known {
        Some(Parent::Found(at)) => {
            reading::seek(model, effects, id, (at, Some(msgid.to_owned())));
        }
        Some(Parent::Asked) | None if can_tell => {
            reading::seek_there(model, effects, id, (0, Some(msgid.to_owned())));
        }
        _ => return false,
    }
    true
}
