//! What is done to the chosen message: answer, react, try again, copy, open, go to its parent, take back.
//! It must never offer what the server cannot do: it says in words why not.

use crate::action::Action;
use crate::effect::Effect;
use crate::entry::Delivery;
use crate::ids::LineId;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose, Question};
use crate::update::parents;
use crate::{choices, deeds, gestures, reading, sanitise, width};

/// Does what the action says; false if nothing can be done to what is chosen.
pub fn run(model: &mut Model, effects: &mut Vec<Effect>, action: Action) -> bool {
    let Some(line) = model.chosen else {
        return false;
    };
    let Some(entry) = gestures::chosen(model) else {
        model.chosen = None;
        return false;
    };
    let Some(said) = entry.as_said() else {
        return false;
    };
    let has_failed = matches!(said.delivery, Some(Delivery::Failed(_)));
    match action {
        Action::Reply if has_failed => {
            deeds::retry(model, effects, model.current, line);
            model.chosen = None;
        }
        Action::Reply => gestures::answer(model, line),
        Action::Copy => {
            effects.push(Effect::Copy(entry.rich.text.clone()));
            deeds::toast(model, "Copied");
            model.chosen = None;
        }
        Action::OpenLink => open(model, effects),
        Action::React => match gestures::may_react(model, said) {
            Ok(()) => {
                model.overlay = Some(Overlay::Picker(choices::open(model, Purpose::React)));
            }
            Err(why) => deeds::toast(model, why),
        },
        Action::Parent => parent(model, effects),
        Action::TakeBack if has_failed => gestures::let_go(model, effects, line),
        Action::TakeBack => take_back(model, line),
        _ => return false,
    }
    true
}

/// Tells of everybody by name, where who came and went in short is chosen; false if it is not.
pub fn unfold(model: &mut Model) -> bool {
    let Some(line) = model.chosen else {
        return false;
    };
    let window = model.here_mut();
    let entry = window.and_then(|window| window.scrollback.by_id_mut(line));
    let Some(entry) = entry.filter(|entry| entry.is_folded()) else {
        return false;
    };
    entry.tell_everybody();
    reading::show(model, line);
    true
}

/// Opens the link of the chosen message; of several, the one that is chosen from a list.
fn open(model: &mut Model, effects: &mut Vec<Effect>) {
    let links = gestures::chosen(model).map(|entry| entry.rich.links());
    match links.unwrap_or_default().as_slice() {
        [] => deeds::toast(model, "There is no link in it"),
        [address] => gestures::open(model, effects, address),
        _ => model.overlay = Some(Overlay::Picker(choices::open(model, Purpose::Links))),
    }
}

/// Goes to the message that the chosen one answers.
pub fn parent(model: &mut Model, effects: &mut Vec<Effect>) {
    let Some(window) = model.here() else { return };
    let said = gestures::chosen(model).and_then(|entry| entry.as_said());
    let msgid = said.and_then(|said| said.reply_to.as_deref());
    let Some(msgid) = msgid.map(str::to_owned) else {
        return deeds::toast(model, "This message answers none");
    };
    match window.scrollback.by_msgid(&msgid).map(|entry| entry.id) {
        Some(line) => {
            model.chosen = Some(line);
            reading::show(model, line);
        }
        None if parents::seek(model, effects, &msgid) => {}
        None => deeds::toast(model, "What it answers is neither here nor on the server"),
    }
}

/// Asks before a message is taken back.
fn take_back(model: &mut Model, line: LineId) {
    let Some(entry) = gestures::chosen(model) else {
        return;
    };
    let allowed = entry
        .as_said()
        .map(|said| gestures::may_take_back(model, said));
    if let Some(Err(why)) = allowed {
        return deeds::toast(model, why);
    }
    let text = sanitise::line(&entry.rich.text);
    let text = width::truncated(&text, 24).into_owned();
    model.overlay = Some(Overlay::Question(Question::TakeBack { line, text }));
}
