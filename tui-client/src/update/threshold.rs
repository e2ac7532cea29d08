//! The keys at the door of a room: in and out.
//! They must never take anybody out without asking.

use crate::effect::Effect;
use crate::model::Model;
use crate::model::overlay::{Overlay, Purpose, Question};
use crate::window::{Kind, Place};
use crate::{choices, deeds};

/// At the door the key enters; inside it asks which room.
pub fn enter(model: &mut Model, effects: &mut Vec<Effect>) {
    let here = model.here().filter(|window| window.is_outside());
    match here.map(|window| (window.name.clone(), window.place)) {
        Some((room, Place::Outside)) => {
            let on = model.on();
            deeds::enter(model, effects, (on, &room), None);
        }
        Some(_) => {}
        None => {
            let picker = choices::open(model, Purpose::Join);
            model.overlay = Some(Overlay::Picker(picker));
        }
    }
}

/// Asks before a room is left; elsewhere it says what ends a conversation.
pub fn leave(model: &mut Model) {
    let here = model
        .here()
        .map(|window| (window.kind, window.place, window.name.clone()));
    match here {
        Some((Kind::Room, Place::Inside | Place::Entering, room)) => {
            model.overlay = Some(Overlay::Question(Question::Leave { room }));
        }
        Some((Kind::Room, Place::Outside, _)) => {
            deeds::toast(model, "You are outside already; /close closes the window");
        }
        Some((Kind::Person, ..)) => deeds::toast(model, "/close ends this conversation"),
        _ => deeds::toast(model, "There is nothing to leave here"),
    }
}
