//! Where something happens, in words: the open window needs none.
//! It must never name a network where only one is meant.

use crate::ids::NetworkId;
use crate::model::Model;
use crate::window::{self, Window};

/// A window that somebody is in, the open one before others.
pub fn near<'m>(model: &'m Model, on: NetworkId, nick: &str) -> Option<&'m Window> {
    let has = |window: &&Window| window.network == on && window.roster.get(nick).is_some();
    let here = model.here().filter(has);
    here.or_else(|| model.windows.iter().find(has))
}

/// Where a message belongs, if that is not the open room: what is private always says so.
pub fn place(model: &Model, window: Option<&Window>, is_own: bool) -> String {
    window.map_or_else(String::new, |window| match window.kind {
        window::Kind::Room if window.id == model.current => String::new(),
        window::Kind::Room => full_name(model, window),
        window::Kind::Person if is_own => format!("to {}", window.name),
        window::Kind::Person => "private".to_owned(),
        window::Kind::Server => String::new(),
    })
}

/// Whether the server still says what it says to everybody who comes.
pub fn is_greeting(model: &Model, window: &Window) -> bool {
    window.kind == window::Kind::Server && !model.networks.get(window.network).is_connected()
}

/// Where what is written goes from now on.
pub fn turned(model: &Model) -> Option<String> {
    let window = model.here().filter(|window| !window.is_outside())?;
    let name = full_name(model, window);
    let is_room_or_person = window.kind != window::Kind::Server;
    is_room_or_person.then(|| format!("What you write goes to {name} now."))
}

/// A window's name, with its network where another one is open.
fn full_name(model: &Model, window: &Window) -> String {
    if window.network == model.on() {
        return window.name.clone();
    }
    let network = model.networks.get(window.network);
    format!("{}/{}", network.label, window.name)
}

/// A sentence with the room in front, if that is not the open one.
pub fn located(model: &Model, window: &Window, text: &str) -> String {
    if window.id == model.current || window.kind == window::Kind::Server {
        text.to_owned()
    } else {
        format!("{}: {text}", full_name(model, window))
    }
}
