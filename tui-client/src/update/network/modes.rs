//! Modes: who may do what, and what the room is like, told as people say it.
//! It must never guess what a letter means that it does not know; then the letters stand there.

use crate::deeds;
use crate::entry::Tone;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::name;
use crate::session::whereabouts::Standing;
use crate::update::network::people;

/// Modes changed: of members, of the room, or of ourselves.
pub fn run(
    model: &mut Model,
    on: NetworkId,
    target: &str,
    by: &str,
    text: &str,
    standings: &[Standing],
) {
    let told = told(&model.networks.get(on).nick, by, text, standings);
    let line = model.next_line();
    let now = model.now;
    let server = model.server(on);
    if let Some(window) = model.named_mut(on, target) {
        for standing in standings {
            window
                .roster
                .stand(&standing.nick, standing.prefix, standing.is_given);
        }
        window.note(line, now, Tone::Aside, &told);
    } else {
        deeds::note(model, server, Tone::Aside, &told);
        own_bot(model, on, target, text);
    }
}

/// Says that we are marked as a program, or no longer.
fn own_bot(model: &mut Model, on: NetworkId, target: &str, text: &str) {
    let network = model.networks.get_mut(on);
    let letter = network.facts.bot_mode;
    if !name::is_same(target, &network.nick) || !letter.is_some_and(|bot| text.contains(bot)) {
        return;
    }
    if text.starts_with('-') {
        people::unmark(model, on, target);
        deeds::toast(model, "You are no longer marked as a bot");
    } else {
        network.mark_bot(target);
        deeds::toast(model, "Everybody sees now that you are a bot");
    }
}

fn told(own: &str, by: &str, text: &str, standings: &[Standing]) -> String {
    let whom = |nick: &str| {
        if name::is_same(nick, own) {
            "you".to_owned()
        } else {
            nick.to_owned()
        }
    };
    match standings {
        [one] if one.prefix == '@' && one.is_given => {
            format!("{by} made {} an operator", whom(&one.nick))
        }
        [one] if one.prefix == '@' => format!("{by} took operator from {}", whom(&one.nick)),
        [one] if one.prefix == '+' && one.is_given => {
            format!("{by} gave {} voice", whom(&one.nick))
        }
        [one] if one.prefix == '+' => format!("{by} took voice from {}", whom(&one.nick)),
        _ => format!("{by} set mode {text}"),
    }
}
