//! A room that has another name: its window is the same, with all that is in it.
//! It must never lose what was said, written or read there.

use crate::deeds;
use crate::effect::Effect;
use crate::entry::Tone;
use crate::ids::NetworkId;
use crate::model::Model;
use crate::model::keeping::Told;
use crate::sanitise;
use crate::session::whereabouts::RoomRenamed;
use crate::store::Request;

/// Gives the window its new name, and what is kept of it, too.
pub fn renamed(model: &mut Model, effects: &mut Vec<Effect>, on: NetworkId, what: &RoomRenamed) {
    let to = sanitise::name(&what.to);
    let Some(id) = model.named(on, &what.from).map(|window| window.id) else {
        return;
    };
    if let Some(place) = model.kept_as(id) {
        effects.push(Effect::Keep(Request::Renamed(place, to.clone())));
    }
    // A room of that name that we are not in is no longer there.
    let other = model.named(on, &to).map(|window| window.id);
    if let Some(other) = other.filter(|other| *other != id) {
        if other == model.current {
            deeds::go(model, effects, id);
        }
        model.windows.retain(|window| window.id != other);
        model.last = model.last.filter(|last| *last != other);
    }
    let Some(window) = model.window_mut(id) else {
        return;
    };
    let from = std::mem::replace(&mut window.name, to.clone());
    // What was asked for under the old name may never come.
    window.is_loading = false;
    window.told = Told {
        wrote: window.told.wrote,
        ..Told::default()
    };
    let why = match sanitise::line(&what.reason) {
        reason if reason.is_empty() => reason,
        reason => format!(" ({reason})"),
    };
    let settings = &model.networks.get(on).settings;
    if settings.bound.is_none() {
        effects.push(Effect::RenameRoom {
            network: settings.name.clone(),
            from: from.clone(),
            to: to.clone(),
        });
    }
    let text = format!("{} renamed {from}: it is {to} now{why}", what.by);
    deeds::note(model, id, Tone::Aside, &text);
}
