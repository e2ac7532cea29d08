//! Who and what may call for attention: muted rooms, ignored people, the bell.
//! It must never hide that a room is muted, nor ring without end.

use protocol::mask;

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::{NetworkId, WindowId};
use crate::level::Level;
use crate::model::Model;
use crate::model::network::Network;
use crate::name;
use crate::sanitise;
use crate::session::event::{Message, Millis};
use crate::sidebar;
use crate::width;
use crate::window::Kind;

/// The bell rings once in this time, however many want it.
const PAUSE_MS: Millis = 1_500;

/// How many people can be ignored.
const IGNORED_MAX: usize = 500;

/// Cells of a message that a notification shows.
const SHOWN_MAX: u16 = 100;

/// Rings; where the terminal is behind others, it shows the message as well.
pub fn call(model: &mut Model, effects: &mut Vec<Effect>, id: WindowId, message: &Message) {
    let level = model.window(id).map(|window| window.level);
    let is_muted = level.is_some_and(|level| level != Level::All);
    let is_soon = model
        .called
        .is_some_and(|called| model.now < called + PAUSE_MS);
    if is_muted || is_soon {
        return;
    }
    model.called = Some(model.now);
    ring(model, effects);
    if model.has_focus || !model.habits.notify.is_shown() {
        return;
    }
    let nick = sanitise::name(&message.source);
    let text = sanitise::line(&message.text);
    let text = width::truncated(&text, SHOWN_MAX);
    let text = match model.window(id) {
        Some(window) if window.kind == Kind::Room => {
            let room = sidebar::full_name(model, window);
            format!("{nick} in {room}: {text}")
        }
        _ => format!("{nick}: {text}"),
    };
    effects.push(Effect::Notify(text));
}

/// Rings, if the user wants to hear that.
pub fn ring(model: &Model, effects: &mut Vec<Effect>) {
    if model.habits.notify.rings() {
        effects.push(Effect::Ring);
    }
}

/// Whether nothing of this person is shown.
pub fn is_ignored(model: &Model, on: NetworkId, nick: &str) -> bool {
    let network = model.networks.get(on);
    let ignored = &network.ignored;
    if ignored.is_empty() {
        return false;
    }
    let nick = name::folded(nick);
    let mut patterns = ignored.iter().filter(|one| one.contains(['*', '?']));
    ignored.contains(&nick)
        || network.disguises.contains_key(&nick)
        || patterns.any(|pattern| mask::matches(pattern, &nick))
}

/// Whoever is ignored stays so under another nick, the last one only: else they could make us ignore whom they like.
pub fn follow(model: &mut Model, on: NetworkId, from: &str, to: &str) {
    let network = model.networks.get_mut(on);
    let (from, to) = (name::folded(from), name::folded(to));
    let known_by = network.disguises.remove(&from);
    let known_by = known_by.or_else(|| network.ignored.contains(&from).then_some(from));
    if let Some(known_by) = known_by {
        network.disguises.retain(|_, one| *one != known_by);
        if to != known_by {
            network.disguises.insert(to, known_by);
        }
    }
}

/// Somebody left the network: who has that nick next is somebody else.
pub fn lose(model: &mut Model, on: NetworkId, nick: &str) {
    let disguises = &mut model.networks.get_mut(on).disguises;
    if !disguises.is_empty() {
        disguises.remove(&name::folded(nick));
    }
}

/// Mutes a room or a conversation, the open one if none is named; or lets it call again.
pub fn mute(model: &mut Model, target: &str) {
    let id = if target.is_empty() {
        Some(model.current)
    } else {
        model.named(model.on(), target).map(|window| window.id)
    };
    let Some(window) = id.and_then(|id| model.window_mut(id)) else {
        let text = format!("There is no window {target} to mute.");
        return deeds::note_here(model, Tone::Trouble, &text);
    };
    window.level = match window.level {
        Level::All => Level::Mentions,
        Level::Mentions | Level::Nothing => Level::All,
    };
    let text = if window.level == Level::Mentions {
        format!(
            "{} is muted: only mentions count; /mute again ends it",
            window.name
        )
    } else {
        format!("{} is no longer muted", window.name)
    };
    deeds::toast(model, text);
}

/// Says what calls in the open window, or tells it.
pub fn notify(model: &mut Model, word: &str) {
    let Some(window) = model.here_mut() else {
        return;
    };
    let text = match Level::named(word) {
        Some(level) => {
            window.level = level;
            format!("{}: {}", window.name, explained(level))
        }
        None => format!(
            "{}: {}. /notify all, /notify mentions and /notify none change it.",
            window.name,
            explained(window.level)
        ),
    };
    deeds::note_here(model, Tone::Answer, &text);
}

fn explained(level: Level) -> &'static str {
    match level {
        Level::All => "every message counts, mentions ring",
        Level::Mentions => "only mentions count, and nothing rings",
        Level::Nothing => "nothing counts and nothing rings",
    }
}

/// Ignores somebody, or no longer does; without a name it lists them.
pub fn ignore(model: &mut Model, nick: &str) {
    let folded = name::folded(nick);
    let network = model.network_mut();
    // Under the nick of today as well.
    let known_by = network.disguises.get(&folded).unwrap_or(&folded).clone();
    let text = if nick.is_empty() {
        let all: Vec<String> = network
            .ignored
            .iter()
            .map(|one| named(network, one))
            .collect();
        match all.as_slice() {
            [] => "You ignore nobody. /ignore NICK hides what somebody says.".to_owned(),
            all => format!("You ignore {}. /ignore NICK again ends it.", all.join(", ")),
        }
    } else if network.ignored.remove(&known_by) {
        network.disguises.retain(|_, one| *one != known_by);
        format!("You hear {nick} again.")
    } else if nick.contains(['!', '@']) {
        "/ignore takes a nick, or a pattern of nicks such as spam*; addresses are not looked at."
            .to_owned()
    } else if nick.chars().all(|c| c == '*') {
        format!("{nick} cannot be ignored: it is everybody.")
    } else if name::is_same(nick, &network.nick) {
        format!("{nick} cannot be ignored: that is you.")
    } else if network.ignored.len() >= IGNORED_MAX {
        format!(
            "You ignore {IGNORED_MAX} already, and no more can be; /ignore with one of them makes room."
        )
    } else {
        network.ignored.insert(folded);
        let until = if model.keeping.is_on {
            ""
        } else {
            ", until you leave parlor"
        };
        format!("You hear nothing of {nick} any more{until}; /ignore {nick} again ends it.")
    };
    deeds::note_here(model, Tone::Answer, &text);
}

/// Somebody who is ignored, with the nick of today if it is another.
fn named(network: &Network, ignored: &str) -> String {
    let mut today = network.disguises.iter();
    match today.find(|(_, one)| *one == ignored) {
        Some((nick, _)) => format!("{ignored} (now {nick})"),
        None => ignored.to_owned(),
    }
}
