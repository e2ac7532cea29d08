//! The panes at the sides: shown and hidden.
//! It must never decide how wide they are; the layout does.

use crate::model::Model;
use crate::model::overlay::Overlay;
use crate::window::Kind;

/// Shows the members or hides them; where there is no room for a pane, over the screen.
pub fn members(model: &mut Model) {
    let is_room = model.here().is_some_and(|window| window.kind == Kind::Room);
    let has_pane = model.layout().members.width > 0;
    if model.has_members && !has_pane && is_room {
        model.overlay = Some(Overlay::Members { top: 0 });
    } else {
        model.has_members = !model.has_members;
    }
}

/// Shows the rooms or hides them; where there is no room for a pane, over the screen.
pub fn rooms(model: &mut Model) {
    let has_pane = model.layout().rooms.width > 0;
    if model.has_rooms && !has_pane {
        model.overlay = Some(Overlay::Rooms {
            chosen: model.index(),
        });
    } else {
        model.has_rooms = !model.has_rooms;
    }
}
